"""Opens a workbook and hands out the cells of its sheets that are not blank, wherever they stand.

Rows and shared texts are read without openpyxl's own loops: those take several times as long, make up the
cells between those that are there, and take "x005F_" out of every text.
"""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

import openpyxl
from django.utils.translation import gettext as _
from lxml import etree
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.packaging.manifest import Manifest
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.worksheet._reader import CELL_TAG, FORMULA_TAG, INLINE_STRING, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import ARC_CONTENT_TYPES, SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring

from ...enums import FileType
from ...evidence.content import check_content
from ..document.notices import DocumentError, Notice, Place
from .cells import Cell

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024

# The cells of a row by their column, and the rows by their number, both from 1.
Cells = dict[int, Cell]
Rows = dict[int, Cells]

_TEXT, _RUN, _SHARED_TEXT, _MERGED = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("t", "r", "si", "mergeCell"))


@dataclass(frozen=True, slots=True)
class FileSheet:
    """The cells of a sheet that are not blank, and the merged ranges: first and last column, then row."""

    rows: Rows
    merged: tuple[tuple[int, int, int, int], ...] = ()


def open_sheets(content: bytes) -> dict[str, FileSheet]:
    """Return the sheets by name; the workbook may be hostile. Raises DocumentError, or MemoryError."""
    if len(content) > MAX_BYTES:
        message = _("The file is larger than %(limit)d MB. Download the work sheet anew.")
        raise file_error("too-large", message % {"limit": MAX_BYTES // 1024**2})
    try:
        check_content(content, FileType.XLSX)
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise ValueError
        with warnings.catch_warnings():
            # They are about what openpyxl would lose on saving.
            warnings.simplefilter("ignore")
            workbook: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            texts = _shared_texts(workbook._archive)
            return {sheet.title: _sheet(workbook, sheet, texts) for sheet in workbook.worksheets}
    except MemoryError:
        raise
    except Exception as error:
        # openpyxl meets what it does not expect with errors of every kind.
        message = _("The file is no whole Excel workbook without macros and password. Save it anew as .xlsx.")
        raise file_error("no-workbook", message) from error


def file_error(code: str, message: str) -> DocumentError:
    """Return what is wrong with a file as a whole."""
    return DocumentError([Notice(code, Place(1), message, "")])


def _elements(source: Any, *tags: str) -> Iterator[Any]:
    """Yield the elements with these tags one by one, and forget them again."""
    for _event, element in etree.iterparse(source, tag=tags, resolve_entities=False, no_network=True):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _shared_texts(archive: ZipFile) -> list[str]:
    """Return the texts that cells refer to by number."""
    contents: Any = fromstring(archive.read(ARC_CONTENT_TYPES))
    manifest: Any = Manifest.from_tree(contents)
    part = manifest.find(SHARED_STRINGS)
    if part is None:
        return []
    with archive.open(part.PartName.lstrip("/")) as source:
        return [_text(item) for item in _elements(source, _SHARED_TEXT)]


def _sheet(workbook: Any, sheet: Any, shared_texts: list[str]) -> FileSheet:
    parser = WorkSheetParser(
        io.BytesIO(),
        shared_texts,
        epoch=workbook.epoch,
        date_formats=workbook._date_formats,
        timedelta_formats=workbook._timedelta_formats,
    )
    rows: Rows = {}
    merged: list[tuple[int, int, int, int]] = []
    above = 0
    with sheet._get_source() as source:
        for element in _elements(source, ROW_TAG, _MERGED):
            if element.tag == _MERGED:
                merged.append(_range(element.get("ref", "")))
                continue
            number = int(element.get("r", above + 1))
            if number <= above:
                raise ValueError
            above = parser.row_counter = number
            parser.col_counter = 0
            found = ((place, cell) for place, cell in _cells(parser, sheet, element) if not cell.is_blank)
            if cells := dict(found):
                rows[number] = cells
    return FileSheet(rows, tuple(merged))


def _range(reference: str) -> tuple[int, int, int, int]:
    """Return first and last column, first and last row of a range. Raises ValueError."""
    left, top, right, bottom = range_boundaries(reference)
    if left is None or top is None or right is None or bottom is None:
        raise ValueError
    return left, right, top, bottom


def _cells(parser: Any, sheet: Any, row: Any) -> Iterator[tuple[int, Cell]]:
    for element in row.iterchildren(CELL_TAG):
        parts = {part.tag: part for part in element}
        if FORMULA_TAG in parts:
            yield _column(parser, element), Cell("=", "f")
        elif INLINE_STRING in parts:
            yield _column(parser, element), Cell(_text(parts[INLINE_STRING]))
        elif not parts:
            _column(parser, element)
        else:
            found = parser.parse_cell(element)
            kind = found["data_type"]
            number_format = ReadOnlyCell(sheet, **found).number_format if kind == "n" else "General"
            yield found["column"], Cell(found["value"], kind, number_format)


def _column(parser: Any, element: Any) -> int:
    """Return in which column a cell stands: where it says, or beside the last one."""
    reference = element.get("r")
    column = coordinate_to_tuple(reference)[1] if reference else parser.col_counter + 1
    parser.col_counter = column
    return int(column)


def _text(item: Any) -> str:
    """Return a text, which is one or in runs of different looks; how it is spoken does not belong to it."""
    parts = (part if part.tag == _TEXT else part.find(_TEXT) for part in item.iterchildren(_TEXT, _RUN))
    return "".join(part.text or "" for part in parts if part is not None)
