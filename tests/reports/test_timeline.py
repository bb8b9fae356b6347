"""The time line: bars on one axis, the figures of years with the rows behind them, orders and pages."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from measures.enums import Status
from measures.models import Plan, PlannedResult
from measures.rules import Progress
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree, ResultRow
from reports.timeline import Axis, Order, make_row, terms_by_year, timeline_of
from tests.conftest import Cast
from tests.make import make_action, make_big_plan, make_measure, make_plan, make_result, make_task

from .make_rows import make_action_row, make_result_row, make_tree, trees

PAGE = "/2023-2024/laiko-juosta/"
days = st.dates(date(2015, 1, 1), date(2035, 12, 31)) | st.sampled_from(
    [date(2022, 12, 31), date(2023, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
)


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


def page(client: Client, address: str = PAGE, **parameters: str) -> str:
    response = client.get(address, parameters)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def result_row(due: date, **values: Any) -> ResultRow:
    return replace(make_result_row("1.1.1", 1, Progress(Status.NOT_STARTED, 0), due), **values)


def bar_of(due: date, **values: Any) -> Any:
    return make_row(make_tree([]), make_action_row("1.1.1", ()), result_row(due, **values)).bar


@given(st.integers(2000, 2100), st.integers(0, 30), days, days, days, days)
def test_bars_lie_on_the_axis_in_the_order_of_their_days(
    first: int, years: int, a: date, b: date, c: date, d: date
) -> None:
    axis = Axis(first, first + years)
    spans = [(min(a, b), max(a, b)), (min(c, d), max(c, d))]
    bars = [axis.bar(*span, is_open=False, has_deadline=False) for span in spans]
    for bar, (start, end) in zip(bars, spans, strict=True):
        assert 0 <= bar.start < bar.end <= 100
        assert bar.began_before == (start < axis.first_day)
        assert bar.goes_on == (end > date(axis.last_year, 12, 31))
    last_day = date(axis.last_year, 12, 31)
    for index, name in enumerate(("start", "end")):
        (earlier, day), (later, other) = sorted(
            zip((getattr(bar, name) for bar in bars), (span[index] for span in spans), strict=True),
            key=lambda pair: pair[1],
        )
        assert earlier <= later
        if axis.first_day <= day < other <= last_day:
            assert earlier < later


@given(trees(), st.sampled_from(Order))
def test_every_result_has_its_bar(tree: PlanTree, order: Order) -> None:
    timeline = timeline_of(tree, tree.tasks, order)
    rows = [row for task in timeline for group in task.groups for row in group.rows]
    assert sorted(row.result.key for row in rows) == sorted(result.key for _a, result in tree.results())
    assert all(0 <= row.bar.start < row.bar.end <= 100 for row in rows)
    for task in timeline:
        shown = [row.result for group in task.groups for row in group.rows]
        if order is Order.TERM:
            assert [result.due_on for result in shown] == sorted(result.due_on for result in shown)
        else:
            assert shown == [result for _a, result in tree.results() if result.key.startswith(task.number)]
    assert sum(count for _year, count in terms_by_year(tree)) == len(rows)


def test_bars_of_whole_years() -> None:
    assert (bar_of(date(2024, 12, 31), first_year=2023).start, bar_of(date(2024, 12, 31)).end) == (0, 100)
    first = bar_of(date(2023, 12, 31), first_year=2023, last_year=2023)
    second = bar_of(date(2024, 12, 31), first_year=2024, last_year=2024)
    assert first.end == second.start == pytest.approx(100 * 365 / 731)
    assert not any((first.began_before, first.goes_on, first.has_deadline))


@pytest.mark.parametrize(
    ("due", "values", "expected"),
    [
        # (what is open, has a deadline) and (began before, goes on, shows its deadline)
        (date(2024, 12, 31), {"first_year": 2024, "last_year": None}, (True, False, False, True, False)),
        (date(2024, 12, 31), {"first_year": None, "last_year": None}, (True, False, False, True, False)),
        (date(2024, 12, 31), {"first_year": 2021, "last_year": 2024}, (False, False, True, False, False)),
        (date(2024, 5, 15), {"first_year": 2024, "last_year": 2024}, (False, True, False, False, True)),
        (date(2024, 5, 15), {"first_year": 2024, "last_year": None}, (False, True, False, False, True)),
        (date(2024, 12, 31), {"first_year": 2023, "last_year": 2023}, (False, True, False, False, True)),
        (date(2025, 12, 31), {"first_year": 2023, "last_year": 2025}, (False, False, False, True, False)),
        (date(2026, 2, 1), {"first_year": 2023, "last_year": 2024}, (False, True, False, True, False)),
        (date(2022, 2, 1), {"first_year": 2023, "last_year": 2024}, (False, True, True, False, False)),
    ],
)
def test_marks(due: date, values: dict[str, Any], expected: tuple[bool, ...]) -> None:
    row = make_row(make_tree([]), make_action_row("1.1.1", ()), result_row(due, **values))
    bar = row.bar
    shown = (row.is_open, row.has_deadline, bar.began_before, bar.goes_on, bar.has_deadline)
    assert shown == expected


def test_axis() -> None:
    axis = Axis(2023, 2024)
    assert [is_year for _place, is_year in axis.quarters()] == [False] * 3 + [True] + [False] * 3
    assert axis.years() == [("0.000%", 2023), ("49.932%", 2024)]
    assert [year for _place, year in Axis(2020, 2039).years()] == [2020, 2024, 2028, 2032, 2036]
    assert axis.marker(date(2023, 1, 1)) == "0.000%"
    assert axis.marker(date(2024, 1, 1)) == "49.932%"
    assert (axis.marker(date(2022, 12, 31)), axis.marker(date(2025, 1, 1))) == ("", "")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "?data=2024-06-30", "?uzdavinys=2&data=2024-06-30"])
def test_figures_of_years_count_the_rows_behind_them(
    manager: Client, sample_plan: Plan, address: str
) -> None:
    PlannedResult.objects.filter(key="1.1.1-1").update(deadline=date(2026, 2, 1))
    PlannedResult.objects.filter(key="2.1.1-1").update(deadline=date(2022, 2, 1))
    found = re.findall(
        r'<a class="figure" href="([^"]+)"><strong>(\d+)</strong>', page(manager, PAGE + address)
    )
    rows = [manager.get(unescape(href)).context["page"].paginator.count for href, _shown in found]
    assert rows == [int(shown) for _href, shown in found]
    assert len(found) >= 2
    assert sum(rows) == len(re.findall('class="timeline-bar"', page(manager, PAGE + address)))


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["", "terminas"])
def test_every_result_stands_there_in_words(manager: Client, sample_plan: Plan, order: str) -> None:
    html = page(manager, data="2024-06-30", rikiuoti=order)
    rows = re.findall(r'<tr id="(\d[^"]+)">(.*?)</tr>', html, re.DOTALL)
    results = {result.key: result for _action, result in read_tree(sample_plan, date(2024, 6, 30)).results()}
    assert {key for key, _row in rows} == set(results)
    assert len(rows) == len(results) == 47
    for key, row in rows:
        result, text = results[key], words(row)
        assert " ".join(result.text.split()) in text
        for item in result.sub_items:
            assert " ".join(item.split()) in text
        assert result.due_on.isoformat() in text
        assert (result.period_text or result.years or "–") in text
        assert f'<span class="tag tag-{result.standing.value}">{result.standing.label}</span>' in row
        assert f'<rect class="bar-{result.standing.value}"' in row
        assert ("be pabaigos" in text) == (result.last_year is None)
        title = unescape(re.findall(r"<title>(.*?)</title>", row)[0])
        assert title.endswith(f", {str(result.standing.label).lower()}")
    assert not re.search(r"\sstyle=|<style|on(click|load)=", html)


@pytest.mark.django_db
def test_order_of_terms_goes_across_the_task(manager: Client) -> None:
    measure = make_measure(make_task(make_plan(slug="2023-2024")))
    first, second = make_action(measure), make_action(measure)
    make_result(first, last_year=2024)
    make_result(first, last_year=None)
    make_result(second, last_year=2023)
    make_result(second, deadline=date(2023, 3, 1))
    rows = r'<tr id="(1[^"]+)">'
    assert re.findall(rows, page(manager)) == ["1.1.1-1", "1.1.1-2", "1.1.2-1", "1.1.2-2"]
    html = page(manager, rikiuoti="terminas")
    assert re.findall(rows, html) == ["1.1.2-2", "1.1.2-1", "1.1.1-1", "1.1.1-2"]
    assert '<input type="hidden" name="rikiuoti" value="terminas">' in html
    assert 'aria-current="true">Pagal terminą<' in html
    assert 'aria-current="true">Plano tvarka<' not in html


@pytest.mark.django_db
def test_nonsense_in_the_address_is_told(manager: Client, akr_plan: Plan) -> None:
    html = page(manager, rikiuoti="<b>niekai", data="vakar", puslapis="x" * 3000)
    assert "Tvarkos „&lt;b&gt;niekai“ nėra. Rezultatai rodomi plano tvarka." in html
    assert "„vakar“ nėra data" in html
    assert html.count('class="timeline-bar"') == 47


@pytest.mark.django_db
def test_day_of_the_plan_is_marked(manager: Client, akr_plan: Plan) -> None:
    assert '<line class="timeline-day" x1="74.692%"' in page(manager, data="2024-06-30")
    assert '<line class="timeline-day"' not in page(manager, data="2025-01-01")


@pytest.mark.django_db
def test_long_plan_comes_in_pages(manager: Client) -> None:
    plan = make_big_plan(actions=150, results=1)
    address = f"/{plan.slug}/laiko-juosta/"
    numbers = []
    for number, count in (("1", 100), ("2", 50)):
        html = page(manager, address, puslapis=number)
        shown = re.findall(r'<tr id="([^"]+)">', html)
        assert len(shown) == count
        # The figures of years are those of the whole plan.
        assert re.findall(r'<a class="figure" [^>]+><strong>(\d+)</strong>', html) == ["150"]
        numbers += shown
    assert len(set(numbers)) == 150
    assert (
        "rikiuoti=terminas"
        in re.findall(r'<a href="([^"]+)" rel="next"', page(manager, address, rikiuoti="terminas"))[0]
    )


@pytest.mark.django_db
def test_empty_plan_and_plan_without_results(manager: Client) -> None:
    plan = make_plan(slug="2023-2024")
    assert '<section class="card empty">' in page(manager)
    make_action(make_measure(make_task(plan)))
    assert 'class="timeline-bar"' not in page(manager)


@pytest.mark.django_db
def test_rights_methods_and_menu(cast: Cast, as_user: Any, akr_plan: Plan, manager: Client) -> None:
    assert as_user(cast.updater).get(PAGE).status_code == 200
    assert as_user(cast.stranger).get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert manager.post(PAGE).status_code == 405
    assert manager.get("/nera-tokio/laiko-juosta/").status_code == 404
    assert f'<a href="{PAGE}" aria-current="page">Laiko juosta</a>' in page(manager)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "?rikiuoti=terminas", "?data=2024-06-30"])
def test_queries_do_not_grow(manager: Client, django_assert_max_num_queries: Any, address: str) -> None:
    counts = set()
    for actions in (1, 3, 60):
        plan = make_big_plan(actions=actions)
        manager.get(f"/{plan.slug}/laiko-juosta/{address}")
        with django_assert_max_num_queries(12) as captured:
            page(manager, f"/{plan.slug}/laiko-juosta/{address}")
        counts.add(len(captured))
    assert len(counts) == 1


def test_long_words_are_cut_and_short_texts_are_whole() -> None:
    action = make_action_row("1.1.1", ())
    due = date(2024, 12, 31)
    long = make_row(make_tree([]), action, result_row(due, text="ž" * 500))
    short = make_row(make_tree([]), action, result_row(due, text="Trumpas"))
    listed = make_row(make_tree([]), action, result_row(due, text="Trumpas", sub_items=("a",)))
    assert (long.is_short, long.short_text) == (False, "ž" * 109 + "…")
    assert (short.is_short, short.short_text) == (True, "Trumpas")
    assert (listed.is_short, listed.short_text) == (False, "Trumpas")
