"""Opens a file of KRSS2030 codes, an Excel workbook or CSV, and hands its cells out as text.

Nothing here knows what a code is. A workbook may be hostile: it is weighed before anything is unpacked, and
only so many rows of it are read.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akr_plan.file_text import text_of_cell

from ..enums import FileType
from ..evidence.content import MALFORMED
from .guard.archive_guard import guard_archive
from .guard.refusal import FileRefusedError

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2000
MAX_COLUMNS = 10
MAX_SHEETS = 10


class CodeFileError(FileRefusedError):
    """The file cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class NotText:
    """What a cell holds instead of text: a number, a date, a formula; `shown` is its value."""

    kind: str
    shown: str


Cell = str | NotText


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet, each with its number as the user sees it; empty rows are left out.

    name: empty for CSV, which has one sheet only. An empty cell is an empty text; none are at a row's end.
    """

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Sheets:
    """All sheets of a file that are not empty; there is one at least."""

    sheets: tuple[Sheet, ...]


def read_all_sheets(content: bytes, name: str) -> Sheets:
    """Return the sheets as one value that can travel between processes. Raises CodeFileError."""
    return Sheets(tuple(read_sheets(name, content)))


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """Return the sheets that are not empty. Raises CodeFileError."""
    if len(content) > MAX_BYTES:
        raise CodeFileError(_("The file is larger than %(mb)d MB.") % {"mb": MAX_BYTES // 1024**2})
    kind = PurePath(name).suffix.lower()
    if kind == ".xlsx":
        sheets = _read_workbook(content)
    elif kind == ".csv":
        sheets = [_read_csv(content)]
    else:
        raise CodeFileError(_("Save the file as an Excel workbook (.xlsx) or as CSV."))
    if not any(sheet.rows for sheet in sheets):
        raise CodeFileError(_("The file is empty."))
    return [sheet for sheet in sheets if sheet.rows]


def _read_csv(content: bytes) -> Sheet:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CodeFileError(_("The file is not UTF-8 text. Save it as “CSV UTF-8”.")) from error
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return _sheet("", ([one_line(cell) for cell in row] for row in reader))
    except csv.Error as error:
        raise CodeFileError(
            _("Line %(line)d is no proper CSV: check its quotation marks.") % {"line": reader.line_num}
        ) from error


def _read_workbook(content: bytes) -> list[Sheet]:
    try:
        guard_archive(content, FileType.XLSX)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        sheets = workbook.worksheets
        if len(sheets) > MAX_SHEETS:
            raise CodeFileError(_("The workbook has more than %(n)d sheets.") % {"n": MAX_SHEETS})
        return [_sheet(sheet.title, _rows(sheet)) for sheet in sheets]
    except FileRefusedError as error:
        raise CodeFileError(str(error)) from error
    except (TypeError, AttributeError, *MALFORMED) as error:
        raise CodeFileError(
            _("The file is no whole Excel workbook without macros and password. Save it anew as .xlsx.")
        ) from error


def _rows(sheet: Any) -> Iterator[list[Cell]]:
    # The size that the file claims may be a lie, so it is forgotten. Rows that are missing in the file come
    # empty; after the last that may be, one more row tells that there are too many.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_row=MAX_ROWS + 2):
        yield [_cell(cell) for cell in row]


def _sheet(name: str, rows: Iterable[Sequence[Cell]]) -> Sheet:
    """Return the sheet, or refuse it if it is too long or too wide: nothing is left out in silence."""
    kept = []
    # One row more for the headings, one more to see whether there are too many.
    for number, row in enumerate(islice(rows, MAX_ROWS + 2), start=1):
        cells = _without_end(row)
        if number > MAX_ROWS + 1:
            raise CodeFileError(
                _("%(place)sthere are more than %(n)d rows.") % {"place": _in_sheet(name), "n": MAX_ROWS}
            )
        if len(cells) > MAX_COLUMNS:
            raise CodeFileError(
                _("%(place)srow %(row)d has more than %(n)d columns.")
                % {"place": _in_sheet(name), "row": number, "n": MAX_COLUMNS}
            )
        if cells:
            kept.append((number, cells))
    return Sheet(name, tuple(kept))


def _in_sheet(name: str) -> str:
    return _("Sheet “%(sheet)s”: ") % {"sheet": name} if name else ""


def _without_end(row: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the row up to its last cell that holds anything."""
    filled = [position for position, cell in enumerate(row, start=1) if cell]
    return tuple(row[: filled[-1]]) if filled else ()


# What openpyxl calls the types of cells that hold no text.
KINDS = {
    "n": gettext_lazy("a number"),
    "d": gettext_lazy("a date"),
    "f": gettext_lazy("a formula"),
    "b": gettext_lazy("a logical value"),
    "e": gettext_lazy("an error"),
}


def _cell(cell: Any) -> Cell:
    if cell.value is None:
        return ""
    if kind := KINDS.get(cell.data_type):
        return NotText(str(kind), str(cell.value))
    return one_line(text_of_cell(str(cell.value)))


def one_line(text: str) -> str:
    """Return the text without line breaks and blanks around; no-break spaces stay."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
