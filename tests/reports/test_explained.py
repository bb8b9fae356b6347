"""The page of rules: its example and its figures are those of the plan, worked out by the same functions."""

import re
from datetime import date, datetime, time
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.template.defaultfilters import floatformat
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from measures import reporting, rules
from measures.enums import ConditionState, Standing, Status
from measures.models import Plan
from measures.rules import Progress
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree, ResultRow
from reports.explained import MAX_TERMS, Example, Mean, status_rules
from reports.rollup import summarise
from tests.conftest import Cast
from tests.make import make_big_plan, make_plan, make_user

from .figures import figures, rows_behind, text_of
from .make_rows import AS_OF, make_action_row, make_result_row, make_tree, trees
from .random_plans import RandomPlan, plans, write

PAGE = "/2023-2024/taisykles/"
VILNIUS = ZoneInfo("Europe/Vilnius")
NBSP = "\N{NO-BREAK SPACE}"
WORKING = Status.IN_PROGRESS


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


def results(number: str, *progress: Progress) -> tuple[ResultRow, ...]:
    return tuple(make_result_row(number, n, item, AS_OF) for n, item in enumerate(progress, start=1))


def read_terms(text: str) -> tuple[list[float], int, str]:
    """Return what an arithmetic line adds, by how much it divides, and what it says is the result."""
    found = re.fullmatch(r"\(?([^()/]+)\)? / (\d+) = (.+)", text)
    assert found
    terms = [float(term.replace(NBSP, "").replace(",", ".")) for term in found[1].split(" + ")]
    return terms, int(found[2]), found[3]


def lines(html: str) -> list[str]:
    """Return the arithmetic of the example: of the action, its task and the plan."""
    found = re.findall(r"<dd>(.*?)</dd>", html, re.DOTALL)
    return [unescape(re.findall(r"<strong[^>]*>(.*?)</strong>", dd)[0]) for dd in found]


def assert_printed(text: str, percent: float | None) -> None:
    """Compare the result of a line with a figure, and the line with itself."""
    if percent is None:
        assert text in ("", "–")
        return
    terms, count, result = read_terms(text)
    assert result == f"{floatformat(percent, 0)}{NBSP}%"
    assert sum(terms) / count == pytest.approx(percent, abs=0.051)


@given(tree=trees())
def test_example_is_worked_out_as_the_figures_are(tree: PlanTree) -> None:
    example = Example.of(tree)
    assert (example is None) == (not list(tree.results()))
    if example is None:
        return
    for mean, actions in (
        (example.of_action, [example.action]),
        (example.of_task, example.task.actions),
        (example.of_plan, tree.actions),
    ):
        figure = summarise(actions, tree.as_of).percent
        assert mean.percent == figure
        assert_printed(mean.arithmetic, figure)
    assert example.action in example.task.actions
    total = summarise([example.action], tree.as_of)
    assert (len(example.of_action.values), example.of_action.unknown) == (
        total.known,
        total.counted - total.known,
    )


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(plans, st.sampled_from([{}, {"padetis": "vykdoma"}, {"q": "1.1"}]))
def test_page_prints_the_figures_of_random_plans(drawn: RandomPlan, asked: dict[str, str]) -> None:
    with transaction.atomic(), time_machine.travel(datetime.combine(drawn.today, time(12), VILNIUS)):
        plan = write(drawn, make_user())
        client = Client()
        client.force_login(make_user(is_superuser=True), backend="akr_plan.rights.RightsBackend")
        response = client.get(f"/{plan.slug}/taisykles/", asked)
        assert response.status_code == 200
        html, tree = response.content.decode(), response.context["tree"]
        example = Example.of(tree)
        if example is None:
            assert "Nėra planuojamo rezultato, kuriuo tai būtų galima parodyti." in html
        else:
            parts = ([example.action], example.task.actions, tree.actions)
            for line, actions in zip(lines(html), parts, strict=True):
                assert_printed(line, summarise(actions, tree.as_of).percent)
        transaction.set_rollback(True)


def test_arithmetic_is_written_as_one_would() -> None:
    assert Mean.of([100, 40, 0]).arithmetic == f"(100 + 40 + 0) / 3 = 47{NBSP}%"
    assert Mean.of([None, 40]).arithmetic == f"40 / 1 = 40{NBSP}%"
    assert Mean.of([140 / 3, 100]).arithmetic == f"(46,7 + 100) / 2 = 73{NBSP}%"
    assert Mean.of([None]).arithmetic == ""
    assert Mean.of([100.0] * (MAX_TERMS + 1)).arithmetic == f"1{NBSP}300 / 13 = 100{NBSP}%"


def test_action_with_the_most_various_results_is_chosen() -> None:
    plain = make_action_row("1.1.1", results("1.1.1", *[Progress(Status.DONE, 100)] * 4))
    outside = [Progress(Status.NOT_STARTED, 0, state) for state in ConditionState if state != "met"]
    aside = make_action_row(
        "1.1.2",
        results("1.1.2", *outside, Progress(Status.POSTPONED, None), Progress(Status.CANCELLED, None)),
    )
    various = results("2.1.1", Progress(Status.DONE, 100), Progress(WORKING, 40), Progress(WORKING, None))
    chosen = make_action_row("2.1.1", various)
    same = make_action_row("2.1.2", various)
    example = Example.of(make_tree([[plain, aside], [chosen, same]]))
    assert example
    assert (example.action, example.task.number) == (chosen, "2")
    assert example.of_action == Mean((100, 40), unknown=1)


def test_statuses_are_explained_as_the_rules_have_them() -> None:
    said = {rule.status: (rule.percent, rule.is_typed) for rule in status_rules()}
    assert list(said) == list(Status)
    for status, (percent, is_typed) in said.items():
        for typed in (10, 60):
            assert rules.percent_for(status, typed) == (typed if is_typed else percent)


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{}, {"data": "2024-06-30"}, {"uzdavinys": "2", "data": "2024-06-30"}])
def test_page_shows_a_whole_calculation(manager: Client, sample_plan: Plan, query: dict[str, str]) -> None:
    response = manager.get(PAGE, query)
    html, tree = response.content.decode(), response.context["tree"]
    example = Example.of(tree)
    assert example
    said = text_of(html)
    assert all(" ".join(result.text.split())[:60] in said for result in example.action.results)
    assert lines(html) == [mean.arithmetic for mean in (example.of_action, example.of_task, example.of_plan)]
    day = "?data=2024-06-30" if query else ""
    assert f'href="/2023-2024/veiksmai/{example.action.number}/{day}"' in html
    assert ("Rodoma plano dalis" in said, "Visas planas" in said) == (
        "uzdavinys" in query,
        "uzdavinys" not in query,
    )


@pytest.mark.django_db
def test_plan_that_has_not_started_reads_right(manager: Client, akr_plan: Plan) -> None:
    html = manager.get(PAGE).content.decode()
    example = Example.of(read_tree(akr_plan))
    assert example
    zeros = " + ".join("0" * len(example.of_action.values))
    assert lines(html)[0] == f"({zeros}) / {len(example.of_action.values)} = 0{NBSP}%"
    assert lines(html)[2].endswith(f"= 0{NBSP}%")


@pytest.mark.django_db
def test_plan_without_results_reads_right(manager: Client) -> None:
    html = manager.get(f"/{make_plan().slug}/taisykles/").content.decode()
    assert "Nėra planuojamo rezultato, kuriuo tai būtų galima parodyti." in html


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["", "2024-06-30"])
def test_figures_of_the_page_lead_to_their_rows(manager: Client, sample_plan: Plan, day: str) -> None:
    html = manager.get(PAGE, {"data": day} if day else {}).content.decode()
    found = figures(html)
    # The standings and all, terms, what is not counted, known, counted, and three of the sentence.
    assert len(found) >= len(Standing) + 8
    assert [(href, rows_behind(sample_plan, href)) for href, _number in found] == found


@pytest.mark.django_db
def test_days_are_those_of_the_rules(manager: Client, akr_plan: Plan) -> None:
    said = text_of(manager.get(PAGE).content.decode())
    assert f"ne daugiau kaip {rules.DUE_SOON.days} dienų" in said
    assert f"dar {reporting.GRACE.days} dienas" in said
    due = rules.due_on(deadline=None, last_year=None, plan_last_year=akr_plan.last_year)
    assert due == date(akr_plan.last_year, 12, 31)
    assert f"{akr_plan.last_year} m. gruodžio 31 d." in said


@pytest.mark.django_db
def test_page_is_linked_from_the_dashboard_and_every_footer(
    cast: Cast, as_user: Any, sample_plan: Plan, client: Client
) -> None:
    manager = as_user(cast.manager)
    asked = "?padetis=veluoja&amp;data=2024-12-31"
    for path in ("/2023-2024/", "/2023-2024/planas/"):
        html = manager.get(unescape(f"{path}{asked}")).content.decode()
        links = html.count(f'<a href="{PAGE}{asked}">Kaip skaičiuojama</a>')
        assert links == (2 if path == "/2023-2024/" else 1)
    assert f'<a href="{PAGE}">Kaip skaičiuojama</a>' in manager.get("/2023-2024/mano/").content.decode()
    for who in (as_user(cast.stranger), client):
        assert "Kaip skaičiuojama" not in who.get("/prisijungti/", follow=True).content.decode()


@pytest.mark.django_db
def test_page_is_for_those_who_may_see_the_plan(
    cast: Cast, as_user: Any, akr_plan: Plan, client: Client
) -> None:
    assert client.get(PAGE).status_code == 302
    assert as_user(cast.stranger).get(PAGE).status_code == 403
    assert as_user(cast.updater).get(PAGE).status_code == 200
    assert as_user(cast.manager).post(PAGE).status_code == 405
    assert as_user(cast.manager).get("/nera/taisykles/").status_code == 404


@pytest.mark.django_db
def test_queries_do_not_grow(manager: Client, django_assert_max_num_queries: Any) -> None:
    counts = set()
    for actions, count in ((1, 1), (3, 1), (1000, 2)):
        plan = make_big_plan(actions=actions, results=count)
        manager.get(f"/{plan.slug}/taisykles/")
        with django_assert_max_num_queries(13) as captured:
            html = manager.get(f"/{plan.slug}/taisykles/").content.decode()
        counts.add(len(captured))
        # A sum of a thousand terms is shown as its total.
        assert len(lines(html)[2]) < 100
    assert len(counts) == 1
