"""What comes between an import and its end: deleted plans, short names just taken, rows that others need."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from measures.enums import ImportState, LineKind
from measures.exchange import import_jobs
from measures.exchange.import_jobs import StaleImportError, UndoError, confirm, decide, preview_of, undo
from measures.exchange.plan_text.draft import PlanImportError
from measures.exchange.plan_text.handlers import NewPlanImport
from measures.exchange.work_sheet.handler import WorkSheetImport
from measures.models import ImportJob, Plan
from tests.conftest import Cast
from tests.make import make_result
from tests.make_imports import sheet_of, upload_document, upload_sheet

from .plan_texts import plain

pytestmark = pytest.mark.django_db

DONE = {"1.1.1-1": {"status": "done"}}


@pytest.fixture(autouse=True)
def _quick_backup(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(import_jobs, "take_backup", lambda reason: tmp_path / "be-kopijos")


@pytest.fixture(params=["work sheet", "plan text"])
def job(request: Any, monkeypatch: Any, cast: Cast) -> ImportJob:
    """Return an import into a plan that is deleted afterwards."""
    plan = make_result().plan
    if request.param == "work sheet":
        job = upload_sheet(monkeypatch, sheet_of(plan, DONE), cast.coordinator)
    else:
        job = upload_document(monkeypatch, plain(title="Kitas"), cast.coordinator, plan)
    assert preview_of(job).may_be_confirmed
    plan.delete()
    return ImportJob.objects.get()


def refusals(job: ImportJob) -> list[tuple[LineKind, str]]:
    return [(line.kind, line.reason) for line in preview_of(job).lines]


def test_import_into_a_deleted_plan_is_refused(job: ImportJob, cast: Cast) -> None:
    with pytest.raises(StaleImportError):
        confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    renewed = ImportJob.objects.get()
    assert renewed.state == ImportState.REFUSED
    assert refusals(renewed) in (
        [(LineKind.REFUSED, _("The plan of this work sheet has been deleted."))],
        [(LineKind.REFUSED, _("The plan of this import has been deleted."))],
    )
    decided = decide(job=renewed, author=cast.coordinator, choices={"conflicts": {"1.1.1-1": "file"}})
    assert refusals(decided) == refusals(renewed)


def test_work_sheet_of_a_deleted_plan_is_not_taken_back(monkeypatch: Any, cast: Cast) -> None:
    plan = make_result().plan
    job = upload_sheet(monkeypatch, sheet_of(plan, DONE), cast.coordinator)
    plan.delete()
    handler, message = WorkSheetImport(), _("The plan of this work sheet has been deleted.")
    stored = ImportJob.objects.get(pk=job.pk)
    assert handler.why_not_undone(stored) == message
    with pytest.raises(ValidationError, match=message):
        handler.undo(stored, cast.coordinator)


def test_short_name_that_is_taken_meanwhile_makes_the_preview_stale(monkeypatch: Any, cast: Cast) -> None:
    def refuse(self: Any, *args: Any) -> Any:
        raise PlanImportError("2023-2024")

    monkeypatch.setattr(NewPlanImport, "apply", refuse)
    job = upload_document(monkeypatch, plain(), cast.coordinator)
    with pytest.raises(StaleImportError):
        confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    assert not Plan.objects.exists()
    assert ImportJob.objects.get().state == ImportState.PREVIEWED


@pytest.mark.parametrize("error", [IntegrityError("nuoroda"), ProtectedError("nuoroda", set())])
def test_rows_that_others_refer_to_are_not_taken_back(monkeypatch: Any, cast: Cast, error: Exception) -> None:
    def fail(self: Any, *args: Any) -> None:
        Plan.objects.get().tasks.get().save()
        raise error

    job = upload_document(monkeypatch, plain(), cast.coordinator)
    done = confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    monkeypatch.setattr(NewPlanImport, "undo", fail)
    with pytest.raises(UndoError) as found:
        undo(job=done, author=cast.coordinator)
    assert str(found.value) == _("Something else refers to what was imported by now, so it can't be undone.")
    assert ImportJob.objects.get().state == ImportState.APPLIED
    assert Plan.objects.get().tasks.get().version == 1
