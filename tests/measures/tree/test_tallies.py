"""The figures of all periods in few queries are those that a tree for each would give."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from akr_plan.models import User
from measures.enums import Status
from measures.models import Action, Plan, PlannedResult, ProgressUpdate, ReportingPeriod, Snapshot
from measures.services.periods import close_period
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update
from measures.tree.duties import Tally, duties_in, tally_of
from measures.tree.reader import read_tree
from measures.tree.tallies import read_tallies
from tests.conftest import Cast
from tests.make import (
    adopt,
    make_action,
    make_big_plan,
    make_measure,
    make_period,
    make_result,
    make_task,
    tamper,
)

pytestmark = pytest.mark.django_db

QUARTERS = [(date(2024, 3 * n + 1, 1), date(2024, 3 * n + 4, 1) - timedelta(days=1)) for n in range(3)]


def make_quarters(plan: Plan) -> list[ReportingPeriod]:
    return [make_period(plan, starts_on, ends_on) for starts_on, ends_on in QUARTERS]


def from_trees(plan: Plan, periods: list[ReportingPeriod]) -> dict[int, Tally]:
    today = timezone.localdate()
    trees = {period: read_tree(plan, min(today, period.ends_on)) for period in periods}
    return {period.pk: tally_of(duties_in(tree, period)) for period, tree in trees.items()}


def live_a_month(plan: Plan, author: User, random: Random, day: date) -> None:
    """Report on some actions, withdraw a report, and change the plan's text."""
    for action in Action.objects.filter(plan=plan):
        results = list(action.results.all())
        result = random.choice(results) if results and random.random() < 0.6 else None
        if result and result.status != Status.DONE:
            status = random.choice([Status.IN_PROGRESS, Status.DONE, Status.CANCELLED])
            reported = ReportedResult(result.key, result.version, status)
            record_progress(action=action, author=author, results=[reported], comment="x", reported_on=day)
    newest = ProgressUpdate.objects.filter(plan=plan).standing().newest_first().first()
    if newest and random.random() < 0.5:
        withdraw_update(update=newest, author=author, reason="Klaida")
    results = list(PlannedResult.objects.filter(plan=plan).order_by("pk"))
    actions = list(Action.objects.filter(plan=plan))
    moved = random.choice(results)
    moved.action = random.choice(actions)
    moved.first_year = random.choice([2023, moved.last_year])
    moved.save()
    random.choice([result for result in results if result != moved]).delete()
    make_result(random.choice(actions))
    if random.random() < 0.5:
        random.choice(actions).delete()
    make_result(make_action(plan.measure_set.get(), f"1.1.{10 * day.month}"))


@pytest.mark.parametrize("seed", range(4))
def test_figures_are_those_of_the_trees(cast: Cast, seed: int) -> None:
    random = Random(seed)
    with time_machine.travel("2024-01-10 12:00:00+02:00"):
        measure = make_measure(make_task(number="1"))
        for _number in range(4):
            action = make_action(measure)
            make_result(action)
            make_result(action, first_year=2025, last_year=2025)
        plan = adopt(measure.plan)
        periods = make_quarters(plan)
    for month in range(2, 9):
        day = date(2024, month, 15)
        with time_machine.travel(f"{day} 12:00:00+02:00"):
            live_a_month(plan, cast.coordinator, random, day)
            begun = [period for period in periods if period.starts_on <= day]
            assert read_tallies(plan, periods, day) == from_trees(plan, begun)
    assert any(tally.reported for tally in read_tallies(plan, periods, date(2024, 8, 15)).values())


def test_closed_period_keeps_the_figures_that_it_froze(cast: Cast) -> None:
    with time_machine.travel("2024-01-10 12:00:00+02:00"):
        action = make_action()
        make_result(action)
        plan = adopt(action.plan)
        first, second, third = make_quarters(plan)
    record_progress(action=action, author=cast.coordinator, nothing_new=True, reported_on=first.ends_on)
    close_period(period=first, author=cast.coordinator, seen_version=first.version)
    first.refresh_from_db()
    with time_machine.travel("2024-08-15 12:00:00+03:00"):
        make_result(make_action(action.measure))
        tallies = read_tallies(plan, [first, second, third], date(2024, 8, 15))
    assert tallies == {first.pk: Tally(1, 1), second.pk: Tally(0, 1), third.pk: Tally(0, 2)}


def test_damaged_snapshot_has_no_figures(cast: Cast) -> None:
    plan = adopt(make_result().plan)
    period = make_quarters(plan)[0]
    close_period(period=period, author=cast.coordinator, seen_version=period.version)
    tamper(Snapshot.objects.get())
    period.refresh_from_db()
    assert read_tallies(plan, [period], timezone.localdate()) == {}


def test_five_queries_whatever_the_number(cast: Cast, django_assert_num_queries: Any) -> None:
    for actions, closed in ((1, 1), (3, 2)):
        plan = make_big_plan(actions=actions)
        periods = make_quarters(plan)
        for period in periods[:closed]:
            close_period(period=period, author=cast.coordinator, seen_version=period.version)
            period.refresh_from_db()
        for action in Action.objects.filter(plan=plan):
            record_progress(action=action, author=cast.coordinator, nothing_new=True)
        with django_assert_num_queries(5):
            assert len(read_tallies(plan, periods, timezone.localdate())) == 3
