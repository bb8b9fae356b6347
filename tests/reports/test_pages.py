"""Pages that show the plan: their figures, their links, their queries, and who may see them."""

import io
import re
from datetime import date, timedelta
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from measures.enums import PlanState, Status
from measures.models import Plan
from measures.services.progress import record_progress
from measures.tree.reader import read_tree
from reports.dashboard import Dashboard
from reports.filters import read_day
from reports.queries.strategy import read_strategy
from reports.rollup import summarise
from reports.views.plan import ACTIONS_PER_PAGE
from tests.conftest import Cast
from tests.make import (
    adopt,
    make_action,
    make_big_plan,
    make_measure,
    make_partner,
    make_plan,
    make_result,
)

from .figures import figures, rows_behind

pytestmark = pytest.mark.django_db

PAGES = ["", "planas/", "rezultatai/", "ataskaitos/"]


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


@pytest.mark.parametrize("day", ["", "2024-06-30"])
def test_every_number_on_the_dashboard_counts_the_rows_behind_it(
    manager: Client, sample_plan: Plan, day: str
) -> None:
    html = manager.get("/2023-2024/", {"data": day} if day else {}).content.decode()
    found = sorted(set(figures(html)))
    assert len(found) > 40
    assert [(href, rows_behind(sample_plan, href)) for href, _number in found] == found
    href, number = found[-1]
    assert manager.get(href).context["page"].paginator.count == number


def test_headline_is_a_sentence(manager: Client, sample_plan: Plan) -> None:
    html = manager.get("/2023-2024/?data=2024-06-30").content.decode()
    lead = re.search(r'<p class="lead">(.*?)</p>', html, re.DOTALL)
    assert lead
    summary = summarise(read_tree(sample_plan, date(2024, 6, 30)).actions, date(2024, 6, 30))
    sentence = " ".join(unescape(re.sub(r"<[^>]+>", "", lead[1])).split()).replace("\N{NO-BREAK SPACE}", " ")
    share = round(100 * summary.due_done / summary.due)
    start, end = sentence.split(": ")
    assert re.fullmatch(
        rf"Iki šios dienos turėjo būti įvykdyt(as|i|a) {summary.due} rezultat(as|ai|ų)", start
    )
    assert end == f"{summary.due_done} įvykdyta ({share} %), {summary.late} vėluoja."


def test_sample_data_is_labelled_on_every_page(manager: Client, sample_plan: Plan, client: Client) -> None:
    for page in PAGES:
        assert "Pavyzdiniai duomenys" in manager.get(f"/2023-2024/{page}").content.decode()
    assert "Pavyzdiniai duomenys" in client.get("/prisijungti/").content.decode()


def test_real_data_is_not_labelled_as_sample(manager: Client, akr_plan: Plan) -> None:
    for page in PAGES:
        assert "Pavyzdiniai duomenys" not in manager.get(f"/2023-2024/{page}").content.decode()


def test_sample_is_the_same_every_time(sample_plan: Plan) -> None:
    summary = summarise(read_tree(sample_plan, date(2024, 6, 30)).actions, date(2024, 6, 30))
    states = list(sample_plan.plannedresult_set.order_by("key").values_list("key", "status", "percent"))
    assert len(states) == 47
    assert 0 < summary.late < summary.due
    statuses = {status for _key, status, _percent in states}
    assert {Status.DONE, Status.IN_PROGRESS, Status.NOT_STARTED} <= statuses


def test_plan_page_shows_the_whole_document(manager: Client, akr_plan: Plan) -> None:
    html = " ".join(unescape(manager.get("/2023-2024/planas/").content.decode()).split())
    tree = read_tree(akr_plan)
    for action, result in tree.results():
        assert f'id="{action.number}"' in html
        assert " ".join(result.text.split()) in html
        for item in result.sub_items:
            assert " ".join(item.split()) in html
        assert result.period_text in html
    for action in tree.actions:
        for name in (*action.resources, *action.partners):
            assert name.as_written in html


def test_plan_of_usual_size_is_one_page(manager: Client, akr_plan: Plan) -> None:
    response = manager.get("/2023-2024/planas/", {"puslapis": "7"})
    assert response.context["page"].paginator.num_pages == 1
    assert 'class="pagination"' not in response.content.decode()


def test_long_plan_has_pages(manager: Client) -> None:
    plan = make_big_plan(actions=ACTIONS_PER_PAGE + 1, results=1)
    day = timezone.localdate() - timedelta(days=1)
    shown = []
    for page in ("", "2"):
        response = manager.get(f"/{plan.slug}/planas/", {"data": day.isoformat(), "puslapis": page})
        html = response.content.decode()
        shown.append(re.findall(r'<tr id="([0-9.]+)"', html))
        assert html.count('<h2 id="task-1">') == html.count(' id="1.1" ') == 1
    assert shown == [[f"1.1.{n}" for n in range(1, ACTIONS_PER_PAGE + 1)], [f"1.1.{ACTIONS_PER_PAGE + 1}"]]
    assert f'href="/{plan.slug}/planas/?puslapis=1&amp;data={day}" rel="prev"' in html


@pytest.mark.parametrize("day", ["", "2024-06-30"])
def test_dashboard_shows_the_figures_of_the_tree(manager: Client, sample_plan: Plan, day: str) -> None:
    response = manager.get("/2023-2024/", {"data": day})
    expected = Dashboard.of(read_tree(sample_plan, read_day(day).value), read_strategy().titles)
    shown = response.context["dashboard"]
    assert (shown.late, shown.figures.total) == (expected.late, expected.figures.total)
    assert 0 < len(shown.late) <= shown.figures.total.late
    html = response.content.decode()
    query = f"?data={day}" if day else ""
    assert all(f'<a href="/2023-2024/veiksmai/{row.action_number}/{query}">' in html for row in shown.late)


def test_home_goes_to_the_current_plan(manager: Client) -> None:
    assert "Plano dar nėra" in manager.get("/").content.decode()
    make_plan(slug="2023-2024")
    make_plan(slug="2025-2026", first_year=2025, last_year=2026, state=PlanState.DRAFT)
    assert manager.get("/")["Location"] == "/2023-2024/"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("day", ["vakar", "2024-02-30", "2999-01-01", "-", "'; DROP TABLE"])
def test_bad_day_is_explained_and_today_shown(manager: Client, akr_plan: Plan, page: str, day: str) -> None:
    response = manager.get(f"/2023-2024/{page}", {"data": day})
    assert response.status_code == 200
    assert "Rodoma šiandienos būklė." in response.content.decode()
    assert response.context["tree"].is_today


@pytest.mark.parametrize("page", [*PAGES, "veiksmai/1.1.1/", "ataskaitos/susirinkimui.xlsx"])
def test_unknown_plan_is_not_found(manager: Client, page: str) -> None:
    for slug in ("1999", quote("ąžuolas"), "x" * 300, "-"):
        response = manager.get(f"/{slug}/{page}")
        assert response.status_code == 404
        assert "Puslapio nėra" in response.content.decode()


def test_unknown_filter_is_explained_and_everything_shown(manager: Client, akr_plan: Plan) -> None:
    response = manager.get("/2023-2024/rezultatai/", {"uzdavinys": "77", "puslapis": "x"})
    assert "Pagal „77“ filtruoti negalima" in response.content.decode()
    assert response.context["page"].paginator.count == 47


def test_text_from_people_is_escaped(manager: Client) -> None:
    result = make_result(make_action(title="<script>alert(1)</script>"), text='"><img src=x>')
    for page in PAGES[:3]:
        html = manager.get(f"/{result.plan.slug}/{page}").content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


# Of the whole request: session, account and its rights, navigation, and what the page shows.
QUERIES = {"": 12, "planas/": 9, "krss2030/": 9, "rezultatai/": 9, "ataskaitos/": 11}


def test_queries_do_not_grow(manager: Client, akr_plan: Plan, django_assert_max_num_queries: Any) -> None:
    plans = [akr_plan, *(make_big_plan(actions=count, results=2) for count in (1, 1000, 10_000))]
    for page, day in product(QUERIES, ("", "2024-06-30")):
        counts = set()
        for plan in plans if page in ("", "planas/", "krss2030/") else plans[:2]:
            with django_assert_max_num_queries(QUERIES[page]) as captured:
                response = manager.get(f"/{plan.slug}/{page}", {"data": day})
            assert response.status_code == 200
            counts.add(len(captured))
        assert len(counts) == 1


@pytest.mark.parametrize("name", ["administrator", "coordinator", "updater"])
def test_rights_cost_no_queries(
    cast: Cast, as_user: Any, akr_plan: Plan, name: str, django_assert_max_num_queries: Any
) -> None:
    client = as_user(getattr(cast, name))
    for page, day in product(("", "planas/"), ("", "2024-06-30")):
        with django_assert_max_num_queries(QUERIES[page]):
            assert client.get(f"/2023-2024/{page}", {"data": day}).status_code == 200


@pytest.mark.parametrize(
    ("name", "pages", "exports"),
    [
        ("administrator", 200, 200),
        ("coordinator", 200, 200),
        ("manager", 200, 200),
        ("updater", 200, 403),
        ("stranger", 403, 403),
    ],
)
def test_rights(cast: Cast, as_user: Any, akr_plan: Plan, name: str, pages: int, exports: int) -> None:
    client = as_user(getattr(cast, name))
    for page in ("", "planas/", "rezultatai/", "veiksmai/1.1.1/"):
        assert client.get(f"/2023-2024/{page}").status_code == pages
    for page in ("ataskaitos/", "ataskaitos/susirinkimui.xlsx"):
        assert client.get(f"/2023-2024/{page}").status_code == exports


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_reading_pages_take_no_writes(manager: Client, akr_plan: Plan, method: str) -> None:
    for page in PAGES:
        assert getattr(manager, method)(f"/2023-2024/{page}").status_code == 405


def test_downloaded_workbook_shows_the_same_rows_as_the_page(manager: Client, sample_plan: Plan) -> None:
    response = manager.get("/2023-2024/ataskaitos/susirinkimui.xlsx?data=2024-06-30")
    assert response["Content-Disposition"].endswith('2023-2024_bukle-2024-06-30.xlsx"')
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue()))
    sheet = workbook.get_sheet_by_name("Planas").to_python()
    shown = [result for _action, result in read_tree(sample_plan, date(2024, 6, 30)).results()]
    words = {str(cell) for row in sheet for cell in row}
    for result in shown:
        assert any(" ".join(result.text.split()) in " ".join(word.split()) for word in words)
    standings = [row[5] for row in sheet if row[5] in {str(result.standing.label) for result in shown}]
    assert standings == [str(result.standing.label) for result in shown]


def test_bad_day_for_a_file_leads_back_to_the_page(manager: Client, akr_plan: Plan) -> None:
    response = manager.get("/2023-2024/ataskaitos/susirinkimui.xlsx?data=vakar", follow=True)
    assert response.redirect_chain == [("/2023-2024/ataskaitos/", 302)]
    assert "„vakar“ nėra data" in response.content.decode()


def test_seed_demo_needs_an_empty_database(akr_plan: Plan) -> None:
    from django.core.management import CommandError

    for command in ("seed_demo", "load_plan"):
        with pytest.raises(CommandError, match="Planas jau yra"):
            call_command(command)


def test_partner_names_reach_the_page_as_written(manager: Client) -> None:
    action = make_action()
    make_result(action)
    action.partner_links.create(partner=make_partner("Registro vardas"), as_written="Dokumento vardas")
    html = manager.get(f"/{action.plan.slug}/planas/").content.decode()
    assert "Dokumento vardas" in html
    assert "Registro vardas" not in html[html.index("plan-table") :]


@pytest.mark.parametrize("page", ["planas/", "rezultatai/", ""])
def test_actions_show_how_fresh_they_are(manager: Client, cast: Cast, page: str) -> None:
    measure = make_measure()
    reported, silent, nobodys = (
        make_action(measure, owner=owner) for owner in (cast.updater, cast.other_updater, None)
    )
    for action in (reported, silent, nobodys):
        make_result(action, deadline=date(2024, 1, 31))
    with time_machine.travel("2024-06-30 12:00:00+03:00"):
        adopt(measure.plan)
        record_progress(action=reported, author=cast.updater, comment="Taip", reported_on=date(2024, 6, 9))
        html = manager.get(f"/{measure.plan.slug}/{page}").content.decode()
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    assert "Ula Ulaitė · pranešta prieš 21 dieną" in text
    assert f"{cast.other_updater} · dar nepranešta" in text
    assert "be atsakingo asmens · dar nepranešta" in text
