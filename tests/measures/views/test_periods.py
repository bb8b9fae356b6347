"""The pages of reporting periods: who reported, closing, reopening, and what was frozen."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from measures.enums import PlanState, Status
from measures.models import Action, Plan, ReportingPeriod, Snapshot
from measures.services.periods import close_period, reopen_period
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

FIRST, LAST = date(2024, 4, 1), date(2024, 6, 30)


@pytest.fixture(autouse=True)
def _in_july():
    with time_machine.travel("2024-07-10 12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan with three actions: the updater's, another's, and one that nobody answers for."""
    with time_machine.travel("2024-01-02 12:00:00+02:00"):
        measure = make_measure(make_task(number="1"))
        for owner in (cast.updater, cast.other_updater, None):
            make_result(make_action(measure, owner=owner))
        return adopt(measure.plan)


@pytest.fixture
def period(plan: Plan) -> ReportingPeriod:
    return make_period(plan, FIRST, LAST, title="2024 m. II ketvirtis")


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.coordinator)
    return signed_in


@pytest.fixture
def administrator(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.administrator)
    return signed_in


def text_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def report(cast: Cast, plan: Plan, number: str, day: date = LAST, status: str = Status.IN_PROGRESS) -> None:
    action = Action.objects.get(plan=plan, number=number)
    result = action.results.get()
    reported = ReportedResult(result.key, result.version, status)
    record_progress(action=action, author=cast.coordinator, results=[reported], comment="x", reported_on=day)


def close(cast: Cast, period: ReportingPeriod) -> Snapshot:
    period.refresh_from_db()
    return close_period(period=period, author=cast.coordinator, seen_version=period.version)


def reopen(cast: Cast, period: ReportingPeriod) -> None:
    period.refresh_from_db()
    reopen_period(
        period=period, author=cast.administrator, reason="Pamirštas veiksmas", seen_version=period.version
    )


def periods_url(plan: Plan) -> str:
    return f"/{plan.slug}/laikotarpiai/"


def test_list_shows_every_period_with_its_state_and_reports(cast: Cast, client: Client, plan: Plan) -> None:
    make_period(plan, date(2024, 1, 1), date(2024, 3, 31), title="I ketv.")
    closed = make_period(plan, FIRST, LAST, title="II ketv.")
    make_period(plan, date(2024, 7, 1), date(2024, 9, 30), title="III ketv.")
    make_period(plan, date(2024, 10, 1), date(2024, 12, 31), title="IV ketv.")
    report(cast, plan, "1.1.1")
    close(cast, closed)
    report(cast, plan, "1.1.1", date(2024, 7, 5))
    report(cast, plan, "1.1.2", date(2024, 7, 5), Status.DONE)
    response = client.get(periods_url(plan))
    text = text_of(response)
    for row in (
        "I ketv. 2024-01-01 – 2024-03-31 Baigėsi, dar neuždarytas 0 iš 3",
        "II ketv. 2024-04-01 – 2024-06-30 Uždarytas 1 iš 3",
        "III ketv. 2024-07-01 – 2024-09-30 Vyksta 2 iš 3",
        "IV ketv. 2024-10-01 – 2024-12-31 Dar neprasidėjo –",
    ):
        assert row in text
    assert f'href="{closed.get_absolute_url()}"' in response.content.decode()
    assert "Sudaryti laikotarpius" not in text


def test_periods_are_made_on_the_page(client: Client, plan: Plan) -> None:
    assert "Planas ataskaitinių laikotarpių dar neturi." in text_of(client.get(periods_url(plan)))
    response = client.post(periods_url(plan), {"kind": "half_year"}, follow=True)
    assert response.redirect_chain == [(periods_url(plan), 302)]
    text = text_of(response)
    assert "Sudaryti 4 laikotarpiai." in text
    assert "2023 m. I pusmetis 2023-01-01 – 2023-06-30" in text


def test_taken_days_and_bad_choices_are_explained(
    client: Client, plan: Plan, period: ReportingPeriod
) -> None:
    response = client.post(periods_url(plan), {"kind": "quarter"})
    assert response.status_code == 422
    assert "jau turi 2024 m. II ketvirtis." in text_of(response)
    for data in ({}, {"kind": "ZZZ"}, {"kind": ["quarter", "x\0"]}):
        assert client.post(periods_url(plan), data).status_code == 422
    assert plan.reporting_periods.count() == 1


def test_closed_plan_offers_no_new_periods(client: Client, plan: Plan) -> None:
    Plan.objects.update(state=PlanState.CLOSED)
    assert "Sudaryti laikotarpius" not in text_of(client.get(periods_url(plan)))


@pytest.mark.parametrize("name", ["updater", "manager", "stranger"])
def test_others_may_not_make_close_or_reopen(
    cast: Cast, as_user: Any, plan: Plan, period: ReportingPeriod, name: str
) -> None:
    other = as_user(getattr(cast, name))
    may_look = name != "stranger"
    for url in (periods_url(plan), period.get_absolute_url()):
        assert other.get(url).status_code == (200 if may_look else 403)
        if may_look:
            text = text_of(other.get(url))
            for words in ("Sudaryti laikotarpius", "Uždaryti laikotarpį", "Priminimas"):
                assert words not in text
    period_url = period.get_absolute_url()
    for data in ({"kind": "quarter"}, {}):
        assert other.post(periods_url(plan), data).status_code == 403
    for url in (f"{period_url}uzdaryti/", f"{period_url}atverti/"):
        assert other.get(url).status_code == 403
        assert other.post(url, {"seen_version": 1, "reason": "x"}).status_code == 403
    assert not Snapshot.objects.exists()


def test_page_shows_who_reported_and_who_did_not(
    cast: Cast, client: Client, plan: Plan, period: ReportingPeriod
) -> None:
    report(cast, plan, "1.1.1")
    report(cast, plan, "1.1.2", date(2024, 3, 31))
    response = client.get(period.get_absolute_url())
    text = text_of(response)
    assert "Pranešta apie 1 iš 3 veiksmų" in text
    parts = [
        "Ugnius Ugnaitis 0 iš 1 pranešta 1.1.2 Veiksmas 1.1.2 Nepranešta paskutinis pranešimas 2024-03-31",
        "Be atsakingo asmens 0 iš 1 pranešta 1.1.3 Veiksmas 1.1.3 Nepranešta pranešimų dar nėra",
        "Ula Ulaitė 1 iš 1 pranešta 1.1.1 Veiksmas 1.1.1 Pranešta paskutinis pranešimas 2024-06-30",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    for number in ("1.1.1", "1.1.2", "1.1.3"):
        assert f'href="/{plan.slug}/veiksmai/{number}/"' in response.content.decode()
    assert "Momentinių kopijų dar nėra" in text


def reminders(response: Any) -> list[str]:
    found = re.findall(r"<textarea[^>]*readonly>\n?(.*?)</textarea>", response.content.decode(), re.DOTALL)
    return [unescape(text) for text in found]


def test_reminders_list_what_is_missing(
    cast: Cast, client: Client, plan: Plan, period: ReportingPeriod, settings: Any
) -> None:
    settings.SITE_URL = "https://planas.example.org"
    report(cast, plan, "1.1.1")
    to_ugnius, to_all = reminders(client.get(period.get_absolute_url()))
    assert to_all == (
        "Laba diena,\n\n"
        "už laikotarpį „2024 m. II ketvirtis“ (2024-04-01 – 2024-06-30) dar nepranešta apie šiuos "
        "veiksmus:\n\n"
        "Ugnius Ugnaitis:\n– 1.1.2. Veiksmas 1.1.2\n\n"
        "Be atsakingo asmens:\n– 1.1.3. Veiksmas 1.1.3\n\n"
        "Laikotarpis baigėsi 2024 m. birželio 30 d. ir netrukus bus uždarytas, todėl prašome pranešti kuo "
        "greičiau.\n\n"
        f"Tai užtruks kelias minutes: https://planas.example.org/{plan.slug}/mano/\n"
        "Jei niekas nepasikeitė, ten pakanka tai pažymėti.\n\n"
        "Ačiū!"
    )
    assert "\n– 1.1.2. Veiksmas 1.1.2\n" in to_ugnius
    assert "Ugnius" not in to_ugnius
    assert "1.1.3" not in to_ugnius
    with time_machine.travel("2024-06-20 12:00:00+03:00", tick=False):
        assert (
            "Prašome pranešti iki 2024 m. birželio 30 d.\n"
            in reminders(client.get(period.get_absolute_url()))[0]
        )


def test_nobody_is_reminded_when_all_have_reported(
    cast: Cast, client: Client, plan: Plan, period: ReportingPeriod
) -> None:
    for number in ("1.1.1", "1.1.2", "1.1.3"):
        report(cast, plan, number)
    response = client.get(period.get_absolute_url())
    assert "Pranešta apie 3 iš 3 veiksmų" in text_of(response)
    assert reminders(response) == []
    assert "Pranešta apie visus veiksmus." in text_of(client.get(f"{period.get_absolute_url()}uzdaryti/"))


def test_nobody_is_reminded_of_a_plan_that_takes_no_reports(client: Client, period: ReportingPeriod) -> None:
    assert reminders(client.get(period.get_absolute_url()))
    Plan.objects.update(state=PlanState.CLOSED)
    response = client.get(period.get_absolute_url())
    assert "Pranešta apie 0 iš 3 veiksmų" in text_of(response)
    assert reminders(response) == []


def test_period_that_has_not_begun_says_so(client: Client, plan: Plan) -> None:
    period = make_period(plan, date(2024, 10, 1), date(2024, 12, 31))
    response = client.get(period.get_absolute_url())
    assert "Laikotarpis dar neprasidėjo; pirmoji jo diena – 2024 m. spalio 1 d." in text_of(response)
    assert reminders(response) == []


def test_open_period_that_is_over_shows_what_closing_would_freeze(
    cast: Cast, client: Client, plan: Plan, period: ReportingPeriod
) -> None:
    report(cast, plan, "1.1.1", date(2024, 7, 5))
    before = text_of(client.get(period.get_absolute_url()))
    close(cast, period)
    after = text_of(client.get(period.get_absolute_url()))
    for text in (before, after):
        assert "Pranešta apie 0 iš 3 veiksmų" in text


def test_closed_period_shows_names_as_they_were(
    cast: Cast, client: Client, plan: Plan, period: ReportingPeriod
) -> None:
    report(cast, plan, "1.1.1")
    snapshot = close(cast, period)
    cast.updater.last_name = "Kitokia"
    cast.updater.save()
    renamed, gone, _rest = Action.objects.order_by("number")
    renamed.title = "Pervadintas"
    renamed.save()
    gone.delete()
    response = client.get(period.get_absolute_url())
    text, page = text_of(response), response.content.decode()
    assert "Pranešta apie 1 iš 3 veiksmų" in text
    assert "Ula Ulaitė 1 iš 1 pranešta 1.1.1 Veiksmas 1.1.1" in text
    assert "Kitokia" not in text
    assert "Pervadintas" not in text
    assert f'href="/{plan.slug}/veiksmai/1.1.1/"' in page
    assert f'href="/{plan.slug}/planas/?data=2024-06-30#1.1.2"' in page
    closing = "Galioja Uždarytas 2024-07-10 12:00 · Kotryna Kotrynaitė"
    assert f"Plano būklė 2024-06-30 {closing} SHA-256 {snapshot.sha256[:12]}…" in text
    assert reminders(response) == []
    assert client.get(f"/{plan.slug}/planas/?data=2024-06-30").status_code == 200


def test_closing_asks_first_and_names_who_is_missing(
    cast: Cast, client: Client, plan: Plan, period: ReportingPeriod
) -> None:
    report(cast, plan, "1.1.1")
    url = f"{period.get_absolute_url()}uzdaryti/"
    assert f'href="{url}"' in client.get(period.get_absolute_url()).content.decode()
    response = client.get(url)
    text = text_of(response)
    assert "Plano būklė 2024-06-30 bus užfiksuota" in text
    assert "Nepranešta apie 2 veiksmus: Ugnius Ugnaitis: 1.1.2 Be atsakingo asmens: 1.1.3" in text
    assert not Snapshot.objects.exists()
    response = client.post(url, {"seen_version": "1"}, follow=True)
    assert response.redirect_chain == [(period.get_absolute_url(), 302)]
    assert "Laikotarpis „2024 m. II ketvirtis“ uždarytas." in text_of(response)
    assert Snapshot.objects.get().made_by == cast.coordinator


@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "9" * 40, "1\0"])
def test_forged_version_closes_nothing(client: Client, period: ReportingPeriod, version: str) -> None:
    response = client.post(f"{period.get_absolute_url()}uzdaryti/", {"seen_version": version})
    assert response.status_code == 422
    assert "Pataisykite pažymėtus laukus." in text_of(response)
    assert not Snapshot.objects.exists()


def test_running_period_cannot_be_closed_yet(client: Client, plan: Plan) -> None:
    period = make_period(plan, date(2024, 7, 1), date(2024, 9, 30))
    url = f"{period.get_absolute_url()}uzdaryti/"
    assert url not in client.get(period.get_absolute_url()).content.decode()
    response = client.get(url)
    assert "galima uždaryti paskutinę jo dieną arba vėliau" in text_of(response)
    assert 'name="seen_version"' not in response.content.decode()
    response = client.post(url, {"seen_version": "1"})
    assert response.status_code == 422
    assert "Laikotarpis dar nesibaigė" in text_of(response)


def test_second_of_two_is_told_what_happened(cast: Cast, client: Client, period: ReportingPeriod) -> None:
    close(cast, period)
    response = client.post(f"{period.get_absolute_url()}uzdaryti/", {"seen_version": "1"})
    text = text_of(response)
    assert response.status_code == 409
    assert "Nieko neatlikta: laikotarpis tuo metu pasikeitė" in text
    assert "2024-07-10 12:00 · Kotryna Kotrynaitė · Laikotarpis uždarytas" in text
    assert Snapshot.objects.count() == 1


def test_reopening_needs_a_reason_that_everybody_sees(
    cast: Cast, client: Client, administrator: Client, period: ReportingPeriod
) -> None:
    close(cast, period)
    url = f"{period.get_absolute_url()}atverti/"
    assert url not in client.get(period.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 403
    assert url in administrator.get(period.get_absolute_url()).content.decode()
    assert "Momentinė kopija liks matoma" in text_of(administrator.get(url))
    for reason in ("", "   ", "x" * 10_001, "a\0b"):
        response = administrator.post(url, {"seen_version": "2", "reason": reason})
        assert response.status_code == 422
    period.refresh_from_db()
    assert period.is_closed
    data = {"seen_version": "2", "reason": "Pamirštas veiksmas <b>1.1.2</b>"}
    response = administrator.post(url, data, follow=True)
    assert response.redirect_chain == [(period.get_absolute_url(), 302)]
    text = text_of(client.get(period.get_absolute_url()))
    assert "Plano būklė 2024-06-30 Nebegalioja" in text
    assert "Vėl atvertas 2024-07-10 12:00 · Adomas Adomaitis Pamirštas veiksmas <b>1.1.2</b>" in text
    assert administrator.post(url, data).status_code == 409
    assert administrator.post(url, data | {"seen_version": "3"}).status_code == 422


def test_periods_are_compared_with_the_closed_one_before(
    cast: Cast, client: Client, plan: Plan, period: ReportingPeriod
) -> None:
    page = client.get(period.get_absolute_url()).content.decode()
    assert "pokyciai/?" not in page
    earlier = make_period(plan, date(2024, 1, 1), date(2024, 3, 31))
    close(cast, earlier)
    page = unescape(client.get(period.get_absolute_url()).content.decode())
    assert f'href="/{plan.slug}/pokyciai/?nuo=laikotarpis-2024-01-01&iki=2024-06-30"' in page
    close(cast, period)
    page = unescape(client.get(period.get_absolute_url()).content.decode())
    assert f'href="/{plan.slug}/pokyciai/?nuo=laikotarpis-2024-01-01&iki=laikotarpis-2024-04-01"' in page


def test_damaged_snapshot_is_seen_and_nothing_of_it_is_shown(
    cast: Cast, client: Client, administrator: Client, plan: Plan, period: ReportingPeriod
) -> None:
    tamper(close(cast, period))
    response = client.get(period.get_absolute_url())
    text = text_of(response)
    assert response.status_code == 200
    assert "momentinė kopija vėliau pakeista, todėl jos duomenimis pasitikėti negalima" in text
    assert "Plano būklė 2024-06-30 Pakeista po uždarymo Uždarytas" in text
    assert "Veiksmas 1.1.1" not in text
    assert "2024 m. II ketvirtis 2024-04-01 – 2024-06-30 Uždarytas –" in text_of(
        client.get(periods_url(plan))
    )
    for page in ("uzdaryti", "atverti"):
        assert administrator.get(f"{period.get_absolute_url()}{page}/").status_code == 200
    reopen(cast, period)
    close(cast, period)
    text = text_of(client.get(period.get_absolute_url()))
    assert "Pranešta apie 0 iš 3 veiksmų" in text
    assert "Pakeista po uždarymo Nebegalioja" in text


def test_closed_period_without_a_snapshot_is_no_crash(client: Client, period: ReportingPeriod) -> None:
    ReportingPeriod.objects.update(closed_at="2024-07-01T12:00:00+03:00")
    text = text_of(client.get(period.get_absolute_url()))
    assert "pasitikėti negalima" in text


@pytest.mark.parametrize(
    "day", ["2024-04-02", "2024-13-01", "2024-02-30", "0000-00-00", "vakar", "2024-4-1", "2024-04-01x"]
)
def test_what_is_no_period_is_not_found(
    administrator: Client, plan: Plan, period: ReportingPeriod, day: str
) -> None:
    for page in ("", "uzdaryti/", "atverti/"):
        assert administrator.get(f"{periods_url(plan)}{day}/{page}").status_code == 404
    assert administrator.get("/nera/laikotarpiai/").status_code == 404


def test_methods_and_csrf(cast: Cast, client: Client, plan: Plan, period: ReportingPeriod) -> None:
    assert client.post(period.get_absolute_url()).status_code == 405
    assert client.put(periods_url(plan)).status_code == 405
    assert client.delete(f"{period.get_absolute_url()}uzdaryti/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.administrator, backend="akr_plan.rights.RightsBackend")
    for url in (f"{period.get_absolute_url()}uzdaryti/", periods_url(plan)):
        assert strict.post(url, {"seen_version": "1", "kind": "quarter"}).status_code == 403
    assert not Snapshot.objects.exists()


def test_queries_of_the_list_do_not_grow(cast: Cast, client: Client, django_assert_num_queries: Any) -> None:
    for count in (1, 3):
        plan = make_big_plan(actions=count)
        for n in range(count):
            closed = make_period(plan, date(2022, n + 1, 1), date(2022, n + 1, 28))
            make_period(plan, date(2024, n + 1, 1), date(2024, n + 1, 28))
            close(cast, closed)
        client.get(periods_url(plan))
        with django_assert_num_queries(11):
            client.get(periods_url(plan))


def test_queries_of_a_page_do_not_grow(cast: Cast, client: Client, django_assert_num_queries: Any) -> None:
    for count in (1, 3):
        plan = make_big_plan(actions=count, results=count)
        opened, closed = (
            make_period(plan, FIRST, LAST),
            make_period(plan, date(2024, 1, 1), date(2024, 3, 31)),
        )
        for _turn in range(count):
            close(cast, closed)
            reopen(cast, closed)
        close(cast, closed)
        for period, queries in ((opened, 12), (closed, 8)):
            client.get(period.get_absolute_url())
            with django_assert_num_queries(queries):
                client.get(period.get_absolute_url())
