"""An owner's monthly visit: everything is reported in three interactions an action, and nothing gets lost."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, Route, expect

from akr_plan.models import User
from measures import roles
from measures.models import Action, Plan, ProgressDraft, ProgressUpdate, ReportingPeriod
from tests.make import PASSWORD, make_action, make_measure, make_plan, make_result, make_task, make_user

from .conftest import WIDTHS, axe_violations, scrolls_sideways, sign_in, watch

pytestmark = pytest.mark.django_db(transaction=True)

ACTIONS = 8


@pytest.fixture
def plan(people: User) -> Plan:
    """Return a plan of this year with a reporting period and an owner of eight actions."""
    today = timezone.localdate()
    plan = make_plan(slug="siu-metu", first_year=today.year, last_year=today.year)
    year = {"starts_on": date(today.year, 1, 1), "ends_on": date(today.year, 12, 31)}
    ReportingPeriod(plan=plan, title=f"{today.year} m.", **year).save()
    measure = make_measure(make_task(plan))
    owner = make_user("ula", roles.UPDATER, first_name="Ula", last_name="Ulaitė")
    for n in range(ACTIONS):
        action = make_action(measure, owner=owner)
        for _result in range(1 + n % 3):
            make_result(action, first_year=today.year, last_year=today.year)
    late = Action.objects.get(number="1.1.8").results.all()[0]
    late.deadline = today - timedelta(days=1)
    late.save()
    return plan


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    """Run a test twice: in a browser that runs scripts, and in one that doesn't."""
    return bool(request.param)


@pytest.fixture
def page(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, plan: Plan, has_script: bool
) -> Any:
    """Return the first page that the owner sees after signing in."""
    context = browser.new_context(**browser_context_args, java_script_enabled=has_script)
    page = context.new_page()
    sign_in(page, live_server.url, "ula")
    expect(page.get_by_role("heading", name="Mano veiksmai", level=1)).to_be_visible()
    yield page
    context.close()


def row_of(page: Page, number: str) -> Locator:
    return page.locator(f'[id="veiksmas-{number}"]')


def opener_of(page: Page, number: str) -> Locator:
    return page.get_by_role("link", name=f"Atnaujinti {number}", exact=True)


def save_button(page: Page, number: str) -> Locator:
    return row_of(page, number).get_by_role("button", name="Išsaugoti")


@dataclass
class Hand:
    """Works a page and counts what a person does: clicks and keys that do something; Tab only moves."""

    page: Page
    count: int = 0

    def click(self, target: Locator) -> None:
        """Click with the mouse."""
        target.click()
        self.count += 1

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)
        self.count += 1

    def type(self, text: str) -> None:
        """Type a note where the focus is."""
        self.page.keyboard.type(text)
        self.count += 1

    def tab_to(self, target: Locator) -> None:
        """Go on in the tab order until the target has the focus; it has to come, and only forwards."""
        for _step in range(60):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"the focus never gets to {target}")

    def finish(self) -> int:
        """Return the count and begin anew."""
        counted, self.count = self.count, 0
        return counted


def order(page: Page) -> list[str]:
    """Return the numbers of the actions as they stand on the screen."""
    return [text.strip() for text in page.locator(".my-action > .number").all_inner_texts()]


def check_progress(page: Page, number: str, reported: int, *, has_script: bool) -> None:
    """Expect the screen to say that one more is reported."""
    expect(page.locator("#reporting")).to_contain_text(f"{reported} iš {ACTIONS} veiksmų pranešta")
    expect(row_of(page, number)).to_contain_text("šį laikotarpį pranešta")
    if has_script:
        expect(page.locator("#announcement")).to_contain_text(number)
        expect(opener_of(page, number)).to_be_focused()


def check_visit(counts: list[int], way: str) -> None:
    """Expect everything to be in the journal, at three interactions each or less."""
    print(f"interactions an action, {way}: {counts}")  # noqa: T201 - the figures are what the test is for
    assert len(counts) == ACTIONS
    assert max(counts) <= 3
    assert ProgressUpdate.objects.count() == ACTIONS
    assert not ProgressDraft.objects.exists()


def test_all_actions_by_mouse(page: Page, has_script: bool) -> None:
    errors = watch(page)
    page.reload()
    numbers = order(page)
    assert numbers[0] == "1.1.8"  # it is late
    page.evaluate("document.documentElement.dataset.marker = 'same page'")
    hand, counts = Hand(page), []
    for reported, number in enumerate(numbers, start=1):
        row = row_of(page, number)
        if reported == 3:
            hand.click(row.get_by_role("button", name="Šį laikotarpį naujo nėra"))
        else:
            hand.click(opener_of(page, number))
            if reported == 5:
                hand.click(row.get_by_role("button", name="Visi neužbaigti įvykdyti"))
            else:
                hand.click(row.locator(".segmented label").filter(has_text="Vykdoma").first)
                hand.click(save_button(page, number))
        check_progress(page, number, reported, has_script=has_script)
        counts.append(hand.finish())
    check_visit(counts, f"mouse, script {has_script}")
    marker = page.locator("html").get_attribute("data-marker")
    assert marker == ("same page" if has_script else None)
    assert errors == []


def test_all_actions_by_keyboard_alone(page: Page, has_script: bool) -> None:
    hand, counts = Hand(page), []
    for reported, number in enumerate(order(page), start=1):
        row = row_of(page, number)
        if reported == 3:
            hand.tab_to(row.get_by_role("button", name="Šį laikotarpį naujo nėra"))
            hand.press("Space")
        else:
            hand.tab_to(opener_of(page, number))
            hand.press("Enter")
            # The next stop, or nearly, is the status of the first result.
            hand.tab_to(row.get_by_role("radio", checked=True).first)
            hand.press("ArrowRight")
            hand.tab_to(save_button(page, number))
            hand.press("Enter" if reported % 2 else "Space")
        check_progress(page, number, reported, has_script=has_script)
        counts.append(hand.finish())
    check_visit(counts, f"keyboard, script {has_script}")
    results = Action.objects.get(number="1.1.1").results.values_list("status", "percent")
    assert list(results) == [("in_progress", None)]


def test_note_by_keyboard_is_three_interactions_too(page: Page, has_script: bool) -> None:
    hand = Hand(page)
    hand.tab_to(opener_of(page, "1.1.1"))
    hand.press("Enter")
    hand.tab_to(row_of(page, "1.1.1").get_by_label("Kas padaryta"))
    hand.type("Surengtas pasitarimas.")
    hand.tab_to(save_button(page, "1.1.1"))
    hand.press("Enter")
    check_progress(page, "1.1.1", 1, has_script=has_script)
    assert hand.finish() == 3
    assert ProgressUpdate.objects.get().comment == "Surengtas pasitarimas."


def test_expired_session_loses_nothing(page: Page, has_script: bool) -> None:
    opener_of(page, "1.1.3").click()
    row = row_of(page, "1.1.3")
    row.locator(".segmented label").filter(has_text="Atidėta").nth(1).click()
    row.get_by_label("Kas padaryta").fill("Ilgai rašyta žinutė.")
    Session.objects.all().delete()
    save_button(page, "1.1.3").click()
    page.get_by_label("Naudotojo vardas").fill("ula")
    page.get_by_label("Slaptažodis").fill(PASSWORD)
    page.get_by_role("button", name="Prisijungti").click()
    # Back on the screen, with the form open and all that was typed in it.
    expect(row.get_by_text("Atkurtas juodraštis")).to_be_visible()
    expect(row.get_by_label("Kas padaryta")).to_have_value("Ilgai rašyta žinutė.")
    expect(row.get_by_role("radio", name="Atidėta").nth(1)).to_be_checked()
    assert not ProgressUpdate.objects.exists()
    save_button(page, "1.1.3").click()
    check_progress(page, "1.1.3", 1, has_script=has_script)
    assert ProgressUpdate.objects.get().comment == "Ilgai rašyta žinutė."
    assert not ProgressDraft.objects.exists()


@pytest.mark.parametrize("has_script", [True], indirect=True)
class TestWithScript:
    """What only a browser that runs scripts does."""

    def test_typing_survives_a_closed_tab(self, page: Page) -> None:
        opener_of(page, "1.1.2").click()
        with page.expect_response("**/1.1.2/juodrastis/") as answer:
            row_of(page, "1.1.2").get_by_label("Kas padaryta").fill("Dar rašau")
            file = FilePayload(name="a.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4")
            row_of(page, "1.1.2").locator('input[type="file"]').set_input_files(file)
        assert answer.value.status == 204
        assert "PDF" not in (answer.value.request.post_data or "")
        context: BrowserContext = page.context
        url = page.url
        page.close()
        page = context.new_page()
        page.goto(url)
        expect(row_of(page, "1.1.2")).to_contain_text("Juodraštis")
        opener_of(page, "1.1.2").click()
        note = row_of(page, "1.1.2").get_by_label("Kas padaryta")
        expect(note).to_have_value("Dar rašau")
        expect(page.get_by_text("Failus pridėkite iš naujo")).to_be_visible()
        # Discarding opens the form anew, without the words.
        page.get_by_role("button", name="Atmesti juodraštį").click()
        expect(note).to_have_value("")
        expect(page.get_by_text("Atkurtas juodraštis")).to_have_count(0)

    def test_expired_session_leads_a_row_that_is_opened_to_sign_in(self, page: Page) -> None:
        Session.objects.all().delete()
        opener_of(page, "1.1.2").click()
        expect(page.get_by_role("heading", name="Prisijungti")).to_be_visible()
        expect(page.get_by_role("heading", name="Mano veiksmai")).to_have_count(0)

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (None, "Nepavyko susisiekti su serveriu"),
            (403, "Neturite tam teisės"),
            (413, "Siunčiama per daug"),
            (500, "Įvyko programos klaida"),
        ],
    )
    def test_failure_is_said_and_what_was_typed_stays(
        self, page: Page, status: int | None, words: str
    ) -> None:
        def fail(route: Route) -> None:
            if status is None:
                route.abort()
            else:
                route.fulfill(status=status, body="<h1>Klaida</h1>")

        opener_of(page, "1.1.2").click()
        note = row_of(page, "1.1.2").get_by_label("Kas padaryta")
        note.fill("Mano žodžiai")
        page.route("**/eilute/forma/", fail)
        save_button(page, "1.1.2").click()
        alert = page.get_by_role("alert").filter(has_text=words)
        expect(alert).to_be_in_viewport()
        expect(note).to_have_value("Mano žodžiai")
        expect(page.get_by_role("heading", name="Klaida")).to_have_count(0)
        # The next try takes the alert away.
        page.unroute("**/eilute/forma/")
        save_button(page, "1.1.2").click()
        check_progress(page, "1.1.2", 1, has_script=True)
        expect(alert).to_have_count(0)

    @pytest.mark.parametrize("width", WIDTHS)
    @pytest.mark.parametrize("asks_axe", [True, False])
    def test_states_of_the_form_are_in_order(self, page: Page, width: str, asks_axe: bool) -> None:
        errors = watch(page)
        page.set_viewport_size(WIDTHS[width])  # type: ignore[arg-type] # a dictionary of the same shape
        row = row_of(page, "1.1.2")

        def check(state: str) -> None:
            if asks_axe:  # which itself tries things that the policy blocks
                assert (state, axe_violations(page)) == (state, [])
            else:
                # The browser reports the statuses 422 and 409 by itself.
                blocked = [text for text in errors if not text.startswith("Failed to load resource")]
                assert (state, blocked, scrolls_sideways(page)) == (state, [], False)

        opener_of(page, "1.1.2").click()
        expect(row.get_by_label("Kas padaryta")).to_be_visible()
        check("open")
        row.locator(".segmented label").filter(has_text="Vykdoma").first.click()
        percent = row.get_by_label("Pažanga", exact=True).first
        percent.fill("101")
        save_button(page, "1.1.2").click()
        expect(row.get_by_text("Pataisykite pažymėtus laukus.")).to_be_visible()
        expect(row.locator(".my-action-form")).to_be_focused()
        expect(percent).to_have_value("101")
        check("bad input")
        percent.fill("60")
        result = Action.objects.get(number="1.1.2").results.all()[0]
        result.status, result.percent = "postponed", None
        result.save()
        save_button(page, "1.1.2").click()
        expect(row.get_by_text("Tuos pačius rezultatus tuo metu pakeitė")).to_be_visible()
        check("conflict")
