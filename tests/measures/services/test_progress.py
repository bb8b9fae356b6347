"""Recording progress: one way, all or nothing, and no update is lost."""

import hashlib
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from akr_plan.models import User
from measures import roles
from measures.enums import FileType, PlanState, Status
from measures.evidence.files import EvidenceFile
from measures.models import Action, Evidence, PlannedResult, ProgressUpdate, ResultProgress
from measures.models.evidence import evidence_storage
from measures.services.progress import (
    ActionReport,
    ProgressConflictError,
    ReportedResult,
    record_progress,
    record_reports,
)
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_period, make_result, make_user
from tests.together import run_together

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    """Return an action of the updater's with two results."""
    action = make_action(owner=cast.updater)
    make_result(action)
    make_result(action)
    return action


def reported(result: PlannedResult, status: str, percent: int | None = None) -> ReportedResult:
    return ReportedResult(result.key, result.version, status, percent)


def make_evidence_file(title: str = "Ataskaita.pdf", content: bytes = b"%PDF-1.7") -> EvidenceFile:
    return EvidenceFile(
        title=title,
        file_type=FileType.PDF,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=ContentFile(content, name="../../kur nors.pdf"),
    )


def stored(action: Action) -> list[tuple[str, int | None]]:
    return list(action.results.values_list("status", "percent"))


def test_update_changes_the_result_and_writes_the_journal(cast: Cast, action: Action) -> None:
    first, second = action.results.all()
    update = record_progress(
        action=action,
        author=cast.updater,
        results=[reported(first, Status.IN_PROGRESS, 40), reported(second, Status.NOT_STARTED)],
        comment="Surengtas pasitarimas.",
        correction="Nukelti.",
        link="https://example.org/protokolas",
        reported_on=date(2024, 6, 30),
    )
    assert stored(action) == [(Status.IN_PROGRESS, 40), (Status.NOT_STARTED, 0)]
    assert (update.comment, update.correction, update.reported_on) == (
        "Surengtas pasitarimas.",
        "Nukelti.",
        date(2024, 6, 30),
    )
    # A result that stands as before leaves no line.
    assert list(update.lines.values_list("result__key", "status", "percent")) == [
        (first.key, "in_progress", 40)
    ]
    assert [evidence.link for evidence in update.evidence.all()] == ["https://example.org/protokolas"]
    newest = first.history.latest()
    assert (newest.history_user, newest.version, newest.status) == (cast.updater, 2, Status.IN_PROGRESS)


def test_status_decides_the_percent(cast: Cast, action: Action) -> None:
    first, second = action.results.all()
    record_progress(
        action=action,
        author=cast.updater,
        results=[reported(first, Status.DONE, 3), reported(second, Status.POSTPONED, 50)],
    )
    assert stored(action) == [(Status.DONE, 100), (Status.POSTPONED, None)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"status": "ZZZ"}, "Būsenos „ZZZ“ nėra."),
        ({"status": Status.IN_PROGRESS, "percent": 101}, "Procentai turi būti nuo 0 iki 100."),
        ({"status": Status.IN_PROGRESS, "percent": -1}, "Procentai turi būti nuo 0 iki 100."),
        ({"key": "9.9.9-9", "status": Status.DONE}, "Rezultato 9.9.9-9 šiame veiksme nebėra."),
    ],
)
def test_bad_report_is_explained_and_nothing_is_written(
    cast: Cast, action: Action, change: dict[str, Any], message: str
) -> None:
    first, second = action.results.all()
    bad = ReportedResult(**{"key": second.key, "seen_version": 1, **change})
    with pytest.raises(ValidationError, match=message):
        record_progress(
            action=action, author=cast.updater, results=[reported(first, Status.DONE), bad], comment="Taip"
        )
    assert stored(action) == [(Status.NOT_STARTED, 0)] * 2
    assert not ProgressUpdate.objects.exists()


def test_empty_report_is_refused(cast: Cast, action: Action) -> None:
    with pytest.raises(ValidationError, match="Dar niekas nepakeista"):
        record_progress(
            action=action,
            author=cast.updater,
            results=[reported(result, result.status, result.percent) for result in action.results.all()],
        )


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CLOSED])
def test_only_an_active_plan_takes_reports(cast: Cast, action: Action, state: str) -> None:
    type(action.plan).objects.filter(pk=action.plan_id).update(state=state)
    with pytest.raises(ValidationError, match="tik vykdomame plane"):
        record_progress(action=action, author=cast.updater, results=[], comment="Taip")


@pytest.mark.parametrize("name", ["other_updater", "manager", "stranger"])
def test_others_may_not_report(cast: Cast, action: Action, name: str) -> None:
    with pytest.raises(PermissionDenied):
        record_progress(action=action, author=getattr(cast, name), results=[], comment="Taip")


@pytest.mark.parametrize("name", ["coordinator", "administrator"])
def test_coordinator_may_report_on_any_action(cast: Cast, action: Action, name: str) -> None:
    author = getattr(cast, name)
    assert record_progress(action=action, author=author, results=[], comment="Taip").author == author


def test_days_go_forward_only(cast: Cast, action: Action) -> None:
    today = timezone.localdate()

    def report(day: date) -> ProgressUpdate:
        return record_progress(
            action=action, author=cast.updater, results=[], comment="Taip", reported_on=day
        )

    report(today - timedelta(days=10))
    with pytest.raises(ValidationError, match="Jau yra vėlesnis įrašas"):
        report(today - timedelta(days=11))
    with pytest.raises(ValidationError, match="Ši diena dar neatėjo"):
        report(today + timedelta(days=1))
    assert report(today - timedelta(days=10)).reported_on == today - timedelta(days=10)


def test_stale_report_is_a_conflict_with_both_values(cast: Cast, action: Action) -> None:
    first, second = action.results.all()
    record_progress(action=action, author=cast.coordinator, results=[reported(first, Status.DONE)])
    with pytest.raises(ProgressConflictError) as caught:
        record_progress(
            action=action,
            author=cast.updater,
            results=[reported(first, Status.IN_PROGRESS, 60), reported(second, Status.DONE)],
            comment="Mano",
        )
    [conflict] = caught.value.conflicts
    assert (conflict.stored_state.label, conflict.reported_state.label) == (
        "Įvykdyta",
        "Vykdoma 60\N{NO-BREAK SPACE}%",
    )
    assert conflict.changed_by == "Kotryna Kotrynaitė"
    assert stored(action) == [(Status.DONE, 100), (Status.NOT_STARTED, 0)]
    assert ProgressUpdate.objects.count() == 1


def test_result_that_the_reporter_did_not_touch_is_no_conflict(cast: Cast, action: Action) -> None:
    first, second = action.results.all()
    record_progress(action=action, author=cast.coordinator, results=[reported(first, Status.DONE)])
    record_progress(
        action=action,
        author=cast.updater,
        results=[reported(first, Status.NOT_STARTED, 0), reported(second, Status.DONE)],
    )
    assert stored(action) == [(Status.DONE, 100), (Status.DONE, 100)]


def test_same_change_by_two_is_no_conflict(cast: Cast, action: Action) -> None:
    first, _second = action.results.all()
    record_progress(action=action, author=cast.coordinator, results=[reported(first, Status.DONE)])
    record_progress(
        action=action,
        author=cast.updater,
        results=[reported(first, Status.DONE)],
        comment="Ir aš taip manau.",
    )
    assert ResultProgress.objects.count() == 1


def test_failure_half_way_leaves_nothing(cast: Cast, action: Action, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = action.results.all()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(ResultProgress.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        record_progress(
            action=action,
            author=cast.updater,
            results=[reported(first, Status.DONE), reported(second, Status.DONE)],
            link="https://example.org/",
            files=[make_evidence_file()],
        )
    assert stored(action) == [(Status.NOT_STARTED, 0)] * 2
    assert files_on_disk() == []
    assert not ProgressUpdate.objects.exists()
    assert not Evidence.objects.exists()
    assert first.history.count() == 1


def files_on_disk() -> list[Path]:
    folder = Path(evidence_storage().location)
    return [path for path in folder.rglob("*") if path.is_file()]


def test_file_is_kept_under_a_random_name(cast: Cast, action: Action) -> None:
    update = record_progress(
        action=action, author=cast.updater, files=[make_evidence_file("Ataskaita.pdf", b"%PDF-1.7 turinys")]
    )
    [evidence] = update.evidence.all()
    [path] = files_on_disk()
    assert path.read_bytes() == b"%PDF-1.7 turinys"
    assert re.fullmatch("[0-9a-f]{32}", path.name)
    assert (evidence.title, evidence.file.name, evidence.size) == ("Ataskaita.pdf", path.name, 16)


def test_report_of_nothing_new_is_a_report(cast: Cast, action: Action) -> None:
    update = record_progress(action=action, author=cast.updater, nothing_new=True)
    assert (update.nothing_new, update.comment, update.lines.count()) == (True, "", 0)
    assert stored(action) == [(Status.NOT_STARTED, 0)] * 2


def test_journal_says_for_whom_somebody_reported(cast: Cast, action: Action) -> None:
    own = record_progress(action=action, author=cast.updater, nothing_new=True)
    for_owner = record_progress(action=action, author=cast.coordinator, nothing_new=True)
    action.owner = None
    action.save()
    for_nobody = record_progress(action=action, author=cast.coordinator, nothing_new=True)
    assert [update.on_behalf_of for update in (own, for_owner, for_nobody)] == [None, cast.updater, None]


def test_closed_period_takes_no_report(cast: Cast, action: Action) -> None:
    make_period(action.plan, date(2024, 1, 1), date(2024, 3, 31), closed_at=timezone.now())

    def report(day: date) -> ProgressUpdate:
        return record_progress(action=action, author=cast.updater, comment="Taip", reported_on=day)

    report(date(2023, 12, 31))
    for day in (date(2024, 1, 1), date(2024, 3, 31)):
        with pytest.raises(ValidationError, match="Laikotarpis „Nuo 2024-01-01“ uždarytas"):
            report(day)
    assert report(date(2024, 4, 1)).reported_on == date(2024, 4, 1)


@time_machine.travel("2024-04-05 12:00:00+03:00", tick=False)
def test_report_counts_for_the_period_that_is_asked_for(cast: Cast, action: Action) -> None:
    make_period(action.plan, date(2024, 1, 1), date(2024, 3, 31))
    make_period(action.plan, date(2024, 4, 1), date(2024, 6, 30))
    first = record_progress(action=action, author=cast.updater, nothing_new=True)
    today = record_progress(
        action=action, author=cast.updater, nothing_new=True, reported_on=date(2024, 4, 5)
    )
    after = record_progress(action=action, author=cast.updater, nothing_new=True)
    days = [update.reported_on for update in (first, today, after)]
    assert days == [date(2024, 3, 31), date(2024, 4, 5), date(2024, 4, 5)]


def make_reports(actions: list[Action]) -> list[ActionReport]:
    return [
        ActionReport(action, [reported(result, Status.DONE) for result in action.results.all()])
        for action in actions
    ]


def test_many_reports_take_as_many_queries_as_one(cast: Cast, django_assert_num_queries: Any) -> None:
    measure = make_measure()
    actions = [make_action(measure, owner=cast.updater) for _number in range(4)]
    for action in actions:
        make_result(action)
    for chosen in (actions[:1], actions[1:]):
        reports = make_reports(chosen)
        author = User.objects.get(pk=cast.coordinator.pk)
        author.get_all_permissions()
        with django_assert_num_queries(13):
            record_reports(reports=reports, author=author)
    assert {result.status for action in actions for result in action.results.all()} == {Status.DONE}
    assert [action.progress_updates.get().on_behalf_of for action in actions] == [cast.updater] * 4


def test_action_takes_several_reports_on_different_results(cast: Cast, action: Action) -> None:
    first, second = action.results.all()
    third = make_result(action)
    updates = record_reports(
        reports=[
            ActionReport(action, comment="Visam veiksmui"),
            ActionReport(action, [reported(first, Status.DONE), reported(third, Status.DONE)], "Baigta"),
            ActionReport(action, [reported(second, Status.IN_PROGRESS, 20)], "Pradėta"),
        ],
        author=cast.updater,
    )
    written = [
        (update.comment, list(update.lines.values_list("result__key", "status"))) for update in updates
    ]
    assert written == [
        ("Visam veiksmui", []),
        ("Baigta", [(first.key, "done"), (third.key, "done")]),
        ("Pradėta", [(second.key, "in_progress")]),
    ]
    assert [update.pk for update in updates] == sorted(update.pk for update in updates)
    assert stored(action) == [("done", 100), ("in_progress", 20), ("done", 100)]
    assert [result.history.count() for result in action.results.all()] == [2, 2, 2]


def test_result_may_not_be_in_two_reports(cast: Cast, action: Action) -> None:
    first, second = action.results.all()
    with pytest.raises(ValueError, match="One report for each result"):
        record_reports(
            reports=[
                ActionReport(action, [reported(first, Status.DONE), reported(second, Status.DONE)]),
                ActionReport(action, [reported(second, Status.CANCELLED)]),
            ],
            author=cast.updater,
        )
    assert not ProgressUpdate.objects.exists()


def test_one_bad_report_stops_all(cast: Cast) -> None:
    measure = make_measure()
    mine, foreign = make_action(measure, owner=cast.updater), make_action(measure)
    for action in (mine, foreign):
        make_result(action)
    with pytest.raises(PermissionDenied):
        record_reports(reports=make_reports([mine, foreign]), author=cast.updater)
    assert not ProgressUpdate.objects.exists()
    assert stored(mine) == [(Status.NOT_STARTED, 0)]


WRITERS, ROUNDS = 4, 6


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_lose_no_update() -> None:
    from django.apps import apps

    roles.assign(apps)
    authors: list[User] = [make_user(role=roles.COORDINATOR) for _writer in range(WRITERS)]
    action = make_action()
    key = make_result(action).key
    outcomes: list[str] = []

    def report(writer: int) -> None:
        for turn in range(ROUNDS):
            seen = PlannedResult.objects.get(key=key)
            wanted = (turn * WRITERS + writer) % 100
            if wanted == seen.percent:
                continue
            try:
                record_progress(
                    action=action,
                    author=authors[writer],
                    results=[ReportedResult(key, seen.version, Status.IN_PROGRESS, wanted)],
                )
                outcomes.append("saved")
            except ProgressConflictError:
                outcomes.append("conflict")

    run_together(report, writers=WRITERS)
    result = PlannedResult.objects.get(key=key)
    saved = outcomes.count("saved")
    assert len(outcomes) >= WRITERS * (ROUNDS - 1)
    assert saved == ResultProgress.objects.count() == result.history.count() - 1 == result.version - 1
