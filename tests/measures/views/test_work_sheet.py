"""Downloading a work sheet: who may, which part, and what the page offers."""

import io
import re
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from measures.enums import PlanState
from measures.exchange.work_sheet.reader import read_work_sheet
from measures.exchange.work_sheet.rows import read_out_rows
from measures.exchange.work_sheet.sheet import WorkSheet
from measures.models import ActionPartner, Plan
from measures.pages.work_sheet import AskedWorkSheet, WorkSheetChoices
from measures.tree.reader import read_tree
from tests.conftest import Cast
from tests.make import (
    make_action,
    make_big_plan,
    make_measure,
    make_partner,
    make_plan,
    make_result,
    make_task,
)

pytestmark = pytest.mark.django_db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of two tasks with an action each; the first has an owner and a partner."""
    plan = make_plan(slug="2023-2024")
    first = make_action(make_measure(make_task(plan, "1")), owner=cast.updater)
    second = make_action(make_measure(make_task(plan, "2")))
    for action in (first, second):
        make_result(action)
    ActionPartner(action=first, partner=make_partner("Šilutės rajono savivaldybė")).save()
    return plan


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


def address(plan: Plan) -> str:
    return f"/{plan.slug}/ataskaitos/darbo-lentele.xlsx"


def content_of(response: Any) -> bytes:
    assert (response.status_code, response["Content-Type"]) == (200, XLSX)
    return b"".join(response.streaming_content)


def sheet_of(response: Any) -> WorkSheet:
    return read_work_sheet(content_of(response))


def test_file_has_the_rows_of_the_plan(manager: Client, plan: Plan) -> None:
    with time_machine.travel("2024-06-30 12:00"):
        response = manager.get(address(plan))
    assert response["Content-Disposition"] == 'attachment; filename="darbo-lentele-2023-2024-2024-06-30.xlsx"'
    sheet = sheet_of(response)
    assert (sheet.plan, sheet.is_plan_variant, sheet.refused) == (plan.slug, False, ())
    assert [(row.key, row.seen_version) for row in sheet.rows] == [
        (row.key, row.version) for row in read_out_rows(plan)
    ]


@pytest.mark.parametrize(
    ("query", "keys", "name"),
    [
        ({"atsakingas": "ula"}, ["1.1.1-1"], "ula-ulaite"),
        ({"atsakingas": "-"}, ["2.1.1-1"], ""),
        ({"uzdavinys": "2"}, ["2.1.1-1"], "uzdavinys-2"),
        ({"partneris": "Šilutės rajono savivaldybė"}, ["1.1.1-1"], "silutes-rajono-savivaldybe"),
        ({"atsakingas": "ula", "uzdavinys": "1", "partneris": ""}, ["1.1.1-1"], "ula-ulaite-uzdavinys-1"),
        ({"atsakingas": "", "uzdavinys": "", "partneris": "", "variantas": ""}, ["1.1.1-1", "2.1.1-1"], ""),
    ],
)
def test_file_has_the_part_that_is_asked_for(
    manager: Client, plan: Plan, query: dict[str, str], keys: list[str], name: str
) -> None:
    response = manager.get(address(plan), query)
    assert f"darbo-lentele-2023-2024-{name}" in response["Content-Disposition"]
    content = content_of(response)
    assert [row.key for row in read_work_sheet(content).rows] == keys
    heading = load_workbook(io.BytesIO(content)).worksheets[0]["A1"].value
    part = AskedWorkSheet.read(query).part(WorkSheetChoices.of(read_tree(plan)))
    assert heading == f"Darbo lentelė: {plan}" + (f". {part}" if part else "")


@pytest.mark.parametrize(
    "query",
    [
        {"atsakingas": "nera"},
        {"atsakingas": "ugnius"},
        {"uzdavinys": "3"},
        {"partneris": "silutės rajono savivaldybė"},
        {"variantas": "visas"},
    ],
)
def test_wrong_choice_leads_back_to_the_page_that_says_so(
    manager: Client, plan: Plan, query: dict[str, str]
) -> None:
    response = manager.get(address(plan), query)
    assert (response.status_code, response["Location"]) == (302, f"/{plan.slug}/ataskaitos/")
    [message] = get_messages(response.wsgi_request)
    [value] = query.values()
    assert str(message) == _("There is no “%(value)s” to choose for a work sheet. Choose from the list.") % {
        "value": value
    }
    assert value in unescape(manager.get(response["Location"]).content.decode())


def test_part_without_rows_leads_back_to_the_page(manager: Client, plan: Plan) -> None:
    response = manager.get(address(plan), {"atsakingas": "ula", "uzdavinys": "2"})
    [message] = get_messages(response.wsgi_request)
    assert (response.status_code, str(message)) == (
        302,
        _("No planned result is like that, so there is nothing to fill in. Choose something else."),
    )


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CLOSED])
def test_only_an_active_plan_has_a_work_sheet(manager: Client, plan: Plan, state: PlanState) -> None:
    plan.state = state
    plan.save()
    response = manager.get(address(plan))
    [message] = get_messages(response.wsgi_request)
    assert (response.status_code, str(message)) == (
        302,
        _("Progress can be recorded only in an active plan."),
    )
    assert 'action="' + address(plan) not in manager.get(f"/{plan.slug}/ataskaitos/").content.decode()


@pytest.mark.parametrize(
    ("name", "progress", "text"),
    [
        ("administrator", 200, 200),
        ("coordinator", 200, 200),
        ("manager", 200, 403),
        ("updater", 403, 403),
        ("stranger", 403, 403),
    ],
)
def test_rights(cast: Cast, as_user: Any, plan: Plan, name: str, progress: int, text: int) -> None:
    client = as_user(getattr(cast, name))
    assert client.get(address(plan)).status_code == progress
    response = client.get(address(plan), {"variantas": "planas"})
    assert response.status_code == text
    if text == 200:
        sheet = sheet_of(response)
        assert (sheet.is_plan_variant, sheet.rows[0].values["text"]) == (True, "Rezultatas 1")


def test_nobody_gets_it_without_signing_in(client: Client, plan: Plan) -> None:
    response = client.get(address(plan))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/prisijungti/")


def test_it_is_only_read(manager: Client, plan: Plan) -> None:
    assert manager.post(address(plan)).status_code == 405
    assert manager.get("/nera-plano/ataskaitos/darbo-lentele.xlsx").status_code == 404


def test_queries_do_not_grow(manager: Client, cast: Cast) -> None:
    counts = set()
    for count in (1, 3, 100):
        plan = make_big_plan(count, results=1)
        manager.get(address(plan))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(sheet_of(manager.get(address(plan))).rows) == count
        counts.add(len(captured))
    assert counts == {8}


# The form on the page.


def form_of(client: Client, plan: Plan, query: str = "") -> str:
    """Return the card of the page, "" if it is not there."""
    html = client.get(f"/{plan.slug}/ataskaitos/{query}").content.decode()
    found = re.search(r'<section[^>]*aria-labelledby="work-sheet">.*?</section>', html, re.DOTALL)
    return unescape(found[0]) if found else ""


def test_page_offers_what_the_plan_names(manager: Client, plan: Plan) -> None:
    card = form_of(manager, plan)
    options = re.findall(r'<option value="([^"]*)">([^<]*)</option>', card)
    everything = _("All")
    assert options == [
        ("", everything),
        ("ula", "Ula Ulaitė"),
        ("-", _("no owner")),
        ("", everything),
        ("1", "1. Uždavinys 1"),
        ("2", "2. Uždavinys 2"),
        ("", everything),
        ("Šilutės rajono savivaldybė", "Šilutės rajono savivaldybė"),
    ]
    for value, _label in options:
        for name in re.findall(r'<select[^>]* name="([a-z]+)"', card):
            if value and value in getattr(WorkSheetChoices.of(read_tree(plan)), name):
                assert manager.get(address(plan), {name: value}).status_code == 200


def test_names_on_the_page_are_escaped(manager: Client, plan: Plan) -> None:
    ActionPartner(
        action=plan.action_set.get(number="2.1.1"), partner=make_partner('"><script>alert(1)</script>')
    ).save()
    html = manager.get(f"/{plan.slug}/ataskaitos/").content.decode()
    assert "<script>alert" not in html


@pytest.mark.parametrize(("name", "is_coordinator"), [("coordinator", True), ("manager", False)])
def test_page_offers_no_more_than_one_may(
    cast: Cast, as_user: Any, plan: Plan, name: str, is_coordinator: bool
) -> None:
    card = form_of(as_user(getattr(cast, name)), plan)
    assert f'action="{address(plan)}"' in card
    assert ('name="variantas"' in card) is is_coordinator
    assert ('href="/importas/?rusis=work_sheet"' in card) is is_coordinator


def test_page_of_another_day_offers_none(manager: Client, plan: Plan) -> None:
    assert form_of(manager, plan)
    assert form_of(manager, plan, "?data=2024-06-30") == ""
