"""A real browser on the real site: Debian's Chromium, on a live server of the test run."""

import os
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from playwright.sync_api import ConsoleMessage, Page

from akr_plan.models import User
from measures import roles
from measures.models import Plan
from tests.make import PASSWORD, load_sample_plan, make_user

# Playwright runs an event loop in this thread; Django would refuse to touch the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

WIDTHS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 800}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests of this folder."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start Debian's Chromium, which looks nothing up outside."""
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {
        "executable_path": "/usr/bin/chromium",
        "args": ["--headless=new", "--disable-gpu", "--disable-quic", "--lang=lt", *quiet, *root],
    }


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Speak Lithuanian, at the width of a desktop."""
    return {"locale": "lt-LT", "timezone_id": "Europe/Vilnius", "viewport": WIDTHS["desktop"]}


def watch(page: Page) -> list[str]:
    """Return a list that fills with what the security policy blocks and what fails on the page."""
    errors: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", note_message)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@pytest.fixture
def people(transactional_db: None) -> User:
    """Return an administrator who can sign in; the groups are made anew after each flush."""
    roles.assign(apps)
    user = make_user("vida", roles.ADMINISTRATOR, first_name="Vida", last_name="Vadovė", is_superuser=True)
    return user


@pytest.fixture
def sample(people: User) -> Plan:
    """Return the real plan with sample progress."""
    return load_sample_plan()


def sign_in(page: Page, base: str, username: str = "vida") -> None:
    """Sign in as a person does."""
    page.goto(f"{base}/prisijungti/")
    page.get_by_label("Naudotojo vardas").fill(username)
    page.get_by_label("Slaptažodis").fill(PASSWORD)
    page.get_by_role("button", name="Prisijungti").click()


def axe_violations(page: Page) -> list[str]:
    """Return what axe finds on the page, each with the first place."""
    report = Axe().run(page).response
    return [f"{item['id']}: {item['nodes'][0]['html'][:200]}" for item in report["violations"]]


def scrolls_sideways(page: Page) -> bool:
    """Return whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
