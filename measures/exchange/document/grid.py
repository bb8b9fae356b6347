"""Tables of plan documents with a grid (Word, HTML, Excel): in which of the five columns a cell stands."""

import html
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .lines import TASK_HEADING, Row, is_heading
from .notices import NoticeLog, Place
from .styles import PROGRESS_COLUMNS
from .text import Block, Passage, joined
from .tree import COLUMNS


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its first line, where it begins in the grid (from 0), and its paragraphs."""

    line: int
    position: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the five columns begin in a table's grid, and where those with progress do, if there are any."""

    starts: tuple[int, ...]
    stop: int | None

    def column_at(self, position: int) -> int:
        """Return the column of a cell; irregular rows have cells that begin inside one."""
        return max(bisect_right(self.starts, position) - 1, 0)

    def is_beside(self, position: int) -> bool:
        """Return whether a cell says how things stand, which is no part of the plan."""
        return self.stop is not None and position >= self.stop


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

    def column_at(self, position: int, default: int) -> int:
        """Return the column of a cell, which without a heading is known by its order only."""
        return self.grid.column_at(position) if self.grid else default

    def is_beside(self, position: int) -> bool:
        """Return whether a cell is read past because it tells of progress."""
        return self.grid is not None and self.grid.is_beside(position)

    def read(self, cells: Sequence[Cell]) -> Row | None:
        """Return the row of the plan; None for headings and empty rows."""
        if heading := self._heading(cells):
            self.grid = heading
            return None
        return self._row(cells) if any(cell.blocks for cell in cells) else None

    def _heading(self, cells: Sequence[Cell]) -> Grid | None:
        """Return the grid that a heading row lays out; None for any other row."""
        labels = [joined(list(cell.blocks)) for cell in cells]
        more = labels[len(COLUMNS) :]
        if not is_heading(labels) or not all(label in PROGRESS_COLUMNS for label in more):
            return None
        if more:
            message = _("Line %(line)d: the columns with progress (%(text)s) were read past.")
            self.log.warn("progress-ignored", Place(cells[0].line), message, ", ".join(more))
        positions = [cell.position for cell in cells]
        return Grid(tuple(positions[: len(COLUMNS)]), positions[len(COLUMNS)] if more else None)

    def _row(self, cells: Sequence[Cell]) -> Row:
        """Return the row with its five cells, or with as many as it has if nothing tells which they are."""
        is_task = TASK_HEADING.fullmatch(joined(list(cells[0].blocks))) is not None
        for index, cell in enumerate(cells):
            self.words.note(cell.blocks, "" if is_task and index == 0 else "\t")
        if not self.grid and len(cells) != 1:
            return Row(tuple(Passage(cell.line, cell.blocks) for cell in cells))
        passages = [Passage(cells[0].line)] * len(COLUMNS)
        for cell in cells:
            column = self.column_at(cell.position, 0)
            passages[column] = Passage(cell.line, (*passages[column].blocks, *cell.blocks))
        return Row(tuple(passages))
