"""The plan's page folds, and leads to what an address, a link or a search asks for."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from measures.models import Plan
from tests.make import make_big_plan

from .conftest import WIDTHS, axe_violations, scrolls_sideways, sign_in, watch

pytestmark = pytest.mark.django_db(transaction=True)


def open_folds(page: Page) -> list[bool]:
    return [bool(fold.evaluate("fold => fold.open")) for fold in page.locator(".plan-fold").all()]


@pytest.mark.parametrize("width", WIDTHS)
def test_tasks_fold_all_at_once_and_open_for_an_address(
    page: Page, live_server: Any, sample: Plan, width: str
) -> None:
    errors = watch(page)
    page.set_viewport_size(WIDTHS[width])  # type: ignore[arg-type] # a dictionary with just these keys
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/2023-2024/planas/")
    assert open_folds(page) == [True] * 6
    close, expand = (
        page.get_by_role("button", name=f"{verb} viską") for verb in ("Suskleisti", "Išskleisti")
    )
    close.click()
    assert open_folds(page) == [False] * 6
    assert not scrolls_sideways(page)
    for place, opened in (("1.2.1", 0), ("2.1", 1), ("task-3", 2), ("5.1.2-1", 4)):
        close.click()
        page.evaluate("place => { location.hash = place }", place)
        expect(page.locator(f'[id="{place}"]')).to_be_in_viewport()
        assert open_folds(page) == [number == opened for number in range(6)]
    expand.click()
    assert open_folds(page) == [True] * 6
    assert errors == []
    close.click()
    assert axe_violations(page) == []


def test_search_and_links_find_what_is_folded_without_script(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, sample: Plan
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url)

    def fold(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace(' plan-fold" open>', ' plan-fold">'))

    page.route("**/planas/**", fold)
    page.goto(f"{live_server.url}/2023-2024/planas/")
    expect(page.get_by_role("button", name="Suskleisti viską")).to_have_count(0)
    expect(page.locator(".plan-table:visible")).to_have_count(0)
    page.get_by_role("heading", name="4. Pažangios").click()
    expect(page.locator(".plan-table:visible")).to_have_count(1)
    # Chromium looks for the text of an address as its Ctrl+F does, and opens what the text is folded into.
    for asked in ("#2.1.4", "#:~:text=Suorganizuoti%20susitikimai"):
        page.goto("about:blank")
        page.goto(f"{live_server.url}/2023-2024/planas/{asked}")
        expect(page.locator(".plan-table:visible")).to_have_count(1)
    context.close()


def test_address_into_a_long_plan_leads_to_its_page(page: Page, live_server: Any, people: Any) -> None:
    plan = make_big_plan(130, results=1)
    errors = watch(page)
    sign_in(page, live_server.url)
    address = f"{live_server.url}/{plan.slug}/planas/"
    page.goto(f"{address}#1.1.120")
    expect(page).to_have_url(f"{address}?puslapis=2#1.1.120")
    expect(page.locator('[id="1.1.120"]')).to_be_in_viewport()
    page.evaluate("location.hash = '1.1.7-1'")
    expect(page).to_have_url(f"{address}?puslapis=1#1.1.7-1")
    expect(page.locator('[id="1.1.7-1"]')).to_be_in_viewport()
    page.get_by_text("Eiti prie", exact=True).click()
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="1.1. Priemonė 1.1").last.click()
    expect(page).to_have_url(f"{address}?puslapis=2#1.1.101")
    page.goto(f"{address}#9.9.9")
    expect(page.locator('[id="1.1.1"]')).to_be_visible()
    assert page.url == f"{address}#9.9.9"
    assert errors == []
    page.get_by_text("Eiti prie", exact=True).click()
    assert axe_violations(page) == []
