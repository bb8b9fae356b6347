"""Bulk changes: shown first, written exactly as shown or not at all, in few statements."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from akr_plan.models import User
from measures.enums import ConditionState, PlanState, Status
from measures.models import Action, Plan, PlannedResult, ProgressUpdate, ResultProgress
from measures.services.bulk import (
    BulkChange,
    BulkConflictError,
    NewOwner,
    NewStatus,
    Preview,
    apply_bulk,
    interventions,
    preview_bulk,
)
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import make_action, make_big_plan, make_measure, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of three actions with two results each; the second has an owner."""
    measure = make_measure()
    for owner in (None, cast.updater, None):
        action = make_action(measure, owner=owner)
        make_result(action)
        make_result(action)
    return measure.plan


def numbers(plan: Plan) -> list[str]:
    return [action.number for action in Action.objects.filter(plan=plan)]


def preview(plan: Plan, change: BulkChange) -> Preview:
    return preview_bulk(plan=plan, numbers=numbers(plan), change=change)


def confirm(plan: Plan, change: BulkChange, author: User, seen: dict[str, int] | None = None) -> Preview:
    seen = preview(plan, change).versions if seen is None else seen
    return apply_bulk(plan=plan, numbers=numbers(plan), change=change, seen=seen, author=author)


def report(author: User, key: str, status: str, percent: int | None = None) -> None:
    result = PlannedResult.objects.get(key=key)
    record_progress(
        action=result.action, author=author, results=[ReportedResult(key, result.version, status, percent)]
    )


def test_preview_of_an_owner_tells_what_changes_and_what_not(cast: Cast, plan: Plan) -> None:
    shown = preview(plan, NewOwner(cast.updater))
    assert [(step.name, step.before, step.after) for step in shown.steps] == [
        ("1.1.1", "be atsakingo asmens", "Ula Ulaitė"),
        ("1.1.3", "be atsakingo asmens", "Ula Ulaitė"),
    ]
    assert [(line.action.number, line.why_not) for line in shown.unchanged] == [("1.1.2", "Taip jau yra.")]
    assert shown.versions == {"1.1.1": 1, "1.1.3": 1}
    assert Action.objects.filter(owner=cast.updater).count() == 1


def test_owner_is_written_as_shown_with_history(cast: Cast, plan: Plan) -> None:
    done = confirm(plan, NewOwner(cast.updater), cast.coordinator)
    assert len(done.changed) == 2
    assert Action.objects.filter(owner=cast.updater, plan=plan).count() == 3
    for action in Action.objects.exclude(number="1.1.2"):
        newest: Any = Action.history.filter(id=action.pk).latest("history_id")
        assert (action.version, newest.version, newest.owner) == (2, 2, cast.updater)
        assert (newest.history_user, newest.history_change_reason) == (
            cast.coordinator,
            "Masinis pakeitimas",
        )
    assert Action.objects.get(number="1.1.2").version == 1
    assert Action.history.filter(history_type="~").count() == 2


def test_owner_can_be_taken_away(cast: Cast, plan: Plan) -> None:
    [line] = confirm(plan, NewOwner(None), cast.coordinator).changed
    assert [(step.before, step.after) for step in line.steps] == [("Ula Ulaitė", "be atsakingo asmens")]
    assert not Action.objects.exclude(owner=None).exists()


def test_preview_of_a_status_tells_each_result(cast: Cast, plan: Plan) -> None:
    report(cast.coordinator, "1.1.1-1", Status.IN_PROGRESS, 40)
    report(cast.coordinator, "1.1.2-1", Status.DONE)
    for key in ("1.1.3-1", "1.1.3-2"):
        report(cast.coordinator, key, Status.CANCELLED)
    shown = preview(plan, NewStatus(Status.IN_PROGRESS))
    assert [
        (line.action.number, [(step.name, step.before, step.after) for step in line.steps], line.kept)
        for line in shown.changed
    ] == [
        ("1.1.1", [("1.1.1-2", "Nepradėta", "Vykdoma")], 1),
        ("1.1.2", [("1.1.2-2", "Nepradėta", "Vykdoma")], 1),
    ]
    assert [(line.action.number, line.why_not) for line in shown.unchanged] == [
        ("1.1.3", "Neužbaigtų rezultatų nėra.")
    ]
    assert shown.versions == {"1.1.1-2": 1, "1.1.2-2": 1}


def test_status_is_written_as_entries_of_the_journal(cast: Cast, plan: Plan) -> None:
    report(cast.coordinator, "1.1.1-1", Status.IN_PROGRESS, 40)
    report(cast.coordinator, "1.1.3-1", Status.CANCELLED)
    before = ProgressUpdate.objects.count()
    confirm(plan, NewStatus(Status.DONE, "Sutarta susirinkime"), cast.coordinator)
    states = dict(PlannedResult.objects.values_list("key", "status"))
    assert states.pop("1.1.3-1") == Status.CANCELLED
    assert set(states.values()) == {Status.DONE}
    entries = ProgressUpdate.objects.order_by("id")[before:]
    assert [(entry.action.number, entry.comment, entry.author) for entry in entries] == [
        (number, "Sutarta susirinkime", cast.coordinator) for number in ("1.1.1", "1.1.2", "1.1.3")
    ]
    assert [entry.on_behalf_of for entry in entries] == [None, cast.updater, None]
    assert ResultProgress.objects.filter(status=Status.DONE).count() == 5


def test_action_without_changes_gets_no_entry(cast: Cast, plan: Plan) -> None:
    for key in ("1.1.1-1", "1.1.1-2"):
        report(cast.coordinator, key, Status.POSTPONED)
    confirm(plan, NewStatus(Status.DONE, "Taip"), cast.coordinator)
    assert set(ProgressUpdate.objects.filter(comment="Taip").values_list("action__number", flat=True)) == {
        "1.1.2",
        "1.1.3",
    }


@pytest.mark.parametrize("status", Status.values)
def test_every_status_can_be_set(cast: Cast, plan: Plan, status: str) -> None:
    report(cast.coordinator, "1.1.1-1", Status.IN_PROGRESS, 40)
    shown = preview(plan, NewStatus(status))
    confirm(plan, NewStatus(status), cast.coordinator)
    after = dict(PlannedResult.objects.values_list("key", "status"))
    assert all(after[step.name] == status for step in shown.steps)
    assert shown.steps


def test_result_with_a_pending_condition_is_open(cast: Cast, plan: Plan) -> None:
    PlannedResult.objects.filter(key="1.1.1-1").update(
        condition="Gavus", condition_state=ConditionState.PENDING
    )
    assert "1.1.1-1" in preview(plan, NewStatus(Status.CANCELLED)).versions


@pytest.mark.parametrize(
    ("state", "owners", "statuses"),
    [(PlanState.ACTIVE, 2, 6), (PlanState.DRAFT, 2, 0), (PlanState.CLOSED, 0, 0)],
)
def test_what_the_state_of_the_plan_allows(
    cast: Cast, plan: Plan, state: str, owners: int, statuses: int
) -> None:
    Plan.objects.update(state=state)
    assert len(preview(plan, NewOwner(cast.updater)).steps) == owners
    shown = preview(plan, NewStatus(Status.DONE))
    assert len(shown.steps) == statuses
    if state != PlanState.ACTIVE:
        assert {line.why_not for line in shown.lines} == {"Apie pažangą galima pranešti tik vykdomame plane."}


def test_rows_of_other_plans_are_left_alone(cast: Cast, plan: Plan) -> None:
    other = make_action(make_measure())
    make_result(other)
    confirm(plan, NewOwner(cast.updater), cast.coordinator)
    confirm(plan, NewStatus(Status.DONE), cast.coordinator)
    other.refresh_from_db()
    assert (other.number, other.owner, other.results.get().status) == ("1.1.1", None, Status.NOT_STARTED)


def test_only_the_chosen_actions_change(cast: Cast, plan: Plan) -> None:
    chosen = ["1.1.3"]
    change = NewOwner(cast.updater)
    seen = preview_bulk(plan=plan, numbers=chosen, change=change).versions
    apply_bulk(plan=plan, numbers=chosen, change=change, seen=seen, author=cast.coordinator)
    assert Action.objects.get(number="1.1.1").owner is None
    assert Action.objects.get(number="1.1.3").owner == cast.updater


def test_owner_changed_meanwhile_stops_everything(cast: Cast, plan: Plan) -> None:
    change = NewOwner(cast.updater)
    seen = preview(plan, change).versions
    action: Any = Action.objects.get(number="1.1.1")
    action.owner = cast.other_updater
    action._history_user = cast.administrator
    action.save()
    with pytest.raises(BulkConflictError):
        confirm(plan, change, cast.coordinator, seen)
    assert Action.objects.get(number="1.1.3").owner is None
    [change_of_others] = interventions(plan=plan, change=change, seen=seen, now=preview(plan, change))
    assert (change_of_others.name, change_of_others.who) == ("1.1.1", "Adomas Adomaitis")


@pytest.mark.parametrize("percent", [None, 40])
def test_result_changed_meanwhile_stops_everything(cast: Cast, plan: Plan, percent: int | None) -> None:
    change = NewStatus(Status.DONE)
    seen = preview(plan, change).versions
    report(cast.updater, "1.1.2-1", Status.IN_PROGRESS if percent else Status.DONE, percent)
    with pytest.raises(BulkConflictError):
        confirm(plan, change, cast.coordinator, seen)
    assert PlannedResult.objects.get(key="1.1.1-1").status == Status.NOT_STARTED
    [change_of_others] = interventions(plan=plan, change=change, seen=seen, now=preview(plan, change))
    assert (change_of_others.name, change_of_others.who) == ("1.1.2-1", "Ula Ulaitė")


def test_result_added_or_deleted_meanwhile_stops_everything(cast: Cast, plan: Plan) -> None:
    change = NewStatus(Status.DONE)
    seen = preview(plan, change).versions
    make_result(Action.objects.get(number="1.1.1"))
    PlannedResult.objects.get(key="1.1.2-2").delete()
    with pytest.raises(BulkConflictError):
        confirm(plan, change, cast.coordinator, seen)
    assert not ProgressUpdate.objects.exists()
    found = interventions(plan=plan, change=change, seen=seen, now=preview(plan, change))
    assert [item.name for item in found] == ["1.1.1-3", "1.1.2-2"]


def test_plan_closed_meanwhile_stops_everything(cast: Cast, plan: Plan) -> None:
    change = NewOwner(cast.updater)
    seen = preview(plan, change).versions
    Plan.objects.update(state=PlanState.CLOSED)
    with pytest.raises(BulkConflictError):
        confirm(plan, change, cast.coordinator, seen)
    assert interventions(plan=plan, change=change, seen=seen, now=preview(plan, change)) == []


def test_write_between_reading_and_writing_is_a_conflict(
    cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = NewStatus(Status.DONE)
    seen = preview(plan, change).versions
    write = NewStatus.write

    def write_late(self: Any, *args: Any) -> None:
        report(cast.updater, "1.1.2-1", Status.IN_PROGRESS, 40)
        write(self, *args)

    monkeypatch.setattr(NewStatus, "write", write_late)
    with pytest.raises(BulkConflictError):
        confirm(plan, change, cast.coordinator, seen)
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize("name", ["updater", "manager", "stranger"])
@pytest.mark.parametrize("change", [NewOwner(None), NewStatus(Status.DONE)])
def test_changes_need_their_right(cast: Cast, plan: Plan, name: str, change: BulkChange) -> None:
    with pytest.raises(PermissionDenied):
        confirm(plan, change, getattr(cast, name))
    assert Action.objects.get(number="1.1.2").owner == cast.updater


def test_no_mail_is_sent(cast: Cast, plan: Plan) -> None:
    confirm(plan, NewOwner(cast.other_updater), cast.coordinator)
    confirm(plan, NewStatus(Status.DONE), cast.coordinator)
    assert mail.outbox == []


def queries_of(change: BulkChange, plan: Plan, author: User) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as looking:
        seen = preview(plan, change).versions
    with CaptureQueriesContext(connection) as writing:
        confirm(plan, change, author, seen)
    return len(looking), len(writing)


@pytest.mark.parametrize("change", [NewOwner(None), NewStatus(Status.DONE, "Taip")])
def test_queries_do_not_grow(cast: Cast, change: BulkChange) -> None:
    author = User.objects.get(pk=cast.coordinator.pk)
    author.has_perm("measures.change_action")
    one, three = (queries_of(change, make_big_plan(actions=n, results=n), author) for n in (1, 3))
    assert one == three


@pytest.mark.parametrize(("change", "rows"), [(NewOwner(None), 1000), (NewStatus(Status.DONE), 2000)])
def test_a_thousand_actions_take_few_statements(cast: Cast, change: BulkChange, rows: int) -> None:
    plan = make_big_plan(actions=1000, results=2)
    _looking, writing = queries_of(change, plan, cast.coordinator)
    assert writing < rows / 10
    assert Action.objects.filter(plan=plan, owner=None).count() == (1000 if rows == 1000 else 0)
