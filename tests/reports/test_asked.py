"""What the address asks for: other plans, days that need not be named, closed plans, wrong wishes."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from measures.enums import PlanState, Status
from measures.models import Plan
from measures.services.progress import ReportedResult, record_progress
from measures.tree.reader import head_of, read_tree
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_plan, make_result, make_task

pytestmark = pytest.mark.django_db

PAGES = ["", "planas/", "krss2030/", "partneriai/", "rezultatai/", "ataskaitos/", "laiko-juosta/"]


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


@pytest.fixture
def closed_plan(cast: Cast) -> Plan:
    """Return a plan closed at noon on 15 January 2025, whose text was changed in the afternoon."""
    with time_machine.travel("2024-03-01T12:00:00+02:00"):
        plan = make_plan(slug="2023-2024")
        action = make_action(make_measure(make_task(plan)), title="Pirmas pavadinimas", owner=cast.updater)
        result = make_result(action)
    with time_machine.travel("2025-01-10T12:00:00+02:00"):
        done = ReportedResult(result.key, result.version, Status.DONE)
        record_progress(action=action, author=cast.updater, results=[done])
    with time_machine.travel("2025-01-15T12:00:00+02:00"):
        plan.state = PlanState.CLOSED
        plan.save()
    with time_machine.travel("2025-01-15T17:00:00+02:00"):
        action.refresh_from_db()
        action.title = "Vėlesnis pavadinimas"
        action.save()
    return plan


def title_on(plan: Plan, day: date | None) -> str:
    return read_tree(plan, day).actions[0].title


@time_machine.travel("2026-03-01T12:00:00+02:00")
def test_closed_plan_is_shown_as_it_was_closed(closed_plan: Plan) -> None:
    head = head_of(closed_plan)
    assert (head.as_of, head.is_today) == (date(2025, 1, 15), False)
    tree = read_tree(closed_plan)
    assert [(action.title, action.percent) for action in tree.actions] == [("Pirmas pavadinimas", 100)]
    assert title_on(closed_plan, date(2025, 1, 15)) == "Pirmas pavadinimas"
    assert title_on(closed_plan, date(2025, 1, 16)) == "Vėlesnis pavadinimas"
    assert title_on(closed_plan, date(2026, 3, 1)) == "Vėlesnis pavadinimas"


@time_machine.travel("2025-01-15T20:00:00+02:00")
def test_plan_closed_today_is_shown_as_it_was_closed(closed_plan: Plan) -> None:
    assert title_on(closed_plan, None) == "Pirmas pavadinimas"


@time_machine.travel("2026-03-01T12:00:00+02:00")
@pytest.mark.parametrize("page", PAGES)
def test_pages_of_a_closed_plan_show_its_closing(manager: Client, closed_plan: Plan, page: str) -> None:
    response = manager.get(f"/2023-2024/{page}")
    assert response.context["tree"].as_of == date(2025, 1, 15)
    assert response.context["asked"].day is None
    html = response.content.decode()
    assert "Vėlesnis" not in html
    later = manager.get(f"/2023-2024/{page}", {"data": "2026-03-01"})
    assert later.context["asked"].day == date(2026, 3, 1)


@time_machine.travel("2026-03-01T12:00:00+02:00")
def test_plan_that_goes_on_is_shown_today(closed_plan: Plan) -> None:
    closed_plan.state = PlanState.ACTIVE
    closed_plan.save()
    assert closed_plan.closed_at is None
    assert head_of(closed_plan).is_today
    assert title_on(closed_plan, None) == "Vėlesnis pavadinimas"


@time_machine.travel("2024-06-30T12:00:00+03:00")
@pytest.mark.parametrize("page", PAGES)
def test_links_keep_the_filter_and_the_day_but_not_today(manager: Client, akr_plan: Plan, page: str) -> None:
    def links(day: str) -> list[str]:
        html = manager.get(f"/2023-2024/{page}", {"metai": "2023", "data": day}).content.decode()
        found = re.findall(r'href="/2023-2024/(?:rezultatai|planas)/([^"#]*)', html)
        clear = "" if day == "2024-06-30" else f"?data={day}"
        return [query for query in found if query != clear]

    assert links("2024-06-30")
    assert all("metai=2023" in query and "data=" not in query for query in links("2024-06-30"))
    assert all("metai=2023" in query and "data=2024-06-29" in query for query in links("2024-06-29"))


@pytest.mark.parametrize("page", PAGES)
def test_other_plan_is_chosen_by_its_short_name(manager: Client, akr_plan: Plan, page: str) -> None:
    make_plan(slug="2025-2026", first_year=2025, last_year=2026)
    asked = {"planas": "2025-2026", "data": "2024-06-30", "uzdavinys": "1"}
    response = manager.get(f"/2023-2024/{page}", asked)
    assert (response.status_code, response["Location"]) == (302, f"/2025-2026/{page}?data=2024-06-30")
    html = manager.get(f"/2023-2024/{page}").content.decode()
    assert '<option value="2025-2026">' in html
    wrong = manager.get(f"/2023-2024/{page}", {"planas": "<b>"})
    assert wrong.status_code == 200
    assert "Plano „&lt;b&gt;“ nėra. Rodomas šis planas." in wrong.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "query",
    ["kryptis=VI", "kodas=I", "partneris=Niekas", "atsakingas=x", "salyga=gal", "isteklius=%00x", "metai=-1"],
)
def test_wrong_value_gets_a_message_and_the_whole_plan(
    manager: Client, akr_plan: Plan, page: str, query: str
) -> None:
    response = manager.get(f"/2023-2024/{page}?{query}&uzdavinys=1&q=uostas")
    if "%00" in query:
        assert response.status_code == 400
        return
    assert response.status_code == 200
    assert "filtruoti negalima" in response.content.decode()
    assert not response.context["asked"].filter
