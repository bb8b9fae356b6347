"""Supporting documents: stored out of reach, handed out as files, shown in the journal."""

import logging
import stat
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client

from measures.models import Action, Evidence
from measures.services.progress import record_progress
from measures.services.withdrawals import withdraw_update
from tests.conftest import Cast
from tests.make import make_action, make_result, make_user
from tests.make_files import SAMPLES, make_pdf, upload

from .forms import filled_in, text_of

pytestmark = pytest.mark.django_db

DAY = date(2024, 6, 30)
NAME = "Žemės ūkio ataskaita.pdf"


@pytest.fixture
def action(cast: Cast) -> Action:
    action = make_action(owner=cast.updater)
    make_result(action)
    return action


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.updater)
    return signed_in


def attach(client: Client, action: Action, *files: Any) -> list[Evidence]:
    """Attach files through the form; return the documents in their order."""
    response = client.post(action.get_absolute_url(), filled_in(action, files=list(files)))
    assert response.status_code == 302, text_of(response)
    return list(Evidence.objects.order_by("id"))


@pytest.fixture
def document(client: Client, action: Action) -> Evidence:
    [document] = attach(client, action, upload(NAME, SAMPLES["pdf"]))
    return document


def test_document_comes_back_as_it_was(client: Client, document: Evidence) -> None:
    response: Any = client.get(document.get_absolute_url())
    assert response.getvalue() == SAMPLES["pdf"]
    names = ("Content-Type", "Content-Length", "X-Content-Type-Options", "Content-Security-Policy")
    more = ("Cross-Origin-Resource-Policy", "Cache-Control", "X-Frame-Options")
    assert {name: response[name] for name in (*names, *more)} == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(SAMPLES["pdf"])),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
        "X-Frame-Options": "DENY",
    }


def test_name_survives_with_its_letters(client: Client, document: Evidence) -> None:
    response: Any = client.get(document.get_absolute_url())
    response.getvalue()
    kind, _separator, name = response["Content-Disposition"].partition("; ")
    assert kind == "attachment"
    assert name.startswith("filename*=utf-8''")
    assert unquote(name.removeprefix("filename*=utf-8''")) == NAME


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_goes_through_the_form(client: Client, action: Action, kind: str) -> None:
    [document] = attach(client, action, upload(f"a.{kind}", SAMPLES[kind]))
    response: Any = client.get(document.get_absolute_url())
    assert (document.file_type, response.getvalue()) == (kind, SAMPLES[kind])
    assert response["Content-Disposition"] == f'attachment; filename="a.{kind}"'


def test_head_gives_the_headers_alone(client: Client, document: Evidence) -> None:
    response: Any = client.head(document.get_absolute_url())
    assert (response.status_code, response.getvalue()) == (200, b"")
    assert response["Content-Length"] == str(len(SAMPLES["pdf"]))


def test_large_document_is_out_of_reach_as_well(client: Client, action: Action) -> None:
    content = make_pdf(bytes(3_000_000))
    small, large = attach(client, action, upload("a.pdf", SAMPLES["pdf"]), upload("b.pdf", content))
    folder = Path(settings.DATA_DIR) / "evidence"
    assert {path.name for path in folder.iterdir()} == {small.file.name, large.file.name}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    response: Any = client.get(large.get_absolute_url())
    assert response.getvalue() == content


def test_who_may_read_documents(cast: Cast, as_user: Any, document: Evidence) -> None:
    reader = make_user()
    reader.user_permissions.add(Permission.objects.get(codename="view_plan"))
    everybody = [*vars(cast).values(), reader]
    statuses = {}
    for user in everybody:
        response = as_user(user).get(document.get_absolute_url())
        response.getvalue()
        statuses[user.username] = response.status_code
    assert statuses == {
        **{"adomas": 200, "kotryna": 200, "ula": 200, "ugnius": 200, "vilius": 200},
        **{"svetimas": 403, reader.username: 403},
    }


def test_nobody_reads_documents_without_signing_in(document: Evidence) -> None:
    response = Client().get(document.get_absolute_url())
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/prisijungti/")


def test_address_tells_nothing_but_the_random_name(client: Client, document: Evidence) -> None:
    assert document.get_absolute_url().replace("-", "") == f"/dokumentai/{document.file.name}/"


@pytest.mark.parametrize(
    "address",
    [
        "/dokumentai/00000000-0000-4000-8000-000000000000/",
        "/dokumentai/1/",
        "/dokumentai/../secret_key/",
        "/dokumentai/%2e%2e%2fa/",
    ],
)
def test_unknown_document_is_not_found(client: Client, document: Evidence, address: str) -> None:
    assert client.get(address).status_code == 404


def test_documents_are_only_read(client: Client, document: Evidence) -> None:
    assert client.post(document.get_absolute_url()).status_code == 405


def test_missing_file_is_explained_and_logged(
    client: Client, document: Evidence, caplog: pytest.LogCaptureFixture
) -> None:
    Path(document.file.path).unlink()
    with caplog.at_level(logging.ERROR, logger="measures.views.evidence"):
        response = client.get(document.get_absolute_url())
    assert response.status_code == 404
    assert f"Dokumentas „{NAME}“ į planą įrašytas, bet jo failo serveryje nėra." in text_of(response)
    assert document.file.name in caplog.text


def test_document_of_a_withdrawn_report_stays(cast: Cast, client: Client, document: Evidence) -> None:
    withdraw_update(update=document.update, author=cast.updater, reason="Klaida")
    response: Any = client.get(document.get_absolute_url())
    assert response.getvalue() == SAMPLES["pdf"]


def test_bad_file_is_explained_and_nothing_is_kept(client: Client, action: Action) -> None:
    data = filled_in(action, comment="Mano žodžiai", files=[upload("a.pdf", b"<html>")])
    response = client.post(action.get_absolute_url(), data)
    assert response.status_code == 422
    assert "Failo „a.pdf“ turinys nėra PDF formato" in text_of(response)
    assert "Mano žodžiai" in text_of(response)
    assert not Evidence.objects.exists()
    assert not (Path(settings.DATA_DIR) / "evidence").exists()


def test_journal_shows_files_and_links(cast: Cast, client: Client, action: Action) -> None:
    record_progress(action=action, author=cast.updater, link="https://example.org/?a=1&b=2", reported_on=DAY)
    title = "<b>Ataskaita & <b>.pdf"
    [_link, document] = attach(client, action, upload(title, make_pdf(bytes(1_200_000))))
    html = client.get(action.get_absolute_url()).content.decode()
    assert (
        f'<a href="{document.get_absolute_url()}">&lt;b&gt;Ataskaita &amp; &lt;b&gt;.pdf</a> '
        '<span class="muted">(PDF, 1,1\N{NO-BREAK SPACE}MB)</span>' in html
    )
    assert (
        '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer nofollow">'
        "https://example.org/?a=1&amp;b=2</a>" in html
    )


def test_admin_shows_the_document(cast: Cast, as_user: Any, document: Evidence) -> None:
    address = f"/administravimas/measures/progressupdate/{document.update_id}/change/"
    response = as_user(cast.coordinator).get(address)
    assert (
        f'<a href="{document.get_absolute_url()}" rel="noopener noreferrer nofollow">{NAME}</a>'
        in response.content.decode()
    )
    assert f"PDF {len(SAMPLES['pdf'])} bait" in text_of(response)


@pytest.mark.parametrize("count", [1, 3])
def test_journal_asks_the_same_number_of_questions(
    cast: Cast, client: Client, django_assert_num_queries: Any, count: int
) -> None:
    action = make_action(owner=cast.updater)
    make_result(action)
    for _n in range(count):
        update = record_progress(action=action, author=cast.updater, comment="Pradėta", reported_on=DAY)
        attach(client, action, *[upload("a.pdf", SAMPLES["pdf"]) for _file in range(count)])
        record_progress(action=action, author=cast.coordinator, nothing_new=True, reported_on=DAY)
        withdraw_update(update=update, author=cast.updater, reason="Klaida")
    with django_assert_num_queries(17):
        client.get(action.get_absolute_url())
