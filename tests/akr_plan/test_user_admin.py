"""Accounts and roles in the admin: who may open them, and nothing that crashes them."""

from typing import Any

import pytest
from django.db.models import ProtectedError
from django.test import Client

from akr_plan.models import User
from akr_plan.program_account import program_account
from tests.conftest import Cast
from tests.make import PASSWORD, make_plan

pytestmark = pytest.mark.django_db

LISTS = ["/administravimas/akr_plan/user/", "/administravimas/auth/group/"]
QUERIES = [
    "?username__regex=[",
    "?name__regex=[",
    "?password__startswith=a",
    "?q=" + "a " * 3000,
    "?id=99999999999999999999999",
    "?o=999",
    "?p=x",
    "?e=1",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("address", LISTS)
def test_hostile_address_crashes_no_list(cast: Cast, as_user: Any, address: str, query: str) -> None:
    assert as_user(cast.administrator).get(address + query).status_code < 500


@pytest.mark.parametrize("selected", ["x", "-1", "9" * 40])
@pytest.mark.parametrize("address", LISTS)
def test_forged_selection_crashes_no_list(cast: Cast, as_user: Any, address: str, selected: str) -> None:
    forged = {"action": "delete_selected", "_selected_action": selected}
    assert as_user(cast.administrator).post(address, forged).status_code < 500


def test_coordinator_sees_accounts_but_cannot_change_them(cast: Cast, as_user: Any) -> None:
    client = as_user(cast.coordinator)
    page = f"/administravimas/akr_plan/user/{cast.administrator.pk}/change/"
    assert client.get(LISTS[0]).status_code == 200
    assert client.get(page).status_code == 200
    assert client.post(page, {"username": "perimtas", "is_superuser": "on"}).status_code == 403
    assert client.post(f"/administravimas/akr_plan/user/{cast.coordinator.pk}/password/").status_code == 403
    assert client.get(LISTS[1]).status_code == 403


def test_role_is_enough_to_sign_in_to_the_admin(cast: Cast, client: Client) -> None:
    form = {"username": "kotryna", "password": PASSWORD, "next": "/administravimas/"}
    response = client.post("/administravimas/login/", form)
    assert (response.status_code, response["Location"]) == (302, "/administravimas/")
    assert client.get("/administravimas/").status_code == 200


def test_account_that_has_changed_anything_stays(as_user: Any, cast: Cast) -> None:
    make_plan()
    account = program_account()
    client = as_user(cast.administrator)
    page = f"/administravimas/akr_plan/user/{account.pk}/delete/"
    response = client.post(page, {"post": "yes"})
    assert response.status_code in (200, 403)
    assert User.objects.filter(pk=account.pk).exists()
    with pytest.raises(ProtectedError):
        account.delete()


def test_nobody_signs_in_as_the_program(client: Client, db: None) -> None:
    account = program_account()
    assert not account.is_active
    assert not account.has_usable_password()
