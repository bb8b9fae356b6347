"""Writes a register to Excel or CSV, in the form in which it can be read back without a change."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

# A spreadsheet takes a text of CSV that begins like this for a formula, or for a text without its start.
_LIKE_FORMULAS = tuple("=+-@'")
_GUARDED = re.compile(r"\A'(?=[=+\-@'])")
_TEXT_FORMAT = "@"
_HEAD_FILL, _HEAD_INK = "0B5C7A", "FFFFFF"
_NARROWEST, _WIDEST = 12, 60

Table = Sequence[Sequence[str]]


def write_xlsx(title: str, table: Table) -> bytes:
    """Return a workbook of one sheet; the first row is the headings. Every cell is a text and stays one."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for column, width in enumerate(_widths(table), start=1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width, dimension.number_format = width, _TEXT_FORMAT
    for cells in _cells(sheet, table):
        sheet.append(cells)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table[0]))}{len(table)}"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _widths(table: Table) -> list[int]:
    """Return how wide each column has to be, in characters."""
    return [
        min(_WIDEST, max(_NARROWEST, *(len(text) + 2 for text in column)))
        for column in zip(*table, strict=True)
    ]


def _cells(sheet: Any, table: Table) -> Iterator[list[Any]]:
    head_font, head_fill = Font(bold=True, color=_HEAD_INK), PatternFill("solid", start_color=_HEAD_FILL)
    alignment = Alignment(vertical="top", wrap_text=True)
    for number, texts in enumerate(table):
        cells = []
        for text in texts:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text) or None)
            if text:
                cell.data_type = "s"
            cell.number_format, cell.alignment = _TEXT_FORMAT, alignment
            if number == 0:
                cell.font, cell.fill = head_font, head_fill
            cells.append(cell)
        yield cells


def write_csv(table: Table) -> bytes:
    """Return CSV as Excel here opens it: semicolons, UTF-8 with a mark; formulas guarded by an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerows(
        [f"'{text}" if text.startswith(_LIKE_FORMULAS) else text for text in texts] for texts in table
    )
    return stream.getvalue().encode("utf-8-sig")


def without_guard(text: str) -> str:
    """Return a text as it was before an apostrophe kept it from being a formula."""
    return _GUARDED.sub("", text)
