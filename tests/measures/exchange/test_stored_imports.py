"""Imports that another version of the program has kept: told so, put aside, and never a crash."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from measures.enums import ImportKind, ImportState, Status
from measures.exchange.import_jobs import (
    UndoError,
    confirm,
    decide,
    parsed_of,
    preview_of,
    undo,
    upload,
    why_not_undone,
)
from measures.exchange.plan_text.written_rows import WrittenRows
from measures.exchange.stored_json import UnreadableImportError, as_stored, read_stored
from measures.models import ImportJob, Partner, Plan, PlannedResult
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_partner, make_result
from tests.make_imports import sheet_of, upload_document, upload_sheet
from tests.measures.exchange.registers import workbook

from .plan_texts import plain

pytestmark = pytest.mark.django_db


def rewrite(job: ImportJob, **values: Any) -> ImportJob:
    """Keep something else in the job, as another version of the program might have done."""
    # The manager lets nobody do it.
    QuerySet(ImportJob).filter(pk=job.pk).update(**values)
    return ImportJob.objects.get(pk=job.pk)


@pytest.fixture
def sheet_job(monkeypatch: Any, cast: Cast) -> ImportJob:
    plan = make_result(make_action(make_measure())).plan
    return upload_sheet(
        monkeypatch, sheet_of(plan, {"1.1.1-1": {"status": Status.DONE.value}}), cast.coordinator
    )


Damage = Callable[[ImportJob], dict[str, Any]]


def without_subject(job: ImportJob) -> dict[str, Any]:
    [*lines] = job.preview["lines"]
    return {"preview": {**job.preview, "lines": [{"place": line["place"]} for line in lines]}}


def of_unknown_kind(job: ImportJob) -> dict[str, Any]:
    return {"preview": {**job.preview, "lines": [{**line, "kind": "kita"} for line in job.preview["lines"]]}}


DAMAGES: dict[str, Damage] = {
    "a line without kind": without_subject,
    "a line of an unknown kind": of_unknown_kind,
    "a preview that is a list": lambda job: {"preview": []},
    "a file read otherwise": lambda job: {"parsed": {"eilutės": []}},
    "a kind of import that is gone": lambda job: {"kind": "kita"},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_import_of_another_version_is_shown_and_can_be_put_aside(
    damage: str, as_user: Any, cast: Cast, sheet_job: ImportJob
) -> None:
    job = rewrite(sheet_job, **DAMAGES[damage](sheet_job))
    client: Client = as_user(cast.coordinator)
    message = str(UnreadableImportError())
    page = client.get(job.get_absolute_url())
    assert page.status_code == 200
    assert page.context["page"].unreadable == message
    content = page.content.decode()
    for found in (message, job.sha256, reverse("measures:import_file", args=[job.code])):
        assert found in content
    assert reverse("measures:import_discard", args=[job.code]) in content
    for step in ("confirm", "decide"):
        answer = client.post(reverse(f"measures:import_{step}", args=[job.code]), {"stamp": job.stamp})
        assert answer.status_code == 409
        assert answer.context["page"].unreadable == message
    file: Any = client.get(reverse("measures:import_file", args=[job.code]))
    assert b"".join(file.streaming_content) == b"lentele"
    assert client.get("/importas/").status_code == 200
    assert ImportJob.objects.get().state == ImportState.PREVIEWED
    client.post(reverse("measures:import_discard", args=[job.code]))
    assert ImportJob.objects.get().state == ImportState.DISCARDED
    assert PlannedResult.objects.get().status == Status.NOT_STARTED


def test_kind_of_import_that_is_gone_is_for_its_owner_alone(
    as_user: Any, cast: Cast, sheet_job: ImportJob
) -> None:
    job = rewrite(sheet_job, kind="kita")
    assert as_user(cast.administrator).get(job.get_absolute_url()).status_code == 403
    assert as_user(cast.coordinator).get(job.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("damage", DAMAGES)
def test_import_of_another_version_is_neither_confirmed_nor_decided(
    damage: str, cast: Cast, sheet_job: ImportJob
) -> None:
    job = rewrite(sheet_job, **DAMAGES[damage](sheet_job))
    for stamp in (job.stamp, ""):
        with pytest.raises(UnreadableImportError):
            confirm(job=job, author=cast.coordinator, stamp=stamp)
    with pytest.raises(UnreadableImportError):
        decide(job=job, author=cast.coordinator, choices={})
    with pytest.raises(UnreadableImportError):
        (preview_of(job), parsed_of(job))
    assert PlannedResult.objects.get().status == Status.NOT_STARTED


def check_not_undone(job: ImportJob, author: Any, written: Any) -> None:
    """See that what was written otherwise is told on the page and by undoing, and nothing is undone."""
    job = rewrite(job, written=written)
    assert why_not_undone(job) == str(UnreadableImportError())
    with pytest.raises(UndoError, match=str(UnreadableImportError())):
        undo(job=job, author=author)
    assert ImportJob.objects.get(pk=job.pk).state == ImportState.APPLIED


@pytest.mark.parametrize("written", [[], {"updates": "visi"}, {"versions": {"1.1.1-1": "nauja"}}])
def test_work_sheet_written_by_another_version_is_not_undone(
    cast: Cast, sheet_job: ImportJob, written: Any
) -> None:
    done = confirm(job=sheet_job, author=cast.coordinator, stamp=sheet_job.stamp)
    check_not_undone(done, cast.coordinator, written)
    assert PlannedResult.objects.get().status == Status.DONE


ROW = {"model": "measures.task", "id": 1, "version": 1, "before": {}}


@pytest.mark.parametrize(
    "row",
    [
        {**ROW, "model": "measures.isnykes"},
        {**ROW, "model": "ne modelis"},
        {**ROW, "before": {"isnykes": "laukas"}},
        {name: ROW[name] for name in ("model", "id")},
    ],
)
def test_plan_written_by_another_version_is_not_undone(monkeypatch: Any, cast: Cast, row: Any) -> None:
    job = upload_document(monkeypatch, plain(), cast.coordinator)
    done = confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    check_not_undone(done, cast.coordinator, {**done.written, "changed": [row]})
    assert Plan.objects.exists()


def test_rows_of_a_plan_are_read_as_they_were_kept() -> None:
    kept = {"added": [ROW], "changed": [{**ROW, "before": {"plan_id": 1, "title": "Kitas"}}], "removed": []}
    assert WrittenRows.of_json(kept).as_json() == kept


@pytest.mark.parametrize("damage", ["no rows", "a column more", "no version"])
def test_register_written_by_another_version_is_not_undone(cast: Cast, damage: str) -> None:
    make_partner("Uostas")
    content = workbook(["Pavadinimas"], ["Naujas partneris"])
    job = upload(kind=ImportKind.PARTNERS, owner=cast.administrator, file_name="p.xlsx", content=content)
    done = confirm(job=job, author=cast.administrator, stamp=job.stamp)
    [row] = done.written["rows"]
    written = {
        "no rows": {},
        "a column more": {"rows": [{**row, "after": {**row["after"], "isnykes": "laukas"}}]},
        "no version": {"rows": [{name: row[name] for name in row if name != "version"}]},
    }[damage]
    check_not_undone(done, cast.administrator, written)
    assert Partner.objects.filter(name="Naujas partneris").exists()
    rewrite(job, written=done.written)
    undo(job=job, author=cast.administrator)
    assert not Partner.objects.filter(name="Naujas partneris").exists()


def test_stored_value_of_a_simple_kind_is_read() -> None:
    assert read_stored(list[int], [1, 2]) == [1, 2]
    with pytest.raises(UnreadableImportError):
        read_stored(list[int], {"a": 1})


@dataclass(frozen=True)
class Kept:
    """Something with a moment in it."""

    moment: datetime
    rows: tuple[tuple[str, int], ...]


def test_what_is_kept_is_read_as_it_was() -> None:
    value = Kept(datetime(2026, 3, 1, 12, 30, tzinfo=UTC), (("a", 1), ("b", 2)))
    kept = json.loads(json.dumps(as_stored(value)))
    assert read_stored(Kept, kept) == value
