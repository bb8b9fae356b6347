"""The database's own sums against plain arithmetic over the rows of the tree."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.enums import ConditionState, Standing, Status
from measures.models import Plan
from measures.tree.reader import read_tree
from reports.dashboard import LATE_SHOWN, Dashboard
from reports.queries.rollup import late_results, read_rollup
from reports.queries.strategy import read_strategy
from reports.rollup import Group, RollUp, Summary
from tests.make import give_code, make_action, make_big_plan, make_code, make_measure, make_result, make_user

from .random_plans import RandomPlan, plans, write

pytestmark = pytest.mark.django_db

VILNIUS = ZoneInfo("Europe/Vilnius")


def noon(day: date) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(12), VILNIUS), tick=False)


def by_path(groups: Sequence[Group], path: str = "") -> Iterator[tuple[str, str, str, Summary]]:
    """Yield each group with its place among the others."""
    for group in groups:
        yield f"{path}/{group.key}", group.number, str(group.title), group.summary
        yield from by_path(group.children, f"{path}/{group.key}")


def assert_same(first: RollUp, second: RollUp) -> None:
    """Compare everything; means are sums of the same floats, taken in another order."""
    sides = [
        [("", "", "", side.total), *by_path([*side.tasks, *side.directions, *side.years])]
        for side in (first, second)
    ]
    counts = [[(*names, replace(summary, percent=None)) for *names, summary in side] for side in sides]
    assert counts[0] == counts[1]
    percents = [[summary.percent for *_names, summary in side] for side in sides]
    assert percents[0] == pytest.approx(percents[1])


def added(groups: Sequence[Group], standing: Standing) -> int:
    return sum(group.summary.count(standing) for group in groups)


@settings(max_examples=60, deadline=None)
@given(plans, st.integers(1, 500))
def test_random_plans(drawn: RandomPlan, days_later: int) -> None:
    with transaction.atomic():
        plan = write(drawn, make_user(first_name="Rasa"))
        strategy = read_strategy()
        with noon(drawn.today):
            figures = read_rollup(plan, strategy, drawn.today)
            late = late_results(plan, drawn.today, LATE_SHOWN)
            expected = Dashboard.of(read_tree(plan), strategy.titles)
        with noon(drawn.today + timedelta(days=days_later)):
            looking_back = Dashboard.of(read_tree(plan, drawn.today), strategy.titles)
        transaction.set_rollback(True)
    assert_same(figures, expected.figures)
    assert_same(figures, looking_back.figures)
    assert late == expected.late == looking_back.late
    for standing in Standing:
        total = figures.total.count(standing)
        measures = [measure for task in figures.tasks for measure in task.children]
        assert added(figures.tasks, standing) == added(measures, standing) == total
        assert added(figures.years, standing) == total <= added(figures.directions, standing)


def test_example_that_managers_read() -> None:
    measure = make_measure()
    shared, own, second = (make_code(code) for code in ("I.1.1.1", "II.1.1.1", "II.1.2.1.1"))
    measure.code_links.create(code=shared)
    plain, coded = make_action(measure), make_action(measure)
    give_code(coded, own)
    give_code(coded, second)
    make_result(plain, last_year=2023, status=Status.DONE, percent=100)
    make_result(plain, last_year=2024, status=Status.IN_PROGRESS, percent=50)
    make_result(coded, last_year=2023, status=Status.IN_PROGRESS, percent=None)
    make_result(coded, last_year=2024, condition="gavus lėšų", condition_state=ConditionState.PENDING)
    figures = read_rollup(measure.plan, read_strategy(), date(2024, 10, 2))
    # Of the second action no percent is known: not of the late result, and the other waits for money.
    assert figures.total == Summary(
        actions=2,
        results=4,
        standings={Standing.DONE: 1, Standing.IN_PROGRESS: 1, Standing.LATE: 1, Standing.CONDITIONAL: 1},
        percent=75,
        counted=3,
        known=2,
        due=2,
        due_done=1,
        due_today=0,
        late=1,
        due_soon=1,
    )
    shown = [
        (path, summary.actions, summary.results, summary.late, summary.percent)
        for path, _number, _title, summary in by_path([*figures.tasks, *figures.directions, *figures.years])
    ]
    assert shown == [
        ("/1", 2, 4, 1, 75),
        ("/1/1.1", 2, 4, 1, 75),
        ("/I", 1, 2, 0, 75),
        ("/I/I.1.1.1", 1, 2, 0, 75),
        # Two codes of one direction: the action counts once there.
        ("/II", 1, 2, 1, None),
        ("/II/II.1.1.1", 1, 2, 1, None),
        ("/II/II.1.2.1.1", 1, 2, 1, None),
        ("/prioritetai", 0, 0, 0, None),
        ("/be-kodo", 0, 0, 0, None),
        ("/2023", 2, 2, 1, 100),
        ("/2024", 2, 2, 0, 50),
    ]


@pytest.mark.parametrize("actions", [1, 1000])
def test_two_queries_whatever_the_size(django_assert_num_queries: Any, actions: int) -> None:
    plan, strategy = make_big_plan(actions=actions, results=3), read_strategy()
    with django_assert_num_queries(2):
        figures = read_rollup(plan, strategy, date(2024, 6, 30))
    assert (figures.total.actions, figures.total.results) == (actions, 3 * actions)


def test_other_plans_do_not_count(akr_plan: Plan) -> None:
    make_big_plan(actions=3)
    figures = read_rollup(akr_plan, read_strategy(), date(2024, 6, 30))
    assert (figures.total.actions, figures.total.results) == (22, 47)
    assert (len(figures.tasks), sum(len(task.children) for task in figures.tasks)) == (6, 12)
