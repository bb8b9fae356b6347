"""The PDF of a partner, resource or project: the rows of its page, metadata, access, failure."""

import re
from collections.abc import Callable
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.models import Plan, Project
from reports.pdf.compiler import PdfError
from reports.views import parties as party_views
from tests.conftest import Cast
from tests.make import make_plan

from ..test_parties import page_rows, text_of
from . import poppler

Save = Callable[[bytes], Path]
PARTIES = [("resource", "AKR biudžetas / DU"), ("partner", "Regiono savivaldybės"), ("project", "BASCIL")]
PARTNER = "/2023-2024/partneriai/Regiono%20savivaldyb%C4%97s"
HEADS = ["Nr.", "Planuojamas rezultatas", "Terminas", "Būsena", "Pažanga"]


def pdf_of(client: Client, page: str, saved: Save) -> Path:
    """Return the file behind the button of a page."""
    html = client.get(page).content.decode()
    [address] = [unescape(href) for href in re.findall(r'href="([^"]*\.pdf[^"]*)"', html)]
    response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    return saved(b"".join(response))


def joined(text: str) -> str:
    """Return the text without hyphens: poppler does not tell which of them only divide a word."""
    return " ".join(text.replace("-", "").split())


def sentence_of(html: str, beginning: str, end: str) -> str:
    """Return the text between two tags of a page, without the space that the links in it leave."""
    return re.sub(r" ([:,.])", r"\1", text_of(html[html.index(beginning) :].split(end)[0]))


@pytest.mark.django_db
def test_pdf_has_the_rows_of_the_page(manager: Client, sample_plan: Plan, saved: Save) -> None:
    for party, query in product(PARTIES, ["", "?data=2024-06-30", "?padetis=ivykdyta"]):
        page = reverse(f"reports:{party[0]}", args=["2023-2024", party[1]]) + query
        shown = manager.get(page)
        head, *rows = poppler.rows(pdf_of(manager, page, saved)) or [HEADS]
        assert head == HEADS
        results = [[joined(cell) for cell in row] for row in rows if len(row) > 2]
        assert results == [[joined(cell) for cell in row] for row in page_rows(shown.content.decode())]
        sheet = shown.context["sheet"]
        assert len(results) == sheet.results
        assert [[joined(cell) for cell in row] for row in rows if len(row) == 2] == [
            [action.number, joined(f"{action.title} {_report(action)}")] for action in sheet.actions
        ]


def _report(action: Any) -> str:
    owner = f"Atsakingas asmuo: {action.owner}" if action.owner else "be atsakingo asmens"
    day = action.last_reported_on
    return f"{owner} · " + (f"Paskutinis pranešimas: {day.isoformat()}" if day else "dar nepranešta")


@pytest.mark.django_db
@time_machine.travel("2024-08-15T12:00:00+03:00", tick=False)
def test_pdf_opens_with_what_the_page_opens_with(manager: Client, sample_plan: Plan, saved: Save) -> None:
    path = pdf_of(manager, f"{PARTNER}/", saved)
    html = manager.get(f"{PARTNER}/").content.decode()
    texts = poppler.texts(path)
    assert sentence_of(html, '<p class="lead">', "</p>") in texts
    opening = " ".join(texts[: texts.index("Nr.")])
    for text in (
        "Pavyzdiniai duomenys",
        sample_plan.organisation,
        "Regiono savivaldybės",
        f"{sample_plan.title} · Būklė 2024 m. rugpjūčio 15 d.",
        "Dokumente rašoma: „Klaipėdos regiono savivaldybės“ (6.2.1)",
        "Parengė Vilius Viliūnas, 2024-08-15 12:00",
        sentence_of(html, '<ul class="legend">', "</ul>"),
        sentence_of(html, '<h2 id="carried">', "</h2>"),
    ):
        assert text in opening


@pytest.mark.django_db
@time_machine.travel("2024-08-15T12:00:00+03:00", tick=False)
def test_file_says_what_it_is(manager: Client, sample_plan: Plan, saved: Save) -> None:
    response = manager.get(f"{PARTNER}.pdf")
    name = "veiklos-planas-2023-2024_regiono-savivaldybes_bukle-2024-08-15.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    content = b"".join(response)
    info = poppler.info(saved(content))
    assert info["Title"] == f"Regiono savivaldybės – {sample_plan.title} – Būklė 2024 m. rugpjūčio 15 d."
    assert info["Author"] == sample_plan.organisation
    assert (info["Tagged"], info["Page size"]) == ("yes", "595.276 x 841.89 pts (A4)")
    assert "2024 " in info["CreationDate"]
    assert b"/Lang(lt)" in content
    assert b"<pdfuaid:part>1<" in content
    assert b"/Alt" in content
    assert b"".join(manager.get(f"{PARTNER}.pdf")) == content


@pytest.mark.django_db
def test_sheet_without_actions_says_so(manager: Client, saved: Save) -> None:
    make_plan(slug="2023-2024")
    Project(name="BASCIL").save()
    path = pdf_of(manager, "/2023-2024/projektai/BASCIL/", saved)
    assert poppler.rows(path) == []
    assert "Šią dieną plane nieko nenumatyta." in poppler.texts(path)


@pytest.mark.django_db
def test_only_who_may_export_gets_the_file(cast: Cast, as_user: Any, sample_plan: Plan) -> None:
    address = f"{PARTNER}.pdf"
    assert Client().get(address).status_code == 302
    cast.stranger.user_permissions.add(Permission.objects.get(codename="view_plan"))
    reader, manager = as_user(cast.stranger), as_user(cast.manager)
    assert ".pdf" not in reader.get(f"{PARTNER}/").content.decode()
    assert reader.get(address).status_code == 403
    assert manager.get(address).status_code == 200
    assert manager.post(address).status_code == 405
    assert manager.get("/2023-2024/partneriai/Kas%20nors.pdf").status_code == 404


@pytest.mark.django_db
def test_wrong_wish_leads_back_to_the_page(manager: Client, sample_plan: Plan) -> None:
    response = manager.get(f"{PARTNER}.pdf?padetis=nera", follow=True)
    assert response.redirect_chain == [(f"{PARTNER}/", 302)]
    assert "„nera“" in response.content.decode()


@pytest.mark.django_db
def test_what_cannot_be_made_leads_back_to_the_same_choice(
    manager: Client, sample_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_rows: Any, **_about: Any) -> bytes:
        raise PdfError

    monkeypatch.setattr(party_views, "write_party_pdf", fail)
    query = "?padetis=veluoja&data=2024-06-30"
    response = manager.get(f"{PARTNER}.pdf{query}", follow=True)
    assert response.redirect_chain == [(f"{PARTNER}/{query}", 302)]
    assert "PDF failo parengti nepavyko" in response.content.decode()


@pytest.mark.django_db
def test_number_of_queries_does_not_grow(manager: Client, sample_plan: Plan) -> None:
    def queries(page: str, name: str) -> int:
        address = reverse(f"reports:{page}_pdf", args=["2023-2024", name])
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(address).status_code == 200
        return len(queries)

    assert queries("resource", "Švedijos instituto lėšos") == queries("resource", "AKR biudžetas / DU")
