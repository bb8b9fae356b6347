"""Every page at two widths: axe finds nothing, nothing is blocked, nothing scrolls sideways."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from measures.models import Action, Plan, ProgressUpdate

from .conftest import WIDTHS, axe_violations, scrolls_sideways, sign_in, watch

PATHS = [
    "/2023-2024/",
    "/2023-2024/?data=2024-06-30",
    "/2023-2024/demesio/",
    "/2023-2024/demesio/nepranesta/?data=2024-06-30",
    "/2023-2024/taisykles/",
    "/2023-2024/planas/",
    "/2023-2024/planas/?data=2024-06-30#task-2",
    "/2023-2024/laiko-juosta/",
    "/2023-2024/laiko-juosta/?rikiuoti=terminas&data=2024-06-30",
    "/2023-2024/krss2030/",
    "/2023-2024/krss2030/?kodai=be-veiksmu&data=2024-06-30",
    "/2023-2024/krss2030/II.1.2.1.1/",
    "/2023-2024/krss2030/Atviras%20regionas/?data=2024-06-30",
    "/2023-2024/krss2030/kryptis/II/?data=2024-12-31",
    "/2023-2024/krss2030/kryptis/V/",
    "/2023-2024/krss2030/kryptis/be-kodo/",
    "/2023-2024/rezultatai/?padetis=veluoja&data=2024-06-30",
    "/2023-2024/rezultatai/?q=nieko-tokio",
    "/2023-2024/ataskaitos/",
    "/2023-2024/mano/",
    "/2023-2024/mano/rasa/",
    "/2023-2024/mano/rasa/?veiksmas=2.1.3",
    "/2023-2024/veiksmai/2.1.5/",
    "/2023-2024/veiksmai/2.1.5/?data=2024-06-30",
    "/2023-2024/veiksmai/5.1.2/",
    "/2023-2024/veiksmai/1.1.1/",
    "/2023-2024/veiksmai/1.1.1/irasai/6/atsaukti/",
    "/2023-2024/istorija/",
    "/2023-2024/istorija/?kas=veiksmas.owner&q=nera",
    "/2023-2024/veiksmai/2.1.5/istorija/",
    "/2023-2024/keisti/",
    "/2023-2024/laikotarpiai/",
    "/2023-2024/laikotarpiai/2024-07-01/",
    "/2023-2024/laikotarpiai/2024-07-01/atverti/",
    "/2023-2024/laikotarpiai/2024-10-01/",
    "/2023-2024/laikotarpiai/2024-10-01/uzdaryti/",
    "/2023-2024/pokyciai/",
    "/2023-2024/pokyciai/?nuo=laikotarpis-2023-10-01&iki=2024-06-30",
    "/2023-2024/partneriai/?rikiuoti=veluoja",
    "/2023-2024/istekliai/?data=2024-06-30",
    "/2023-2024/istekliai/AKR%20biud%C5%BEetas%20%252F%20DU/",
    "/2023-2024/projektai/",
    "/2023-2024/projektai/Land2Sea/?padetis=veluoja",
    "/slaptazodis/",
    "/nera/tokio/puslapio/",
    "/administravimas/",
    "/administravimas/measures/action/",
    "/administravimas/measures/action/add/",
    "/administravimas/measures/action/{action}/change/",
    "/administravimas/measures/action/{action}/delete/",
    "/administravimas/measures/action/{action}/history/",
    "/administravimas/measures/plannedresult/",
    "/administravimas/measures/partner/",
    "/administravimas/measures/strategycode/",
    "/administravimas/measures/pack/",
    "/administravimas/measures/progressupdate/",
    "/administravimas/measures/progressupdate/{update}/change/",
    "/administravimas/akr_plan/user/",
    "/administravimas/akr_plan/user/add/",
    "/administravimas/akr_plan/user/{user}/change/",
    "/administravimas/auth/group/1/change/",
]


def look_at(page: Page, base: str, path: str) -> list[str]:
    """Return all that is wrong with a page."""
    errors = watch(page)
    response = page.goto(base + path)
    assert response
    wrong = [f"status {response.status}"] if response.status >= 500 else []
    # The browser itself reports the status of a page that is not there.
    wrong += [f"console: {text}" for text in errors if not ("404" in text and response.status == 404)]
    wrong += ["scrolls sideways"] if scrolls_sideways(page) else []
    wrong += [f"axe {found}" for found in axe_violations(page)]
    return [f"{path}: {text}" for text in wrong]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_in_order(
    browser: Browser,
    browser_context_args: dict[str, Any],
    live_server: Any,
    sample: Plan,
    width: str,
    scheme: str,
) -> None:
    context = browser.new_context(
        **{**browser_context_args, "viewport": WIDTHS[width], "color_scheme": scheme}
    )
    first = context.new_page()
    wrong = look_at(first, live_server.url, "/prisijungti/")
    sign_in(first, live_server.url)
    action = Action.objects.get(number="2.1.5")
    update = ProgressUpdate.objects.filter(lines__isnull=False)[0]
    ids = {"action": action.pk, "update": update.pk, "user": update.author_id}
    for path in PATHS:
        page = context.new_page()
        wrong += look_at(page, live_server.url, path.format(**ids))
        page.close()
    context.close()
    assert wrong == []


@pytest.mark.django_db(transaction=True)
def test_update_works_by_keyboard_and_without_script(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, sample: Plan
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/2023-2024/veiksmai/4.1.1/")
    page.get_by_label("Kas padaryta").focus()
    page.keyboard.type("Vien klaviatūra")
    page.get_by_role("radio", name="Įvykdyta").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Išsaugoti").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("4.1.1 veiksmo pažanga išsaugota.")).to_be_visible()
    assert Action.objects.get(number="4.1.1").results.get().status == "done"
    context.close()
