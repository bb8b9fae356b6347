"""Recording progress: one way, all or nothing, and no update is lost."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from akr_plan.models import User
from measures import roles
from measures.enums import PlanState, Status
from measures.models import Action, Evidence, PlannedResult, ProgressUpdate, ResultProgress
from measures.services.progress import ProgressConflictError, ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import make_action, make_result, make_user

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

    monkeypatch.setattr(ResultProgress.objects, "create", fail)
    with pytest.raises(RuntimeError):
        record_progress(
            action=action,
            author=cast.updater,
            results=[reported(first, Status.DONE), reported(second, Status.DONE)],
            link="https://example.org/",
        )
    assert stored(action) == [(Status.NOT_STARTED, 0)] * 2
    assert not ProgressUpdate.objects.exists()
    assert not Evidence.objects.exists()
    assert first.history.count() == 1


WRITERS, ROUNDS = 4, 6


def run_together(work: Callable[[int], None]) -> None:
    """Run `work` in several threads, each with a connection of its own."""

    def run(writer: int) -> None:
        try:
            work(writer)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)


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

    run_together(report)
    result = PlannedResult.objects.get(key=key)
    saved = outcomes.count("saved")
    assert len(outcomes) >= WRITERS * (ROUNDS - 1)
    assert saved == ResultProgress.objects.count() == result.history.count() - 1 == result.version - 1
