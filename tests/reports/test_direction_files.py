"""The Word document and the workbook of the reports on directions: the rows of the pages, ready to send."""

import io
from datetime import date
from typing import Any

import docx
import openpyxl
import pytest
import time_machine
from django.test import Client
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from measures.models import Plan, StrategyDirection
from reports.workbook.direction import MAX_SHEET_NAME
from tests.conftest import Cast
from tests.make import give_code, make_action, make_code, make_measure, make_plan, make_result, make_task

from .direction_rows import KEYS, PAGE, flat, page, rows_in_page, rows_of

pytestmark = pytest.mark.django_db

SHEETS = [
    *(f"{number} kryptis" for number in KEYS[:5]),
    "Horizontalieji prioritetai",
    "Be KRSS2030 kodo",
    "Apie",
]
DAYS = ["2023-12-31", "2024-06-30", "2024-12-31"]
HOSTILE = [
    '=HYPERLINK("http://x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "a\u202eb\u200f",
    "x\x01y",
    "<b>&amp;",
    "_x0041_",
]


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


def rows_in_word(content: bytes) -> list[list[list[str]]]:
    """Return the rows of each table; what stands in one cell for several rows stands in each."""
    tables = docx.Document(io.BytesIO(content)).tables
    return [[[flat(cell.text) for cell in row.cells] for row in table.rows] for table in tables]


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def in_words(row: list[str]) -> list[str]:
    """Return a row as the cells of the document have it."""
    _code, action, text, due, status, percent, on_time, done_on, done, correction, owner, partners = row
    return [
        action,
        text,
        due,
        f"{status} {percent}",
        f"{on_time} {done_on}".strip(),
        done,
        correction,
        owner,
        partners,
    ]


def from_cells(row: list[Any], without_code: str) -> list[str]:
    """Return a row of a sheet as texts."""
    number, title, action, action_title, text, due, status, percent, on_time, done_on, *rest = row
    return [
        f"{number}. {title}" if number else title or without_code,
        f"{action}. {flat(action_title)}",
        flat(text),
        due.isoformat(),
        status,
        "–" if percent == "" else f"{percent * 100:.0f} %",
        on_time,
        done_on.isoformat() if done_on else "",
        *map(flat, rest),
    ]


@pytest.mark.parametrize("day", DAYS)
def test_files_have_the_rows_of_the_pages(manager: Client, sample_plan: Plan, day: str) -> None:
    query = f"?data={day}"
    word = rows_in_word(manager.get(f"/2023-2024/krss2030/kryptys.docx{query}").getvalue())
    sheets = sheets_of(manager.get(f"/2023-2024/krss2030/kryptys.xlsx{query}").getvalue())
    assert list(sheets) == SHEETS
    listed = []
    for key, name in zip(KEYS, SHEETS, strict=False):
        response = page(manager, key, query)
        report = response.context["report"]
        rows = rows_of(report)
        listed += rows
        shown = rows_in_page(response.content.decode())
        expected = [
            [row[0] or report.heading, *row[1:6], f"{row[6]} {row[7]}".strip(), *row[8:10]] for row in rows
        ]
        assert shown == expected
        found = [row for row in sheets[name] if isinstance(row[5], date)]
        assert [from_cells(row, "") for row in found] == rows
        own = rows_in_word(manager.get(f"{PAGE}{key}.docx{query}").getvalue())
        assert [row for table in own for row in table[1:]] == [in_words(row) for row in rows]
        alone = sheets_of(manager.get(f"{PAGE}{key}.xlsx{query}").getvalue())
        assert list(alone) == [name, "Apie"]
        assert alone[name] == sheets[name]
    assert [row for table in word for row in table[1:]] == [in_words(row) for row in listed]
    assert len(listed) == 47


def test_filter_narrows_page_and_files_and_is_said(manager: Client, sample_plan: Plan) -> None:
    query = "?padetis=veluoja&data=2024-06-30"
    rows = rows_in_page(page(manager, "I", query).content.decode())
    assert {row[4] for row in rows} <= {"Vėluoja"}
    for key in KEYS:
        content = manager.get(f"{PAGE}{key}.docx{query}").getvalue()
        assert any(p.text.startswith("Rodoma: ") for p in docx.Document(io.BytesIO(content)).paragraphs)
    sheets = sheets_of(manager.get(f"/2023-2024/krss2030/kryptys.xlsx{query}").getvalue())
    statuses = {
        row[6] for rows in sheets.values() for row in rows if len(row) > 6 and isinstance(row[5], date)
    }
    assert statuses == {"Vėluoja"}
    assert all(any("Rodoma" in str(row[0]) for row in sheets[name]) for name in SHEETS[:-1])


@time_machine.travel("2024-08-15T12:00:00+03:00")
def test_document_is_ready_to_send(manager: Client, sample_plan: Plan) -> None:
    response = manager.get(f"{PAGE}III.docx")
    assert response["Content-Disposition"].endswith(
        '"krypties-ataskaita-2023-2024_iii_bukle-2024-08-15.docx"'
    )
    content = response.getvalue()
    assert content == manager.get(f"{PAGE}III.docx").getvalue()
    document: Any = docx.Document(io.BytesIO(content))
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    title = StrategyDirection.objects.get(code="III").title
    assert headings[:2] == [
        ("Heading 1", "KRSS2030 krypties įgyvendinimo ataskaita"),
        ("Heading 2", f"III. {title}"),
    ]
    report = page(manager, "III").context["report"]
    assert headings[2:] == [("Heading 3", code.heading) for code in report.codes]
    words = "\n".join(p.text for p in document.paragraphs)
    for text in (
        sample_plan.title,
        "2023–2024",
        "2024 m. rugpjūčio 15 d.",
        "Pavyzdiniai duomenys",
        "Parengė",
    ):
        assert text in words
    assert document.core_properties.language == "lt-LT"
    assert document.core_properties.title.startswith("KRSS2030 krypties įgyvendinimo ataskaita")
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    for table in document.tables:
        first, *others = (row._tr.find(qn("w:trPr")) for row in table.rows)
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row is None or row.find(qn("w:tblHeader")) is None for row in others)
        assert sum(row is not None and row.find(qn("w:cantSplit")) is not None for row in others)
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "lt-LT"


@time_machine.travel("2024-08-15T12:00:00+03:00")
def test_workbook_is_ready_to_filter_and_to_print(manager: Client, sample_plan: Plan) -> None:
    response = manager.get("/2023-2024/krss2030/kryptys.xlsx")
    assert response["Content-Disposition"].endswith('"krypciu-ataskaita-2023-2024_bukle-2024-08-15.xlsx"')
    book: Any = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    assert book.properties.title.startswith("KRSS2030 įgyvendinimo ataskaita pagal kryptis")
    assert {name for name in book.sheetnames if len(name) > MAX_SHEET_NAME} == set()
    seen = 0
    for sheet in book.worksheets[:-1]:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        head = next(row for row in range(1, 12) if sheet.cell(row, 14).value or row == sheet.max_row)
        assert sheet.freeze_panes == f"A{head + 1}"
        assert sheet.print_title_rows == f"${head}:${head}"
        if sheet.cell(head, 14).value is None:
            continue
        assert sheet.auto_filter.ref == f"A{head}:N{sheet.max_row}"
        for row in sheet.iter_rows(min_row=head + 1):
            assert (row[5].is_date, row[5].number_format) == (True, "yyyy-mm-dd")
            assert isinstance(row[7].value, int | float | type(None))
            assert "%" in row[7].number_format
            assert sheet.row_dimensions[row[0].row].height > 0
            seen += 1
    assert seen == 47
    about = {row[0]: row[1] for row in book["Apie"].iter_rows(values_only=True) if row[0]}
    assert about["Rodoma plano dalis"] == "Visas planas"
    assert about["Planas"] == f"{sample_plan.title} (2023–2024)"


def test_no_text_is_lost_or_alive(manager: Client) -> None:
    measure = make_measure(make_task(make_plan(slug="2023-2024")))
    code = make_code("I.1.1.1")
    for text in HOSTILE:
        action = make_action(measure, title=text)
        make_result(action, text=text, sub_items=[text])
        give_code(action, code)
    shown = [text.replace("\x01", "\N{REPLACEMENT CHARACTER}") for text in HOSTILE]
    [table] = rows_in_word(manager.get(f"{PAGE}I.docx").getvalue())
    assert [row[1] for row in table[1:]] == [f"{text} – {text}" for text in shown]
    content = manager.get(f"{PAGE}I.xlsx").getvalue()
    rows = [row for row in sheets_of(content)["I kryptis"] if isinstance(row[5], date)]
    assert [row[3] for row in rows] == shown
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content))["I kryptis"] for cell in row]
    assert {cell.data_type for cell in cells if cell.value} <= {"s", "n", "d"}
    titles = [cell for cell in cells if cell.column == 4 and cell.value in shown[:4]]
    assert [cell.quotePrefix for cell in titles] == [True] * 4
    html = page(manager, "I").content.decode()
    assert "<b>&amp;" not in html
    assert "&lt;b&gt;&amp;amp;" in html


def test_direction_without_actions_says_so_everywhere(manager: Client) -> None:
    make_plan(slug="2023-2024")
    make_code("I.1.1.1")
    said = "Prie šios krypties neprisideda nė vienas rodomas veiksmas."
    assert said in page(manager, "I").content.decode()
    document = docx.Document(io.BytesIO(manager.get(f"{PAGE}I.docx").getvalue()))
    assert said in [paragraph.text for paragraph in document.paragraphs]
    assert document.tables == []
    sheet = sheets_of(manager.get(f"{PAGE}I.xlsx").getvalue())["I kryptis"]
    assert said in [row[0] for row in sheet]
