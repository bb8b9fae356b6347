"""What a board asks is answered within three clicks from Suvestinė; the clicks are counted."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from measures.enums import Standing
from measures.models import Plan
from measures.tree.reader import read_tree
from reports.rollup import by_year

from .conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


class Visitor:
    """Clicks and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def open(self, name: str) -> None:
        menu = self.page.get_by_role("navigation", name="Pagrindinis meniu").last
        self.click(menu.get_by_role("link", name=name, exact=True))


@pytest.fixture
def visitor(page: Page, live_server: Any, sample: Plan) -> Visitor:
    """Return somebody who has just opened Suvestinė."""
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/2023-2024/")
    return Visitor(page)


def test_what_is_late_in_bioeconomy(visitor: Visitor, sample: Plan) -> None:
    page = visitor.page
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Bioekonomika", exact=True))
    late = [
        (action.number, result)
        for action, result in read_tree(sample).results()
        if result.standing == Standing.LATE and any(code.direction == "II" for code in action.effective_codes)
    ]
    visitor.click(row.get_by_role("link", name=str(len(late)), exact=True).last)
    expect(page.get_by_role("rowheader")).to_have_count(len(late))
    assert [cell.split()[0] for cell in page.locator("tbody td.cell-lead").all_inner_texts()] == [
        number for number, _result in late
    ]
    assert visitor.clicks == 1


def test_what_changed_since_a_day(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("Pokyčiai")
    page.get_by_label("Nuo dienos").fill("2024-06-30")
    visitor.click(page.get_by_role("button", name="Palyginti dienas"))
    expect(page.locator(".lead")).to_contain_text("2024 m. birželio 30 d.")
    assert visitor.clicks == 2


def test_which_codes_nobody_touches(visitor: Visitor, sample: Plan) -> None:
    page = visitor.page
    visitor.open("KRSS2030")
    visitor.click(page.get_by_role("link", name=re.compile("^Plane neturi veiksmų")))
    carried = {code.code for action in read_tree(sample).actions for code in action.effective_codes}
    expect(page.get_by_role("link", name=re.compile("^Plane neturi veiksmų"))).to_have_attribute(
        "aria-current", "page"
    )
    listed = page.locator("main tbody td.cell-lead").all_inner_texts()
    assert not carried & {text.strip() for text in listed if text.strip()}
    assert visitor.clicks == 2


def test_what_a_partner_takes_part_in(visitor: Visitor, sample: Plan) -> None:
    page = visitor.page
    name = next(
        link.name
        for action in read_tree(sample).actions
        for link in action.partners
        if "inovacijų centras" in link.name
    )
    numbers = [
        action.number
        for action in read_tree(sample).actions
        if any(link.name == name for link in action.partners)
    ]
    visitor.open("Partneriai")
    visitor.click(page.get_by_role("link", name=name, exact=True))
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    shown = page.locator("main tbody td.cell-lead").all_inner_texts()
    assert sorted(text.strip() for text in shown if text.strip()) == sorted(numbers)
    assert visitor.clicks == 2


def test_how_much_of_a_year_was_done(visitor: Visitor, sample: Plan) -> None:
    page = visitor.page
    [summary] = [group.summary for group in by_year(read_tree(sample)) if group.key == "2023"]
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="2023", exact=True))
    links = [text.replace("\N{NO-BREAK SPACE}", " ") for text in row.get_by_role("link").all_inner_texts()]
    assert links == [
        str(summary.results),
        str(summary.count(Standing.DONE)),
        str(summary.late),
        f"{summary.percent:.0f} %",
    ]
    assert visitor.clicks == 0
