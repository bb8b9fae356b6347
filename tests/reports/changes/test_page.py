"""The page that shows what changed: states from history and from snapshots, links, wrong addresses."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from measures.enums import Status
from measures.models import Action, Plan, ReportingPeriod, Snapshot
from measures.services.periods import close_period
from measures.services.progress import ReportedResult, record_progress
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


@pytest.fixture(autouse=True)
def _in_july():
    with time_machine.travel("2024-07-10 12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    with time_machine.travel("2024-01-02 12:00:00+02:00"):
        measure = make_measure(make_task(number="1"))
        for _number in range(3):
            make_result(make_action(measure, owner=cast.updater))
        return adopt(measure.plan)


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.manager)
    return signed_in


def text_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def report(cast: Cast, plan: Plan, number: str, day: date, status: str, percent: int | None = None) -> None:
    action = Action.objects.get(plan=plan, number=number)
    result = action.results.get()
    record_progress(
        action=action,
        author=cast.coordinator,
        results=[ReportedResult(result.key, result.version, status, percent)],
        comment="Surengtas pasitarimas.",
        reported_on=day,
    )


def close(cast: Cast, plan: Plan, starts_on: date, ends_on: date) -> ReportingPeriod:
    period = make_period(plan, starts_on, ends_on, title=f"Laikotarpis iki {ends_on}")
    close_period(period=period, author=cast.coordinator, seen_version=1)
    return period


def url(plan: Plan, query: str = "") -> str:
    return f"/{plan.slug}/pokyciai/{query}"


def test_days_are_compared(cast: Cast, client: Client, plan: Plan) -> None:
    report(cast, plan, "1.1.1", date(2024, 3, 31), Status.IN_PROGRESS, 40)
    report(cast, plan, "1.1.1", date(2024, 6, 30), Status.DONE)
    report(cast, plan, "1.1.2", date(2024, 6, 30), Status.IN_PROGRESS, 20)
    report(cast, plan, "1.1.3", date(2024, 7, 5), Status.CANCELLED)
    response = client.get(url(plan, "?nuo=2024-03-31&iki=2024-06-30"))
    text = text_of(response)
    assert (
        "Nuo 2024 m. kovo 31 d. iki 2024 m. birželio 30 d. įvykdytas 1 planuojamas rezultatas, pradėtas 1; "
        "pažanga pakilo nuo 13 % iki 40 %."
    ) in text
    assert "2024-03-31 2024-06-30 Iki tos dienos suėjęs rezultatų terminas 0 0" in text
    assert "Pažanga (veiksmų vidurkis) 13 % 40 %" in text
    assert "1.1.1 Rezultatas 1 Surengtas pasitarimas. Būsena: Vykdoma 40 % → Įvykdyta Ula Ulaitė" in text
    assert "Pradėta 1 Nr. Kas Pokytis Atsakingas asmuo 1.1.2 Rezultatas 1" in text
    assert "Atšaukta" not in text
    assert f'href="/{plan.slug}/veiksmai/1.1.1/#1.1.1-1"' in response.content.decode()


def test_since_the_last_closed_period_is_what_it_opens_with(cast: Cast, client: Client, plan: Plan) -> None:
    close(cast, plan, date(2024, 1, 1), date(2024, 3, 31))
    last = close(cast, plan, date(2024, 4, 1), date(2024, 6, 30))
    report(cast, plan, "1.1.1", date(2024, 7, 5), Status.DONE)
    text = text_of(client.get(url(plan)))
    assert f"{last.title} (2024-06-30) → 2024-07-10" in text
    assert "Nuo 2024 m. birželio 30 d. iki 2024 m. liepos 10 d. įvykdytas 1 planuojamas rezultatas" in text


def test_without_periods_it_opens_with_90_days(client: Client, plan: Plan) -> None:
    text = text_of(client.get(url(plan)))
    assert "2024-04-11 → 2024-07-10" in text
    assert "niekas nepasikeitė." in text
    assert "Arba uždarytų laikotarpių kopijas" not in text


def test_closed_period_stands_as_it_was_frozen(cast: Cast, client: Client, plan: Plan) -> None:
    first = close(cast, plan, date(2024, 1, 1), date(2024, 3, 31))
    cast.updater.last_name = "Kitokia"
    cast.updater.save()
    second = close(cast, plan, date(2024, 4, 1), date(2024, 6, 30))
    frozen = text_of(client.get(url(plan, "?nuo=laikotarpis-2024-01-01&iki=laikotarpis-2024-04-01")))
    assert f"{first.title} (2024-03-31) → {second.title} (2024-06-30)" in frozen
    assert "Atsakingas asmuo: Ula Ulaitė → Ula Kitokia" in frozen
    # History knows the owner's name as it is now only.
    assert "Kitokia" not in text_of(client.get(url(plan, "?nuo=2024-03-31&iki=2024-06-30")))


def test_what_is_gone_leads_to_the_plan_of_that_day(cast: Cast, client: Client, plan: Plan) -> None:
    with time_machine.travel("2024-05-02 12:00:00+03:00"):
        Action.objects.get(number="1.1.2").delete()
    page = unescape(client.get(url(plan, "?nuo=2024-03-31&iki=2024-06-30")).content.decode())
    assert f'href="/{plan.slug}/planas/?data=2024-03-31#1.1.2"' in page
    assert f'href="/{plan.slug}/planas/?data=2024-03-31#1.1.2-1"' in page
    # What was added then and is gone now has no page of its own either.
    page = unescape(client.get(url(plan, "?nuo=2024-05-02&iki=2024-05-02")).content.decode())
    assert "niekas nepasikeitė." in page


def test_what_was_changed_and_is_gone_today_leads_to_the_later_day(
    cast: Cast, client: Client, plan: Plan
) -> None:
    report(cast, plan, "1.1.2", date(2024, 5, 2), Status.DONE)
    Action.objects.get(number="1.1.2").delete()
    page = unescape(client.get(url(plan, "?nuo=2024-03-31&iki=2024-06-30")).content.decode())
    assert f'href="/{plan.slug}/planas/?data=2024-06-30#1.1.2-1"' in page
    assert "/veiksmai/1.1.2/" not in page


def test_tasks_and_measures_lead_to_their_place_in_the_plan(client: Client, plan: Plan) -> None:
    task, measure = plan.tasks.get(), plan.measure_set.get()
    task.title, measure.title = "Kitas uždavinys", "Kita priemonė"
    task.save()
    measure.save()
    response = client.get(url(plan, "?nuo=2024-07-09"))
    page = unescape(response.content.decode())
    assert f'href="/{plan.slug}/planas/#task-1"' in page
    assert f'href="/{plan.slug}/planas/#1.1"' in page
    assert "Uždavinys: Kitas uždavinys Pavadinimas: Uždavinys 1 → Kitas uždavinys" in text_of(response)


def test_new_short_name_of_the_plan_breaks_no_link(cast: Cast, client: Client, plan: Plan) -> None:
    close(cast, plan, date(2024, 1, 1), date(2024, 3, 31))
    report(cast, plan, "1.1.1", date(2024, 6, 30), Status.DONE)
    close(cast, plan, date(2024, 4, 1), date(2024, 6, 30))
    plan.slug = "kitas"
    plan.save()
    page = client.get(url(plan, "?nuo=laikotarpis-2024-01-01&iki=laikotarpis-2024-04-01")).content.decode()
    assert 'href="/kitas/veiksmai/1.1.1/#1.1.1-1"' in page


@pytest.mark.parametrize("text", ["vakar", "2024-08-01", "laikotarpis-2024-01-01", "<script>"])
def test_wrong_address_gets_a_message_and_the_default(client: Client, plan: Plan, text: str) -> None:
    for name in ("nuo", "iki"):
        response = client.get(url(plan), {name: text})
        assert response.status_code == 200
        assert "<script>" not in response.content.decode()
        assert "nėra nei diena iki šiandien, nei uždarytas laikotarpis." in text_of(response)
        assert "2024-04-11 → 2024-07-10" in text_of(response)


def test_damaged_snapshot_is_replaced_by_the_history(cast: Cast, client: Client, plan: Plan) -> None:
    close(cast, plan, date(2024, 4, 1), date(2024, 6, 30))
    tamper(Snapshot.objects.get())
    text = text_of(client.get(url(plan)))
    assert "momentinė kopija sugadinta. Tos dienos būklė rodoma pagal pakeitimų istoriją." in text
    assert "niekas nepasikeitė." in text


def test_only_who_may_see_the_plan(cast: Cast, as_user: Any, client: Client, plan: Plan) -> None:
    assert as_user(cast.stranger).get(url(plan)).status_code == 403
    assert Client().get(url(plan)).status_code == 302
    assert client.post(url(plan)).status_code == 405
    assert client.get("/nera/pokyciai/").status_code == 404


def test_queries_do_not_grow(cast: Cast, client: Client, django_assert_num_queries: Any) -> None:
    for count in (1, 3):
        plan = make_big_plan(actions=count, results=count)
        for month in range(1, count + 1):
            close(cast, plan, date(2022, month, 1), date(2022, month, 28))
        for action in Action.objects.filter(plan=plan):
            record_progress(action=action, author=cast.coordinator, comment="Taip")
        for query, queries in (("", 13), ("?nuo=2024-03-31&iki=2024-06-30", 16)):
            client.get(url(plan, query))
            with django_assert_num_queries(queries):
                assert client.get(url(plan, query)).status_code == 200
