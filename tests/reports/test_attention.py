"""What asks for attention: each figure counts the rows that its section lists, on any day and of any part."""

import re
from datetime import date, datetime, time, timedelta
from html import unescape
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.enums import ConditionState, Standing, Status
from measures.models import Action, Plan
from measures.pages.period import PeriodPage
from measures.rules import Progress
from measures.services.periods import close_period, reopen_period
from measures.services.progress import record_progress
from measures.tree.duties import duties_in, tally_of
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree
from reports.attention import SHOWN_AT_FIRST, Attention, AttentionRow, Section
from reports.queries.attention import read_reporting
from reports.rollup import summarise
from reports.rows import AskedPeriod, Owed, Reporting
from tests.conftest import Cast
from tests.make import (
    adopt,
    make_action,
    make_big_plan,
    make_measure,
    make_period,
    make_result,
    make_task,
    make_user,
)
from tests.measures.tree.test_tallies import live_a_month, make_quarters

from .figures import text_of
from .make_rows import AS_OF, make_action_row, make_result_row, make_tree, trees
from .random_plans import RandomPlan, plans, write

VILNIUS = ZoneInfo("Europe/Vilnius")
NOT_ASKED = Reporting(False, None, ())
FIGURE = re.compile(r'<a class="figure[^"]*" href="#([a-z-]+)">\s*<strong>(\d+)</strong>')
ROW = re.compile(r'<td class="cell-lead">\s*<a href="([^"]*)">([^<]*)</a>')


def noon(day: date) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(12), VILNIUS), tick=False)


def get(client: Client, address: str, **parameters: str) -> str:
    """Return a page that is there."""
    response = client.get(address, parameters)
    assert response.status_code == 200
    return response.content.decode()


def listed(client: Client, slug: str, section: str, **parameters: str) -> list[tuple[str, str]]:
    """Return the links of all rows of a section, page by page."""
    rows: list[tuple[str, str]] = []
    number = 1
    while True:
        html = get(client, f"/{slug}/demesio/{section}/", **parameters, puslapis=str(number))
        rows += ROW.findall(html)
        if 'rel="next"' not in html:
            return rows
        number += 1


def card(html: str, section: Section) -> str:
    """Return the part of the page that shows a section."""
    found = re.search(rf'<section class="card" aria-labelledby="{section.value}">(.*?)</section>', html, re.S)
    assert found
    return found[1]


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


@given(tree=trees())
def test_sections_hold_what_they_say(tree: PlanTree) -> None:
    attention = Attention.of(tree, NOT_ASKED)
    total = summarise(tree.actions, tree.as_of)
    counts = {part.section: len(part.rows) for part in attention.parts}
    waiting = [
        result
        for _action, result in tree.results()
        if result.standing == Standing.CONDITIONAL
        and result.progress.condition_state == ConditionState.PENDING
    ]
    assert counts == {
        Section.LATE: total.late,
        Section.DUE_SOON: total.due_soon,
        Section.UNREPORTED: 0,
        Section.WITHOUT_OWNER: sum(not action.owner_username for action in tree.actions),
        Section.PENDING: len(waiting),
    }
    assert attention.rows == [row for part in attention.parts for row in part.rows]
    for part in attention.parts:
        assert {row.section for row in part.rows} <= {part.section}
        terms = [row.due_on or date.max for row in part.rows]
        assert terms == sorted(terms)
    assert all(row.days_late and row.days_late > 0 for row in attention.part(Section.LATE).rows)
    assert all(0 <= (row.days_left or 0) <= 90 for row in attention.part(Section.DUE_SOON).rows)


def test_row_says_all_that_a_file_needs() -> None:
    done = make_result_row("1.1.1", 1, Progress(Status.DONE, 100), date(2024, 1, 1))
    late = make_result_row("1.1.1", 2, Progress(Status.IN_PROGRESS, 40), AS_OF - timedelta(days=3))
    later = make_result_row("1.1.1", 3, Progress(Status.IN_PROGRESS, 40), AS_OF + timedelta(days=300))
    action = make_action_row(
        "1.1.1",
        (done, later, late),
        owner="Ula Ulaitė",
        owner_username="ula",
        last_reported_on=date(2024, 5, 1),
    )
    period = AskedPeriod("II ketvirtis", date(2024, 4, 1), AS_OF, is_closed=False)
    reporting = Reporting(True, period, (Owed("1.1.1", "Veiksmas 1.1.1", is_reported=False),))
    attention = Attention.of(make_tree([[action]]), reporting)
    known = ("Ula Ulaitė", date(2024, 5, 1), late.due_on, 3, Standing.LATE)
    assert attention.rows == [
        AttentionRow(Section.LATE, "1.1.1", "1.1.1-2", "Rezultatas 2", "", *known),
        AttentionRow(Section.UNREPORTED, "1.1.1", "", "Veiksmas 1.1.1", "", *known),
    ]


def test_sentence_can_be_read_out() -> None:
    results = [
        make_result_row("1.1.1", 1, Progress(Status.IN_PROGRESS, 40), AS_OF - timedelta(days=21)),
        make_result_row("1.1.1", 2, Progress(Status.IN_PROGRESS, 40), AS_OF - timedelta(days=9)),
        make_result_row("1.1.1", 3, Progress(Status.NOT_STARTED, 0), AS_OF + timedelta(days=90)),
        make_result_row("1.1.1", 4, Progress(Status.NOT_STARTED, 0), AS_OF + timedelta(days=91)),
        make_result_row("1.1.1", 5, Progress(Status.NOT_STARTED, 0, ConditionState.PENDING), AS_OF),
    ]
    period = AskedPeriod("2024 m. II ketvirtis", date(2024, 4, 1), AS_OF, is_closed=False)
    owed = tuple(Owed(f"1.1.{n}", "x", is_reported=n > 6) for n in range(1, 19))
    attention = Attention.of(
        make_tree([[make_action_row("1.1.1", tuple(results))]]), Reporting(True, period, owed)
    )
    assert attention.sentence.replace("\N{NO-BREAK SPACE}", " ") == (
        "Vėluoja 2 rezultatai, ilgiausiai – 21 dieną; per 90 dienų sueina 1 terminas; už laikotarpį "
        "„2024 m. II ketvirtis“ nepranešta apie 6 veiksmus iš 18; atsakingo asmens neturi 1 veiksmas; "
        "sąlygos laukia 1 rezultatas."
    )
    assert Attention.of(make_tree([[]]), NOT_ASKED).sentence == "Nieko, kam reikėtų dėmesio, nėra."


def test_part_of_a_plan_owes_the_reports_of_its_actions() -> None:
    """An action that is shown with its done results only still owes its report."""
    done = make_result_row("1.1.1", 1, Progress(Status.DONE, 100), AS_OF)
    tree = make_tree([[make_action_row("1.1.1", (done,))]])
    period = AskedPeriod("II ketvirtis", date(2024, 4, 1), AS_OF, is_closed=False)
    reporting = Reporting(True, period, (Owed("1.1.1", "a", False), Owed("1.1.2", "b", False)))
    assert [row.number for row in Attention.of(tree, reporting, {"1.1.1"}).part(Section.UNREPORTED).rows] == [
        "1.1.1"
    ]
    rows = Attention.of(tree, reporting).part(Section.UNREPORTED).rows
    assert [(row.number, row.is_gone) for row in rows] == [("1.1.1", False), ("1.1.2", True)]


@pytest.mark.django_db
@settings(max_examples=8, deadline=None)
@given(plans, st.integers(1, 300), st.sampled_from(["padetis=veluoja", "atsakingas=be-atsakingo", "q=1"]))
def test_every_figure_counts_the_rows_of_its_section(drawn: RandomPlan, days: int, part: str) -> None:
    with transaction.atomic(), noon(drawn.today):
        # An example of its own: the next one finds an empty database again.
        plan = write(drawn, make_user())
        make_period(plan, drawn.today - timedelta(days=days), drawn.today - timedelta(days=days - 100))
        client = Client()
        client.force_login(make_user(is_superuser=True), backend="akr_plan.rights.RightsBackend")
        past = (drawn.today - timedelta(days=days // 2)).isoformat()
        name, value = part.split("=")
        for asked in ({}, {"data": past}, {name: value}, {name: value, "data": past}):
            html = get(client, f"/{plan.slug}/demesio/", **asked)
            figures = FIGURE.findall(html)
            assert [section for section, _count in figures] == Section.values
            for section, count in figures:
                rows = listed(client, plan.slug, section, **asked)
                shown = card(html, Section(section))
                assert len(rows) == int(count)
                assert ROW.findall(shown) == rows[:SHOWN_AT_FIRST]
                assert (f">Visi {count}</a>" in shown) == bool(rows)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_reports_owed_are_those_of_the_periods_page(cast: Cast, seed: int) -> None:
    random = Random(seed)
    with time_machine.travel("2024-01-10 12:00:00+02:00"):
        measure = make_measure(make_task(number="1"))
        for _number in range(4):
            action = make_action(measure)
            make_result(action)
            make_result(action, first_year=2025, last_year=2025)
        plan = adopt(measure.plan)
        periods = {period.title: period for period in make_quarters(plan)}
    seen = set()
    for month in range(2, 10):
        day = date(2024, month, 15)
        with time_machine.travel(f"{day} 12:00:00+02:00"):
            live_a_month(plan, cast.coordinator, random, day)
            for asked in (day, day - timedelta(days=20), day - timedelta(days=50)):
                reporting = read_reporting(plan, asked)
                if reporting.period is None:
                    continue
                tree = read_tree(plan, min(asked, reporting.period.ends_on))
                duties = duties_in(tree, reporting.period)
                assert reporting.owed == tuple(
                    Owed(duty.action.number, duty.action.title, duty.is_reported) for duty in duties
                )
                seen |= {(reporting.period.title, duty.is_reported) for duty in duties}
            reporting = read_reporting(plan, day)
            assert reporting.period
            page = PeriodPage(periods[reporting.period.title])
            assert page.tally == Attention.of(read_tree(plan), reporting).tally == tally_of(page.duties)
    assert {is_reported for _title, is_reported in seen} == {True, False}
    assert len({title for title, _is_reported in seen}) == 3


@pytest.mark.django_db
def test_past_day_asks_for_the_period_of_that_day(cast: Cast) -> None:
    with time_machine.travel("2024-01-10 12:00:00+02:00"):
        plan = adopt(make_result().plan)
        first, second, _third = make_quarters(plan)
    with time_machine.travel("2024-04-20 12:00:00+03:00"):
        close_period(period=first, author=cast.coordinator, seen_version=first.version)
        first.refresh_from_db()
    with time_machine.travel("2024-04-25 12:00:00+03:00"):
        reopen_period(period=first, author=cast.administrator, reason="Klaida", seen_version=first.version)
        first.refresh_from_db()
    with time_machine.travel("2024-04-28 12:00:00+03:00"):
        close_period(period=first, author=cast.coordinator, seen_version=first.version)
    asked = {
        day: period.title if (period := read_reporting(plan, date.fromisoformat(day)).period) else None
        for day in ("2023-12-31", "2024-04-01", "2024-04-19", "2024-04-20", "2024-04-25", "2024-04-28")
    }
    assert asked == {
        "2023-12-31": None,
        "2024-04-01": first.title,
        "2024-04-19": first.title,
        "2024-04-20": second.title,
        "2024-04-25": first.title,
        "2024-04-28": second.title,
    }


@pytest.mark.django_db
def test_page_and_periods_page_say_the_same(manager: Client, sample_plan: Plan) -> None:
    period = read_reporting(sample_plan, read_tree(sample_plan).as_of).period
    assert period
    page = PeriodPage(sample_plan.reporting_periods.get(starts_on=period.starts_on))
    html = get(manager, "/2023-2024/demesio/")
    theirs = get(manager, page.period.get_absolute_url())
    said = f"{page.tally.reported} iš {page.tally.expected}"
    assert 0 < page.tally.missing < page.tally.expected
    assert said in text_of(theirs)
    assert f"Pranešta apie {said}" in text_of(card(html, Section.UNREPORTED))
    assert f"(pranešta apie {said})" in text_of(html)
    assert page.period.get_absolute_url() in card(html, Section.UNREPORTED)
    shown = {number for _href, number in listed(manager, "2023-2024", "nepranesta")}
    assert shown == {duty.action.number for duty in page.duties if not duty.is_reported}


@pytest.mark.django_db
def test_only_who_closes_periods_is_led_to_reminders(cast: Cast, as_user: Any, sample_plan: Plan) -> None:
    for user, may in ((cast.coordinator, True), (cast.manager, False), (cast.updater, False)):
        assert (">Priminti</a>" in get(as_user(user), "/2023-2024/demesio/")) == may


@pytest.mark.django_db
def test_plan_without_periods_says_so(cast: Cast, as_user: Any, akr_plan: Plan) -> None:
    for user, may in ((cast.coordinator, True), (cast.manager, False)):
        html = card(get(as_user(user), "/2023-2024/demesio/"), Section.UNREPORTED)
        assert "Planas ataskaitinių laikotarpių dar neturi." in html
        assert ('<a class="button button-secondary no-print" href="/2023-2024/laikotarpiai/">' in html) == may


@pytest.mark.django_db
def test_day_that_asks_for_no_report_says_so(manager: Client, akr_plan: Plan) -> None:
    make_period(akr_plan, date(2090, 1, 1), date(2090, 12, 31))
    html = card(get(manager, "/2023-2024/demesio/"), Section.UNREPORTED)
    assert "Šią dieną pranešti nereikėjo" in html
    assert "dar neturi" not in html


@pytest.mark.django_db
def test_action_that_is_gone_leads_to_the_plan_of_the_period(manager: Client, cast: Cast) -> None:
    with time_machine.travel("2024-01-10 12:00:00+02:00"):
        action = make_action()
        make_result(action)
        other = make_action(action.measure)
        make_result(other)
        plan = adopt(action.plan)
        period = make_quarters(plan)[1]
    with time_machine.travel("2024-07-05 12:00:00+03:00"):
        Action.objects.get(pk=action.pk).delete()
        rows = listed(manager, plan.slug, "nepranesta")
        assert rows == [
            (f"/{plan.slug}/veiksmai/{other.number}/", other.number),
            (f"/{plan.slug}/planas/?data={period.ends_on}#{action.number}", action.number),
        ]
        assert PeriodPage(period).tally.missing == 2
        assert manager.get(unescape(rows[1][0])).status_code == 200
        assert listed(manager, plan.slug, "nepranesta", q="Veiksmas") == rows[:1]


@pytest.mark.django_db
def test_nothing_to_do_is_said_calmly(manager: Client, cast: Cast) -> None:
    with time_machine.travel("2024-05-20 12:00:00+03:00"):
        action = make_action(owner=cast.updater)
        make_result(action, last_year=2026)
        plan = adopt(action.plan)
        make_quarters(plan)
        record_progress(action=action, author=cast.updater, nothing_new=True, reported_on=date(2024, 5, 20))
        html = get(manager, f"/{plan.slug}/demesio/")
        said = text_of(html)
        assert "<table" not in html
        for sentence in (
            "Nieko, kam reikėtų dėmesio, nėra.",
            "Niekas nevėluoja.",
            "Pranešta apie visus veiksmus.",
            "Kiekvienas veiksmas turi atsakingą asmenį.",
            "Nė vienas rezultatas nelaukia sąlygos.",
        ):
            assert sentence in said
        assert "nesueina nė vienas terminas" in said
        assert "(pranešta apie 1 iš 1)" in said


@pytest.mark.django_db
def test_days_late_and_left_are_in_words(manager: Client, cast: Cast) -> None:
    action = make_action()
    for days in (-21, -1, 0, 2):
        make_result(action, deadline=date(2024, 6, 30) + timedelta(days=days))
    with noon(date(2024, 6, 30)):
        said = text_of(get(manager, f"/{action.plan.slug}/demesio/"))
    for words in ("vėluoja 21 dieną", "vėluoja 1 dieną", "baigiasi šią dieną", "liko 2 dienos"):
        assert words in said


@pytest.mark.django_db
def test_long_section_has_pages(manager: Client) -> None:
    plan = make_big_plan(actions=101, results=1)
    html = get(manager, f"/{plan.slug}/demesio/")
    assert len(ROW.findall(card(html, Section.LATE))) == SHOWN_AT_FIRST
    assert ">Visi 101</a>" in card(html, Section.LATE)
    first, second = (
        ROW.findall(get(manager, f"/{plan.slug}/demesio/veluoja/", puslapis=number, padetis="veluoja"))
        for number in ("1", "2")
    )
    assert (len(first), len(second)) == (100, 1)
    assert not set(first) & set(second)


@pytest.mark.django_db
@pytest.mark.parametrize("section", ["", *(f"{section.value}/" for section in Section)])
def test_queries_do_not_grow(
    cast: Cast, as_user: Any, section: str, django_assert_max_num_queries: Any
) -> None:
    client = as_user(cast.coordinator)
    counts = set()
    for actions, results in ((1, 1), (3, 1), (1000, 2)):
        plan = make_big_plan(actions=actions, results=results)
        make_period(plan, date(2020, 1, 1), date(2020, 12, 31))
        get(client, f"/{plan.slug}/demesio/{section}")
        with django_assert_max_num_queries(13) as captured:
            get(client, f"/{plan.slug}/demesio/{section}")
        counts.add(len(captured))
    assert len(counts) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "veluoja/"])
def test_page_is_for_those_who_may_see_the_plan(
    cast: Cast, as_user: Any, client: Client, akr_plan: Plan, address: str
) -> None:
    path = f"/2023-2024/demesio/{address}"
    assert client.get(path).status_code == 302
    assert as_user(cast.stranger).get(path).status_code == 403
    assert as_user(cast.updater).get(path).status_code == 200
    assert as_user(cast.manager).post(path).status_code == 405
    assert as_user(cast.manager).get(f"/nera/demesio/{address}").status_code == 404


@pytest.mark.django_db
def test_hostile_addresses_are_answered(manager: Client, akr_plan: Plan) -> None:
    assert manager.get("/2023-2024/demesio/kita/").status_code == 404
    assert manager.get("/2023-2024/demesio/?q=%00").status_code == 400
    for query in ("puslapis=x", "puslapis=-1", "puslapis=999999", "data=x", "padetis=x"):
        assert manager.get(f"/2023-2024/demesio/veluoja/?{query}").status_code == 200


@pytest.mark.django_db
def test_other_plan_is_shown_in_the_same_section(manager: Client, akr_plan: Plan) -> None:
    other = make_result().plan
    response = manager.get("/2023-2024/demesio/veluoja/", {"planas": other.slug, "data": "2024-06-30"})
    assert response["Location"] == f"/{other.slug}/demesio/veluoja/?data=2024-06-30"


@pytest.mark.django_db
def test_menu_and_links_keep_filter_and_day(manager: Client, sample_plan: Plan) -> None:
    query = "padetis=veluoja&amp;data=2024-12-31"
    html = get(manager, "/2023-2024/demesio/veluoja/", padetis="veluoja", data="2024-12-31")
    assert f'<a href="/2023-2024/demesio/?{query}" aria-current="page">Dėmesio</a>' in html
    assert f'<a href="/2023-2024/demesio/?{query}#veluoja">Dėmesio</a>' in html
    html = get(manager, "/2023-2024/demesio/", padetis="veluoja", data="2024-12-31")
    assert f'href="/2023-2024/demesio/be-atsakingo/?{query}"' in html


@pytest.mark.django_db
def test_every_section_marks_the_menu(manager: Client, akr_plan: Plan) -> None:
    for section in Section:
        assert 'aria-current="page">Dėmesio</a>' in get(manager, f"/2023-2024/demesio/{section.value}/")


@pytest.mark.django_db
def test_owner_of_a_row_is_who_answers_today(manager: Client, cast: Cast) -> None:
    """The row shows who has to act now, also where the period is over."""
    with time_machine.travel("2024-01-10 12:00:00+02:00"):
        action = make_action(owner=cast.updater)
        make_result(action)
        plan = adopt(action.plan)
        make_quarters(plan)
    with time_machine.travel("2024-07-05 12:00:00+03:00"):
        action.owner = cast.other_updater
        action.save()
        html = card(get(manager, f"/{plan.slug}/demesio/"), Section.UNREPORTED)
    assert str(cast.other_updater) in html
    assert str(cast.updater) not in html
