"""The list of places above a long plan: each link leads to the page that has the place."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from measures.models import Plan
from reports.views import plan as plan_views
from tests.conftest import Cast
from tests.make import adopt, make_action, make_measure, make_plan, make_result, make_task

pytestmark = pytest.mark.django_db

LIST = re.compile(r'<details class="fold plan-jump">.*?</details>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]*)"')


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


@pytest.fixture
def long_plan(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Return a plan on three pages; the second measure of the second task is on two of them."""
    monkeypatch.setattr(plan_views, "ACTIONS_PER_PAGE", 3)
    plan = make_plan()
    for task_number, counts in ((1, (1,)), (2, (2, 3)), (3, (1,))):
        task = make_task(plan, str(task_number))
        for count in counts:
            measure = make_measure(task)
            for _action in range(count):
                make_result(make_action(measure))
    return adopt(plan)


def links(html: str) -> list[str]:
    found = LIST.search(html)
    return [unescape(href) for href in LINK.findall(found[0])] if found else []


def test_list_names_each_task_and_measure_on_each_page(manager: Client, long_plan: Plan) -> None:
    path = f"/{long_plan.slug}/planas/"
    expected = [
        "?puslapis=1#task-1",
        "?puslapis=1#1.1.1",
        "?puslapis=2#task-2",
        "?puslapis=2#2.1.1",
        "?puslapis=2#2.2.1",
        "?puslapis=3#task-2",
        "?puslapis=3#2.2.2",
        "?puslapis=3#task-3",
        "?puslapis=3#3.1.1",
    ]
    for page in ("1", "3"):
        html = manager.get(path, {"puslapis": page}).content.decode()
        assert links(html) == [path + link for link in expected]
    for link in expected:
        query, _hash, place = link.partition("#")
        assert f'id="{place}"' in manager.get(path + query).content.decode()


def test_list_keeps_the_day_and_the_filter(manager: Client, long_plan: Plan) -> None:
    asked = {"data": "2024-06-30", "uzdavinys": "2"}
    html = manager.get(f"/{long_plan.slug}/planas/", asked).content.decode()
    found = [link.partition("?")[2] for link in links(html)]
    assert found[0] == "uzdavinys=2&puslapis=1&data=2024-06-30#task-2"
    assert len(found) == 5


def test_short_plan_needs_no_list(manager: Client) -> None:
    plan = adopt(make_result().plan)
    html = manager.get(f"/{plan.slug}/planas/").content.decode()
    assert 'id="1.1.1"' in html
    assert links(html) == []
    assert "Eiti prie" not in html
