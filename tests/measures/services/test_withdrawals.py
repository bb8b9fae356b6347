"""Taking a report back: it stays to be seen and counts no more."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from measures.enums import PlanState, Status
from measures.journal import State, read_journal, states_at
from measures.models import Action, Plan, ProgressUpdate, ReportingPeriod, Withdrawal
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update, withdraw_updates
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    """Return an action of the updater's with one result."""
    action = make_action(owner=cast.updater)
    make_result(action)
    return action


def report(
    cast: Cast, action: Action, status: str, percent: int | None = None, **values: Any
) -> ProgressUpdate:
    result = action.results.get()
    reported = ReportedResult(result.key, result.version, status, percent)
    return record_progress(action=action, author=cast.updater, results=[reported], **values)


def stored(action: Action) -> State:
    result = action.results.get()
    return State(result.status, result.percent)


def test_result_goes_back_to_what_the_journal_said_before(cast: Cast, action: Action) -> None:
    report(cast, action, Status.IN_PROGRESS, 40)
    mistake = report(cast, action, Status.DONE)
    withdrawal = withdraw_update(update=mistake, author=cast.updater, reason=" Ne tas veiksmas. ")
    assert stored(action) == State(Status.IN_PROGRESS, 40)
    assert (withdrawal.author, withdrawal.reason) == (cast.updater, "Ne tas veiksmas.")
    result = action.results.get()
    newest = result.history.latest()
    assert (newest.history_user, newest.version, result.history.count()) == (cast.updater, 4, 4)
    assert newest.history_change_reason == "Pažangos įrašas atšauktas"


def test_result_without_an_earlier_report_is_not_started(cast: Cast, action: Action) -> None:
    withdraw_update(update=report(cast, action, Status.DONE), author=cast.updater, reason="Klaida")
    assert stored(action) == State(Status.NOT_STARTED, 0)


def test_later_report_stands(cast: Cast, action: Action) -> None:
    mistake = report(cast, action, Status.IN_PROGRESS, 40)
    report(cast, action, Status.DONE)
    withdraw_update(update=mistake, author=cast.updater, reason="Klaida")
    assert stored(action) == State(Status.DONE, 100)
    assert action.results.get().history.count() == 3


def test_withdrawn_report_does_not_hold_up_an_earlier_day(cast: Cast, action: Action) -> None:
    mistake = report(cast, action, Status.DONE, reported_on=date(2024, 6, 30))
    withdraw_update(update=mistake, author=cast.updater, reason="Ne ta diena")
    report(cast, action, Status.DONE, reported_on=date(2024, 3, 31))
    assert stored(action) == State(Status.DONE, 100)


def test_journal_keeps_the_entry_marked(cast: Cast, action: Action) -> None:
    report(cast, action, Status.IN_PROGRESS, 40)
    mistake = report(cast, action, Status.DONE)
    withdraw_update(update=mistake, author=cast.coordinator, reason="Klaida")
    report(cast, action, Status.IN_PROGRESS, 50)
    newest, withdrawn, oldest = read_journal(action)
    assert withdrawn.withdrawn
    assert (withdrawn.withdrawn.author, withdrawn.withdrawn.reason) == ("Kotryna Kotrynaitė", "Klaida")
    assert (newest.withdrawn, oldest.withdrawn) == (None, None)
    assert [entry.ordinal for entry in (newest, withdrawn, oldest)] == [3, 2, 1]
    # What was withdrawn is nobody's "before".
    assert newest.changes[0].before == State(Status.IN_PROGRESS, 40)


@pytest.mark.parametrize("name", ["other_updater", "manager", "stranger"])
def test_others_may_not_withdraw(cast: Cast, action: Action, name: str) -> None:
    update = report(cast, action, Status.DONE)
    with pytest.raises(PermissionDenied):
        withdraw_update(update=update, author=getattr(cast, name), reason="Klaida")
    assert stored(action) == State(Status.DONE, 100)


def test_owner_may_not_withdraw_what_the_coordinator_wrote(cast: Cast, action: Action) -> None:
    update = record_progress(action=action, author=cast.coordinator, comment="Pastaba")
    with pytest.raises(PermissionDenied):
        withdraw_update(update=update, author=cast.updater, reason="Klaida")


def test_refusals_say_why_and_change_nothing(cast: Cast, action: Action) -> None:
    update = report(cast, action, Status.DONE, reported_on=date(2024, 3, 31))

    def refused(message: str, reason: str = "Klaida") -> None:
        before = Withdrawal.objects.count()
        with pytest.raises(ValidationError, match=message):
            withdraw_update(update=ProgressUpdate.objects.get(), author=cast.updater, reason=reason)
        assert Withdrawal.objects.count() == before

    refused("Parašykite, kodėl įrašas atšaukiamas", reason="  ")
    period = ReportingPeriod(
        plan=action.plan,
        title="I ketvirtis",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 3, 31),
        closed_at=timezone.now(),
    )
    period.save()
    refused("Laikotarpis „I ketvirtis“ uždarytas")
    period.delete()
    Plan.objects.update(state=PlanState.CLOSED)
    refused("tik vykdomame plane")
    Plan.objects.update(state=PlanState.ACTIVE)
    withdraw_update(update=update, author=cast.updater, reason="Klaida")
    refused("Įrašas jau atšauktas")


def test_report_on_a_deleted_action_can_be_withdrawn_by_the_coordinator(cast: Cast, action: Action) -> None:
    update = report(cast, action, Status.DONE)
    action.delete()
    withdraw_update(update=update, author=cast.coordinator, reason="Klaida")
    with pytest.raises(PermissionDenied):
        withdraw_update(update=update, author=cast.updater, reason="Klaida")


def test_state_of_a_moment_is_what_was_known_then(cast: Cast, action: Action) -> None:
    key = action.results.get().pk
    moments = []
    with time_machine.travel("2024-05-01 10:00:00+03:00", tick=False) as clock:

        def note() -> None:
            moments.append(timezone.now())
            clock.shift(3600)

        note()
        report(cast, action, Status.IN_PROGRESS, 30)
        note()
        mistake = report(cast, action, Status.DONE)
        note()
        withdraw_update(update=mistake, author=cast.updater, reason="Klaida")
        note()
    assert [states_at(action.plan, moment).get(key) for moment in moments] == [
        None,
        State(Status.IN_PROGRESS, 30),
        State(Status.DONE, 100),
        State(Status.IN_PROGRESS, 30),
    ]


def make_reported_actions(cast: Cast, count: int) -> list[ProgressUpdate]:
    measure = make_measure()
    updates = []
    for _number in range(count):
        action = make_action(measure, owner=cast.updater)
        make_result(action)
        updates.append(report(cast, action, Status.DONE))
    return updates


def test_many_are_withdrawn_with_as_many_queries_as_one(cast: Cast, django_assert_num_queries: Any) -> None:
    for count in (1, 3):
        updates = make_reported_actions(cast, count)
        cast.coordinator.get_all_permissions()
        with django_assert_num_queries(13):
            withdrawals = withdraw_updates(updates=updates, author=cast.coordinator, reason="Klaida")
        assert [withdrawal.update for withdrawal in withdrawals] == updates
        assert {stored(update.action) for update in updates} == {State(Status.NOT_STARTED, 0)}
        assert all(update.action.results.get().history.count() == 3 for update in updates)


def test_one_that_is_withdrawn_already_keeps_all_others(cast: Cast) -> None:
    updates = make_reported_actions(cast, 3)
    withdraw_update(update=updates[1], author=cast.updater, reason="Klaida")
    with pytest.raises(ValidationError):
        withdraw_updates(updates=updates, author=cast.updater, reason="Klaida")
    assert list(Withdrawal.objects.values_list("update", flat=True)) == [updates[1].pk]
    assert stored(updates[0].action) == State(Status.DONE, 100)
