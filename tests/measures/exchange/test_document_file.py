"""The plan's own document gives the same tree in whichever format it comes in; hostile files are refused."""

import io
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.exchange.document.file import read_plan_file
from measures.exchange.document.notices import DocumentError
from measures.exchange.document.reader import read_document
from measures.exchange.document.tree import COLUMNS, PlanText
from measures.exchange.fixtures import AKR_DOCUMENT

from .make_documents import as_page, as_workbook

# The same document as LibreOffice saved it: opened from a page, a workbook, or its own Word document.
DATA = Path(__file__).parent / "data"
PARENTS = ("blank", "merged", "repeated")
TEXT = AKR_DOCUMENT.read_text(encoding="utf-8")


def without_links(plan: PlanText) -> PlanText:
    """Return the plan as a workbook can say it."""
    return replace(
        plan,
        tasks=tuple(
            replace(
                task,
                measures=tuple(
                    replace(
                        measure,
                        actions=tuple(
                            replace(
                                action,
                                links=(),
                                results=tuple(replace(result, links=()) for result in action.results),
                            )
                            for action in measure.actions
                        ),
                    )
                    for measure in task.measures
                ),
            )
            for task in plan.tasks
        ),
    )


@pytest.fixture(scope="module")
def plan() -> PlanText:
    return read_document(TEXT).plan


def test_text(plan: PlanText) -> None:
    assert read_plan_file(TEXT.encode()).plan == plan
    assert read_plan_file(b"\xef\xbb\xbf" + TEXT.encode()).plan == plan


def test_web_page(plan: PlanText) -> None:
    assert read_plan_file(as_page(TEXT).encode()).plan == plan


@pytest.mark.parametrize("parents", PARENTS)
def test_workbook(plan: PlanText, parents: str) -> None:
    assert read_plan_file(as_workbook(TEXT, parents=parents)).plan == without_links(plan)


@pytest.mark.parametrize("name", ["akr.docx", "akr.html", *(f"akr-{way}.xlsx" for way in PARENTS)])
def test_files_that_libreoffice_saved(plan: PlanText, name: str) -> None:
    expected = without_links(plan) if name.endswith(".xlsx") else plan
    assert read_plan_file((DATA / name).read_bytes()).plan == expected


@pytest.mark.parametrize("name", ["akr.docx", "akr.html", "akr-blank.xlsx"])
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_broken_files_are_refused_or_read_but_never_an_error_of_ours(name: str, data: st.DataObject) -> None:
    content = bytearray((DATA / name).read_bytes())
    for _change in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    with suppress(DocumentError):
        read_plan_file(bytes(content))


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"<html>{text}".encode()))
def test_any_bytes(content: bytes) -> None:
    with pytest.raises(DocumentError):
        read_plan_file(content)


def test_formulas_and_links_of_cells_are_told() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(as_workbook(TEXT)))
    sheet = workbook.active
    assert sheet
    sheet["D7"] = "=1+1"
    with pytest.raises(DocumentError, match="=1\\+1"):
        read_plan_file(saved(workbook))
    sheet["D7"] = "ES lėšos"
    sheet["D7"].hyperlink = "https://example.lt/"
    notices = read_plan_file(saved(workbook)).warnings
    assert "links-dropped" in {notice.code for notice in notices}


def saved(workbook: Any) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    content: bytes = stream.getvalue()
    return content


@pytest.mark.parametrize("encoding", ["windows-1257", "utf-8"])
def test_page_in_the_encoding_that_it_names(plan: PlanText, encoding: str) -> None:
    page = as_page(TEXT).replace('charset="utf-8"', f'charset="{encoding}"')
    content = page.encode(encoding, "xmlcharrefreplace")
    assert read_plan_file(content).plan == plan


@pytest.mark.parametrize("encoding", ["base64", "nera-tokios", "utf-16"])
def test_page_in_an_encoding_that_is_none_is_refused(encoding: str) -> None:
    page = as_page(TEXT).replace('charset="utf-8"', f'charset="{encoding}"')
    with pytest.raises(DocumentError):
        read_plan_file(page.encode())


def test_text_with_headings_in_another_order_is_refused() -> None:
    heading = "\t".join(COLUMNS)
    swapped = "\t".join([*COLUMNS[:3], COLUMNS[4], COLUMNS[3]])
    action = "1.1. B\t1.1.1. C\t– D 2023\tES lėšos\tNeringa"
    text = f"VEIKLOS PLANAS 2023 M.\n\n{heading}\n1 uždavinys: A\n{action}\n"
    assert read_plan_file(text.encode()).plan.tasks
    with pytest.raises(DocumentError) as caught:
        read_plan_file(text.replace(heading, swapped).encode())
    assert {notice.place.line for notice in caught.value.notices} == {3}
