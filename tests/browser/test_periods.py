"""Reminding, closing and reopening in a real browser, with script and without."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from measures.models import Plan, Snapshot

from .conftest import sign_in, watch

LAST_QUARTER = "/2023-2024/laikotarpiai/2024-10-01/"


@pytest.mark.django_db(transaction=True)
def test_reminder_is_copied(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, sample: Plan
) -> None:
    context = browser.new_context(**browser_context_args, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    errors = watch(page)
    sign_in(page, live_server.url)
    page.goto(live_server.url + LAST_QUARTER)
    page.get_by_role("button", name="Kopijuoti").first.click()
    expect(page.get_by_text("Nukopijuota.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_role("textbox", name="Priminimas visiems").input_value()
    assert copied.startswith("Laba diena,")
    assert errors == []
    context.close()


@pytest.mark.django_db(transaction=True)
def test_period_is_closed_and_reopened_without_script(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, sample: Plan
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page: Page = context.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/2023-2024/laikotarpiai/")
    page.get_by_role("link", name="2024 m. IV ketvirtis").click()
    expect(page.get_by_role("button", name="Kopijuoti")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Priminimas visiems")).to_be_visible()
    page.get_by_role("link", name="Uždaryti laikotarpį").click()
    expect(page.get_by_text("Nepranešta apie")).to_be_visible()
    page.get_by_role("button", name="Uždaryti laikotarpį").click()
    expect(page.get_by_text("Laikotarpis „2024 m. IV ketvirtis“ uždarytas.")).to_be_visible()
    page.get_by_role("link", name="Vėl atverti laikotarpį").click()
    page.get_by_label("Priežastis").fill("Pamirštas veiksmas")
    page.get_by_role("button", name="Vėl atverti laikotarpį").click()
    expect(page.get_by_text("Laikotarpis „2024 m. IV ketvirtis“ vėl atvertas.")).to_be_visible()
    expect(page.get_by_text("Pamirštas veiksmas")).to_be_visible()
    assert Snapshot.objects.standing().count() == 7
    context.close()
