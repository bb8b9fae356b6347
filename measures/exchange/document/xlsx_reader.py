"""Read a plan in an Excel workbook with the document's five columns: the same plan, by the same rules.

Cells of parents may be merged, blank, or repeated in each row. All sheets that have a task are read, in their
order. Places are told by the sheet and its row.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter

from akr_plan.file_text import text_of_cell

from ..code_file import KINDS
from .grid import Cell, TableReader, WordList
from .lines import TASK_HEADING, Paragraph, Row
from .notices import NoticeLog, Place
from .numbers import take_number
from .reader import read_parts
from .sheet_log import SheetLog
from .text import Block, Passage, joined
from .tree import ACTION_COLUMN, COLUMNS, MEASURE_COLUMN, DocumentReading
from .xlsx_file import MAX_ROWS, Cells, Sheet, open_workbook

_FOOTNOTE = "*"
_PARENTS = (MEASURE_COLUMN, ACTION_COLUMN)
_NO_WORDS = ("b", "d", "e")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_PLAN_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})?")

# The paragraphs of a row's cells, by column from 0.
_Texts = dict[int, tuple[Block, ...]]


def read_xlsx(
    content: bytes, known_partners: Collection[str] = (), known_resources: Collection[str] = ()
) -> DocumentReading:
    """Read the plan in all sheets that have a part of it. Raises DocumentError, see `read_document`."""
    log = SheetLog()
    words = WordList()
    parts: list[Paragraph | Row] = []
    for sheet in _plan_sheets(open_workbook(content, log), log):
        log.begin(sheet)
        parts += _SheetReader(sheet, log, words).read()
    log.raise_errors()
    reading = read_parts(parts, words.text, known_partners, known_resources, log)
    return replace(reading, plan=log.with_rows(reading.plan))


def _plan_sheets(sheets: list[Sheet], log: NoticeLog) -> list[Sheet]:
    """Return the sheets that have a task; any other is an error, for nobody may miss what it says."""
    with_task = {sheet.name for sheet in sheets if _has_task(sheet)} or {sheet.name for sheet in sheets[:1]}
    for sheet in sheets:
        if sheet.name not in with_task:
            message = _(
                "The sheet “%(sheet)s” has no task and is not read. Move its text into the table or delete "
                "the sheet."
            )
            if sheet.is_hidden:
                message = _(
                    "The hidden sheet “%(sheet)s” has no task and is not read. Unhide it, then move its text "
                    "into the table or delete the sheet."
                )
            log.error("sheet-unread", Place(1), message, sheet=sheet.name)
    return [sheet for sheet in sheets if sheet.name in with_task]


def _has_task(sheet: Sheet) -> bool:
    cells = chain.from_iterable(row.values() for row in sheet.rows.values())
    return any(TASK_HEADING.match(str(cell.value).strip()) for cell in cells)


@dataclass(slots=True)
class _SheetReader:
    """Turns the rows of a sheet into the parts that the reader of outlines takes."""

    sheet: Sheet
    log: SheetLog
    words: WordList
    _table: TableReader = field(init=False)
    _above: dict[int, str] = field(default_factory=dict)
    _last_row: int = 0

    def __post_init__(self) -> None:
        self._table = TableReader(self.words, self.log)

    def read(self) -> Iterator[Paragraph | Row]:
        """Yield the parts in their order: texts that stand alone, and the rows of the table."""
        self._tell_beside_cells()
        for number, cells in self.sheet.rows.items():
            if number > MAX_ROWS:
                message = _("The sheet has more than %(limit)d rows. Save the plan alone.")
                self.log.error("too-long", self._place(number), message, limit=MAX_ROWS)
                return
            if row := self._row(number, cells):
                yield from self._parts(number, row)
                self._last_row = number

    def _row(self, number: int, cells: Cells) -> _Texts:
        """Return the texts of a row without those that tell of progress."""
        row = {
            column: self._blocks(cell, number)
            for column, cell in cells.items()
            if not self._table.is_beside(column)
        }
        return {column: blocks for column, blocks in row.items() if blocks}

    def _parts(self, number: int, row: _Texts) -> Iterator[Paragraph | Row]:
        if self._stands_alone(row):
            for block in chain.from_iterable(row.values()):
                self.words.note([block], "")
                yield Paragraph(Passage(block.line, (block,)))
        elif self._is_cut_off(number, row):
            message = _(
                "Row %(line)d: “%(text)s” stands below an empty row and begins no measure or action. "
                "Move it to its place in the table or delete it."
            )
            self.log.error(
                "stray-text", self._place(number), message, joined([*chain.from_iterable(row.values())])
            )
        elif read := self._table.read(self._cells(number, row)):
            yield read

    def _stands_alone(self, row: _Texts) -> bool:
        """Return whether the row is no row of the table: a title above it or a footnote below."""
        if len(row) != 1:
            return False
        text = next(iter(row.values()))[0].text.strip()
        return not self._table.grid or text.startswith(_FOOTNOTE)

    def _is_cut_off(self, number: int, row: _Texts) -> bool:
        """Return whether an empty row parts the row from the table, which it would go on with."""
        if not self._table.grid or number == self._last_row + 1:
            return False
        if any(area.top <= self._last_row and number <= area.bottom for area in self.sheet.merged):
            return False
        texts = [joined(list(blocks)) for blocks in row.values()]
        begins = any(take_number(text) or TASK_HEADING.match(text) for text in texts)
        is_head = len(texts) >= len(COLUMNS)
        return not begins and not is_head

    def _cells(self, number: int, row: _Texts) -> list[Cell]:
        """Return the cells; those of parents that repeat what stands above are as good as blank."""
        cells = []
        grid = self._table.grid
        going_on = {
            area.left
            for area in self.sheet.merged
            if area.top < number <= area.bottom and not self._table.is_beside(area.left)
        }
        columns = sorted(row.keys() | going_on) if grid else range(max(*row, len(COLUMNS) - 1) + 1)
        for column in columns:
            blocks = row.get(column, ())
            if grid and blocks and grid.is_outside(column):
                message = _(
                    "Row %(line)d, column %(letter)s: “%(text)s” stands beside the columns of the table. "
                    "Move it into one of them or delete it."
                )
                self._tell("beside-table", number, column, message, joined(list(blocks)))
                continue
            if grid and grid.column_at(column) < len(_PARENTS):
                blocks = self._unless_repeated(column, blocks)
            cells.append(Cell(self.log.start + number, column, blocks, goes_on=column in going_on))
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

    def _blocks(self, cell: Any, number: int) -> tuple[Block, ...]:
        """Return the lines of a cell as paragraphs; what is no text is told."""
        self._check_kind(cell, number)
        lines: list[tuple[str, list[int]]] = [("", [])]
        for piece in cell.value if isinstance(cell.value, CellRichText) else [str(cell.value)]:
            is_bold = isinstance(piece, TextBlock) and bool(piece.font.b)
            for index, text in enumerate(text_of_cell(str(piece)).split("\n")):
                if index:
                    lines.append(("", []))
                line, bold_ends = lines[-1]
                ends = [*bold_ends, len(line + text)] if is_bold and text.strip() else bold_ends
                lines[-1] = (line + text, ends)
        line_number = self.log.start + number
        return tuple(Block(line_number, text, tuple(ends)) for text, ends in lines if text.strip())

    def _check_kind(self, cell: Any, number: int) -> None:
        """Tell of what is no text: a formula says other things on other days."""
        kind, column, text = cell.data_type, cell.column - 1, str(cell.value)
        if kind == "f":
            message = _(
                "Row %(line)d, column %(letter)s: the formula %(text)s stands in a cell. Put its value there."
            )
            self._tell("formula", number, column, message, text)
        elif kind in _NO_WORDS:
            message = _(
                "Row %(line)d, column %(letter)s: the cell holds no text, but %(kind)s (%(text)s). Type what "
                "is meant as text."
            )
            self._tell("no-words", number, column, message, text, kind=str(KINDS[kind]))
        elif kind == "n" and not self._is_usual_number(text, column):
            message = _(
                "Row %(line)d, column %(letter)s: the number %(text)s was read as this text. Check it: Excel "
                "may show it otherwise."
            )
            place = self._place(number)
            self.log.warn("number", place, message, text, letter=get_column_letter(column + 1))

    def _is_usual_number(self, text: str, column: int) -> bool:
        is_parent = self._table.column_at(column, column) < len(_PARENTS)
        return bool(_YEAR.fullmatch(text) or (is_parent and _PLAN_NUMBER.fullmatch(text)))

    def _tell_beside_cells(self) -> None:
        """Tell of comments and links, which have no place in a plan."""
        for number, column, words in self.sheet.comments:
            message = _(
                "Row %(line)d, column %(letter)s: the comment “%(text)s” was not read. Write what belongs to "
                "the plan into the cell."
            )
            place = self._place(number)
            self.log.warn("comment-dropped", place, message, words, letter=get_column_letter(column + 1))
        if self.sheet.has_links:
            message = _("Links of cells are not read from a workbook: add them to the plan afterwards.")
            self.log.warn("links-dropped", self._place(1), message)

    def _tell(self, code: str, number: int, column: int, message: str, text: str, **values: Any) -> None:
        self.log.error(
            code, self._place(number), message, text, letter=get_column_letter(column + 1), **values
        )

    def _place(self, number: int) -> Place:
        return Place(self.log.start + number)
