"""The whole story, as a new user lives it: first start, first update, the board's table."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from akr_plan import first_administrator
from measures import roles
from measures.exchange.fixtures import load_akr_plan
from tests.make import PASSWORD

from .conftest import watch


@pytest.mark.django_db(transaction=True)
def test_from_first_start_to_the_boards_table(page: Page, live_server: Any, tmp_path: Path) -> None:
    errors = watch(page)
    roles.assign(apps)
    load_akr_plan()
    link = first_administrator.link(live_server.url)
    assert link

    # The first administrator chooses a name and a password.
    page.goto(link)
    page.get_by_label("Naudotojo vardas").fill("vida")
    page.get_by_label("Vardas", exact=True).fill("Vida")
    page.get_by_label("Pavardė").fill("Vadovė")
    page.get_by_label("Slaptažodis", exact=True).fill(PASSWORD)
    page.get_by_label("Slaptažodis dar kartą").fill(PASSWORD)
    page.get_by_role("button", name="Sukurti paskyrą").click()
    expect(page.get_by_role("heading", name="Suvestinė", level=1)).to_be_visible()

    # Signing out and in works with what was chosen.
    page.get_by_text("Vida Vadovė").first.click()
    page.get_by_role("button", name="Atsijungti").click()
    page.get_by_label("Naudotojo vardas").fill("vida")
    page.get_by_label("Slaptažodis").fill(PASSWORD)
    page.get_by_role("button", name="Prisijungti").click()
    done = page.locator(".legend").get_by_text("Įvykdyta")
    expect(done).to_have_count(0)

    # Action 1.2.1 is found in the plan, and its results are updated.
    page.get_by_role("link", name="Planas", exact=True).first.click()
    page.get_by_role("link", name=re.compile(r"^1\.2\.1\. Suformuluoti")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Suformuluoti vieningą Klaipėdos regiono poziciją"
    )
    first, second, _third = page.locator(".result-update").all()
    first.get_by_role("radio", name="Įvykdyta").check()
    second.get_by_role("radio", name="Vykdoma").check()
    second.get_by_label("Pažanga").fill("60")
    page.get_by_label("Kas padaryta").fill("Suderinta bendra regiono pozicija.")
    page.get_by_role("button", name="Išsaugoti").click()
    expect(page.get_by_text("1.2.1 veiksmo pažanga išsaugota.")).to_be_visible()
    expect(page.locator(".journal")).to_contain_text("Suderinta bendra regiono pozicija.")
    expect(page.locator(".journal")).to_contain_text("Vykdoma 60\N{NO-BREAK SPACE}%")

    # The dashboard has moved.
    page.get_by_role("link", name="Suvestinė").click()
    expect(done).to_contain_text("1")
    expect(page.locator(".lead")).to_contain_text("1 įvykdyta")

    # The board's table has the new status, progress and note.
    page.get_by_role("link", name="Ataskaitos").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Atsisiųsti Excel").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("Planas").to_python()
    headings = next(row for row in sheet if "Būsena" in row)
    status, progress, done_so_far = map(headings.index, ("Būsena", "Pažanga", "Kas padaryta"))
    start = next(n for n, row in enumerate(sheet) if str(row[1]).startswith("1.2.1."))
    shown = [(row[status], row[progress]) for row in sheet[start : start + 2]]
    assert shown == [("Įvykdyta", 1.0), ("Vėluoja", 0.6)]
    assert "Suderinta bendra regiono pozicija." in str(sheet[start][done_so_far])
    assert errors == []
