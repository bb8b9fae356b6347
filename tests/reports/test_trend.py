"""The trend: what the journal says month by month, against the plan read anew for each of the days."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from html import unescape
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from defusedxml import ElementTree
from django.db import transaction
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.enums import ConditionState, Status
from measures.models import Plan, PlannedResult, Withdrawal
from measures.services.progress import ReportedResult, record_progress
from measures.tree.reader import head_of, read_tree
from measures.tree.rows import PlanTree
from reports.asked import read_asked
from reports.queries.rollup import read_rollup
from reports.queries.strategy import read_strategy
from reports.queries.trend import read_trend, read_trend_today
from reports.rollup import summarise
from reports.trend import Trend, days_shown, finished_by_day, month_end
from reports.trend_chart import ABOVE, BELOW, TrendChart
from tests.make import adopt, make_action, make_big_plan, make_plan, make_result, make_user

from .make_rows import make_tree
from .random_plans import RandomPlan, plans, write

VILNIUS = ZoneInfo("Europe/Vilnius")


def noon(day: date) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(12), VILNIUS), tick=False)


def trend_of(finished: dict[date, int], due: dict[date, int], as_of: date = date(2024, 6, 30)) -> Trend:
    return Trend.of(make_tree([], as_of), finished, due)


def trend_today(plan: Plan, today: date) -> Trend:
    return read_trend_today(plan, today, read_rollup(plan, read_strategy(), today).due)


def slow_trend(plan: Plan, shown: Trend, tree: PlanTree) -> list[tuple[date, int | None, int]]:
    """Count again, from the whole plan as it stood on each day."""
    counted = [result for _action, result in tree.results() if result.progress.is_counted]
    return [
        (
            point.day,
            None
            if point.day > tree.as_of
            else sum(
                result.status == Status.DONE for _action, result in read_tree(plan, point.day).results()
            ),
            sum(result.due_on <= point.day for result in counted),
        )
        for point in shown.points
    ]


def numbers(trend: Trend) -> list[tuple[date, int | None, int]]:
    return [(point.day, point.done, point.due) for point in trend.points]


def added(trends: list[Trend]) -> list[tuple[int, int]]:
    columns = zip(*(trend.points for trend in trends), strict=True)
    return [(sum(p.done or 0 for p in column), sum(p.due for p in column)) for column in columns]


@pytest.mark.django_db
@settings(max_examples=20, deadline=None)
@given(plans, st.integers(1, 300))
def test_random_plans(drawn: RandomPlan, days_later: int) -> None:
    with transaction.atomic():
        plan = write(drawn, make_user())
        with noon(drawn.today):
            tree = read_tree(plan)
            trend = read_trend(plan, tree)
            assert trend_today(plan, drawn.today) == trend
            assert numbers(trend) == slow_trend(plan, trend, tree)
            parts = [read_trend(plan, replace(tree, tasks=(task,))) for task in tree.tasks]
        with noon(drawn.today + timedelta(days=days_later)):
            before = read_tree(plan, drawn.today)
            assert read_trend(plan, before) == trend
        transaction.set_rollback(True)
    figures = summarise(tree.actions, tree.as_of)
    assert trend.now.done == sum(result.status == Status.DONE for _action, result in tree.results())
    assert trend.now.due == figures.due
    if parts:
        assert added(parts) == added([trend])
    assert next(point.due for point in trend.points if point.day == date(2024, 12, 31)) == sum(
        result.progress.is_counted and result.due_on <= date(2024, 12, 31)
        for _action, result in tree.results()
    )


def report(result: PlannedResult, status: Status, day: date) -> None:
    """Let the owner report on a day."""
    result.refresh_from_db()
    assert result.action.owner
    with noon(day):
        record_progress(
            action=result.action,
            author=result.action.owner,
            results=[ReportedResult(result.key, result.version, status)],
        )


@pytest.fixture
def result(cast: Any) -> PlannedResult:
    """Return a result of an adopted plan, due by the end of 2023."""
    with noon(date(2023, 1, 10)):
        action = make_action(owner=cast.updater)
        found = make_result(action, last_year=2023)
        adopt(action.plan)
        found.action.plan.refresh_from_db()
    return found


def done_on(trend: Trend, day: date) -> int | None:
    return next(point.done for point in trend.points if point.day == day)


def test_result_that_was_done_and_is_no_more_counts_as_long_as_it_was(result: PlannedResult) -> None:
    report(result, Status.DONE, date(2023, 3, 15))
    report(result, Status.IN_PROGRESS, date(2023, 5, 15))
    with noon(date(2023, 8, 1)):
        trend = trend_today(result.plan, date(2023, 8, 1))
        assert read_trend(result.plan, read_tree(result.plan)) == trend
    assert [point.done for point in trend.points][:9] == [0, 0, 1, 1, 0, 0, 0, 0, None]
    assert [point.due for point in trend.points][-14:] == [0] + 13 * [1]


def test_what_was_withdrawn_does_not_count(result: PlannedResult) -> None:
    report(result, Status.DONE, date(2023, 3, 15))
    update = result.action.progress_updates.get()
    Withdrawal.objects.create(update=update, author=update.author, reason="Klaida")
    PlannedResult.objects.filter(pk=result.pk).update(status=Status.NOT_STARTED, percent=0)
    with noon(date(2023, 8, 1)):
        assert trend_today(result.plan, date(2023, 8, 1)).now.done == 0
        assert read_trend(result.plan, read_tree(result.plan)).now.done == 0


def test_result_deleted_since_counts_only_on_days_before(result: PlannedResult) -> None:
    report(result, Status.DONE, date(2023, 3, 15))
    plan, action, key = result.plan, result.action, result.key
    with noon(date(2023, 6, 1)):
        PlannedResult.objects.get(pk=result.pk).delete()
        # Its key is given anew: the journal of the one must not count for the other.
        make_result(action, key=key, last_year=2023)
    with noon(date(2023, 8, 1)):
        past = read_trend(plan, read_tree(plan, date(2023, 4, 30)))
        now = read_trend(plan, read_tree(plan))
        assert trend_today(plan, date(2023, 8, 1)) == now
    assert (past.now.done, now.now.done) == (1, 0)
    assert done_on(now, date(2023, 3, 31)) == 0


def test_results_that_do_not_count_have_no_term(result: PlannedResult) -> None:
    make_result(result.action, last_year=2023, condition="lėšos", condition_state=ConditionState.PENDING)
    make_result(result.action, last_year=2023, status=Status.CANCELLED, percent=None)
    make_result(result.action, last_year=2025)
    with noon(date(2024, 2, 1)):
        trend = trend_today(result.plan, date(2024, 2, 1))
        assert read_trend(result.plan, read_tree(result.plan)) == trend
    assert [point.due for point in trend.points if point.day.month == 12] == [1, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("actions", [1, 3, 500])
def test_queries(django_assert_num_queries: Any, actions: int) -> None:
    plan = make_big_plan(actions=actions)
    today = read_tree(plan)
    past = read_tree(plan, date(2024, 6, 30))
    for tree in (today, past):
        with django_assert_num_queries(2):
            assert read_trend(plan, tree).points[-1].due == 2 * actions
    # The terms come with the roll-up, which takes three with the strategy.
    with django_assert_num_queries(1 + 3):
        assert trend_today(plan, today.as_of).points[-1].due == 2 * actions


@pytest.mark.django_db
def test_other_plans_do_not_count(result: PlannedResult) -> None:
    report(result, Status.DONE, date(2023, 3, 15))
    other = make_plan()
    trend = trend_today(other, date(2024, 6, 30))
    assert trend == read_trend(other, read_tree(other, date(2024, 6, 30)))
    assert (trend.now.done, trend.most) == (0, 0)


@given(st.integers(2000, 2100), st.integers(0, 100), st.dates(date(1900, 1, 1), date(2110, 12, 31)))
def test_days_are_few_and_the_important_ones_among_them(first: int, years: int, as_of: date) -> None:
    days = days_shown(first, first + years, as_of)
    assert days == sorted(set(days))
    assert {as_of, date(first + years, 12, 31)} <= set(days)
    assert len(days) <= 40
    assert days[-1] == max(as_of, date(first + years, 12, 31))


def test_days_of_plans_of_usual_length() -> None:
    months = [month_end(2023, month) for month in range(1, 25)]
    assert days_shown(2023, 2024, date(2024, 6, 30)) == months
    assert days_shown(2023, 2024, date(2024, 6, 12)) == sorted([*months, date(2024, 6, 12)])
    assert days_shown(2023, 2024, date(2025, 2, 12)) == [*months, date(2025, 1, 31), date(2025, 2, 12)]
    quarters = days_shown(2021, 2027, date(2024, 6, 30))
    assert quarters[:3] == [date(2021, 3, 31), date(2021, 6, 30), date(2021, 9, 30)]
    assert (months[1], months[13]) == (date(2023, 2, 28), date(2024, 2, 29))


def test_changes_of_one_day_add_up() -> None:
    day, later = date(2024, 1, 10), date(2024, 2, 10)
    finished = finished_by_day(
        {"1": [(day, "done"), (day, "in_progress"), (later, "done"), (later, "done")], "2": [(day, "done")]}
    )
    assert finished == {day: 1, later: 1}


days = st.dates(date(2022, 6, 1), date(2025, 12, 31))


@given(
    st.dictionaries(days, st.integers(0, 30_000), max_size=6),
    st.dictionaries(days, st.integers(1, 30_000), min_size=1, max_size=6),
    days,
)
def test_everything_stands_on_the_drawing(finished: Any, due: Any, as_of: date) -> None:
    trend = trend_of(finished, due, as_of)
    if not trend.most:
        return
    chart = TrendChart.of(trend)
    places = [
        *(tick.place for tick in (*chart.values, *chart.months, chart.marker)),
        *(place for end in (chart.done_end, chart.due_end) for place in (end.x, end.y)),
    ]
    assert all(0 <= float(place.removesuffix("%")) <= 100 for place in places)
    steps = [(int(x), int(y)) for x, y in re.findall(r"(\d+) (\d+)", chart.due)]
    assert all(0 <= x <= 1000 and 0 <= y <= 1000 for x, y in steps)
    # Steps go to the right and up alone, one after the other.
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(steps))
    assert steps == sorted(steps, key=lambda step: (step[0], -step[1]))
    assert 1 <= len(chart.months) <= 4
    assert 2 <= len(chart.values) <= 5
    assert chart.done_end.value == trend.now.done
    assert chart.due_end.value == trend.points[-1].due


def test_names_of_lines_that_end_together_stand_apart() -> None:
    end = date(2024, 12, 31)
    for done, due, offsets in [
        (5, 5, (BELOW, ABOVE)),
        (9, 10, (BELOW, ABOVE)),
        (10, 9, (ABOVE, BELOW)),
        (1, 10, (ABOVE, ABOVE)),
    ]:
        chart = TrendChart.of(trend_of({end: done}, {end: due}, end))
        assert (chart.done_end.offset, chart.due_end.offset) == offsets
    ahead = TrendChart.of(trend_of({date(2024, 1, 1): 11}, {date(2023, 12, 31): 9, end: 20}))
    assert (ahead.done_end.offset, ahead.due_end.offset) == (ABOVE, ABOVE)
    behind = TrendChart.of(trend_of({date(2024, 1, 1): 8}, {date(2023, 12, 31): 9, end: 11}))
    assert (behind.done_end.offset, behind.due_end.offset) == (BELOW, ABOVE)


def render(plan: Plan, trend: Trend, day: date) -> str:
    head = head_of(plan, day)
    asked = read_asked(RequestFactory().get("/", {"data": day.isoformat()}), plan.slug)
    return render_to_string("reports/_trend.html", {"trend": trend, "tree": head, "asked": asked})


@pytest.mark.django_db
def test_drawing_table_and_sentence_say_the_same() -> None:
    day = date(2024, 6, 30)
    plan = make_plan(slug="2023-2024")
    trend = Trend.of(
        head_of(plan, day), {date(2023, 5, 3): 20, date(2024, 6, 30): 1}, {date(2023, 12, 31): 12, day: 20}
    )
    html = unescape(render(plan, trend, day))
    sentence = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html.split("<svg")[0]))
    assert "Iki 2024-06-30 įvykdytas 21 rezultatas, o 32 rezultatų terminas buvo suėjęs." in sentence
    assert re.findall(r'href="([^"]+)"', html) == [
        "/2023-2024/rezultatai/?padetis=ivykdyta&data=2024-06-30",
        "/2023-2024/rezultatai/?terminas=suejes&data=2024-06-30",
    ]
    rows = [
        tuple(re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row))
        for row in re.findall(r"<tr>(.*?)</tr>", html.split("<tbody>")[1], re.DOTALL)
    ]
    assert rows == [
        (point.day.isoformat(), "–" if point.done is None else str(point.done), str(point.due))
        for point in trend.points
    ]
    [drawing] = re.findall(r'<svg class="trend".*</svg>(?=\s*<ul)', html, re.DOTALL)
    svg = ElementTree.fromstring(drawing)
    names = {element.get("id"): element.text for element in svg.iter() if element.get("id")}
    assert svg.get("role") == "img"
    assert svg.attrib["aria-labelledby"].split() == list(names)
    assert all(names.values())
    texts = [element.text for element in svg.iter("text")]
    assert texts[:5] == ["2023-06", "2023-12", "2024-06", "2024-12", "2024-06-30"]
    assert texts[-2:] == ["Terminas suėjęs 32", "Įvykdyta 21"]
    assert not re.search(r"\sstyle=|<style|<script", html)


@pytest.mark.django_db
def test_plan_without_results_has_no_drawing() -> None:
    plan = make_plan()
    html = render(plan, trend_today(plan, date(2024, 6, 30)), date(2024, 6, 30))
    assert "<svg" not in html
    assert "Kol kas nėra ko parodyti." in html
