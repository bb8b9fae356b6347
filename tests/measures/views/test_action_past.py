"""The page of one action as of a past day."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from measures.enums import PlanState, Status
from measures.models import Action, ActionPartner, Plan, PlannedResult, ProgressUpdate
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update
from measures.tree.reader import read_tree
from tests.conftest import Cast
from tests.make import (
    adopt,
    give_code,
    make_action,
    make_big_plan,
    make_code,
    make_measure,
    make_partner,
    make_plan,
    make_resource,
    make_result,
    make_task,
)

from .past_pages import FACT, RESULT, facts_of, links, page_of, percent, text_of, words_of_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.coordinator)
    return signed_in


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2024, 6, 30), date(2024, 12, 31)])
def test_page_says_what_the_tree_of_the_day_says(client: Client, sample_plan: Plan, day: date) -> None:
    for task in read_tree(sample_plan, day).tasks:
        for row in task.actions:
            html = page_of(client, sample_plan, row.number, day.isoformat())
            assert f"Rodoma {day} būklė. Dabartinė būklė" in text_of(html)
            head = text_of(html[html.index('<h1 id="action-title"') : html.index("</h2>")])
            assert head.startswith(f"{row.number} {row.title} {row.status.label} ")
            assert f"Pažanga {percent(row.percent)} · " in head
            assert [(key, text_of(inner)) for key, inner in RESULT.findall(html)] == [
                (result.key, words_of_result(result)) for result in row.results
            ]
            assert [text_of(fact) for fact in FACT.findall(html)] == facts_of(row)
            assert "<form" not in html[html.index('<h1 id="action-title"') :]


def test_breadcrumbs_and_links_keep_the_day(client: Client) -> None:
    action = make_action()
    make_result(action)
    give_code(action, make_code("I.1.1.1"))
    slug = adopt(action.plan).slug
    hrefs = dict(links(page_of(client, action.plan, "1.1.1", "2024-06-30")))
    asked = "?data=2024-06-30"
    assert f"/{slug}/planas/{asked}#task-1" in hrefs
    assert f"/{slug}/planas/{asked}#1.1" in hrefs
    assert f"/{slug}/rezultatai/?kodas=I.1.1.1&data=2024-06-30" in hrefs
    assert f"/{slug}/{asked}" in hrefs, "the header keeps the day, as on pages of reports"
    assert hrefs[f"/{slug}/veiksmai/1.1.1/"] == "Dabartinė būklė"


def moving_plan() -> Plan:
    """Return a plan of three actions: since, one was changed, one was given another number, one deleted."""
    with time_machine.travel(date(2024, 1, 10)):
        plan = make_plan()
        measure = make_measure(make_task(plan))
        kept, moved, deleted = (make_action(measure) for _n in range(3))
        for action in (kept, moved, deleted):
            make_result(action, text=f"Kaip sumanyta {action.number}")
        partner, other = make_partner("Senas vardas"), make_partner("Pakeistas")
        kept.partner_links.create(partner=partner, position=1)
        left = kept.partner_links.create(partner=other, position=2)
        funds = kept.resource_links.create(resource=make_resource("Lėšos"), position=1)
        adopt(plan)
    with time_machine.travel(date(2024, 5, 10)):
        kept.title = "Naujas pavadinimas"
        kept.save()
        partner.name = "Naujas vardas"
        partner.save()
        left.delete()
        funds.delete()
        deleted.delete()
        moved.number = "1.1.7"
        moved.save()
        make_result(make_action(measure, number="1.1.2"), text="Visai kitas")
    return plan


def test_text_and_parties_are_those_of_the_day_under_the_names_of_the_register(client: Client) -> None:
    plan = moving_plan()
    before, after = (page_of(client, plan, "1.1.1", day) for day in ("2024-05-09", "2024-05-10"))
    assert ("Veiksmas 1.1.1" in before, "Naujas pavadinimas" in before) == (True, False)
    assert ("Veiksmas 1.1.1" in after, "Naujas pavadinimas" in after) == (False, True)
    for html, day in ((before, date(2024, 5, 9)), (after, date(2024, 5, 10))):
        row = read_tree(plan, day).actions[0]
        assert [text_of(fact) for fact in FACT.findall(html)] == facts_of(row)
    assert [text_of(fact) for fact in FACT.findall(before)][2:] == ["Lėšos", "Naujas vardas Pakeistas"]
    assert [text_of(fact) for fact in FACT.findall(after)][2:] == ["nenurodyta", "Naujas vardas"]


def test_deleted_action_is_shown_as_it_was(cast: Cast, client: Client) -> None:
    plan = moving_plan()
    html = page_of(client, plan, "1.1.3", "2024-05-09")
    assert RESULT.findall(html)[0][0] == "1.1.3-1"
    assert "Kaip sumanyta 1.1.3" in text_of(html)
    assert "Rodoma 2024-05-09 būklė. Šio veiksmo plane nebėra." in text_of(html)
    assert f"/{plan.slug}/veiksmai/1.1.3/" not in dict(links(html))
    page_of(client, plan, "1.1.3", status=404)
    page_of(client, plan, "1.1.3", "2024-05-10", status=404)


def test_journal_of_a_deleted_action_is_kept(cast: Cast, client: Client) -> None:
    with time_machine.travel(date(2024, 1, 10)):
        action = make_result().action
        plan = adopt(action.plan)
    with time_machine.travel(date(2024, 3, 1)):
        record_progress(action=action, author=cast.coordinator, comment="Padaryta")
    with time_machine.travel(date(2024, 5, 10)):
        action.delete()
    assert "Padaryta 2024-03-01 · Kotryna Kotrynaitė" in text_of(page_of(client, plan, "1.1.1", "2024-05-09"))
    assert "Padaryta" not in page_of(client, plan, "1.1.1", "2024-02-29")


def test_number_that_moved_leads_to_the_action_and_not_to_its_namesake(client: Client) -> None:
    plan = moving_plan()
    html = page_of(client, plan, "1.1.2", "2024-05-09")
    assert [(key, text_of(inner)[:20]) for key, inner in RESULT.findall(html)] == [
        ("1.1.2-1", "Kaip sumanyta 1.1.2 ")
    ]
    assert dict(links(html))[f"/{plan.slug}/veiksmai/1.1.7/"] == "Dabartinė būklė (1.1.7 veiksmas)"
    assert f"/{plan.slug}/veiksmai/1.1.2/" not in dict(links(html))


def test_results_that_were_taken_over_lead_to_where_they_are(client: Client) -> None:
    with time_machine.travel(date(2024, 1, 10)):
        action = make_action()
        result = make_result(action)
        heir = make_action(action.measure)
        plan = adopt(action.plan)
    with time_machine.travel(date(2024, 5, 10)):
        result.action = heir
        result.save()
        action.delete()
    html = page_of(client, plan, "1.1.1", "2024-05-09")
    assert dict(links(html))[f"/{plan.slug}/veiksmai/1.1.2/"] == "Dabartinė būklė (1.1.2 veiksmas)"


def test_action_that_was_not_there_yet_is_shown_as_it_is_now(client: Client) -> None:
    plan = moving_plan()
    text = text_of(page_of(client, plan, "1.1.7", "2024-05-09"))
    assert "Plane 2024-05-09 nebuvo 1.1.7 veiksmo. Rodoma šiandienos būklė." in text
    assert "Dabartinė būklė" not in text
    assert "Kas padaryta" in text


def test_journal_ends_with_the_day(cast: Cast, client: Client) -> None:
    action = make_result().action
    adopt(action.plan)
    for month in (1, 2, 3):
        reported_on = date(2024, month, 15)
        record_progress(
            action=action, author=cast.coordinator, comment=f"Mėnuo {month}", reported_on=reported_on
        )
    withdraw_update(update=ProgressUpdate.objects.all()[0], author=cast.coordinator, reason="Klaida")
    for day, months in (
        ("2024-01-14", ""),
        ("2024-02-15", "21"),
        ("2024-03-14", "21"),
        ("2024-03-15", "321"),
    ):
        text = text_of(page_of(client, action.plan, "1.1.1", day))
        assert re.findall(r"Mėnuo (\d)", text) == list(months)
    assert "Atšauktas įrašas" in text
    assert "pranešta 2024-02-15" in text, "what was withdrawn does not count"
    assert "Dar niekas nepranešta." in text_of(page_of(client, action.plan, "1.1.1", "2024-01-14"))


def test_long_journal_of_a_past_day_opens_on_that_day(cast: Cast, client: Client) -> None:
    action = make_result().action
    adopt(action.plan)
    for number in range(25):
        day = date(2024, 1, 1) + timedelta(days=number)
        record_progress(action=action, author=cast.coordinator, comment=f"Nr. {number}.", reported_on=day)
    html = page_of(client, action.plan, "1.1.1", "2024-01-24")
    address = f"/{action.plan.slug}/veiksmai/1.1.1/?data=2024-01-24&zurnalas=visas#journal"
    assert dict(links(html))[address] == "Visas žurnalas (24 įrašai)"
    assert re.findall(r"Nr\. (\d+)\.", html) == [str(number) for number in range(23, 3, -1)]
    everything = client.get(address.partition("#")[0]).content.decode()
    assert re.findall(r"Nr\. (\d+)\.", everything) == [str(number) for number in range(23, -1, -1)]


@pytest.mark.parametrize(
    "day", ["2024-02-30", "vakar", "0001-01-01", "99999-01-01", "2024-06-30' OR 1=1", "-1", "<b>"]
)
def test_hostile_day_is_explained_and_today_is_shown(client: Client, day: str) -> None:
    plan = make_result().plan
    text = text_of(page_of(client, plan, "1.1.1", day))
    assert "nėra data. Rašykite taip: 2024-06-30. Rodoma šiandienos būklė." in text
    assert "Kas padaryta" in text
    page_of(client, plan, "1.1.1", f"{day}\0", status=400)


def test_future_is_explained_and_today_is_just_today(client: Client) -> None:
    plan = make_result().plan
    today = timezone.localdate()
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert f"{tomorrow} dar neatėjo." in text_of(page_of(client, plan, "1.1.1", tomorrow))
    text = text_of(page_of(client, plan, "1.1.1", today.isoformat()))
    assert ("Rodoma" in text, "Kas padaryta" in text) == (False, True)


@pytest.mark.parametrize("number", ["9.9.9", "1.1.1x", "..", "1.1.1-1"])
def test_what_never_was_is_not_found(client: Client, number: str) -> None:
    plan = adopt(make_result().plan)
    for day in ("2024-06-30", "rytoj"):
        assert client.get(f"/{plan.slug}/veiksmai/{number}/", {"data": day}).status_code == 404
    assert client.get("/kito-plano-nera/veiksmai/1.1.1/?data=2024-06-30").status_code == 404


def test_closed_plan_is_shown_as_of_its_closing(cast: Cast, client: Client) -> None:
    with time_machine.travel(date(2024, 1, 10)):
        plan = adopt(make_result(text="Prieš").plan)
    with time_machine.travel(date(2025, 1, 15)):
        plan.state = PlanState.CLOSED
        plan.save()
    result = PlannedResult.objects.get(plan=plan)
    result.text = "Po"
    result.save()
    html = page_of(client, plan, "1.1.1")
    text = text_of(html)
    assert "Planas užbaigtas 2025-01-15. Rodoma tos dienos veiksmo būklė." in text
    assert (">Prieš<" in html, ">Po<" in html, "data=" in html) == (True, False, False)
    assert "Dabartinė būklė" not in text
    assert text_of(page_of(client, plan, "1.1.1", "2025-01-15")) == text
    earlier = page_of(client, plan, "1.1.1", "2024-06-30")
    assert "Rodoma 2024-06-30 būklė. Būklė užbaigus planą" in text_of(earlier)
    assert dict(links(earlier))[f"/{plan.slug}/veiksmai/1.1.1/"] == "Būklė užbaigus planą"


def test_draft_that_was_never_adopted_has_one_text_for_all_days(client: Client) -> None:
    plan = make_plan(state=PlanState.DRAFT)
    make_result(make_action(make_measure(make_task(plan))), text="Juodraštis")
    assert "Juodraštis" in page_of(client, plan, "1.1.1", "2023-01-01")


def test_only_who_may_view_the_plan_sees_its_past(cast: Cast, as_user: Any) -> None:
    plan = moving_plan()
    for number in ("1.1.1", "1.1.3"):
        page_of(as_user(cast.stranger), plan, number, "2024-05-09", status=403)
        page_of(as_user(cast.manager), plan, number, "2024-05-09")
    response = Client().get(f"/{plan.slug}/veiksmai/1.1.3/?data=2024-05-09")
    assert response.status_code == 302
    assert response["Location"].startswith("/prisijungti/")


def test_report_sent_to_an_address_with_a_day_is_a_report_of_today(cast: Cast, client: Client) -> None:
    plan = moving_plan()
    result = PlannedResult.objects.get(plan=plan, key="1.1.1-1")
    sent = {
        "comment": "Iš seno lango",
        "correction": "",
        "link": "",
        "reported_on": timezone.localdate().isoformat(),
        "1.1.1-1-version": result.version,
        "1.1.1-1-status": "in_progress",
        "1.1.1-1-percent": "40",
    }
    url = f"/{plan.slug}/veiksmai/1.1.1/"
    response = client.post(f"{url}?data=2024-05-09", sent)
    assert (response.status_code, response["Location"]) == (302, url)
    result.refresh_from_db()
    assert (result.status, result.percent) == (Status.IN_PROGRESS, 40)
    assert client.post(f"/{plan.slug}/veiksmai/1.1.3/?data=2024-05-09", sent).status_code == 404
    assert client.post(f"{url}?data=2024-05-09", {**sent, "1.1.1-1-percent": "400"}).status_code == 422


def test_queries_do_not_grow(cast: Cast, client: Client, django_assert_num_queries: Any) -> None:
    day = "2024-06-30"
    for results in (1, 3):
        plan = make_big_plan(actions=results, results=results)
        action = Action.objects.filter(plan=plan)[0]
        for row in action.results.all():
            reported = [ReportedResult(row.key, row.version, Status.DONE)]
            record_progress(
                action=action, author=cast.coordinator, results=reported, reported_on=date(2024, 3, 31)
            )
            ActionPartner(action=action, partner=make_partner(), position=row.position).save()
        page_of(client, plan, "1.1.1", day)
        with django_assert_num_queries(13):
            page_of(client, plan, "1.1.1", day)
