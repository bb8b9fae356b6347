"""Changing many actions in a browser, with and without script, and taking one of the changes back."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from measures.models import Action, Plan

from .conftest import WIDTHS, axe_violations, scrolls_sideways, sign_in, watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", WIDTHS)
def test_all_of_a_task_get_another_owner(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, sample: Plan, width: str
) -> None:
    actions = Action.objects.filter(measure__task__number="2").order_by("sort_key")
    owner_before = actions[0].owner
    context = browser.new_context(**{**browser_context_args, "viewport": WIDTHS[width]})
    page = context.new_page()
    errors = watch(page)
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/2023-2024/keisti/?uzdavinys=2")
    boxes, choose_all = page.locator("[name=numbers]"), page.get_by_label("Pažymėti visus")
    choose_all.check()
    expect(page.locator("[name=numbers]:checked")).to_have_count(boxes.count())
    boxes.first.uncheck()
    expect(choose_all).to_have_js_property("indeterminate", True)
    page.get_by_label("Naujas atsakingas asmuo").select_option("egle")
    page.get_by_role("button", name="Peržiūrėti pakeitimą: atsakingas asmuo").click()
    expect(page.get_by_role("heading", name="Kas pasikeis")).to_be_visible()
    assert errors == []
    assert not scrolls_sideways(page)
    assert axe_violations(page) == []
    page.get_by_role("button", name="Patvirtinti ir įrašyti").click()
    expect(page.get_by_role("status")).to_contain_text("Pakeist")
    assert [str(action.owner) for action in actions.all()] == [
        str(owner_before),
        *["Eglė Pavyzdytė"] * 5,
    ]
    context.close()


def test_without_script_actions_are_ticked_one_by_one_and_changes_taken_back(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, sample: Plan
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url)
    before = Action.objects.get(number="2.1.5").owner
    page.goto(f"{live_server.url}/2023-2024/keisti/")
    expect(page.get_by_label("Pažymėti visus")).to_be_hidden()
    page.locator("[name=numbers][value='2.1.5']").check()
    page.get_by_label("Naujas atsakingas asmuo").select_option("vida")
    page.get_by_role("button", name="Peržiūrėti pakeitimą: atsakingas asmuo").click()
    page.get_by_role("button", name="Patvirtinti ir įrašyti").click()
    expect(page.get_by_text("Pakeistas 1 veiksmas.")).to_be_visible()
    assert str(Action.objects.get(number="2.1.5").owner) == "Vida Vadovė"

    page.goto(f"{live_server.url}/2023-2024/veiksmai/2.1.5/istorija/")
    restore = "Grąžinti ankstesnę reikšmę: Veiksmas 2.1.5, Atsakingas asmuo"
    page.get_by_role("button", name=restore).first.click()
    expect(page.get_by_role("heading", name="Grąžinti ankstesnę reikšmę?")).to_be_visible()
    page.get_by_role("button", name="Grąžinti", exact=True).click()
    expect(page.get_by_text("Ankstesnė reikšmė grąžinta.")).to_be_visible()
    assert Action.objects.get(number="2.1.5").owner == before
    context.close()
