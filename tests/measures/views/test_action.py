"""The page of one action: what it shows, and recording progress through it."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from akr_plan.models import User
from measures.enums import ConditionState, PlanState, Status
from measures.models import Action, Plan, ProgressUpdate
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import make_action, make_big_plan, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    action = make_action(owner=cast.updater)
    for _result in range(3):
        make_result(action)
    return action


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.updater)
    return signed_in


def filled_in(action: Action) -> dict[str, Any]:
    """Return the update form as a browser sends it."""
    data: dict[str, Any] = {"comment": "", "correction": "", "link": "", "reported_on": "2024-06-30"}
    for result in action.results.all():
        data |= {f"{result.key}-version": result.version, f"{result.key}-status": result.status}
        data[f"{result.key}-percent"] = "" if result.progress.typed_percent is None else result.percent
    return data


def text_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_saving_changes_the_status_and_says_so(client: Client, action: Action) -> None:
    url = action.get_absolute_url()
    data = filled_in(action) | {
        "1.1.1-1-status": "in_progress",
        "1.1.1-1-percent": "40",
        "comment": "Pradėta",
    }
    response = client.post(url, data, follow=True)
    assert response.redirect_chain == [(url, 302)]
    text = text_of(response)
    assert "1.1.1 veiksmo pažanga išsaugota." in text
    assert "Rezultatas 1: Vykdoma 40 % Pradėta 2024-06-30 · Ula Ulaitė" in text
    assert action.results.get(key="1.1.1-1").percent == 40


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("1.1.1-1-percent", "101", "ne didesnė kaip 100"),
        ("1.1.1-1-percent", "-1", "ne mažesnė kaip 0"),
        ("1.1.1-1-percent", "80 %", "sveikąjį skaičių"),
        ("1.1.1-1-status", "ZZZ", "Reikšmės „ZZZ“ tarp galimų nėra."),
        ("1.1.1-1-version", "", "Pataisykite pažymėtus laukus."),
        ("1.1.1-1-version", "9" * 40, "Pataisykite pažymėtus laukus."),
        ("reported_on", "2999-01-01", "Ši diena dar neatėjo."),
        ("reported_on", "30.06.2024", "Datą rašykite taip"),
        ("link", "javascript:alert(1)", "URL"),
        ("comment", "a\0b", "Nulinių simbolių vartoti negalima."),
        ("comment", "x" * 10_001, "10000"),
    ],
)
def test_bad_field_is_explained_and_what_was_typed_stays(
    client: Client, action: Action, field: str, value: str, message: str
) -> None:
    data = filled_in(action) | {"comment": "Mano žodžiai", "1.1.1-1-status": "in_progress", field: value}
    response = client.post(action.get_absolute_url(), data)
    assert response.status_code == 422
    if field != "comment":
        assert "Mano žodžiai" in text_of(response)
    assert message.lower() in text_of(response).lower()
    assert not ProgressUpdate.objects.exists()


def test_nothing_changed_is_explained(client: Client, action: Action) -> None:
    response = client.post(action.get_absolute_url(), filled_in(action))
    assert response.status_code == 422
    assert "Dar niekas nepakeista" in text_of(response)


def test_one_click_sets_all_open_results(client: Client, action: Action) -> None:
    record_progress(
        action=action,
        author=User.objects.get(username="ula"),
        results=[ReportedResult("1.1.1-2", 1, Status.CANCELLED)],
    )
    data = filled_in(action) | {"set_open": "done", "reported_on": ""}
    data["reported_on"] = ProgressUpdate.objects.get().reported_on.isoformat()
    assert client.post(action.get_absolute_url(), data).status_code == 302
    assert list(action.results.values_list("status", flat=True)) == [
        Status.DONE,
        Status.CANCELLED,
        Status.DONE,
    ]


def test_lost_update_is_answered_with_both_values(cast: Cast, client: Client, action: Action) -> None:
    data = filled_in(action) | {
        "1.1.1-1-status": "in_progress",
        "1.1.1-1-percent": "60",
        "comment": "Mano žodžiai",
    }
    record_progress(
        action=action,
        author=cast.coordinator,
        results=[ReportedResult("1.1.1-1", 1, Status.DONE)],
        reported_on=None,
    )
    response = client.post(action.get_absolute_url(), data)
    text = text_of(response)
    assert response.status_code == 409
    assert "Dabar Įvykdyta pakeitė Kotryna Kotrynaitė Jūsų Vykdoma 60 %" in text
    assert "Mano žodžiai" in text
    assert ProgressUpdate.objects.count() == 1

    # Saving the page that was shown is a decision made with both values in sight.
    version = re.search(r'name="1.1.1-1-version" value="(\d+)"', response.content.decode())
    assert version
    again = data | {
        "1.1.1-1-version": version[1],
        "reported_on": ProgressUpdate.objects.get().reported_on.isoformat(),
    }
    assert client.post(action.get_absolute_url(), again).status_code == 302
    assert action.results.get(key="1.1.1-1").percent == 60


@pytest.mark.parametrize(
    ("name", "shown", "status"),
    [("other_updater", False, 403), ("manager", False, 403), ("coordinator", True, 302)],
)
def test_form_and_saving_follow_the_rights(
    cast: Cast, as_user: Any, action: Action, name: str, shown: bool, status: int
) -> None:
    client = as_user(getattr(cast, name))
    assert ('name="token"' in client.get(action.get_absolute_url()).content.decode()) is shown
    data = filled_in(action) | {"comment": "Bandau"}
    assert client.post(action.get_absolute_url(), data).status_code == status


def test_closed_plan_shows_no_form(client: Client, action: Action) -> None:
    Plan.objects.update(state=PlanState.CLOSED)
    response = client.get(action.get_absolute_url())
    assert "Apie pažangą galima pranešti tik vykdomame plane." in text_of(response)
    assert client.post(action.get_absolute_url(), filled_in(action) | {"comment": "x"}).status_code == 422


def test_post_needs_the_csrf_token(cast: Cast, action: Action) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.updater, backend="akr_plan.rights.RightsBackend")
    response = client.post(action.get_absolute_url(), filled_in(action))
    assert response.status_code == 403
    assert "Forma nebegalioja" in text_of(response)


@pytest.mark.parametrize("number", ["9.9.9", "1.1", "abc", "1.1.1.1", "%F0%9F%92%A9", "x" * 500])
def test_unknown_action_is_not_found(client: Client, action: Action, number: str) -> None:
    assert client.get(f"/{action.plan.slug}/veiksmai/{number}/").status_code == 404


def test_condition_and_term_are_shown(client: Client, action: Action) -> None:
    result = action.results.all()[0]
    result.condition, result.condition_state = "gavus finansavimą", ConditionState.PENDING
    result.save()
    text = text_of(client.get(action.get_absolute_url()))
    assert "Sąlyga: gavus finansavimą – laukiama" in text
    assert "Vėluoja, terminas 2024-12-31" in text


def test_queries_do_not_grow(cast: Cast, as_user: Any, django_assert_num_queries: Any) -> None:
    client = as_user(cast.coordinator)
    queries = 17
    for results in (1, 3):
        plan = make_big_plan(actions=results, results=results)
        action = Action.objects.filter(plan=plan)[0]
        for _update in range(results):
            record_progress(action=action, author=cast.coordinator, results=[], comment="Taip")
        client.get(action.get_absolute_url())
        with django_assert_num_queries(queries):
            client.get(action.get_absolute_url())


def test_long_journal_shows_its_newest_entries_first(cast: Cast, client: Client, action: Action) -> None:
    for number in range(25):
        record_progress(action=action, author=cast.updater, comment=f"Įrašas nr. {number}.")
    text = text_of(client.get(action.get_absolute_url()))
    assert ("Įrašas nr. 24." in text, "Įrašas nr. 5." in text, "Įrašas nr. 4." in text) == (True, True, False)
    assert "Visas žurnalas (25 įrašai)" in text
    everything = text_of(client.get(action.get_absolute_url(), {"zurnalas": "visas"}))
    assert all(f"Įrašas nr. {number}." in everything for number in range(25))
    assert "Visas žurnalas" not in everything
