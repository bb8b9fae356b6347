"""Pages that are not about the plan, and what every answer carries."""

import pytest
from django.test import Client

from tests.conftest import Cast
from tests.make import PASSWORD

pytestmark = pytest.mark.django_db


def test_everything_needs_sign_in(client: Client) -> None:
    for path in ("/", "/2023-2024/", "/2023-2024/planas/", "/2023-2024/veiksmai/1.1.1/", "/slaptazodis/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, f"/prisijungti/?next={path}")


def test_sign_in_and_out(cast: Cast, client: Client) -> None:
    response = client.post("/prisijungti/", {"username": "ula", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.post("/atsijungti/").status_code == 302
    assert client.get("/").status_code == 302


def test_ten_failures_lock_the_name_out_for_a_while(cast: Cast, client: Client) -> None:
    for _attempt in range(10):
        response = client.post("/prisijungti/", {"username": "ula", "password": "ne tas"})
    assert response.status_code == 429
    assert "Per daug nesėkmingų bandymų prisijungti" in response.content.decode()
    # The right password does not help now, and another person is not locked out.
    assert client.post("/prisijungti/", {"username": "ula", "password": PASSWORD}).status_code == 429
    assert client.post("/prisijungti/", {"username": "vilius", "password": PASSWORD}).status_code == 302


def test_policy_allows_nothing_inline(client: Client) -> None:
    policy = client.get("/prisijungti/")["Content-Security-Policy"]
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
    assert "unsafe" not in policy


def test_healthz_needs_no_sign_in(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content.decode()) == (200, "Veikia")


@pytest.mark.parametrize("address", ["/?x=%00", "/%00/", "/2023-2024/rezultatai/?q=%00", "/?%00=1"])
def test_nul_in_the_address_is_a_bad_request(cast: Cast, client: Client, address: str) -> None:
    client.force_login(cast.manager, backend="akr_plan.rights.RightsBackend")
    assert client.get(address).status_code == 400


def test_unknown_page_is_a_lithuanian_404(cast: Cast, client: Client) -> None:
    client.force_login(cast.manager, backend="akr_plan.rights.RightsBackend")
    response = client.get("/nera/tokio/puslapio/")
    assert response.status_code == 404
    assert "Puslapio nėra" in response.content.decode()


def test_stranger_without_a_role_is_told_what_to_do(cast: Cast, client: Client) -> None:
    client.force_login(cast.stranger, backend="akr_plan.rights.RightsBackend")
    response = client.get("/")
    assert response.status_code == 403
    assert "prašykite administratoriaus tinkamos rolės" in response.content.decode()
