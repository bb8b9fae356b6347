"""Tables of plan documents with a grid (Word, HTML, Excel): in which of the five columns a cell stands."""

import html
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from .headings import columns_of, is_heading_row
from .lines import TASK_HEADING, Row
from .notices import NoticeLog, Place
from .numbers import take_number
from .text import Block, Passage, joined
from .tree import ACTION_COLUMN, COLUMNS, PARTNER_COLUMN, RESOURCE_COLUMN, RESULT_COLUMN

_ACTIONS, _RESULTS = COLUMNS.index(ACTION_COLUMN), COLUMNS.index(RESULT_COLUMN)
_NAMES = (COLUMNS.index(RESOURCE_COLUMN), COLUMNS.index(PARTNER_COLUMN))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its first line, where it begins in the grid (from 0), its paragraphs, how wide it is.

    goes_on: it is one with the cell above it.
    """

    line: int
    position: int
    blocks: tuple[Block, ...]
    width: int = 1
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the headings of the five columns begin in a table's grid, and which column each of them names.

    stop: where the columns with progress begin, if there are any; end: where the table ends.
    """

    starts: tuple[int, ...]
    columns: tuple[int, ...]
    stop: int | None
    end: int

    def column_at(self, position: int) -> int:
        """Return the column of a cell; irregular rows have cells that begin inside one."""
        return self.columns[max(bisect_right(self.starts, position) - 1, 0)]

    def is_beside(self, position: int) -> bool:
        """Return whether a cell says how things stand, which is no part of the plan."""
        return self.stop is not None and self.stop <= position < self.end

    def is_outside(self, position: int) -> bool:
        """Return whether no heading stands above a cell."""
        return not self.starts[0] <= position < self.end


@dataclass(slots=True)
class WordList:
    """The words of a document's parts, each paragraph on its line, for the guard that compares them."""

    _lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return all of them; where several paragraphs share a line, those after it move down."""
        return "\n".join(self._lines)

    def note(self, blocks: Iterable[Block], before: str) -> None:
        """Keep the words of a part; what looks like markup is none here."""
        for block in blocks:
            words = " ".join(" ".join((block.text, block.period, *block.priorities)).split())
            self._lines.extend("" for _line in range(len(self._lines) + 1, block.line))
            self._lines.append(before + html.escape(words).replace("*", "&#42;"))


@dataclass(slots=True)
class TableReader:
    """Turns the rows of one table into those of the outline; the heading tells where the columns begin."""

    words: WordList
    log: NoticeLog
    grid: Grid | None = None
    _above: dict[int, tuple[Block, ...]] = field(default_factory=dict)

    def column_at(self, position: int, default: int) -> int:
        """Return the column of a cell, which without a heading is known by its order only."""
        return self.grid.column_at(position) if self.grid else default

    def is_beside(self, position: int) -> bool:
        """Return whether a cell is read past because it tells of progress."""
        return self.grid is not None and self.grid.is_beside(position)

    def read(self, cells: Sequence[Cell]) -> Row | None:
        """Return the row of the plan; None for headings and empty rows."""
        if heading := self._heading(cells):
            # Repeated on the next page, it need not have the columns with progress once more.
            if not (self.grid and self.grid.stop and self.grid.starts == heading.starts):
                self.grid = heading
            return None
        return self._row(cells) if any(cell.blocks for cell in cells) else None

    def _heading(self, cells: Sequence[Cell]) -> Grid | None:
        """Return the grid that a heading row lays out; None for any other row."""
        labels = [joined(list(cell.blocks)) for cell in cells]
        if not is_heading_row(labels):
            return None
        line = cells[0].line
        columns = columns_of(labels, line, self.log)
        more = labels[len(columns) :]
        if more and not self.log.errors:
            message = _("Line %(line)d: the columns with progress (%(text)s) were read past.")
            self.log.warn("progress-ignored", Place(line), message, ", ".join(more))
        starts = [cell.position for cell in cells]
        stop = starts[len(columns)] if more else None
        return Grid(tuple(starts[: len(columns)]), columns, stop, cells[-1].position + cells[-1].width)

    def _row(self, cells: Sequence[Cell]) -> Row:
        """Return the row with its five cells, or with as many as it has if nothing tells which they are."""
        columns = [self.column_at(cell.position, index) for index, cell in enumerate(cells)]
        cells = self._with_shared(cells, columns)
        is_task = TASK_HEADING.fullmatch(joined(list(cells[0].blocks))) is not None
        for index, cell in enumerate(cells):
            self.words.note(cell.blocks, "" if is_task and index == 0 else "\t")
        if not self.grid and len(cells) != 1:
            return Row(tuple(Passage(cell.line, cell.blocks) for cell in cells))
        passages = [Passage(cells[0].line)] * len(COLUMNS)
        for cell, column in zip(cells, columns, strict=True):
            self._check_place(cell)
            passages[column] = Passage(cell.line, (*passages[column].blocks, *cell.blocks))
        return Row(tuple(passages))

    def _with_shared(self, cells: Sequence[Cell], columns: Sequence[int]) -> list[Cell]:
        """Return the cells; what is merged over the rows of several actions belongs to each of them."""
        pairs = list(zip(cells, columns, strict=True))
        starts_action = any(
            column == _ACTIONS and take_number(joined(list(cell.blocks))) for cell, column in pairs
        )
        for cell, column in pairs:
            if not cell.goes_on:
                self._above[column] = cell.blocks
        return [self._shared(cell, column) if starts_action else cell for cell, column in pairs]

    def _shared(self, cell: Cell, column: int) -> Cell:
        above = self._above.get(column, ())
        if not cell.goes_on or cell.blocks or not above:
            return cell
        if column in _NAMES:
            return replace(cell, blocks=tuple(replace(block, line=cell.line) for block in above))
        if column == _RESULTS:
            message = _(
                "Line %(line)d: the cell of results “%(text)s” goes over several actions. Split it, so that "
                "each action has its own results."
            )
            self.log.error("shared-results", Place(cell.line, RESULT_COLUMN), message, joined(list(above)))
        return cell

    def _check_place(self, cell: Cell) -> None:
        if self.grid and cell.blocks and self.grid.is_outside(cell.position):
            message = _(
                "Line %(line)d: “%(text)s” stands beside the columns of the table. Move it into one of them "
                "or delete it."
            )
            self.log.error("beside-table", Place(cell.line), message, joined(list(cell.blocks)))
