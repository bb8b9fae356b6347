"""What the screen shows, which rows open, and who may look."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from measures.enums import PlanState
from measures.models import Action, Measure, Plan, ProgressUpdate, ReportingPeriod
from measures.services.progress import record_progress
from tests.conftest import Cast
from tests.make import PASSWORD, make_action, make_big_plan, make_period, make_result

from ..forms import HTMX, filled_in, text_of, url_of

pytestmark = pytest.mark.django_db


def test_sign_in_lands_on_ones_own_actions(cast: Cast, action: Action) -> None:
    client = Client()
    response = client.post("/prisijungti/", {"username": "ula", "password": PASSWORD}, follow=True)
    assert response.redirect_chain == [("/", 302), ("/2023-2024/mano/", 302)]
    text = text_of(response)
    assert "Mano veiksmai Ataskaitinis laikotarpis „2024 m. I pusmetis“, iki 2024-06-30 · " in text
    assert "0 iš 2 veiksmų pranešta" in text
    assert "1.1.1 Veiksmas 1.1.1 Nepradėta 0 % terminas 2024-12-31 dar nepranešta" in text
    assert "Neužbaigta: 2 iš 2 rezultatų Rezultatas 1 Rezultatas 2" in text


@pytest.mark.parametrize("name", ["manager", "coordinator", "administrator", "other_updater"])
def test_who_owns_nothing_lands_on_the_dashboard(cast: Cast, as_user: Any, action: Action, name: str) -> None:
    assert as_user(getattr(cast, name)).get("/")["Location"] == "/2023-2024/"


def test_form_opens_in_the_row_and_nowhere_else(client: Client, action: Action) -> None:
    closed = client.get("/2023-2024/mano/").content.decode()
    assert closed.count('name="token"') == 0
    assert (
        f'href="/2023-2024/mano/?veiksmas=1.1.1#veiksmas-1.1.1" hx-get="{url_of("my_form", action)}"'
        in closed
    )
    page = client.get("/2023-2024/mano/?veiksmas=1.1.1").content.decode()
    assert page.count('name="token"') == 1
    assert page.count('<li class="my-action"') == 2
    assert "Būklė 2024-05-15 – įskaitoma į laikotarpį „2024 m. I pusmetis“" in page
    row = client.get(url_of("my_form", action), headers=HTMX).content.decode()
    assert row.count('<li class="my-action"') == 1
    assert 'name="1.1.1-1-status"' in row
    assert "<html" not in row
    assert 'name="token"' not in client.get(url_of("my_row", action), headers=HTMX).content.decode()


def test_form_is_about_the_end_of_the_period_that_is_over(cast: Cast, as_user: Any, action: Action) -> None:
    with time_machine.travel("2024-07-10 12:00:00+03:00", tick=False):
        client = as_user(cast.updater)
        page = client.get("/2023-2024/mano/?veiksmas=1.1.1").content.decode()
        assert 'name="reported_on" value="2024-06-30"' in page
        record_progress(action=action, author=cast.updater, comment="Liepa", reported_on=date(2024, 7, 2))
        text = text_of(client.get("/2023-2024/mano/?veiksmas=1.1.1"))
    assert "Būklė 2024-07-10 – ši data nepriklauso jokiam ataskaitiniam laikotarpiui." in text


@pytest.mark.parametrize("number", ["9.9.9", "1.1", "'\"><script>", "x" * 500, "1.1.3"])
def test_row_that_is_not_there_is_not_opened(cast: Cast, client: Client, action: Action, number: str) -> None:
    make_action(action.measure, owner=cast.other_updater)
    response = client.get("/2023-2024/mano/", {"veiksmas": number})
    assert response.status_code == 200
    assert response.context["editor"] is None


def test_without_periods_nothing_is_said_of_them(client: Client, action: Action) -> None:
    ReportingPeriod.objects.all().delete()
    text = text_of(client.get("/2023-2024/mano/?veiksmas=1.1.2"))
    assert "laikotarp" not in text
    assert "Naujo nėra 1.1.1" in text


def test_closed_plan_shows_the_actions_without_buttons(client: Client, action: Action) -> None:
    Plan.objects.update(state=PlanState.CLOSED)
    response = client.get("/2023-2024/mano/?veiksmas=1.1.1")
    assert "Apie pažangą galima pranešti tik vykdomame plane." in text_of(response)
    assert "Veiksmas 1.1.1" in text_of(response)
    assert "<button" not in response.content.decode().split("<main")[1]
    assert 'name="token"' not in client.get(url_of("my_form", action), headers=HTMX).content.decode()


def test_who_owns_nothing_is_told_so(cast: Cast, as_user: Any, action: Action) -> None:
    text = text_of(as_user(cast.other_updater).get("/2023-2024/mano/"))
    assert "Jums nepriskirtas nė vienas šio plano veiksmas" in text


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("administrator", 200),
        ("coordinator", 200),
        ("manager", 403),
        ("other_updater", 403),
        ("stranger", 403),
    ],
)
def test_somebody_elses_screen_follows_the_rights(
    cast: Cast, as_user: Any, action: Action, name: str, status: int
) -> None:
    client = as_user(getattr(cast, name))
    assert client.get("/2023-2024/mano/ula/").status_code == status
    for row in ("my_row", "my_form"):
        assert client.get(url_of(row, action), headers=HTMX).status_code == status
    data = filled_in(action, comment="Bandau", reported_on="2024-05-15")
    for headers in (HTMX, {}):
        for url, sent in ((url_of("my_form", action), data), (url_of("nothing_new", action), {})):
            refused = client.post(url, sent, headers=headers).status_code == 403
            assert refused is (status == 403)
    assert ProgressUpdate.objects.count() == (4 if status == 200 else 0)


def test_accounts_are_not_told_to_those_who_may_not_ask(cast: Cast, as_user: Any, action: Action) -> None:
    for username, updater, coordinator in (("niekas", 403, 404), ("x" * 500, 403, 404), ("ugnius", 403, 200)):
        assert as_user(cast.updater).get(f"/2023-2024/mano/{username}/").status_code == updater
        assert as_user(cast.coordinator).get(f"/2023-2024/mano/{username}/").status_code == coordinator
    assert as_user(cast.updater).get("/2023-2024/mano/ula/")["Location"] == "/2023-2024/mano/"


def test_rows_lead_to_their_screen(cast: Cast, as_user: Any, action: Action) -> None:
    def lead(name: str, url: str) -> str:
        return str(as_user(getattr(cast, name)).get(url)["Location"])

    assert lead("updater", url_of("my_row", action)) == "/2023-2024/mano/#veiksmas-1.1.1"
    opened = "?veiksmas=1.1.1#veiksmas-1.1.1"
    assert lead("updater", url_of("my_form", action)) == f"/2023-2024/mano/{opened}"
    assert lead("coordinator", url_of("my_form", action)) == f"/2023-2024/mano/ula/{opened}"
    # Who may not open the screen is shown the action all the same.
    assert lead("manager", url_of("my_form", action)) == "/2023-2024/veiksmai/1.1.1/"


def test_action_without_an_owner_has_no_row(cast: Cast, as_user: Any, measure: Measure) -> None:
    action = make_action(measure)
    make_result(action)
    client = as_user(cast.coordinator)
    assert client.get(url_of("my_form", action), headers=HTMX).status_code == 404
    assert client.post(url_of("nothing_new", action)).status_code == 404
    assert client.get(url_of("my_form", action))["Location"] == action.get_absolute_url()


def test_manager_may_own_actions_but_not_report(cast: Cast, as_user: Any, measure: Measure) -> None:
    action = make_action(measure, owner=cast.manager)
    make_result(action)
    client = as_user(cast.manager)
    assert "Atnaujinti" not in text_of(client.get("/2023-2024/mano/"))
    assert client.post(url_of("nothing_new", action)).status_code == 403
    assert client.post(url_of("my_form", action), filled_in(action, comment="x")).status_code == 403


@pytest.mark.parametrize("number", ["9.9.9", "1.1", "abc", "%F0%9F%92%A9", "x" * 500])
@pytest.mark.parametrize("page", ["eilute/", "eilute/forma/", "naujo-nera/"])
def test_unknown_action_is_not_found(client: Client, action: Action, number: str, page: str) -> None:
    url = f"/2023-2024/veiksmai/{number}/{page}"
    response = client.post(url) if page == "naujo-nera/" else client.get(url, headers=HTMX)
    assert response.status_code == 404


def test_text_from_people_is_escaped(cast: Cast, client: Client, measure: Measure) -> None:
    bad = '"><img src=x onerror=alert(1)>'
    make_result(make_action(measure, title=bad, owner=cast.updater), text=bad)
    ReportingPeriod.objects.update(title=bad)
    html = client.get("/2023-2024/mano/?veiksmas=1.1.1").content.decode()
    assert "<img src=x" not in html


@pytest.mark.parametrize(
    "address", ["{slug}/mano/", "{slug}/mano/{owner}/", "{slug}/mano/{owner}/?veiksmas=1.1.1"]
)
def test_queries_do_not_grow(
    cast: Cast, as_user: Any, address: str, django_assert_max_num_queries: Any
) -> None:
    client = as_user(cast.coordinator)
    counts = set()
    for size in (1, 3):
        plan = make_big_plan(actions=size, results=size)
        make_period(plan, date(2024, 1, 1), date(2024, 6, 30), title="2024 m. I pusmetis")
        owner = Action.objects.filter(plan=plan)[0].owner
        assert owner
        for action in Action.objects.filter(plan=plan):
            record_progress(action=action, author=cast.coordinator, comment="Taip")
        url = "/" + address.format(slug=plan.slug, owner=owner.username)
        client.get(url)
        with django_assert_max_num_queries(20) as captured:
            assert client.get(url).status_code == 200
        counts.add(len(captured))
    assert len(counts) == 1
