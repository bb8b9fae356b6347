"""A pack is made while one looks on, and without script."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from measures.models import Pack, Plan
from measures.services.packs import fail_pack
from tests.make_packs import make_request, process_environment

from .conftest import axe_violations, scrolls_sideways, sign_in, watch

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST_WAIT = 120_000


def test_pack_comes_by_itself_and_is_downloaded(
    page: Page, live_server: Any, sample: Plan, tmp_path: Path, monkeypatch: Any
) -> None:
    for name, value in process_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    errors = watch(page)
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/2023-2024/ataskaitos/")
    page.get_by_role("button", name="Parengti paketą").click()
    expect(page.get_by_text("žingsnis iš 4")).to_be_visible()
    # What is written meanwhile stays: the page is not loaded anew.
    page.get_by_label("Žodžiai").fill("Jūra")
    expect(page.get_by_text("Paketas parengtas.")).to_be_attached(timeout=LONGEST_WAIT)
    expect(page.get_by_label("Žodžiai")).to_have_value("Jūra")
    file = Pack.objects.get().files.get(kind="pdf")
    with page.expect_download() as download:
        page.get_by_role("link", name=f"PDF {file.name}").click()
    assert hashlib.sha256(Path(download.value.path()).read_bytes()).hexdigest() == file.sha256
    page.set_viewport_size({"width": 375, "height": 800})
    page.get_by_text(f"SHA-256 {file.sha256[:12]}").click()
    expect(page.get_by_text(file.sha256, exact=True)).to_be_visible()
    assert not scrolls_sideways(page)
    assert errors == []
    assert axe_violations(page) == []


def test_without_script_the_page_says_how_to_go_on(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, sample: Plan, people: Any
) -> None:
    pack = make_request(sample, people)
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/2023-2024/ataskaitos/")
    expect(page.get_by_text("1 žingsnis iš 4")).to_be_visible()
    fail_pack(pack=pack)
    page.get_by_role("link", name="įkelti iš naujo").click()
    expect(page.get_by_text("Nepavyko parengti paketo.")).to_be_visible()
    expect(page.get_by_role("button", name="Bandyti dar kartą")).to_be_visible()
    context.close()
