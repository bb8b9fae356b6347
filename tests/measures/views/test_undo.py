"""Taking a change back on the page: two steps, no script, and nothing that a forged form could break."""

import re
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse
from simple_history.models import HistoricalChanges

from measures.models import Action, PlannedResult
from tests.conftest import Cast
from tests.make import make_action, make_plan, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    action = make_action(title="Pirmas", owner=cast.updater)
    action.title = "Antras"
    action.save()
    return action


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.coordinator)
    return signed_in


def address(action: Action) -> str:
    return f"/{action.plan.slug}/istorija/grazinti/"


def form_of(row: Any, field: str = "title", **values: Any) -> dict[str, Any]:
    """Return the form as the page sends it."""
    version = row.history.first()
    return {
        "kind": row._meta.model_name,
        "history_id": version.history_id,
        "seen_version": row.version,
        "field": field,
        "number": "",
        **values,
    }


def hidden_fields(response: Any) -> list[dict[str, str]]:
    """Return the hidden fields of each form that leads to undoing."""
    forms = re.findall(
        r'<form method="post" action="[^"]*/grazinti/">(.*?)</form>', response.content.decode(), re.DOTALL
    )
    return [dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)) for form in forms]


def text_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.mark.parametrize("page", ["istorija/", "veiksmai/1.1.1/istorija/"])
def test_button_leads_through_a_question_to_the_earlier_value(
    client: Client, action: Action, page: str
) -> None:
    page = f"/{action.plan.slug}/{page}"
    [form] = hidden_fields(client.get(page))
    question = client.post(address(action), form)
    assert question.status_code == 200
    asked = "Grąžinti ankstesnę reikšmę? Veiksmas 1.1.1 Pavadinimas Dabar Antras Bus Pirmas"
    assert asked in text_of(question)
    assert Action.objects.get().title == "Antras"

    [form] = hidden_fields(question)
    response = client.post(address(action), form | {"confirmed": "1"}, follow=True)
    assert response.redirect_chain == [(page, 302)]
    assert "Ankstesnė reikšmė grąžinta." in text_of(response)
    assert "Pavadinimas: Antras → Pirmas" in text_of(response).replace(" :", ":")
    assert "Kotryna Kotrynaitė Grąžinta ankstesnė reikšmė" in text_of(response)
    assert Action.objects.get().title == "Pirmas"


def test_button_stands_at_the_last_change_of_a_field_only(client: Client, action: Action) -> None:
    first = action.history.first().history_id
    action.owner = None
    action.save()
    action.title = "Trečias"
    action.save()
    forms = hidden_fields(client.get(f"/{action.plan.slug}/istorija/"))
    newest, owner, _first, _added = action.history.values_list("history_id", flat=True)
    assert [(int(form["history_id"]), form["field"]) for form in forms] == [
        (newest, "title"),
        (owner, "owner"),
    ]
    # The same value again is not the same change.
    action.title = "Antras"
    action.save()
    forms = hidden_fields(client.get(f"/{action.plan.slug}/istorija/"))
    assert first not in [int(form["history_id"]) for form in forms]


def test_no_button_for_what_is_gone(client: Client, action: Action) -> None:
    plan = action.plan
    action.delete()
    assert hidden_fields(client.get(f"/{plan.slug}/istorija/")) == []


@pytest.mark.parametrize(("name", "buttons"), [("updater", 0), ("manager", 0), ("administrator", 1)])
def test_button_is_for_those_who_may_change_the_row(
    cast: Cast, as_user: Any, action: Action, name: str, buttons: int
) -> None:
    client = as_user(getattr(cast, name))
    assert len(hidden_fields(client.get(f"/{action.plan.slug}/istorija/"))) == buttons
    assert client.post(address(action), form_of(action)).status_code == (200 if buttons else 403)
    response = client.post(address(action), form_of(action, confirmed="1"))
    assert response.status_code == (302 if buttons else 403)
    assert Action.objects.get().title == ("Pirmas" if buttons else "Antras")


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}])
def test_row_changed_meanwhile_is_a_conflict(
    client: Client, action: Action, confirmed: dict[str, str]
) -> None:
    form = form_of(action, **confirmed)
    action.lead_in = "Kito"
    action.save()
    response = client.post(address(action), form)
    assert response.status_code == 409
    assert "Niekas nepakeista" in text_of(response)
    assert "1.1.1 Antras" in text_of(response)
    assert Action.objects.get().title == "Antras"


def test_value_that_does_not_fit_any_more_is_explained(client: Client, action: Action) -> None:
    action.number = "1.1.2"
    action.save()
    make_action(action.measure, number="1.1.1")
    response = client.post(address(action), form_of(action, "number", confirmed="1"))
    assert response.status_code == 422
    assert "Niekas nepakeista" in text_of(response)
    assert Action.objects.filter(number="1.1.2").exists()


@pytest.mark.parametrize(
    "forged",
    [
        {"kind": "user"},
        {"kind": ""},
        {"kind": "measure"},
        {"history_id": "abc"},
        {"history_id": ""},
        {"history_id": "0"},
        {"history_id": "-1"},
        {"history_id": "9" * 19},
        {"history_id": "9" * 40},
        {"seen_version": "x"},
        {"seen_version": ""},
        {"field": "version"},
        {"field": "plan"},
        {"field": "measure__title"},
        {"field": "a\0b"},
        {"field": ""},
    ],
)
def test_forged_form_finds_nothing(client: Client, action: Action, forged: dict[str, str]) -> None:
    response = client.post(address(action), form_of(action, confirmed="1") | forged)
    assert response.status_code == 404
    assert Action.objects.get().title == "Antras"


def test_missing_fields_find_nothing(client: Client, action: Action) -> None:
    assert client.post(address(action), {"confirmed": "1"}).status_code == 404


def test_row_of_another_plan_is_not_found(client: Client, action: Action) -> None:
    response = client.post(f"/{make_plan().slug}/istorija/grazinti/", form_of(action, confirmed="1"))
    assert response.status_code == 404
    assert Action.objects.get().title == "Antras"


@pytest.mark.parametrize("number", ["../x", "//evil.example", "1.1.1/../../", "x" * 500])
def test_forged_way_back_leads_to_the_plans_history(client: Client, action: Action, number: str) -> None:
    response = client.post(address(action), form_of(action, confirmed="1", number=number))
    assert response["Location"] == f"/{action.plan.slug}/istorija/"


def test_undoing_is_posted_with_the_csrf_token(cast: Cast, client: Client, action: Action) -> None:
    assert client.get(address(action)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.coordinator, backend="akr_plan.rights.RightsBackend")
    assert strict.post(address(action), form_of(action, confirmed="1")).status_code == 403
    assert Action.objects.get().title == "Antras"


def test_change_made_in_the_administration_can_be_undone(client: Client, action: Action) -> None:
    result = make_result(action, text="Vienas")
    result.text = "Du"
    result._change_reason = "Administravimas"  # type: ignore[attr-defined] # simple-history reads it
    result.save()
    client.post(address(action), form_of(result, "text", confirmed="1"))
    assert PlannedResult.objects.get().text == "Vienas"


def test_tables_of_history_have_no_page_of_their_own(cast: Cast) -> None:
    tables = [model for model in apps.get_models() if issubclass(model, HistoricalChanges)]
    assert len(tables) > 10
    assert not [model for model in tables if admin.site.is_registered(model)]
    for model in tables:
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:measures_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("name", ["administrator", "coordinator", "updater", "superuser"])
def test_no_role_can_write_history(cast: Cast, as_user: Any, action: Action, name: str) -> None:
    person = cast.administrator if name == "superuser" else getattr(cast, name)
    if name == "superuser":
        person.is_superuser = True
        person.save()
    client = as_user(person)
    before = list(Action.history.order_by("history_id").values())
    version = action.history.last().history_id
    for view, arguments in (
        ("admin:measures_action_simple_history", [action.pk, version]),
        ("admin:measures_action_history", [action.pk]),
        ("measures:history", [action.plan.slug]),
        ("measures:action_history", [action.plan.slug, "1.1.1"]),
    ):
        for data in ({"title": "Suklastota"}, {"_change_history": "1", "title": "Suklastota"}):
            client.post(reverse(view, args=arguments), data)
    assert list(Action.history.order_by("history_id").values()) == before
    assert Action.objects.get().title == "Antras"
