"""History says how a change came about: on the administration pages, by an import."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from measures.exchange.document.reader import read_document
from measures.exchange.fixtures import AKR_DOCUMENT, load_reference_lists
from measures.exchange.plan_text.draft import import_plan
from measures.models import Action, ActionResource, Measure, PlannedResult, Task
from tests.conftest import Cast
from tests.make import make_action, make_resource, make_result
from tests.measures.admin.pages import read_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    action = make_action()
    make_result(action)
    ActionResource(action=action, resource=make_resource()).save()
    return action


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.coordinator)
    return signed_in


def ways(*models: Any) -> list[tuple[str, str | None]]:
    """Return type and way of the newest version of each model."""
    newest = [model.history.latest("history_id") for model in models]
    return [(version.history_type, version.history_change_reason) for version in newest]


def test_saving_and_adding_rows_on_admin_pages(client: Client, action: Action) -> None:
    page = reverse("admin:measures_action_change", args=[action.pk])
    form = read_form(client.get(page)) | {"title": "Kitas", "results-0-text": "Kitas"}
    assert client.post(page, form).status_code == 302
    assert ways(Action, PlannedResult, ActionResource) == [
        ("~", "Administravimas"),
        ("~", "Administravimas"),
        ("+", None),
    ]


def test_deleting_on_admin_pages_takes_all_along(client: Client, action: Action) -> None:
    page = reverse("admin:measures_measure_delete", args=[action.measure.pk])
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert ways(Measure, Action, PlannedResult, ActionResource, Task) == [
        *[("-", "Administravimas")] * 4,
        ("+", None),
    ]


def test_other_pages_are_no_administration(client: Client, action: Action) -> None:
    action.title = "Antras"
    action.save()
    form = {
        "kind": "action",
        "history_id": action.history.latest("history_id").history_id,
        "seen_version": action.version,
        "field": "title",
        "confirmed": "1",
    }
    assert client.post(f"/{action.plan.slug}/istorija/grazinti/", form).status_code == 302
    assert ways(Action) == [("~", "Grąžinta ankstesnė reikšmė")]


def test_import_says_so_and_later_changes_do_not(cast: Cast) -> None:
    load_reference_lists()
    plan = import_plan(read_document(AKR_DOCUMENT.read_text(encoding="utf-8")).plan)
    for model in (Task, Measure, Action, PlannedResult, ActionResource):
        versions: Any = model
        assert set(versions.history.values_list("history_change_reason", flat=True)) == {"Importas"}
    plan.title = "Kitas"
    plan.save()
    newest: Any = type(plan)
    assert ways(newest) == [("~", None)]
