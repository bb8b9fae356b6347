"""The pages of applied imports of plans, outside of any transaction as people ask for them."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from measures.enums import ImportState
from measures.exchange import import_jobs
from measures.models import Action, ImportJob, Plan
from tests.conftest import Cast
from tests.make_imports import sheet_of, upload_document, upload_sheet

from ..exchange.plan_texts import plain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick_backup(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(import_jobs, "take_backup", lambda reason: tmp_path / "be-kopijos")


def applied(job: ImportJob) -> ImportJob:
    """Have an import confirmed by its owner."""
    return import_jobs.confirm(job=job, author=job.owner, stamp=job.stamp)


def test_plan_is_imported_looked_at_and_taken_back(monkeypatch: Any, cast: Cast, as_user: Any) -> None:
    client = as_user(cast.coordinator)
    for title, is_new in (("Veiksmas 1.1.1", True), ("Kitas", False)):
        plan = None if is_new else Plan.objects.get()
        job = applied(upload_document(monkeypatch, plain(title=title), cast.coordinator, plan))
        page = client.get(job.get_absolute_url()).context["page"]
        assert (page.job.state, page.why_not_undone) == (ImportState.APPLIED, "")
        assert Action.objects.get().title == title
    client.post(reverse("measures:import_undo", args=[job.code]))
    assert Action.objects.get().title == "Veiksmas 1.1.1"


def test_page_of_an_import_outlives_its_plan(monkeypatch: Any, cast: Cast, as_user: Any) -> None:
    new = applied(upload_document(monkeypatch, plain(), cast.coordinator))
    plan = Plan.objects.get()
    other = applied(upload_document(monkeypatch, plain(title="Kitas"), cast.coordinator, plan))
    sheet = upload_sheet(monkeypatch, sheet_of(plan, {}), cast.coordinator)
    # Nothing was typed into it, as when all was decided against the file.
    ImportJob.objects.filter(pk=sheet.pk).update(
        state=ImportState.APPLIED, written={"updates": [], "versions": {}, "earlier": {}}
    )
    plan.delete()
    client = as_user(cast.coordinator)
    for job in (new, other, sheet):
        page = client.get(job.get_absolute_url()).context["page"]
        assert page.why_not_undone
        answer = client.post(reverse("measures:import_undo", args=[job.code]))
        assert (answer.status_code, answer.context["error"]) == (409, page.why_not_undone)
    assert set(ImportJob.objects.values_list("state", flat=True)) == {ImportState.APPLIED}
