"""Read a plan in an Excel workbook with the document's five columns: the same plan, by the same rules.

Cells of parents may be merged, blank, or repeated in each row. Places are told by the row of the sheet.
"""

import io
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from zipfile import ZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell.rich_text import CellRichText, TextBlock

from ...enums import FileType
from ...evidence.content import MALFORMED, ContentError, check_content
from .grid import Cell, TableReader, WordList
from .lines import TASK_HEADING, Paragraph, Row
from .notices import NoticeLog, Place
from .numbers import take_number
from .reader import read_parts
from .text import Block, Passage, joined
from .tree import ACTION_COLUMN, COLUMNS, MEASURE_COLUMN, DocumentReading

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 20 * 1024 * 1024
MAX_ROWS = 10_000
MAX_COLUMNS = 50

_FOOTNOTE = "*"
_SHEET, _LINK = re.compile(r"xl/worksheets/[^/]+\.xml"), b"<hyperlink "
_PARENTS = (MEASURE_COLUMN, ACTION_COLUMN)


def read_xlsx(
    content: bytes, known_partners: Collection[str] = (), known_resources: Collection[str] = ()
) -> DocumentReading:
    """Read the plan in the first sheet that has it. Raises DocumentError, see `read_document`."""
    log = NoticeLog()
    sheets = _sheets(content, log)
    log.raise_errors()
    rows = next((rows for rows in sheets if _has_task(rows)), sheets[0] if sheets else [])
    reader = _SheetReader(log)
    parts = list(reader.read(rows))
    log.raise_errors()
    return read_parts(parts, reader.words.text, known_partners, known_resources, log)


@dataclass(frozen=True, slots=True)
class _SheetRow:
    """A row with its number on the sheet and its cells that are not empty, by column from 0."""

    number: int
    cells: dict[int, tuple[Block, ...]]


def _sheets(content: bytes, log: NoticeLog) -> list[list[_SheetRow]]:
    """Return the rows of each sheet. The workbook may be hostile: it is weighed before it is unpacked."""
    if len(content) > MAX_BYTES:
        message = _("The document is larger than %(limit)d MB. Save the plan alone, without pictures.")
        log.error("too-large", Place(1), message, limit=MAX_BYTES // 1024**2)
        return []
    try:
        check_content(content, FileType.XLSX)
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise ValueError
            if any(_LINK in archive.read(name) for name in archive.namelist() if _SHEET.match(name)):
                message = _("Links of cells are not read from a workbook: add them to the plan afterwards.")
                log.warn("links-dropped", Place(1), message)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, rich_text=True)
        return [list(_rows(sheet, log)) for sheet in workbook.worksheets]
    except (ContentError, TypeError, AttributeError, *MALFORMED):
        message = _("The file is no whole Excel workbook without macros and password. Save it anew as .xlsx.")
        log.error("no-workbook", Place(1), message)
        return []


def _rows(sheet: Any, log: NoticeLog) -> Iterator[_SheetRow]:
    # The size that the file claims may be a lie, so it is forgotten.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS), start=1):
        if number > MAX_ROWS:
            message = _("The sheet has more than %(limit)d rows. Save the plan alone.")
            log.error("too-long", Place(number), message, limit=MAX_ROWS)
            return
        cells = {column: blocks for column, cell in enumerate(row) if (blocks := _blocks(cell, number, log))}
        if cells:
            yield _SheetRow(number, cells)


def _blocks(cell: Any, number: int, log: NoticeLog) -> tuple[Block, ...]:
    """Return the lines of a cell as paragraphs; a formula says other things on other days."""
    value = cell.value
    if value is None:
        return ()
    if cell.data_type == "f":
        message = _("Row %(line)d: the formula %(text)s stands in a cell. Put its value there.")
        log.error("formula", Place(number), message, str(value))
    lines: list[tuple[str, list[int]]] = [("", [])]
    for piece in value if isinstance(value, CellRichText) else [str(value)]:
        is_bold = isinstance(piece, TextBlock) and bool(piece.font.b)
        for index, text in enumerate(str(piece).replace("\r\n", "\n").split("\n")):
            if index:
                lines.append(("", []))
            line, bold_ends = lines[-1]
            lines[-1] = (
                line + text,
                [*bold_ends, len(line + text)] if is_bold and text.strip() else bold_ends,
            )
    return tuple(Block(number, text, tuple(bold_ends)) for text, bold_ends in lines if text.strip())


def _has_task(rows: Iterable[_SheetRow]) -> bool:
    return any(TASK_HEADING.match(blocks[0].text.strip()) for row in rows for blocks in row.cells.values())


@dataclass(slots=True)
class _SheetReader:
    """Turns the rows of a sheet into the parts that the reader of outlines takes."""

    log: NoticeLog
    words: WordList = field(default_factory=WordList)
    _table: TableReader = field(init=False)
    _above: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._table = TableReader(self.words, self.log)

    def read(self, rows: Iterable[_SheetRow]) -> Iterator[Paragraph | Row]:
        """Yield the parts in their order: texts that stand alone, and the rows of the table."""
        for row in rows:
            if self._stands_alone(row):
                yield from self._paragraphs(row)
            elif read := self._table.read(self._cells(row)):
                yield read

    def _stands_alone(self, row: _SheetRow) -> bool:
        """Return whether the row is no row of the table: a title above it or a footnote below."""
        if len(row.cells) != 1:
            return False
        text = next(iter(row.cells.values()))[0].text.strip()
        return not self._table.grid or text.startswith(_FOOTNOTE)

    def _paragraphs(self, row: _SheetRow) -> Iterator[Paragraph]:
        for block in chain.from_iterable(row.cells.values()):
            self.words.note([block], "")
            yield Paragraph(Passage(row.number, (block,)))

    def _cells(self, row: _SheetRow) -> list[Cell]:
        """Return the cells; those of parents that repeat what stands above are as good as blank."""
        cells = []
        columns = row.cells if self._table.grid else range(max(*row.cells, len(COLUMNS) - 1) + 1)
        for column in columns:
            if self._table.is_beside(column):
                break
            blocks = row.cells.get(column, ())
            if self._table.grid and self._table.column_at(column, column) < len(_PARENTS):
                blocks = self._unless_repeated(column, blocks)
            cells.append(Cell(row.number, column, blocks))
        return cells

    def _unless_repeated(self, column: int, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        text = joined(list(blocks))
        if text and self._above.get(column) == text:
            return ()
        if take_number(text):
            # A new parent ends all that stood to its right.
            self._above = {place: above for place, above in self._above.items() if place < column}
            self._above[column] = text
        return blocks
