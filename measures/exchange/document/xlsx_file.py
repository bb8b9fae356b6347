"""Opens a workbook with a plan, which may be hostile: it is weighed before anything of it is unpacked."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import COMMENTS_NS
from openpyxl.xml.functions import fromstring

from ...enums import FileType
from ...evidence.content import check_content
from .notices import NoticeLog, Place

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 20 * 1024 * 1024
MAX_ROWS = 10_000

# The cells of a row that hold anything, by column from 0.
Cells = dict[int, ReadOnlyCell]


@dataclass(frozen=True, slots=True)
class Merged:
    """A range of merged cells: its first and last row from 1, its first and last column from 0."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it is in the file: its rows by number from 1, only those that hold anything.

    comments: row, column from 0, and words of each; has_links: whether a cell leads anywhere.
    """

    name: str
    is_hidden: bool
    rows: dict[int, Cells]
    merged: tuple[Merged, ...]
    comments: tuple[tuple[int, int, str], ...]
    has_links: bool


def open_workbook(content: bytes, log: NoticeLog) -> list[Sheet]:
    """Return the sheets that hold anything. Raises DocumentError if this is no workbook, or MemoryError."""
    if len(content) > MAX_BYTES:
        message = _("The document is larger than %(limit)d MB. Save the plan alone, without pictures.")
        log.error("too-large", Place(1), message, limit=MAX_BYTES // 1024**2)
    log.raise_errors()
    try:
        check_content(content, FileType.XLSX)
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise ValueError
        with warnings.catch_warnings():
            # They are about what openpyxl would lose on saving.
            warnings.simplefilter("ignore")
            workbook: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True, rich_text=True)
            sheets = [_sheet(workbook, sheet) for sheet in workbook.worksheets]
    except MemoryError:
        raise
    except Exception:
        # openpyxl meets what it does not expect with errors of every kind.
        message = _("The file is no whole Excel workbook without macros and password. Save it anew as .xlsx.")
        log.error("no-workbook", Place(1), message)
        log.raise_errors()
    return [sheet for sheet in sheets if sheet.rows or sheet.comments]


def _sheet(workbook: Any, sheet: Any) -> Sheet:
    with sheet._get_source() as source:
        parser: Any = WorkSheetParser(
            source,
            sheet._shared_strings,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
            rich_text=True,
        )
        rows = {number: cells for number, cells in _rows(parser, sheet) if cells}
    merged = parser.merged_cells.mergeCell if parser.merged_cells else ()
    return Sheet(
        sheet.title,
        sheet.sheet_state != "visible",
        rows,
        tuple(Merged(area.min_row, area.max_row, area.min_col - 1, area.max_col - 1) for area in merged),
        tuple(_comments(workbook._archive, sheet._worksheet_path)),
        bool(parser.hyperlinks.hyperlink),
    )


def _rows(parser: Any, sheet: Any) -> Iterator[tuple[int, Cells]]:
    """Yield the rows, one more than may be, so that there are too many can be told."""
    above = 0
    # All rows are parsed, for what the sheet says of merged cells and links stands after them.
    for count, (number, row) in enumerate(parser.parse()):
        if number <= above:
            raise ValueError
        above = number
        if count <= MAX_ROWS:
            cells = [ReadOnlyCell(sheet, **cell) for cell in row if cell["value"] is not None]
            yield number, {cell.column - 1: cell for cell in cells if str(cell.value).strip()}


def _tree(archive: ZipFile, part: str) -> Any:
    return fromstring(archive.read(part))


def _comments(archive: ZipFile, path: str) -> Iterator[tuple[int, int, str]]:
    relations = get_rels_path(path)  # type: ignore[no-untyped-call]
    if relations not in archive.namelist():
        return
    for relation in get_dependents(archive, relations).find(COMMENTS_NS):
        comments: Any = CommentSheet.from_tree(_tree(archive, relation.target))
        for reference, comment in comments.comments:
            row, column = coordinate_to_tuple(reference)
            yield row, column - 1, comment.content
