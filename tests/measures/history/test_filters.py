"""What a history can be narrowed down to, by its address."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from measures.history.scopes import Scope
from measures.models import Action
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_result
from tests.measures.history.reading import change, entries, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    return make_action(title="Susitikimai", owner=cast.updater)


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.coordinator)
    return signed_in


@pytest.fixture
def changed(cast: Cast, action: Action) -> Action:
    """Return an action of which two people have changed two fields on two days."""
    with time_machine.travel(datetime(2024, 1, 31, 23, 30, tzinfo=ZoneInfo("Europe/Vilnius"))):
        change(action, cast.coordinator, title="Sausis")
    with time_machine.travel(datetime(2024, 2, 1, 0, 30, tzinfo=ZoneInfo("Europe/Vilnius"))):
        change(action, cast.administrator, lead_in="Vasaris")
    return action


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"kas": "veiksmas.title"}, ["Sausis"]),
        ({"kas": "veiksmas.lead_in"}, ["Vasaris"]),
        ({"kas": "veiksmas.owner"}, []),
        ({"kas": "veiksmas", "asmuo": "kotryna"}, ["Sausis"]),
        ({"asmuo": "adomas"}, ["Vasaris"]),
        ({"iki": "2024-01-31"}, ["Sausis"]),
        ({"nuo": "2024-02-01", "iki": "2024-02-01"}, ["Vasaris"]),
        ({"nuo": "2024-02-02", "iki": "2024-02-03"}, []),
        ({"kas": "veiksmas", "iki": "2024-12-31"}, ["Vasaris", "Sausis"]),
    ],
)
def test_filter_keeps_what_is_asked_for(
    cast: Cast, changed: Action, asked: dict[str, str], shown: list[str]
) -> None:
    told = entries(Scope(changed.plan), cast.manager, **asked)
    assert [change.after for entry in told for change in entry.changes] == shown
    assert all(entry.event == "~" for entry in told)


def test_filter_by_field_sees_values_that_come_and_go(cast: Cast, action: Action) -> None:
    change(action, cast.coordinator, owner=None)
    change(action, cast.coordinator, title="Kitas")
    change(action, cast.coordinator, owner=cast.updater)
    told = entries(Scope(action.plan), cast.manager, kas="veiksmas.owner")
    assert [change.after for entry in told for change in entry.changes] == ["Ula Ulaitė", "–"]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("1", {"Uždavinys 1", "Priemonė 1.1", "Veiksmas 1.1.1", "Rezultatas 1.1.1-1", "Priemonė 1.10"}),
        ("1.1", {"Priemonė 1.1", "Veiksmas 1.1.1", "Rezultatas 1.1.1-1"}),
        ("1.1.", {"Priemonė 1.1", "Veiksmas 1.1.1", "Rezultatas 1.1.1-1"}),
        ("1.1.1", {"Veiksmas 1.1.1", "Rezultatas 1.1.1-1"}),
        ("1.1.1-1", {"Rezultatas 1.1.1-1"}),
        ("1.10", {"Priemonė 1.10"}),
        ("9", set()),
    ],
)
def test_search_by_number_finds_it_and_all_below(
    client: Client, action: Action, number: str, found: set[str]
) -> None:
    make_result(action)
    make_measure(action.measure.task, number="1.10")
    response = client.get(f"/{action.plan.slug}/istorija/", {"q": number})
    assert {entry.subject.title for entry in response.context["page"].object_list} == found


def test_search_by_number_finds_the_earlier_number(cast: Cast, client: Client, action: Action) -> None:
    change(action, cast.coordinator, number="1.1.5")
    response = client.get(f"/{action.plan.slug}/istorija/", {"q": "1.1.1"})
    assert [entry.event for entry in response.context["page"].object_list] == ["~", "+"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"asmuo": "nera"}, "Pagal „nera“ filtruoti negalima"),
        ({"asmuo": "svetimas"}, "Pagal „svetimas“ filtruoti negalima"),
        ({"kas": "veiksmas.version"}, "Pagal „veiksmas.version“ filtruoti negalima"),
        ({"kas": "veiksmas__plan"}, "Pagal „veiksmas__plan“ filtruoti negalima"),
        ({"nuo": "2024-13-01"}, "„2024-13-01“ nėra data."),
        ({"iki": "0001-01-01"}, "„0001-01-01“ nėra data."),
        ({"iki": "9999-12-31"}, "„9999-12-31“ nėra data."),
        ({"q": "1.1.1' OR 1=1"}, "„1.1.1' OR 1=1“ nėra plano numeris"),
        ({"q": "1" * 500}, "nėra plano numeris"),
    ],
)
def test_what_makes_no_sense_is_explained_and_everything_shown(
    client: Client, action: Action, asked: dict[str, str], message: str
) -> None:
    response = client.get(f"/{action.plan.slug}/istorija/", asked)
    assert response.status_code == 200
    assert message in text_of(response)
    assert len(response.context["page"].object_list) == 4


def test_nothing_found_is_said(client: Client, action: Action) -> None:
    assert "Tokių pakeitimų nėra." in text_of(client.get(f"/{action.plan.slug}/istorija/", {"q": "9"}))
