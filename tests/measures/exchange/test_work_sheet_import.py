"""A work sheet that comes back: what is shown is what is done, nothing is lost, and it can be taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from measures.enums import ImportKind, ImportState, LineKind, PlanState, Status
from measures.exchange.preview import Line, Preview
from measures.exchange.work_sheet.handler import WorkSheetImport
from measures.exchange.work_sheet.sheet import SheetRow, WorkSheet
from measures.models import Action, ImportJob, Plan, PlannedResult, ProgressUpdate, ResultProgress
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update
from tests.conftest import Cast
from tests.make import make_action, make_big_plan, make_measure, make_period, make_result

pytestmark = pytest.mark.django_db

CHANGED, UNCHANGED = LineKind.CHANGED, LineKind.UNCHANGED
REFUSED, CONFLICT = LineKind.REFUSED, LineKind.CONFLICT
PERCENT = "\N{NO-BREAK SPACE}%"
handler = WorkSheetImport()


@pytest.fixture
def action(cast: Cast) -> Action:
    """Return an action of the updater's with three results."""
    action = make_action(owner=cast.updater)
    for _number in range(3):
        make_result(action)
    return action


@pytest.fixture
def job(cast: Cast, action: Action) -> Any:
    """Return an import of the coordinator's into the plan of the action."""
    return make_job(action.plan, cast)


def make_job(plan: Plan, cast: Cast, **values: Any) -> Any:
    defaults = {"plan": plan, "plan_id": plan.pk, "owner": cast.coordinator, "choices": {}, "written": {}}
    return SimpleNamespace(**{**defaults, **values})


def make_sheet(job: Any, *rows: SheetRow, **values: Any) -> WorkSheet:
    defaults = {"plan": job.plan.slug, "sheet": "Darbo lentelė", "is_plan_variant": False, "rows": rows}
    return WorkSheet(**{**defaults, **values})


def row(result: PlannedResult, number: int = 4, **values: Any) -> SheetRow:
    return SheetRow(number, result.key, result.version, values)


def apply(job: Any, sheet: WorkSheet) -> Preview:
    """Confirm what the preview shows."""
    preview = handler.preview(job, sheet)
    job.written = handler.apply(job, sheet, job.owner)
    return preview


def results_of(action: Action) -> list[PlannedResult]:
    return list(action.results.order_by("position"))


def stored(action: Action) -> list[tuple[str, int | None]]:
    return [(result.status, result.percent) for result in results_of(action)]


def kinds(preview: Preview) -> list[str]:
    return [line.kind for line in preview.lines]


def told(line: Line) -> list[tuple[str, str]]:
    return [(change.old, change.new) for change in line.changes]


def entries() -> list[tuple[str, str, list[str]]]:
    """Return what the journal says, in the order of writing."""
    return [
        (update.comment, update.correction, [line.result.key for line in update.lines.order_by("id")])
        for update in ProgressUpdate.objects.order_by("id")
    ]


def report(cast: Cast, result: PlannedResult, status: str, percent: int | None = None, **values: Any) -> Any:
    result.refresh_from_db()
    reported = ReportedResult(result.key, result.version, status, percent)
    return record_progress(action=result.action, author=cast.updater, results=[reported], **values)


@time_machine.travel("2024-05-02 12:00:00+03:00", tick=False)
def test_preview_shows_what_apply_writes(cast: Cast, job: Any, action: Action) -> None:
    first, second, third = results_of(action)
    sheet = make_sheet(
        job,
        row(first, 4, status="in_progress", percent=60, comment="Pradėta"),
        row(second, 5, status="not_started", percent=0),
        row(third, 7, correction="Nukelti"),
    )
    preview = apply(job, sheet)
    assert kinds(preview) == [CHANGED, UNCHANGED, CHANGED]
    assert [told(line) for line in preview.lines] == [
        [
            (Status.NOT_STARTED.label, Status.IN_PROGRESS.label),
            (f"0{PERCENT}", f"60{PERCENT}"),
            ("", "Pradėta"),
        ],
        [],
        [("", "Nukelti")],
    ]
    line = preview.lines[2]
    assert (line.subject, line.title) == (third.key, "Rezultatas 3")
    assert "Darbo lentelė" in line.place
    assert "7" in line.place
    assert line.versions == (("result", 1), ("day", date(2024, 5, 2).toordinal()))
    [remark] = preview.remarks
    assert "2024-05-02" in remark
    assert stored(action) == [("in_progress", 60), ("not_started", 0), ("not_started", 0)]
    assert entries() == [("", "Nukelti", []), ("Pradėta", "", [first.key])]
    assert {update.reported_on for update in ProgressUpdate.objects.all()} == {date(2024, 5, 2)}
    assert [result.history.count() for result in results_of(action)] == [2, 1, 1]
    assert first.history.get(version=2).history_user == cast.coordinator


def test_each_wording_is_one_entry_and_those_without_a_result_come_first(job: Any, action: Action) -> None:
    first, second, third = results_of(action)
    apply(
        job,
        make_sheet(
            job,
            row(first, 4, status="done", comment="Baigta"),
            row(second, 5, comment="Visam veiksmui"),
            row(third, 6, status="done", comment="Baigta"),
        ),
    )
    assert entries() == [("Visam veiksmui", "", []), ("Baigta", "", [first.key, third.key])]


def test_sheet_that_comes_twice_repeats_nothing(job: Any, action: Action) -> None:
    first, second, _third = results_of(action)
    sheet = make_sheet(
        job, row(first, 4, status="done", comment="Baigta"), row(second, 5, comment="Visam veiksmui")
    )
    apply(job, sheet)
    again = handler.preview(job, sheet)
    assert kinds(again) == [UNCHANGED, UNCHANGED]
    assert all(line.reason for line in again.lines)
    handler.apply(job, sheet, job.owner)
    assert len(entries()) == 2


@pytest.mark.parametrize("has_period", [False, True])
def test_new_sheet_may_say_the_same_again(job: Any, action: Action, has_period: bool) -> None:
    if has_period:
        make_period(action.plan, timezone.localdate().replace(month=1, day=1), timezone.localdate())
    first, second, _third = results_of(action)
    ours = make_sheet(job, row(first, comment="Vyksta"), made_at=timezone.now())
    apply(job, ours)
    [line] = handler.preview(job, ours).lines
    assert (line.kind, bool(line.reason)) == (UNCHANGED, True)
    later = make_sheet(job, row(first, comment="Vyksta"), made_at=timezone.now())
    assert kinds(apply(job, later)) == [CHANGED]
    assert entries() == [("Vyksta", "", [])] * 2
    # Beside a change of the state the words belong to that, whoever has said them of another result.
    apply(job, replace(later, rows=(row(second, status="done", comment="Vyksta"),)))
    assert entries()[2:] == [("Vyksta", "", [second.key])]


def test_texts_that_are_not_recorded_again_are_told_before_all_rows(job: Any, action: Action) -> None:
    first, second, third = results_of(action)
    sheet = make_sheet(
        job,
        row(first, 4, comment="Vyksta", correction="Nukelti"),
        row(second, 17, comment="Vyksta\N{NO-BREAK SPACE} gerai"),
        row(third, 29, comment="Kita"),
    )
    apply(job, replace(sheet, rows=sheet.rows[:2]))
    again = handler.preview(
        job, replace(sheet, rows=(*sheet.rows[:1], row(second, 17, comment="Vyksta gerai")))
    )
    assert kinds(again) == [UNCHANGED, UNCHANGED]
    [remark] = again.remarks
    assert "4, 17" in remark
    assert all(line.reason for line in again.lines)
    fresh = handler.preview(job, replace(sheet, rows=sheet.rows[2:]))
    assert kinds(fresh) == [CHANGED]
    assert not any("29" in remark for remark in fresh.remarks)


@pytest.mark.parametrize(
    "typed",
    ["Su  partneriais", "Su\N{NO-BREAK SPACE}partneriais", " Su partneriais\N{NO-BREAK SPACE}"],
)
def test_blanks_alone_change_nothing(job: Any, action: Action, typed: str) -> None:
    result = make_result(action, text="Su partneriais")
    preview = handler.preview(job, make_sheet(job, row(result, text=typed), is_plan_variant=True))
    assert kinds(preview) == [UNCHANGED]
    lines = handler.preview(job, make_sheet(job, row(result, text="Su\npartneriais"), is_plan_variant=True))
    assert kinds(lines) == [CHANGED]


@pytest.mark.parametrize(
    ("typed", "columns"),
    [
        ({"deadline": "2024-13-01"}, [("G", "Galutinė data")]),
        ({"first_year": 20240, "text": ""}, [("C", "Rezultato tekstas"), ("E", "Pradžios metai")]),
        ({"first_year": 2025, "last_year": 2024}, [("F", "Pabaigos metai")]),
        ({"status": "done", "percent": 60}, [("M", "Pažanga, %")]),
    ],
)
def test_faults_name_the_columns_as_the_sheet_does(
    job: Any, action: Action, typed: dict[str, Any], columns: list[tuple[str, str]]
) -> None:
    letters = {"text": "C", "first_year": "E", "last_year": "F", "deadline": "G", "percent": "M"}
    sheet = make_sheet(job, row(results_of(action)[0], **typed), is_plan_variant=True, letters=letters)
    [line] = handler.preview(job, sheet).lines
    assert line.kind == REFUSED
    for letter, heading in columns:
        named = _("column %(letter)s “%(heading)s”") % {"letter": letter, "heading": heading}
        assert f"{named}: ".casefold() in line.reason.casefold()
    [line] = handler.preview(job, replace(sheet, letters={})).lines
    for letter, heading in columns:
        assert (heading in line.reason, f" {letter} " in line.reason) == (True, False)


def test_changes_are_named_as_the_headings_are(job: Any, action: Action) -> None:
    values: dict[str, Any] = {
        "status": "in_progress",
        "percent": 5,
        "comment": "Taip",
        "correction": "Ne",
        "last_year": 2025,
    }
    first = results_of(action)[0]
    [line] = handler.preview(job, make_sheet(job, row(first, **values), is_plan_variant=True)).lines
    names = ["Būsena", "Pažanga, %", "Pabaigos metai", "Kas padaryta", "Siūloma korekcija"]
    assert [change.label for change in line.changes] == names


def test_sheet_of_a_plan_that_was_there_before_is_refused(job: Any, action: Action) -> None:
    first = results_of(action)[0]
    began = action.plan.history.earliest().history_date
    sheet = make_sheet(job, row(first, status="done"), made_at=began.replace(microsecond=0))
    assert kinds(handler.preview(job, sheet)) == [CHANGED]
    older = handler.preview(job, replace(sheet, made_at=began - timedelta(seconds=1)))
    assert kinds(older) == [REFUSED]
    assert job.plan.slug in older.lines[0].reason


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        (("not_started", None), {"status": "in_progress"}, ("in_progress", None)),
        (("in_progress", 40), {"status": "in_progress"}, ("in_progress", 40)),
        (("in_progress", 40), {"percent": 70}, ("in_progress", 70)),
        (("in_progress", 40), {"percent": None}, ("in_progress", None)),
        (("in_progress", 40), {"status": "done"}, ("done", 100)),
        # "–" says no percent, and these statuses know theirs.
        (("in_progress", 40), {"status": "done", "percent": None}, ("done", 100)),
        (("not_started", None), {"percent": None}, ("not_started", 0)),
        # The percent of the earlier status was left in its cell.
        (("in_progress", 40), {"status": "done", "percent": 40}, ("done", 100)),
        (("in_progress", 40), {"status": "postponed", "percent": 40}, ("postponed", None)),
        (("done", None), {"status": "in_progress", "percent": 80}, ("in_progress", 80)),
        (("postponed", None), {"status": "postponed", "percent": None}, ("postponed", None)),
    ],
)
def test_status_and_percent_go_together(
    cast: Cast,
    job: Any,
    action: Action,
    before: tuple[str, int | None],
    typed: dict[str, Any],
    after: tuple[str, int | None],
) -> None:
    result = results_of(action)[0]
    if before[0] != "not_started":
        report(cast, result, *before)
        result.refresh_from_db()
    apply(job, make_sheet(job, row(result, **typed)))
    assert stored(action)[0] == after


@pytest.mark.parametrize(
    "typed",
    [
        {"percent": 60},
        {"status": "done", "percent": 60},
        {"status": "cancelled", "percent": 60},
        {"status": "ZZZ"},
        {"status": None},
        {"status": "in_progress", "percent": 101},
        {"text": "Kitas tekstas"},
    ],
)
def test_wrong_values_are_refused(job: Any, action: Action, typed: dict[str, Any]) -> None:
    first, second, _third = results_of(action)
    sheet = make_sheet(job, row(first, 4, **typed), row(second, 5, status="done"))
    preview = handler.preview(job, sheet)
    assert kinds(preview) == [REFUSED, CHANGED]
    assert preview.lines[0].reason
    with pytest.raises(ValueError, match="Refused"):
        handler.apply(job, sheet, job.owner)
    assert stored(action)[1] == ("not_started", 0)
    assert entries() == []


def test_rows_that_fit_no_result_are_refused(job: Any, action: Action) -> None:
    first, second, _third = results_of(action)
    refused = Line(REFUSED, "lapas „Darbo lentelė“, 9 eilutė", reason="Ne taip.")
    sheet = make_sheet(
        job,
        SheetRow(4, "9.9.9-9", 1, {"status": "done"}),
        replace(row(first, 5, status="done"), seen_version=2),
        row(second, 6, status="done"),
        row(second, 7, status="cancelled"),
        refused=(refused,),
    )
    preview = handler.preview(job, sheet)
    assert preview.lines[0] == refused
    assert kinds(preview) == [REFUSED] * 5
    assert ["9.9.9-9" in line.reason for line in preview.lines] == [False, True, False, False, False]
    assert [second.key in line.reason for line in preview.lines] == [False, False, False, True, True]


def test_sheet_of_another_plan_or_of_one_that_is_not_active_is_refused(job: Any, action: Action) -> None:
    first = results_of(action)[0]
    other = handler.preview(job, make_sheet(job, row(first, status="done"), plan="kitas"))
    assert kinds(other) == [REFUSED]
    assert "kitas" in other.lines[0].reason
    Plan.objects.filter(pk=job.plan_id).update(state=PlanState.CLOSED)
    assert kinds(handler.preview(job, make_sheet(job, row(first, status="done")))) == [REFUSED]


def test_result_that_others_changed_is_a_conflict(cast: Cast, job: Any, action: Action) -> None:
    first, second, third = results_of(action)
    sheet = make_sheet(
        job,
        row(first, 4, status="in_progress", percent=10, comment="Mano"),
        row(second, 5, status="not_started", percent=0),
        row(third, 6, status="done", percent=100),
    )
    for result in (first, second, third):
        report(cast, result, Status.DONE)
    preview = handler.preview(job, sheet)
    # Left as it was sent out, and said by others already: no conflicts.
    assert kinds(preview) == [CONFLICT, UNCHANGED, UNCHANGED]
    line = preview.lines[0]
    assert told(line)[:2] == [
        (Status.DONE.label, Status.IN_PROGRESS.label),
        (f"100{PERCENT}", f"10{PERCENT}"),
    ]
    changed_at = timezone.localtime(first.history.latest().history_date)
    assert "Ula Ulaitė" in line.reason
    assert f"{changed_at:%Y-%m-%d %H:%M}" in line.reason
    with pytest.raises(ValueError, match="conflicts"):
        handler.apply(job, sheet, job.owner)


@pytest.mark.parametrize(
    ("choice", "after", "entry"),
    [("file", ("in_progress", 10), [("Mano", "", ["1.1.1-1"])]), ("keep", ("done", 100), [])],
)
def test_conflict_is_decided(
    cast: Cast, job: Any, action: Action, choice: str, after: tuple[str, int], entry: list[Any]
) -> None:
    first = results_of(action)[0]
    sheet = make_sheet(job, row(first, status="in_progress", percent=10, comment="Mano"))
    silent = make_sheet(job, row(first, status="in_progress", percent=10))
    report(cast, first, Status.DONE)
    job.choices = {"conflicts": {first.key: choice}}
    assert kinds(handler.preview(job, silent)) == [CHANGED if choice == "file" else UNCHANGED]
    # To keep what is stored is to drop all of the row, its texts too.
    preview = apply(job, sheet)
    assert kinds(preview) == [CHANGED if choice == "file" else UNCHANGED]
    assert len(told(preview.lines[0])) == (3 if choice == "file" else 0)
    assert stored(action)[0] == after
    assert entries() == [("", "", [first.key]), *entry]


def test_entries_that_the_journal_would_not_take_are_refused(job: Any, action: Action) -> None:
    make_period(action.plan, date(2024, 1, 1), date(2024, 12, 31), closed_at=timezone.now())
    first, second, _third = results_of(action)
    sheet = make_sheet(job, row(first, 4, comment="Taip"), row(second, 5, status="not_started"))
    with time_machine.travel("2024-05-02 12:00:00+03:00", tick=False):
        preview = handler.preview(job, sheet)
    assert kinds(preview) == [REFUSED, UNCHANGED]
    assert "Nuo 2024-01-01" in preview.lines[0].reason


@time_machine.travel("2024-04-05 12:00:00+03:00", tick=False)
def test_later_entry_moves_the_day_and_the_stamp(cast: Cast, job: Any, action: Action) -> None:
    make_period(action.plan, date(2024, 1, 1), date(2024, 3, 31))
    make_period(action.plan, date(2024, 4, 1), date(2024, 6, 30))
    sheet = make_sheet(job, row(results_of(action)[0], status="done"))
    before = handler.preview(job, sheet)
    record_progress(action=action, author=cast.updater, nothing_new=True, reported_on=date(2024, 4, 2))
    after = handler.preview(job, sheet)
    assert ["2024-03-31" in before.remarks[0], "2024-04-05" in after.remarks[0]] == [True, True]
    assert before.stamp != after.stamp
    apply(job, sheet)
    assert ProgressUpdate.objects.latest("id").reported_on == date(2024, 4, 5)


def test_who_may_not_report_is_told_so_before(cast: Cast, job: Any, action: Action) -> None:
    job.owner = cast.other_updater
    preview = handler.preview(job, make_sheet(job, row(results_of(action)[0], status="done")))
    assert kinds(preview) == [REFUSED]


PLAN_VALUES: dict[str, Any] = {
    "text": "Naujas tekstas",
    "first_year": 2024,
    "last_year": None,
    "deadline": "2024-09-30",
    "condition": "Gavus finansavimą",
}


def test_plan_text_changes_together_with_progress(cast: Cast, job: Any, action: Action) -> None:
    result = make_result(action, period_text="2023–2024")
    sheet = make_sheet(job, row(result, **PLAN_VALUES, status="done", comment="Baigta"), is_plan_variant=True)
    [line] = apply(job, sheet).lines
    assert line.kind == CHANGED
    assert told(line)[2:] == [
        ("Rezultatas 4", "Naujas tekstas"),
        ("2023", "2024"),
        ("2024", ""),
        ("", "2024-09-30"),
        ("", "Gavus finansavimą"),
        ("", result._meta.get_field("condition_state").flatchoices[0][1]),
        ("", "Baigta"),
    ]
    # The document's own wording is nobody's to guess.
    assert "2023–2024" in line.reason
    before, result = result, PlannedResult.objects.get(pk=result.pk)
    assert (result.text, result.first_year, result.last_year, result.deadline, result.condition_state) == (
        "Naujas tekstas",
        2024,
        None,
        date(2024, 9, 30),
        "pending",
    )
    assert (result.status, result.period_text, result.version) == ("done", "2023–2024", 3)
    versions = list(result.history.order_by("history_id").values_list("version", "status", "text"))
    assert versions == [
        (1, "not_started", before.text),
        (2, "done", before.text),
        (3, "done", "Naujas tekstas"),
    ]
    job.written = handler.apply(
        job, make_sheet(job, row(result, condition=None), is_plan_variant=True), job.owner
    )
    result.refresh_from_db()
    assert (result.condition, result.condition_state) == ("", "")


@pytest.mark.parametrize(
    "values",
    [{"text": None}, {"text": ""}, {"first_year": 20240}, {"first_year": 2025}, {"deadline": "2024-13-01"}],
)
def test_plan_text_is_held_to_the_rules_of_the_model(
    job: Any, action: Action, values: dict[str, Any]
) -> None:
    preview = handler.preview(
        job, make_sheet(job, row(results_of(action)[0], **values), is_plan_variant=True)
    )
    assert kinds(preview) == [REFUSED]


def test_plan_text_needs_the_right_to_change_it(cast: Cast, job: Any, action: Action) -> None:
    job.owner = cast.updater
    result = results_of(action)[0]
    same: dict[str, Any] = {"text": result.text, "first_year": 2023}
    sheet = make_sheet(job, row(result, **same, status="done"), is_plan_variant=True)
    assert kinds(handler.preview(job, sheet)) == [CHANGED]
    sheet = make_sheet(job, row(result, **PLAN_VALUES), is_plan_variant=True)
    assert kinds(handler.preview(job, sheet)) == [REFUSED]


def snapshot(action: Action) -> list[Any]:
    fields = ("key", "status", "percent", "text", "first_year", "last_year", "deadline", "condition_state")
    return list(action.results.order_by("key").values_list(*fields))


def test_import_is_taken_back(cast: Cast, job: Any, action: Action) -> None:
    first, second, third = results_of(action)
    report(cast, first, Status.IN_PROGRESS, 40, comment="Anksčiau")
    first.refresh_from_db()
    before = snapshot(action)
    sheet = make_sheet(
        job,
        row(first, 4, status="done", **PLAN_VALUES),
        row(second, 5, status="cancelled", comment="Nebereikia"),
        row(third, 6, deadline="2024-10-01", correction="Vėliau"),
        is_plan_variant=True,
    )
    apply(job, sheet)
    assert snapshot(action) != before
    assert handler.why_not_undone(job) == ""
    handler.undo(job, cast.administrator)
    assert snapshot(action) == before
    standing = ProgressUpdate.objects.standing()
    assert list(standing.values_list("comment", flat=True)) == ["Anksčiau"]
    for result in results_of(action):
        newest = result.history.latest()
        assert (newest.version, newest.history_user) == (result.version, cast.administrator)
        assert result.history.count() == result.version
    assert handler.why_not_undone(job)


def import_sheet(cast: Cast, sheet: WorkSheet) -> ImportJob:
    """Return an import of this sheet that was confirmed."""
    job = ImportJob(
        kind=ImportKind.WORK_SHEET,
        plan=Plan.objects.get(slug=sheet.plan),
        owner=cast.coordinator,
        size=1,
        parsed={},
        preview={},
        state=ImportState.APPLIED,
        applied_at=timezone.now(),
    )
    job.written = handler.apply(job, sheet, job.owner)
    job.save()
    return job


def edit_second(action: Action) -> None:
    result = results_of(action)[1]
    result.text = "Dar kitas"
    result.save()


@pytest.mark.parametrize("is_edited", [False, True])
def test_undoing_a_later_import_leaves_the_earlier_one_undoable(
    cast: Cast, job: Any, action: Action, is_edited: bool
) -> None:
    before = snapshot(action)
    first, second, third = results_of(action)
    earlier = import_sheet(
        cast,
        make_sheet(
            job,
            row(first, 4, status="in_progress", percent=30, text="Pirmas"),
            row(second, 5, status="in_progress", percent=30),
            row(third, 6, status="done"),
            is_plan_variant=True,
        ),
    )
    between = snapshot(action)
    if is_edited:
        edit_second(action)
    again = [row(result, number, percent=60) for number, result in enumerate(results_of(action)[:2], 4)]
    later = import_sheet(cast, make_sheet(job, *again))
    handler.undo(later, cast.coordinator)
    ImportJob.objects.filter(pk=later.pk).update(state=ImportState.UNDONE)
    earlier.refresh_from_db()
    if is_edited:
        # Somebody's own change of a row still keeps the import that was before it.
        assert second.key in handler.why_not_undone(earlier)
        return
    assert snapshot(action) == between
    assert handler.why_not_undone(earlier) == ""
    handler.undo(earlier, cast.coordinator)
    assert snapshot(action) == before


def withdraw_one(cast: Cast, action: Action) -> None:
    withdraw_update(update=ProgressUpdate.objects.earliest("id"), author=cast.coordinator, reason="Klaida")


def edit_text(cast: Cast, action: Action) -> None:
    result = results_of(action)[0]
    result.text = "Dar kitas"
    result.save()


def report_more(cast: Cast, action: Action) -> None:
    record_progress(action=action, author=cast.updater, nothing_new=True)


def close_plan(cast: Cast, action: Action) -> None:
    Plan.objects.filter(pk=action.plan_id).update(state=PlanState.CLOSED)


def close_period(cast: Cast, action: Action) -> None:
    today = timezone.localdate()
    make_period(action.plan, today, today, closed_at=timezone.now())


def delete_result(cast: Cast, action: Action) -> None:
    results_of(action)[0].delete()


@pytest.mark.parametrize(
    "newer", [withdraw_one, edit_text, report_more, close_plan, close_period, delete_result]
)
def test_import_stays_once_something_newer_touches_it(
    cast: Cast, job: Any, action: Action, newer: Callable[[Cast, Action], None]
) -> None:
    first, second, _third = results_of(action)
    sheet = make_sheet(job, row(first, 4, status="done"), row(second, 5, comment="Taip"))
    apply(job, sheet)
    newer(cast, action)
    left = snapshot(action), ProgressUpdate.objects.standing().count()
    assert handler.why_not_undone(job)
    with pytest.raises(ValidationError):
        handler.undo(job, cast.coordinator)
    assert (snapshot(action), ProgressUpdate.objects.standing().count()) == left


@pytest.mark.parametrize("values", [{"status": "done"}, {"text": "Kitas"}])
def test_only_who_may_write_it_may_take_it_back(
    cast: Cast, job: Any, action: Action, values: dict[str, Any]
) -> None:
    apply(job, make_sheet(job, row(results_of(action)[0], **values), is_plan_variant=True))
    with pytest.raises(PermissionDenied):
        handler.undo(job, cast.stranger)


@pytest.mark.parametrize("count", [1, 3, 300])
def test_as_many_queries_whatever_the_number_of_rows(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    plan = make_big_plan(count, 1)
    job = make_job(plan, cast)
    results = list(PlannedResult.objects.filter(plan=plan).select_related("action"))
    sheet = make_sheet(
        job,
        *(
            row(result, number, status="in_progress", percent=50, comment=f"Atlikta {number}", text="Kitas")
            for number, result in enumerate(results, start=4)
        ),
        is_plan_variant=True,
        made_at=timezone.now(),
    )
    job.owner.get_all_permissions()
    results[0].save()
    job.choices = {"conflicts": {results[0].key: "file"}}
    with django_assert_num_queries(8):
        preview = handler.preview(job, sheet)
    assert preview.counts == {CHANGED: count}
    with django_assert_num_queries(27):
        job.written = handler.apply(job, sheet, job.owner)
    assert ResultProgress.objects.count() == count


ROWS = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from([*Status.values]),
        "percent": st.one_of(st.none(), st.sampled_from([0, 40, 100, 101])),
        "comment": st.sampled_from(["Viena", "Kita"]),
        "deadline": st.sampled_from([None, "2024-06-30"]),
    },
)
STATES = st.sampled_from([("not_started", 0), ("in_progress", 40), ("in_progress", None), ("done", 100)])
FIXED = {"not_started": 0, "done": 100, "postponed": None, "cancelled": None}


def expected_state(before: tuple[str, int | None], values: dict[str, Any]) -> tuple[str, int | None] | None:
    """Return what a row makes of a state, or None if it is wrong."""
    status = values.get("status", before[0])
    if "percent" not in values:
        return (
            (status, FIXED[status]) if status in FIXED else before if status == before[0] else (status, None)
        )
    percent = values["percent"]
    if percent == 101:
        return None
    if status in FIXED:
        return (status, FIXED[status]) if percent in (None, FIXED[status], before[1]) else None
    return status, percent


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_sheets_do_what_a_plain_computation_says(cast: Cast, data: st.DataObject) -> None:
    action = make_action(make_measure(), owner=cast.updater)
    job = make_job(action.plan, cast)
    before, rows, expected = [], [], []
    for number in range(3):
        result = make_result(action)
        state = data.draw(STATES)
        if state != ("not_started", 0):
            report(cast, result, *state)
            result.refresh_from_db()
        before.append((*state, None))
        values = data.draw(ROWS)
        rows.append(row(result, number + 4, **values))
        after = expected_state(state, values)
        expected.append(after and (*after, values.get("deadline")))
    texts = {row.key: row.values.get("comment") for row in rows}
    sheet = make_sheet(job, *rows, is_plan_variant=True)
    preview = handler.preview(job, sheet)
    assert [kind == REFUSED for kind in kinds(preview)] == [state is None for state in expected]
    if preview.is_refused:
        return
    count = ProgressUpdate.objects.count()
    handler.apply(job, sheet, job.owner)
    now = [
        (result.status, result.percent, result.deadline and result.deadline.isoformat())
        for result in results_of(action)
    ]
    assert now == expected
    really = [old != new or bool(texts[row.key]) for old, new, row in zip(before, now, rows, strict=True)]
    assert [kind == CHANGED for kind in kinds(preview)] == really
    written = {
        (texts[row.key] or "")
        for old, new, row in zip(before, now, rows, strict=True)
        if old[:2] != new[:2] or texts[row.key]
    }
    assert ProgressUpdate.objects.count() - count == len(written)
