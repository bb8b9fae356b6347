"""The history of a plan and of one action: complete, in words, in pages, in a constant number of queries."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.db.models.signals import post_init
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures.enums import ConditionState, Status
from measures.history.entries import PER_PAGE, Entry
from measures.history.scopes import ActionScope, Scope
from measures.models import Action, ActionResource, Project, ReportingPeriod, ResultProject
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import (
    give_code,
    make_action,
    make_code,
    make_measure,
    make_plan,
    make_resource,
    make_result,
)
from tests.measures.history.reading import change, entries, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    return make_action(title="Susitikimai", owner=cast.updater)


def make_project(name: str = "BASCIL") -> Project:
    project = Project(name=name)
    project.save()
    return project


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.coordinator)
    return signed_in


def in_short(entry: Entry) -> tuple[Any, ...]:
    changes = [f"{change.label}: {change.before} → {change.after}" for change in entry.changes]
    return (f"{entry.subject.title} {entry.subject.detail}".strip(), entry.event, *(changes or [entry.text]))


def test_entry_says_who_when_how_what_before_and_after(cast: Cast, client: Client, action: Action) -> None:
    with time_machine.travel(datetime(2024, 6, 30, 14, 5, tzinfo=ZoneInfo("Europe/Vilnius")), tick=False):
        change(action, cast.administrator, "Administravimas", owner=cast.other_updater, lead_in="Taip")
    response = client.get(f"/{action.plan.slug}/istorija/")
    assert (
        "Veiksmas 1.1.1 Įžanga : – → Taip Grąžinti Atsakingas asmuo : Ula Ulaitė → Ugnius Ugnaitis Grąžinti "
        "2024-06-30 14:05 Adomas Adomaitis Administravimas"
    ).replace(" :", ":") in text_of(response).replace(" :", ":")
    assert f'<a href="/{action.plan.slug}/veiksmai/1.1.1/">Veiksmas 1.1.1</a>' in response.content.decode()


def test_all_rows_of_a_plan_are_told_newest_first(cast: Cast, action: Action) -> None:
    result = make_result(action, text="Du susitikimai")
    give_code(action, make_code("I.1.4.1", title="Žuvys"))
    ActionResource(action=action, resource=make_resource("ES lėšos"), as_written="ES pinigai").save()
    change(result, cast.coordinator, condition="Gavus pinigų", condition_state=ConditionState.PENDING)
    result.delete()
    make_action(make_measure(number="1.1"))  # of another plan
    assert [in_short(entry) for entry in entries(Scope(action.plan), cast.manager)] == [
        ("Rezultatas 1.1.1-1", "-", "Du susitikimai"),
        (
            "Rezultatas 1.1.1-1",
            "~",
            "Sąlyga: – → Gavus pinigų",
            "Sąlygos būsena: – → Laukiama",
        ),
        ("Veiksmas 1.1.1 išteklius „ES lėšos“", "+", "ES pinigai"),
        ("Veiksmas 1.1.1 KRSS2030 kodas „I.1.4.1 Žuvys“", "+", ""),
        ("Rezultatas 1.1.1-1", "+", "Du susitikimai"),
        ("Veiksmas 1.1.1", "+", "Susitikimai"),
        ("Priemonė 1.1", "+", "Priemonė 1.1"),
        ("Uždavinys 1", "+", "Uždavinys 1"),
        ("Veiklos planas", "+", "VEIKLOS PLANAS 2023-2024 M."),
    ]


def test_what_is_gone_has_no_link(cast: Cast, action: Action) -> None:
    kept, gone = make_result(action), make_result(action)
    gone.delete()
    urls = {entry.subject.title: entry.subject.url for entry in entries(Scope(action.plan), cast.manager)}
    page = f"/{action.plan.slug}"
    assert urls == {
        "Veiklos planas": f"{page}/planas/",
        "Uždavinys 1": f"{page}/planas/#task-1",
        "Priemonė 1.1": f"{page}/planas/#1.1",
        "Veiksmas 1.1.1": f"{page}/veiksmai/1.1.1/",
        "Rezultatas 1.1.1-1": f"{page}/veiksmai/1.1.1/#{kept.key}",
        "Rezultatas 1.1.1-2": "",
    }
    action.delete()
    urls = {entry.subject.title: entry.subject.url for entry in entries(Scope(action.plan), cast.manager)}
    assert urls["Veiksmas 1.1.1"] == urls["Rezultatas 1.1.1-1"] == ""


def test_project_alone_leads_to_the_result_where_it_is_now(cast: Cast, action: Action) -> None:
    result = make_result(action)
    ResultProject(result=result, project=make_project()).save()
    change(result, cast.coordinator, action=make_action(action.measure, number="1.1.2"))
    [entry] = entries(Scope(action.plan), cast.manager, kas="projektas")
    assert entry.subject.url == f"/{action.plan.slug}/veiksmai/1.1.2/#1.1.1-1"


def test_reporting_periods_lead_to_their_page(cast: Cast, client: Client, action: Action) -> None:
    period = ReportingPeriod(
        plan=action.plan, title="I pusmetis", starts_on=date(2023, 1, 1), ends_on=date(2023, 6, 30)
    )
    period.save()
    change(period, cast.coordinator, ends_on=date(2023, 7, 31))
    newest = entries(Scope(action.plan), cast.coordinator)[0]
    assert in_short(newest) == (
        "Ataskaitinis laikotarpis I pusmetis",
        "~",
        "Pabaiga: 2023-06-30 → 2023-07-31",
    )
    assert newest.subject.url == period.get_absolute_url()
    # Its days decide who owes which report, so they are changed where periods are.
    assert not newest.changes[0].can_be_undone


def test_history_of_an_action_tells_what_it_had_and_where_it_was(cast: Cast, action: Action) -> None:
    result, moved = make_result(action, text="Lieka"), make_result(action, text="Iškeliauja")
    project_link = ResultProject(result=result, project=make_project())
    project_link.save()
    project_link.delete()
    other = make_action(action.measure, number="1.1.2")
    change(moved, cast.coordinator, action=other)
    measure = make_measure(action.measure.task, title="Kita priemonė")
    change(action, cast.coordinator, number="1.2.7", measure=measure)
    change(other, cast.coordinator, title="Svetimas")
    told = [in_short(entry) for entry in entries(ActionScope(action.plan, action.pk), cast.manager)]
    assert told == [
        ("Veiksmas 1.2.7", "~", "Priemonė: 1.1 Priemonė 1.1 → 1.2 Kita priemonė", "Numeris: 1.1.1 → 1.2.7"),
        ("Rezultatas 1.1.1-2", "~", "Veiksmas: 1.2.7 Susitikimai → 1.1.2 Svetimas"),
        ("Rezultatas 1.1.1-1 projektas „BASCIL“", "-", ""),
        ("Rezultatas 1.1.1-1 projektas „BASCIL“", "+", ""),
        ("Rezultatas 1.1.1-2", "+", "Iškeliauja"),
        ("Rezultatas 1.1.1-1", "+", "Lieka"),
        ("Veiksmas 1.2.7", "+", "Susitikimai"),
    ]


@pytest.mark.parametrize("number", ["1.2.7", "1.1.1"])
def test_history_of_an_action_is_found_by_earlier_numbers_too(
    client: Client, action: Action, number: str
) -> None:
    plan = action.plan
    change(action, action.owner, number="1.2.7", measure=make_measure(action.measure.task))
    assert "1.2.7 veiksmo istorija" in text_of(client.get(f"/{plan.slug}/veiksmai/{number}/istorija/"))
    action.delete()
    response = client.get(f"/{plan.slug}/veiksmai/{number}/istorija/")
    assert "šis veiksmas ištrintas" in text_of(response)
    assert f'href="/{plan.slug}/veiksmai/1.2.7/"' not in response.content.decode()


def test_number_belongs_to_the_action_that_has_it_now(cast: Cast, client: Client, action: Action) -> None:
    change(action, cast.coordinator, number="1.1.9", title="Pernumeruotas")
    make_action(action.measure, number="1.1.1", title="Naujas")
    response = client.get(f"/{action.plan.slug}/veiksmai/1.1.1/istorija/")
    assert "Pernumeruotas" not in text_of(response)
    assert "Pridėta : Naujas" in text_of(response)


def test_what_the_journal_wrote_is_marked(cast: Cast, client: Client, action: Action) -> None:
    result = make_result(action)
    record_progress(
        action=action, author=cast.updater, results=[ReportedResult(result.key, 1, Status.IN_PROGRESS, 40)]
    )
    newest, *others = entries(Scope(action.plan), cast.coordinator)
    assert in_short(newest)[2:] == ("Būsena: Nepradėta → Vykdoma", "Procentai: 0\xa0% → 40\xa0%")
    assert (newest.who, newest.how, newest.is_from_journal) == ("Ula Ulaitė", "Pažangos įrašas", True)
    assert not any(change.can_be_undone for change in newest.changes)
    assert not any(entry.is_from_journal for entry in others)
    response = client.get(f"/{action.plan.slug}/istorija/")
    assert '<span class="tag">Pažangos įrašas</span>' in response.content.decode()


def test_long_texts_show_the_words_that_changed(cast: Cast, client: Client, action: Action) -> None:
    change(action, cast.coordinator, lead_in="Vienas du trys keturi penki šeši septyni")
    change(action, cast.coordinator, lead_in="Vienas du <b>trys</b> keturi šeši septyni aštuoni")
    html = client.get(f"/{action.plan.slug}/istorija/").content.decode()
    assert (
        "Vienas du <del>trys</del> <ins>&lt;b&gt;trys&lt;/b&gt;</ins> keturi <del>penki</del> "
        "šeši septyni <ins>aštuoni</ins>"
    ) in " ".join(html.split())


def test_lists_and_dates_are_told_in_words(cast: Cast, action: Action) -> None:
    result = make_result(action)
    link = {"text": "Svetainė", "href": "https://example.lt"}
    change(result, cast.coordinator, sub_items=["a", "b"], links=[link], last_year=None)
    change(result, cast.coordinator, deadline=date(2024, 6, 30))
    later, earlier, *_others = entries(Scope(action.plan), cast.manager)
    assert in_short(later)[2:] == ("Terminas: – → 2024-06-30",)
    assert in_short(earlier)[2:] == (
        "Papunkčiai: – → a; b",
        "Nuorodos: – → Svetainė (https://example.lt)",
        "Paskutiniai metai: 2024 → –",
    )


def test_saving_without_a_change_is_said_to_be_one(cast: Cast, client: Client, action: Action) -> None:
    change(action, cast.coordinator)
    assert "Išsaugota nieko nepakeitus" in text_of(client.get(f"/{action.plan.slug}/istorija/"))


def make_versions(action: Action, author: Any, count: int) -> None:
    """Write many changes of one row in one statement."""
    history: Any = Action.history
    newest = history.first()
    values = {field.attname: getattr(newest, field.attname) for field in Action._meta.concrete_fields}
    history.bulk_create(
        history.model(
            **values | {"title": f"Pavadinimas {n}", "version": 1 + n},
            history_date=timezone.now() + timedelta(seconds=n),
            history_type="~",
            history_user=author,
        )
        for n in range(1, count + 1)
    )
    Action.objects.filter(pk=action.pk).update(title=f"Pavadinimas {count}", version=1 + count)


def test_long_history_comes_in_pages(cast: Cast, client: Client, action: Action) -> None:
    make_versions(action, cast.updater, 1000)
    page = f"/{action.plan.slug}/veiksmai/1.1.1/istorija/"
    first, last = text_of(client.get(page)), text_of(client.get(page, {"puslapis": "21"}))
    assert "1001 pakeitimas" in first
    assert "Pavadinimas 999 → Pavadinimas 1000" in first
    assert first.count("Pavadinimas:") == PER_PAGE
    assert "1 puslapis iš 21" in first
    assert "Pridėta : Susitikimai" in last
    assert "21 puslapis iš 21" in last


def test_only_the_rows_of_the_page_are_read(cast: Cast, client: Client, action: Action) -> None:
    make_versions(action, cast.updater, 1000)
    made: list[Any] = []

    def note(instance: Any, **kwargs: Any) -> None:
        made.append(instance)

    post_init.connect(note, sender=Action.history.model)
    try:
        client.get(f"/{action.plan.slug}/istorija/", {"puslapis": "3"})
    finally:
        post_init.disconnect(note, sender=Action.history.model)
    # The page, the version before each, and the newest of the one row.
    assert PER_PAGE < len(made) <= 2 * PER_PAGE + 1


@pytest.mark.parametrize("puslapis", ["0", "-1", "abc", "99999999999999999999", "1.5"])
def test_page_that_does_not_exist_is_the_nearest(client: Client, action: Action, puslapis: str) -> None:
    response = client.get(f"/{action.plan.slug}/istorija/", {"puslapis": puslapis})
    assert "Veiksmas 1.1.1" in text_of(response)


def test_authors_of_other_plans_are_not_named(cast: Cast, client: Client, action: Action) -> None:
    other = make_action(make_measure())
    change(other, cast.administrator, title="Kitur")
    response = client.get(f"/{action.plan.slug}/istorija/")
    assert "Adomas Adomaitis" not in response.content.decode()
    assert "Adomas Adomaitis" in client.get(f"/{other.plan.slug}/istorija/").content.decode()


@pytest.mark.parametrize("path", ["istorija/", "veiksmai/1.1.1/istorija/"])
@pytest.mark.parametrize(
    ("name", "status"), [("stranger", 403), ("updater", 200), ("manager", 200), ("administrator", 200)]
)
def test_history_needs_the_right_to_see_the_plan(
    cast: Cast, as_user: Any, action: Action, path: str, name: str, status: int
) -> None:
    response = as_user(getattr(cast, name)).get(f"/{action.plan.slug}/{path}")
    assert response.status_code == status
    assert ("Susitikimai" in text_of(response)) is (status == 200)


@pytest.mark.parametrize("path", ["istorija/", "veiksmai/1.1.1/istorija/"])
def test_history_can_only_be_read(client: Client, action: Action, path: str) -> None:
    assert client.post(f"/{action.plan.slug}/{path}", {"title": "x"}).status_code == 405


@pytest.mark.parametrize("number", ["9.9.9", "1.1", "abc", "x" * 500, "%F0%9F%92%A9"])
def test_history_of_an_unknown_action_is_not_found(client: Client, action: Action, number: str) -> None:
    assert client.get(f"/{action.plan.slug}/veiksmai/{number}/istorija/").status_code == 404


def test_history_of_another_plans_action_is_not_found(client: Client, action: Action) -> None:
    assert client.get(f"/{make_plan().slug}/veiksmai/1.1.1/istorija/").status_code == 404


@pytest.mark.parametrize("path", ["istorija/", "veiksmai/1.1.1/istorija/"])
def test_queries_do_not_grow(cast: Cast, client: Client, django_assert_num_queries: Any, path: str) -> None:
    queries = None
    for changes in (1, 3):
        action = make_action()
        for n in range(changes):
            result = make_result(action)
            give_code(action, make_code(f"I.1.{changes}.{n}"))
            ActionResource(action=action, resource=make_resource(f"Lėšos {changes}.{n}")).save()
            ResultProject(result=result, project=make_project(f"Projektas {changes}.{n}")).save()
            change(result, cast.coordinator, text="Kitas")
            change(action, cast.updater, owner=cast.updater if n % 2 else cast.other_updater)
        page = f"/{action.plan.slug}/{path}"
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        assert queries in (None, len(captured)), [query["sql"] for query in captured]
        queries = len(captured)


def test_action_page_leads_to_its_history(client: Client, action: Action) -> None:
    html = client.get(action.get_absolute_url()).content.decode()
    assert f'<a href="/{action.plan.slug}/veiksmai/1.1.1/istorija/">Istorija</a>' in html
