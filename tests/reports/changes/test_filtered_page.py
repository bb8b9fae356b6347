"""The page of changes shows the part of the plan that the address asks for, and its links keep to it."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from measures.enums import Status
from measures.models import Plan, PlannedResult
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import adopt, make_action, make_big_plan, make_measure, make_result, make_task
from tests.reports import figures

from .signed import save
from .test_page import close, kinds_and_rows, text_of, url
from .test_page import figures as counts

pytestmark = pytest.mark.django_db
DAYS = "?nuo=2024-03-31&iki=2024-06-30"


@pytest.fixture(autouse=True)
def _in_july():
    with time_machine.travel("2024-07-10 12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of two tasks, one of Ula's and one of Ugnius', with terms in February and May."""
    with time_machine.travel("2024-01-02 12:00:00+02:00"):
        for number, owner in (("1", cast.updater), ("2", cast.other_updater)):
            task = make_task(Plan.objects.first(), number=number, title=f"Uždavinys {number}")
            action = make_action(make_measure(task), owner=owner)
            make_result(action, deadline=date(2024, 2, 1))
            make_result(action, deadline=date(2024, 5, 1))
            make_result(make_action(action.measure, owner=owner))
        return adopt(Plan.objects.get())


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.manager)
    return signed_in


def finish(cast: Cast, plan: Plan, *keys: str, day: date = date(2024, 5, 2)) -> None:
    for result in PlannedResult.objects.filter(plan=plan, key__in=keys):
        record_progress(
            action=result.action,
            author=cast.coordinator,
            results=[ReportedResult(result.key, result.version, Status.DONE, None)],
            comment="Padaryta.",
            reported_on=day,
        )


def test_only_changes_of_the_part_are_shown(cast: Cast, client: Client, plan: Plan) -> None:
    finish(cast, plan, "1.1.1-1", "2.1.1-1", "2.1.1-2")
    page = client.get(url(plan, f"{DAYS}&uzdavinys=2"))
    assert kinds_and_rows(page.content.decode()) == {"finished": 2, "reported": 1}
    text = text_of(page)
    assert "Rodoma 3 iš 6 planuojamų rezultatų . Uždavinys: 2. Uždavinys 2. Rodyti viską" in text
    assert "Uždavinys: 2. Uždavinys 2. Nuo 2024 m. kovo 31 d. iki 2024 m. birželio 30 d. įvykdyti 2 " in text
    assert "1.1.1-1" not in page.content.decode()
    whole = client.get(url(plan, DAYS)).content.decode()
    assert kinds_and_rows(whole) == {"finished": 3, "late": 1, "reported": 2}


def test_what_was_late_and_is_done_is_shown_among_the_late(cast: Cast, client: Client, plan: Plan) -> None:
    finish(cast, plan, "1.1.1-1", "1.1.2-1")
    page = client.get(url(plan, f"{DAYS}&padetis=veluoja"))
    # The second result of each action became late in May; what was done without ever being late is not shown.
    assert kinds_and_rows(page.content.decode()) == {"finished": 1, "late": 2, "reported": 1}
    assert "#1.1.1-1" in page.content.decode()
    assert "pažanga pakilo" not in text_of(page)
    assert "įvykdytas 1 planuojamas rezultatas, vėluoti pradėjo 2" in text_of(page)


@pytest.mark.parametrize(
    "asked", ["", "&uzdavinys=1", "&padetis=veluoja", "&atsakingas=ula&q=rezultatas", "&metai=2024"]
)
def test_figures_of_a_part_lead_to_the_rows_that_they_count(
    cast: Cast, client: Client, plan: Plan, asked: str
) -> None:
    finish(cast, plan, "1.1.1-1", "2.1.1-2")
    found = figures.figures(client.get(url(plan, DAYS + asked)).content.decode())
    assert len(found) == 8
    assert any(figure for _href, figure in found)
    for href, figure in found:
        assert (href, figures.rows_behind(plan, href)) == (href, figure)


def test_links_and_forms_go_on_asking_for_the_part(cast: Cast, client: Client, plan: Plan) -> None:
    close(cast, plan, date(2024, 1, 1), date(2024, 3, 31))
    page = unescape(client.get(url(plan, f"{DAYS}&uzdavinys=2&q=rezultatas")).content.decode())
    asked = "?uzdavinys=2&q=rezultatas"
    for path in ("", "planas/", "rezultatai/", "pokyciai/"):
        assert f'href="/{plan.slug}/{path}{asked}"' in page
    bar, days, periods = re.findall(r"<form [^>]*method=\"get\".*?</form>", page, re.DOTALL)
    assert 'name="data"' not in page
    for name, day in (("nuo", "2024-03-31"), ("iki", "2024-06-30")):
        assert f'<input type="hidden" name="{name}" value="{day}">' in bar
    for form in (days, periods):
        assert '<input type="hidden" name="uzdavinys" value="2">' in form
        assert '<input type="hidden" name="q" value="rezultatas">' in form
    assert f'href="/{plan.slug}/pokyciai/?nuo=2024-03-31&iki=2024-06-30">Rodyti viską' in page


def test_pages_of_a_section_go_on_asking_for_the_part(cast: Cast, client: Client) -> None:
    with time_machine.travel("2024-01-02 12:00:00+02:00"):
        plan = make_big_plan(actions=101, results=1)
    for result in PlannedResult.objects.filter(plan=plan):
        save(result, cast.coordinator, deadline=date(2025, 1, 31))
    page = unescape(client.get(url(plan, "?nuo=2024-03-31&metai=2025")).content.decode())
    assert counts(page) == {"slipped": 101}
    [address] = re.findall(r'<a href="(\?[^"]+)" rel="next">', page)
    assert address == "?metai=2025&nuo=2024-03-31&iki=2024-07-10&slipped=2#slipped"
    assert kinds_and_rows(client.get(url(plan, address)).content.decode()) == {"slipped": 1}


def test_choices_are_what_either_state_names(cast: Cast, client: Client, plan: Plan) -> None:
    with time_machine.travel("2024-05-02 12:00:00+03:00"):
        plan.tasks.get(number="2").delete()
    page = client.get(url(plan, f"{DAYS}&uzdavinys=2")).content.decode()
    assert '<option value="2" selected>2. Uždavinys 2</option>' in page
    assert kinds_and_rows(page) == {"removed": 7}
    assert kinds_and_rows(client.get(url(plan, f"{DAYS}&uzdavinys=1")).content.decode()) == {"late": 1}


def test_what_can_not_be_asked_for_gets_a_message_and_everything(
    cast: Cast, client: Client, plan: Plan
) -> None:
    finish(cast, plan, "1.1.1-1")
    page = client.get(url(plan, f"{DAYS}&uzdavinys=9"))
    assert "Pagal „9“ filtruoti negalima: tokios reikšmės nėra. Rodoma viskas." in text_of(page)
    assert kinds_and_rows(page.content.decode()) == {"finished": 1, "late": 2, "reported": 1}


def test_day_of_other_pages_is_the_second_day(cast: Cast, client: Client, plan: Plan) -> None:
    assert "2024-02-02 → 2024-05-02" in text_of(client.get(url(plan, "?data=2024-05-02")))
    assert "2024-04-01 → 2024-06-30" in text_of(client.get(url(plan, "?data=2024-05-02&iki=2024-06-30")))
    text = text_of(client.get(url(plan, "?data=vakar")))
    assert "2024-04-11 → 2024-07-10" in text
    assert text.count("vakar") == 1


def test_part_of_a_closed_period_is_shown_as_it_was_frozen(cast: Cast, client: Client, plan: Plan) -> None:
    period = close(cast, plan, date(2024, 4, 1), date(2024, 6, 30))
    finish(cast, plan, "1.1.1-1", "2.1.1-1", day=date(2024, 7, 5))
    page = client.get(url(plan, f"?nuo=laikotarpis-{period.starts_on}&uzdavinys=1")).content.decode()
    assert kinds_and_rows(page) == {"finished": 1, "reported": 1}
    assert len(figures.figures(page)) == 4


def test_other_plan_is_shown_on_its_own_days(client: Client, plan: Plan) -> None:
    other = adopt(make_task(number="7").plan)
    response = client.get(url(plan, f"{DAYS}&uzdavinys=2&planas={other.slug}"))
    assert response["Location"] == f"/{other.slug}/pokyciai/"


def test_queries_do_not_grow_with_a_part(
    cast: Cast, client: Client, plan: Plan, django_assert_num_queries: Any
) -> None:
    for keys in (["1.1.1-1"], ["1.1.1-2", "1.1.2-1", "2.1.1-1"]):
        finish(cast, plan, *keys)
        with django_assert_num_queries(18):
            client.get(url(plan, f"{DAYS}&uzdavinys=1&padetis=ivykdyta"))
