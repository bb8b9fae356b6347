"""The one-time link of the first administrator."""

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpRequest
from django.test import Client

from akr_plan import first_administrator
from akr_plan.models import User
from tests.make import PASSWORD

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000"
FILLED_IN = {
    "username": "vadove",
    "first_name": "Vida",
    "last_name": "Vadovė",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def path() -> str:
    link = first_administrator.link(BASE)
    assert link is not None
    assert link.startswith(BASE + "/")
    return link.removeprefix(BASE)


def test_nobody_can_sign_in_before_the_link_is_used() -> None:
    path()
    waiting = User.objects.get()
    assert not waiting.has_usable_password()
    assert not Client().login(request=HttpRequest(), username=waiting.username, password="")
    assert not first_administrator.has_administrator()


def test_link_makes_an_administrator_and_signs_in(client: Client) -> None:
    response = client.post(path(), FILLED_IN)
    assert response.status_code == 302
    user = User.objects.get()
    assert (user.username, str(user), user.is_superuser) == ("vadove", "Vida Vadovė", True)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert first_administrator.link(BASE) is None


def test_link_works_once(client: Client) -> None:
    link = path()
    client.post(link, FILLED_IN)
    response = Client().post(link, FILLED_IN | {"username": "kitas"})
    assert response.status_code == 410
    assert "Nuoroda nebegalioja" in response.content.decode()
    assert User.objects.count() == 1


def test_link_printed_again_does_not_kill_the_first(client: Client) -> None:
    first, second = path(), path()
    assert client.get(first).status_code == client.get(second).status_code == 200


def test_link_dies_after_24_hours(client: Client) -> None:
    link = path()
    with time_machine.travel(timedelta(hours=23, minutes=59)):
        assert client.get(link).status_code == 200
    with time_machine.travel(timedelta(hours=24, minutes=1)):
        assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    "forged", ["MQ/abc-def", "!!!/x-y", "MQ/0-0", "OTk5/abc-0123456789abcdef", "%00/%00", "MQ/ąž-ė"]
)
def test_forged_link_is_refused(client: Client, forged: str) -> None:
    path()
    assert client.get(f"/pirmasis-administratorius/{forged}/").status_code in (400, 410)


def test_weak_password_and_missing_name_are_explained(client: Client) -> None:
    response = client.post(path(), FILLED_IN | {"password1": "12345", "password2": "12345", "last_name": ""})
    text = response.content.decode()
    assert response.status_code == 200
    assert "Slaptažodis per trumpas" in text
    assert text.count("Šį lauką būtina užpildyti.") == 1
    assert not first_administrator.has_administrator()
