"""What one person owes: the order of urgency, the figures of the period, and who sees whose."""

from datetime import date
from typing import Any

import pytest
import time_machine

from measures.enums import ConditionState, PlanState, Status
from measures.models import Action, Measure, Plan, ProgressDraft, ProgressUpdate
from measures.pages.my_actions import MyActions, Urgency, owes_reports
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update
from measures.tree.duties import Tally
from measures.tree.tallies import read_tallies
from tests.conftest import Cast
from tests.make import (
    make_action,
    make_big_plan,
    make_measure,
    make_period,
    make_plan,
    make_result,
    make_task,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]


@pytest.fixture
def _today() -> Any:
    with time_machine.travel("2024-05-15 12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def measure(cast: Cast) -> Measure:
    plan = make_plan()
    make_period(plan, date(2024, 1, 1), date(2024, 6, 30), title="2024 m. I pusmetis")
    return make_measure(make_task(plan))


def owned(cast: Cast, measure: Measure, **result: Any) -> Action:
    """Return an action of the updater's with one result."""
    action = make_action(measure, owner=cast.updater)
    make_result(action, **result)
    return action


def screen_of(cast: Cast, plan: Plan) -> MyActions:
    return MyActions(plan=plan, owner=cast.updater, reader=cast.updater)


def numbers(screen: MyActions) -> dict[str, list[str]]:
    return {urgency.value: [row.action.number for row in rows] for urgency, rows in screen.groups}


def test_actions_come_in_the_order_of_urgency(cast: Cast, measure: Measure) -> None:
    owned(cast, measure, status=Status.DONE, percent=100)  # 1.1.1
    owned(cast, measure)  # 1.1.2: nothing presses, but nobody has reported
    owned(cast, measure, deadline=date(2024, 8, 13))  # 1.1.3: in 90 days
    owned(cast, measure, deadline=date(2024, 5, 14))  # 1.1.4: yesterday
    reported = owned(cast, measure)  # 1.1.5
    owned(cast, measure, deadline=date(2024, 3, 1))  # 1.1.6: late for longer
    owned(cast, measure, first_year=2025, last_year=2025)  # 1.1.7: not yet begun
    make_result(make_action(measure, owner=cast.other_updater))  # 1.1.8: somebody else's
    make_result(make_action(measure))  # 1.1.9: nobody's
    record_progress(action=reported, author=cast.updater, nothing_new=True)
    assert numbers(screen_of(cast, measure.plan)) == {
        "late": ["1.1.6", "1.1.4"],
        "due_soon": ["1.1.3"],
        "unreported": ["1.1.2"],
        "other": ["1.1.5", "1.1.7"],
        "finished": ["1.1.1"],
    }


def test_settled_and_waiting_results_make_nothing_urgent(cast: Cast, measure: Measure) -> None:
    past = {"deadline": date(2024, 1, 1)}
    owned(cast, measure, status=Status.POSTPONED, percent=None, **past)
    owned(cast, measure, condition="gavus lėšų", condition_state=ConditionState.PENDING, **past)
    assert numbers(screen_of(cast, measure.plan)) == {"unreported": ["1.1.2"], "finished": ["1.1.1"]}


def test_figures_count_what_is_to_be_reported_and_what_was(cast: Cast, measure: Measure) -> None:
    finished, first, second, before = (owned(cast, measure) for _action in range(4))
    owned(cast, measure, first_year=2025, last_year=2025)
    screen = screen_of(cast, measure.plan)
    assert (screen.tally.reported, screen.tally.expected) == (0, 4)
    record_progress(action=first, author=cast.coordinator, nothing_new=True)
    record_progress(action=before, author=cast.updater, comment="Taip", reported_on=date(2023, 12, 31))
    record_progress(action=finished, author=cast.updater, results=[ReportedResult("1.1.1-1", 1, Status.DONE)])
    screen = screen_of(cast, measure.plan)
    # What was finished by the report still counts; what was reported for an earlier period does not.
    assert (screen.tally.reported, screen.tally.expected) == (2, 4)
    assert [row.action.number for row in screen.rows if row.offers_nothing_new] == ["1.1.3", "1.1.4", "1.1.5"]
    withdraw_update(
        update=ProgressUpdate.objects.get(action=first), author=cast.coordinator, reason="Ne tas veiksmas"
    )
    assert screen_of(cast, measure.plan).tally.reported == 1
    assert second.progress_updates.count() == 0


def test_row_says_what_is_open_and_which_term_is_the_next(cast: Cast, measure: Measure) -> None:
    action = owned(cast, measure, text="Padaryta", status=Status.DONE, percent=100)
    make_result(action, text="Vėliau", deadline=date(2024, 11, 30), status=Status.IN_PROGRESS, percent=50)
    waiting = {"condition": "gavus lėšų", "condition_state": ConditionState.PENDING}
    make_result(action, text="Su sąlyga", deadline=date(2024, 6, 1), **waiting)
    record_progress(action=action, author=cast.updater, comment="Taip", reported_on=date(2024, 5, 3))
    row = screen_of(cast, measure.plan).rows[0]
    assert [item.result.text for item in row.open_results] == ["Vėliau", "Su sąlyga"]
    # The conditional one is not counted, so its term does not press.
    assert (row.due_on, row.percent, row.days_since_report) == (date(2024, 11, 30), 75, 12)


def test_without_periods_today_is_what_counts(cast: Cast) -> None:
    measure = make_measure()
    action = owned(cast, measure)
    record_progress(action=action, author=cast.updater, comment="Taip", reported_on=date(2024, 5, 14))
    row = screen_of(cast, measure.plan).rows[0]
    assert (row.urgency, row.is_counted, row.offers_nothing_new) == (Urgency.OTHER, False, True)
    record_progress(action=action, author=cast.updater, nothing_new=True)
    assert not screen_of(cast, measure.plan).rows[0].offers_nothing_new


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CLOSED])
def test_nothing_is_offered_where_the_plan_is_not_active(cast: Cast, measure: Measure, state: str) -> None:
    owned(cast, measure)
    Plan.objects.update(state=state)
    row = screen_of(cast, Plan.objects.get()).rows[0]
    assert not row.may_be_updated
    assert not row.offers_nothing_new


def test_owners_are_listed_for_whoever_reports_for_all(cast: Cast, measure: Measure) -> None:
    reported = make_action(measure, owner=cast.other_updater)
    make_result(reported)
    owned(cast, measure)
    owned(cast, measure)
    record_progress(action=reported, author=cast.coordinator, nothing_new=True)
    screen = MyActions(plan=measure.plan, owner=cast.updater, reader=cast.coordinator)
    owners = [
        (owner.name, owner.tally.reported, owner.tally.expected, owner.is_shown) for owner in screen.owners
    ]
    assert owners == [("Ugnius Ugnaitis", 1, 1, False), ("Ula Ulaitė", 0, 2, True)]
    assert screen_of(cast, measure.plan).owners == []


def test_only_ones_own_drafts_are_told_of(cast: Cast, measure: Measure) -> None:
    action = owned(cast, measure)
    ProgressDraft.objects.create(author=cast.coordinator, action=action, data={})
    assert not screen_of(cast, measure.plan).rows[0].has_draft
    ProgressDraft.objects.create(author=cast.updater, action=action, data={})
    assert screen_of(cast, measure.plan).rows[0].has_draft


@pytest.mark.parametrize("reader", ["updater", "coordinator"])
def test_queries_do_not_grow(cast: Cast, reader: str, django_assert_num_queries: Any) -> None:
    user = getattr(cast, reader)
    user.has_perm("measures.view_plan")
    for size in (1, 3):
        plan = make_big_plan(actions=size, results=size)
        make_period(plan, date(2024, 1, 1), date(2024, 6, 30), title="2024 m. I pusmetis")
        owner = Action.objects.filter(plan=plan)[0].owner
        assert owner
        owner = owner if reader == "coordinator" else user
        Action.objects.filter(plan=plan).update(owner=owner)
        with django_assert_num_queries(5):
            screen = MyActions(plan=plan, owner=owner, reader=user)
            assert [len(rows) for _urgency, rows in screen.groups] == [size]
            assert screen.tally.expected == size
            assert len(screen.owners) == (reader == "coordinator")


def test_who_owes_reports(cast: Cast, measure: Measure) -> None:
    owned(cast, measure)
    plan = measure.plan
    make_action(measure, owner=cast.manager)
    make_action(measure, owner=cast.coordinator)
    users = (cast.updater, cast.other_updater, cast.coordinator, cast.manager, cast.administrator)
    assert [owes_reports(user, plan) for user in users] == [True, False, True, False, False]
    plan.state = PlanState.CLOSED
    assert not owes_reports(cast.updater, plan)


@time_machine.travel("2024-04-05 12:00:00+03:00", tick=False)
def test_report_of_a_later_day_says_nothing_about_the_period(cast: Cast) -> None:
    action = make_action(owner=cast.updater)
    make_result(action)
    period = make_period(action.plan, date(2024, 1, 1), date(2024, 3, 31))
    make_period(action.plan, date(2024, 4, 1), date(2024, 6, 30))
    record_progress(action=action, author=cast.updater, comment="Taip", reported_on=date(2024, 4, 5))
    [row] = MyActions(plan=action.plan, owner=cast.updater, reader=cast.updater).rows
    assert (row.is_reported, row.is_counted, row.days_since_report) == (False, True, 0)
    assert read_tallies(action.plan, [period], date(2024, 4, 5))[period.pk] == Tally(0, 1)
