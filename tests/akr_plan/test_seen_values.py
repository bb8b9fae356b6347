"""Two administrators on the page of one account or role: nobody's change is undone unseen."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from akr_plan.models import User
from measures import roles
from tests.conftest import Cast
from tests.measures.admin.pages import errors_of, read_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.administrator)
    return signed_in


def page_of(row: User | Group) -> str:
    app = "akr_plan/user" if isinstance(row, User) else "auth/group"
    return f"/administravimas/{app}/{row.pk}/change/"


def test_account_is_saved_where_nobody_interferes(cast: Cast, client: Client) -> None:
    page = page_of(cast.updater)
    form = read_form(client.get(page)) | {"first_name": "Ona"}
    assert client.post(page, form).status_code == 302
    cast.updater.refresh_from_db()
    assert cast.updater.first_name == "Ona"


def test_loser_sees_both_values_and_keeps_what_was_typed(cast: Cast, client: Client) -> None:
    page = page_of(cast.updater)
    form = read_form(client.get(page)) | {"first_name": "Ona", "email": "ona@example.org"}
    User.objects.filter(pk=cast.updater.pk).update(first_name="Ieva")
    response = client.post(page, form)
    assert response.status_code == 409
    assert "Vardas – dabar: Ieva / jūsų: Ona" in errors_of(response)
    assert "El. pašt" not in errors_of(response)
    again = read_form(response)
    assert (again["first_name"], again["email"]) == ("Ona", "ona@example.org")
    cast.updater.refresh_from_db()
    assert (cast.updater.first_name, cast.updater.email) == ("Ieva", "")
    # Whoever saves again has seen both, and means it.
    assert client.post(page, again).status_code == 302
    cast.updater.refresh_from_db()
    assert cast.updater.first_name == "Ona"


def test_account_switched_off_meanwhile_is_not_switched_on_unseen(cast: Cast, client: Client) -> None:
    page = page_of(cast.updater)
    form = read_form(client.get(page)) | {"first_name": "Ona"}
    User.objects.filter(pk=cast.updater.pk).update(is_active=False)
    response = client.post(page, form)
    assert response.status_code == 409
    assert "dabar: Ne / jūsų: Taip" in errors_of(response)


def test_role_given_meanwhile_is_not_taken_away_unseen(cast: Cast, client: Client) -> None:
    page = page_of(cast.updater)
    form = read_form(client.get(page)) | {"first_name": "Ona"}
    cast.updater.groups.add(roles.group(roles.MANAGER))
    response = client.post(page, form)
    assert response.status_code == 409
    assert "Atsakingas darbuotojas, Vadovas" in errors_of(response)


def test_change_of_another_field_is_no_conflict_if_both_agree(cast: Cast, client: Client) -> None:
    page = page_of(cast.updater)
    form = read_form(client.get(page)) | {"first_name": "Ona"}
    User.objects.filter(pk=cast.updater.pk).update(first_name="Ona")
    assert client.post(page, form).status_code == 302


def test_role_renamed_meanwhile_is_a_conflict(cast: Cast, client: Client) -> None:
    group = Group.objects.create(name="Stebėtojas")
    page = page_of(group)
    form = read_form(client.get(page)) | {"name": "Svečias"}
    Group.objects.filter(pk=group.pk).update(name="Lankytojas")
    response = client.post(page, form)
    assert response.status_code == 409
    assert "dabar: Lankytojas / jūsų: Svečias" in errors_of(response)


@pytest.mark.parametrize("forged", ["", "x", "e30:forged:signature"])
def test_forged_values_count_as_nothing_seen(cast: Cast, client: Client, forged: str) -> None:
    page = page_of(cast.updater)
    form = read_form(client.get(page)) | {"first_name": "Ona", "seen_values": forged}
    assert client.post(page, form).status_code == 409
    cast.updater.refresh_from_db()
    assert cast.updater.first_name == "Ula"
