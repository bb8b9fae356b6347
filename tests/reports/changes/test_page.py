"""The page that shows what changed: states from history and from snapshots, links, wrong addresses."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from measures.enums import Status
from measures.models import (
    Action,
    ActionPartner,
    Plan,
    PlannedResult,
    ReportingPeriod,
    Snapshot,
    save_all,
)
from measures.services.periods import close_period
from measures.services.progress import ReportedResult, record_progress
from reports.changes.rows import ChangeKind
from tests.conftest import Cast
from tests.make import (
    adopt,
    make_action,
    make_big_plan,
    make_measure,
    make_partner,
    make_period,
    make_result,
    make_task,
    tamper,
)

from .signed import delete, save

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
    """Return what people read, without what the filter offers."""
    page = re.sub(r'<form class="card filter-bar.*?</form>', " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


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
    signature = "įrašė Kotryna Kotrynaitė; atsakingas asmuo – Ula Ulaitė, 2024-06-30 įrašyta 2024-07-10"
    assert (
        f"1.1.1 Rezultatas 1 Surengtas pasitarimas. Būsena: Vykdoma 40 % → Įvykdyta {signature} Ula" in text
    )
    assert '<time datetime="2024-06-30">2024-06-30</time>' in response.content.decode()
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


def write_all_kinds(cast: Cast, plan: Plan) -> None:
    """Change every action of a plan in each way there is, and add and delete something beside each."""
    for number, action in enumerate(Action.objects.filter(plan=plan).order_by("sort_key"), start=1):
        results = list(action.results.order_by("position"))
        statuses = [Status.DONE, Status.IN_PROGRESS, Status.POSTPONED]
        reported = [
            ReportedResult(result.key, result.version, status, None)
            for result, status in zip(results, statuses, strict=False)
        ]
        record_progress(action=action, author=cast.coordinator, results=reported, comment="Padaryta.")
        save(
            results[3],
            cast.coordinator,
            deadline=date(2025, 1, 31),
            text="Kitas",
            condition="Jei",
            condition_state="met",
            links=[{"text": "a", "href": "https://example.org/"}],
        )
        save(results[4], cast.coordinator, deadline=date(2024, 6, 1))
        delete(results[5], cast.coordinator)
        make_result(action, position=9)
        ActionPartner(action=action, partner=make_partner()).save()
        save(action, cast.coordinator, owner=cast.other_updater, title=f"Kitas {number}")
        save(action, cast.administrator, number=f"1.1.9{number}")


def kinds_and_rows(page: str) -> dict[str, int]:
    """Return how many rows each section of the page has."""
    sections = re.findall(
        r'<table class="table table-stack" aria-labelledby="(\w+)">(.*?)</table>', page, re.S
    )
    return {kind: rows.count("<tr>") - 1 for kind, rows in sections}


def figures(page: str) -> dict[str, int]:
    """Return the figures on top, by the section that each leads to."""
    found = re.findall(r'<a class="figure[^"]*" href="#(\w+)"><strong>(\d+)</strong>', page)
    return {kind: int(figure) for kind, figure in found}


def test_each_figure_leads_to_a_section_with_as_many_rows(cast: Cast, client: Client) -> None:
    with time_machine.travel("2024-01-02 12:00:00+02:00"):
        plan = make_big_plan(actions=3, results=6)
    write_all_kinds(cast, plan)
    page = client.get(url(plan, "?nuo=2024-03-31")).content.decode()
    assert figures(page) == kinds_and_rows(page)
    assert set(figures(page)) == set(ChangeKind.values) - {"resumed", "progress"}
    assert min(figures(page).values()) == 3
    assert all(page.count(f'<h2 id="{kind}">') == 1 for kind in figures(page))


def test_figures_of_days_lead_to_the_rows_that_they_count(cast: Cast, client: Client, plan: Plan) -> None:
    PlannedResult.objects.filter(key="1.1.1-1").update(deadline=date(2024, 2, 1))
    PlannedResult.history.filter(key="1.1.1-1").update(deadline=date(2024, 2, 1))
    PlannedResult.history.filter(key="1.1.3-1").update(deadline=date(2024, 2, 2))
    report(cast, plan, "1.1.2", date(2024, 5, 2), Status.DONE)
    report(cast, plan, "1.1.3", date(2024, 5, 2), Status.DONE)
    page = unescape(client.get(url(plan, "?nuo=2024-03-31&iki=2024-07-09")).content.decode())
    links = re.findall(r'<td class="num"><a href="([^"]+)">(\d+)</a>', page)
    assert [int(figure) for _url, figure in links] == [2, 2, 0, 1, 2, 1, 0, 2]
    for address, figure in links:
        rows = client.get(address).content.decode().count('<td class="cell-lead">')
        assert (address, rows) == (address, int(figure))


def test_figures_of_a_closed_period_lead_nowhere_else(cast: Cast, client: Client, plan: Plan) -> None:
    close(cast, plan, date(2024, 1, 1), date(2024, 3, 31))
    page = client.get(url(plan, "?nuo=laikotarpis-2024-01-01")).content.decode()
    links = re.findall(r'<td class="num">(<a [^>]+>)?\d', page)
    assert [bool(link) for link in links[:8]] == [False, True] * 4


def test_long_section_comes_in_pages(cast: Cast, client: Client) -> None:
    with time_machine.travel("2024-01-02 12:00:00+02:00"):
        plan = make_big_plan(actions=101, results=1)
    make_period(plan, date(2024, 1, 1), date(2024, 3, 31))
    for result in PlannedResult.objects.filter(plan=plan):
        save(result, cast.coordinator, deadline=date(2025, 1, 31))
    first = client.get(url(plan, "?nuo=2024-03-31")).content.decode()
    second = client.get(url(plan, "?nuo=2024-03-31&iki=2024-07-10&slipped=2")).content.decode()
    assert figures(first) == figures(second) == {"slipped": 101}
    assert (kinds_and_rows(first), kinds_and_rows(second)) == ({"slipped": 100}, {"slipped": 1})
    assert '<a href="?nuo=2024-03-31&amp;iki=2024-07-10&amp;slipped=2#slipped" rel="next">' in first.replace(
        "nuo=2024-03-31&iki", "nuo=2024-03-31&amp;iki"
    )
    assert "slipped=1#slipped" in second
    keys = set(re.findall(r"#(1\.1\.\d+-1)", first)), set(re.findall(r"#(1\.1\.\d+-1)", second))
    assert (len(keys[0]), len(keys[1]), keys[0] & keys[1]) == (100, 1, set())
    for wrong, rows in (("0", 1), ("9", 1), ("-1", 1), ("x", 100), ("<b>", 100), ("9" * 5000, 100)):
        page = client.get(url(plan), {"nuo": "2024-03-31", "slipped": wrong}).content.decode()
        assert kinds_and_rows(page) == {"slipped": rows}


def test_damaged_history_shows_no_name(cast: Cast, client: Client, plan: Plan) -> None:
    close(cast, plan, date(2024, 1, 1), date(2024, 3, 31))
    with time_machine.travel("2024-07-10 13:00:00+03:00"):
        save(Action.objects.get(number="1.1.1"), cast.coordinator, title="Kitas")
        Action.history.all().delete()
        response = client.get(url(plan))
    assert "Kitas" in text_of(response)
    assert "Kotryna" not in text_of(response)


def test_queries_do_not_grow(cast: Cast, client: Client, django_assert_num_queries: Any) -> None:
    for count in (1, 3):
        with time_machine.travel("2024-01-02 12:00:00+02:00"):
            plan = make_big_plan(actions=count, results=6)
        for month in range(1, count + 1):
            close(cast, plan, date(2022, month, 1), date(2022, month, 28))
        write_all_kinds(cast, plan)
        for query, queries in (("", 15), ("?nuo=2024-03-31&iki=2024-06-30", 18), ("?nuo=2024-03-31", 18)):
            client.get(url(plan, query))
            with django_assert_num_queries(queries):
                assert client.get(url(plan, query)).status_code == 200


def test_queries_of_a_plan_of_1000_actions(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    with time_machine.travel("2024-01-02 12:00:00+02:00"):
        plan = make_big_plan(actions=1000, results=1)
    actions = list(Action.objects.filter(plan=plan))
    for action in actions:
        action.title = "Kitas"
    save_all(actions, ["title"], author=cast.coordinator, reason="")
    client.get(url(plan, "?nuo=2024-03-31"))
    with django_assert_num_queries(18):
        page = client.get(url(plan, "?nuo=2024-03-31")).content.decode()
    assert (figures(page), kinds_and_rows(page)) == ({"text": 1000}, {"text": 100})
    assert page.count("Kotryna Kotrynaitė, <time") == 100
