"""What comes out of the printer: Chromium's own PDF of the pages that go to the board."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from measures.models import Plan
from measures.tree.reader import read_tree
from tests.reports.pdf.poppler import info, run

from .conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

COLUMNS = ("Priemonė", "Veiksmai", "Planuojamos veiklos", "Ištekliai", "Susijusios institucijos")
PARTS = (
    "turėjo būti įvykdyt",
    "Pagal uždavinius",
    "Pagal KRSS2030 kryptis",
    "Pagal termino metus",
    "Vėluoja",
    "Eiga",
)
LEFT_OUT = (
    "Rodyti",
    "Daugiau filtrų",
    "Rinkinys valdybai",
    "Naujausi įrašai",
    "Tas pats skaičiais",
    "Visi",
)
A4 = "594.96 x 841.92 pts (A4)"
A4_LANDSCAPE = "841.92 x 594.96 pts (A4)"


def print_page(page: Page, path: Path) -> Path:
    """Print as people do who choose nothing but A4."""
    page.pdf(path=path, format="A4", prefer_css_page_size=True)
    return path


def pages_of(path: Path) -> list[str]:
    """Return the text of each page as it lies on the paper."""
    return run("pdftotext", path, "-layout").split("\f")[:-1]


def words_of(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def signed_in(page: Page, live_server: Any, sample: Plan) -> Page:
    sign_in(page, live_server.url)
    return page


@pytest.mark.parametrize("asked", ["", "?data=2024-06-30"])
def test_dashboard_fits_on_one_page(signed_in: Page, live_server: Any, tmp_path: Path, asked: str) -> None:
    signed_in.goto(f"{live_server.url}/2023-2024/{asked}")
    path = print_page(signed_in, tmp_path / "suvestine.pdf")
    assert (info(path)["Pages"], info(path)["Page size"]) == ("1", A4)
    text = words_of(pages_of(path)[0])
    assert [part for part in PARTS if part not in text] == []
    assert [part for part in LEFT_OUT if re.search(rf"\b{part}\b", text)] == []


def test_dashboard_says_which_part_of_the_plan_it_is(
    signed_in: Page, live_server: Any, tmp_path: Path
) -> None:
    signed_in.goto(f"{live_server.url}/2023-2024/?uzdavinys=2&data=2024-06-30")
    said = signed_in.locator(".filter-said").inner_text().removesuffix("Rodyti viską").strip()
    signed_in.locator("details.fold summary").first.click()
    path = print_page(signed_in, tmp_path / "suvestine.pdf")
    assert info(path)["Pages"] == "1"
    text = words_of(pages_of(path)[0])
    assert words_of(said) in text
    assert "Rodyti viską" not in text


def test_plan_prints_as_the_document(signed_in: Page, live_server: Any, tmp_path: Path, sample: Plan) -> None:
    signed_in.goto(f"{live_server.url}/2023-2024/planas/")
    signed_in.get_by_role("button", name="Suskleisti viską").click()
    assert signed_in.locator(".plan-table").first.is_hidden()
    path = print_page(signed_in, tmp_path / "planas.pdf")
    assert info(path)["Page size"] == A4_LANDSCAPE
    pages = pages_of(path)
    assert [
        number for number, page in enumerate(pages, start=1) if not all(name in page for name in COLUMNS)
    ] == []
    tree = read_tree(sample)
    found = re.findall(r"(?<![\w.])(\d\.\d+\.\d+)\.\s", words_of("\n".join(pages)))
    assert found == [action.number for action in tree.actions]
    assert len(found) == 22
    text = words_of("\n".join(pages))
    assert [
        task.title for task in tree.tasks if f"{task.number}. {task.title.capitalize()}" not in text
    ] == []
    statuses = {str(result.standing.label) for _action, result in tree.results()}
    assert [status for status in statuses if status not in text] == []
    assert "Suskleisti" not in text


@pytest.mark.parametrize("row", ["1.2.1", "2.1.4", "6.2.2"])
def test_row_that_fits_on_a_page_is_not_torn(
    signed_in: Page, live_server: Any, tmp_path: Path, sample: Plan, row: str
) -> None:
    signed_in.goto(f"{live_server.url}/2023-2024/planas/")
    pages = [words_of(page) for page in pages_of(print_page(signed_in, tmp_path / "planas.pdf"))]
    action = next(action for action in read_tree(sample).actions if action.number == row)
    places = [
        [number for number, page in enumerate(pages) if start in page]
        for start in (f"{row}. ", *(" ".join(result.text.split()[:3]) for result in action.results))
    ]
    assert len({place[0] for place in places}) == 1
