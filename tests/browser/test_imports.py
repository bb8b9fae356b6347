"""A plan comes in as its document, and a work sheet goes out, is filled in, and comes back."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from measures.exchange.fixtures import load_reference_lists
from measures.models import Plan, PlannedResult

from .conftest import WIDTHS, axe_violations, scrolls_sideways, sign_in, watch

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENT = Path(__file__).parent.parent / "measures/exchange/data/akr.docx"


def check_page(page: Page) -> None:
    """See that the page is in order on both widths; what checking is blocked from troubles only itself."""
    checked = page.context.new_page()
    checked.goto(page.url)
    assert axe_violations(checked) == []
    for size in (WIDTHS["phone"], WIDTHS["desktop"]):
        checked.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert not scrolls_sideways(checked)
    checked.close()


def upload(page: Page, kind: str, file: Path) -> None:
    """Choose what it is and the file, and have it previewed."""
    page.get_by_role("link", name="Importas").first.click()
    page.get_by_label(kind).check()
    page.get_by_label("Failas").set_input_files(file)
    page.get_by_role("button", name="Įkelti ir peržiūrėti").click()
    expect(page.get_by_role("heading", level=1, name=file.name)).to_be_visible()


def fill_in(path: Path, values: dict[str, str | None]) -> str:
    """Type values into the first row of a work sheet, by the headings; return the key of its result."""
    workbook = openpyxl.load_workbook(path)
    sheet: Any = workbook["Darbo lentelė"]
    heads = {cell.value: cell for row in sheet.iter_rows(max_row=10) for cell in row}
    first = {heading: sheet.cell(cell.row + 1, cell.column) for heading, cell in heads.items()}
    for heading, value in values.items():
        first[heading].value = value
    workbook.save(path)
    return str(first["Raktas"].value)


def test_plan_document_becomes_a_draft_and_can_be_taken_back(
    page: Page, live_server: Any, people: Any
) -> None:
    load_reference_lists()
    errors = watch(page)
    sign_in(page, live_server.url)
    page.get_by_role("link", name="Importas").first.click()
    check_page(page)
    upload(page, "Naujas planas iš jo dokumento", DOCUMENT)
    check_page(page)
    assert not Plan.objects.exists()
    page.get_by_role("button", name="Patvirtinti ir įrašyti").click()
    expect(page.get_by_text("Importas įrašytas.")).to_be_visible()
    assert PlannedResult.objects.count() == 47
    check_page(page)
    page.get_by_role("button", name="Atšaukti importą").click()
    expect(page.get_by_text("Importas atšauktas.")).to_be_visible()
    assert not Plan.objects.exists()
    assert errors == []


def test_work_sheet_goes_out_and_comes_back(
    page: Page, live_server: Any, sample: Plan, tmp_path: Path
) -> None:
    errors = watch(page)
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/2023-2024/ataskaitos/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Atsisiųsti darbo lentelę").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)

    # Untouched, it changes nothing.
    upload(page, "Darbo lentelė", path)
    expect(page.get_by_text("Faile tas pats, kas programoje: įrašyti nėra ko.")).to_be_visible()
    expect(page.get_by_role("button", name="Patvirtinti ir įrašyti")).to_have_count(0)

    key = fill_in(path, {"Būsena": "Atidėta", "Pažanga, %": None, "Kas padaryta": "Perkelta į kitus metus."})

    upload(page, "Darbo lentelė", path)
    expect(page.locator(".import-lines > li")).to_have_count(1)
    expect(page.locator(".import-lines")).to_contain_text("Atidėta")
    check_page(page)
    page.get_by_role("button", name="Patvirtinti ir įrašyti").click()
    expect(page.get_by_text("Importas įrašytas.")).to_be_visible()
    assert PlannedResult.objects.get(plan=sample, key=key).status == "postponed"
    page.goto(f"{live_server.url}/2023-2024/veiksmai/{key.split('-')[0]}/")
    expect(page.locator(".journal")).to_contain_text("Perkelta į kitus metus.")

    # The same file once more is out of date, and says nothing new.
    upload(page, "Darbo lentelė", path)
    expect(page.get_by_text("Faile tas pats, kas programoje: įrašyti nėra ko.")).to_be_visible()
    page.get_by_role("link", name="Importas").first.click()
    page.get_by_role("row", name="Įrašytas").get_by_role("link").first.click()
    page.get_by_role("button", name="Atšaukti importą").click()
    expect(page.get_by_text("Importas atšauktas.")).to_be_visible()
    assert PlannedResult.objects.get(plan=sample, key=key).status != "postponed"
    assert errors == []


def test_file_that_cannot_be_read_is_explained(
    page: Page, live_server: Any, sample: Plan, tmp_path: Path
) -> None:
    path = tmp_path / "lentele.xlsx"
    path.write_bytes(b"PK\x03\x04 ne lentel\xc4\x97")
    errors = watch(page)
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/importas/?rusis=work_sheet")
    expect(page.get_by_label("Darbo lentelė")).to_be_checked()
    page.get_by_label("Failas").set_input_files(path)
    page.get_by_role("button", name="Įkelti ir peržiūrėti").click()
    expect(page.get_by_role("alert")).to_contain_text("Pataisykite pažymėtus laukus.")
    # The browser notes the 422 as an error of its own.
    assert [error for error in errors if "422" not in error] == []
    assert axe_violations(page) == []


def test_decision_that_was_typed_and_not_previewed_is_shown_before_it_counts(
    page: Page, live_server: Any, people: Any
) -> None:
    load_reference_lists()
    errors = watch(page)
    sign_in(page, live_server.url)
    upload(page, "Naujas planas iš jo dokumento", DOCUMENT)
    page.get_by_label("Naujo plano trumpasis pavadinimas").fill("kitas")
    page.get_by_role("button", name="Patvirtinti ir įrašyti").click()
    expect(page.get_by_label("Naujo plano trumpasis pavadinimas")).to_have_value("kitas")
    assert not Plan.objects.exists()
    check_page(page)
    page.get_by_label("Naujo plano trumpasis pavadinimas").press("Enter")
    expect(page.get_by_role("button", name="Patvirtinti ir įrašyti")).to_be_visible()
    assert not Plan.objects.exists()
    page.get_by_role("button", name="Patvirtinti ir įrašyti").click()
    expect(page.get_by_text("Importas įrašytas.")).to_be_visible()
    assert Plan.objects.get().slug == "kitas"
    assert errors == []


BOXES = """() => {
  const styles = {};
  for (const type of ["radio", "checkbox"]) for (const checked of [false, true]) {
    const box = Object.assign(document.createElement("input"), { type, checked });
    document.querySelector("main").append(box);
    const { borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(box);
    styles[`${type} ${checked}`] = [parseFloat(borderTopWidth), borderTopColor, backgroundColor];
    box.remove();
  }
  return styles;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chosen_boxes_look_chosen(page: Page, live_server: Any, people: Any, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/importas/")
    styles = page.evaluate(BOXES)
    for kind in ("radio", "checkbox"):
        assert styles[f"{kind} true"][1] != styles[f"{kind} false"][1]
    # A radio button is filled by its border, a checkbox by its background.
    assert styles["radio true"][0] >= 4 > styles["radio false"][0]
    assert styles["checkbox true"][2] == styles["checkbox true"][1]


def test_page_shows_that_a_file_is_being_read(page: Page, live_server: Any, people: Any) -> None:
    sign_in(page, live_server.url)
    page.get_by_role("link", name="Importas").first.click()
    # The page stays as it is while a file is on its way.
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_label("Naujas planas iš jo dokumento").check()
    page.get_by_label("Failas").set_input_files(DOCUMENT)
    page.get_by_role("button", name="Įkelti ir peržiūrėti").click()
    status = page.locator("[data-busy-status]")
    expect(status).to_have_text("Failas skaitomas…")
    expect(status.locator("progress")).to_be_visible()
    expect(page.get_by_role("button", name="Įkelti ir peržiūrėti")).to_be_disabled()
    assert axe_violations(page) == []
    for size in (WIDTHS["phone"], WIDTHS["desktop"]):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert not scrolls_sideways(page)
