"""Read a plan document in Word's own format: the same plan as from its text, by the same rules.

A document of this program says by its styles what is what and comes back word for word; any other is read by
its table, its lists and its dashes. Places are told by the ordinal of the paragraph.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from .document import read_parts
from .document_docx_file import W, open_word_file, value
from .document_docx_text import ParagraphReader, flattened, paragraphs_in
from .document_lines import TASK_HEADING, Paragraph, Row
from .document_notices import NoticeLog, Place
from .document_styles import PROGRESS_COLUMNS, Role
from .document_text import Block, Passage, joined
from .document_tree import COLUMNS, DocumentReading

MAX_PARAGRAPHS = 100_000

_HEADING_START = re.compile(r"Priemonė\b", re.IGNORECASE)


def read_docx(
    content: bytes, known_partners: Collection[str] = (), known_resources: Collection[str] = ()
) -> DocumentReading:
    """Read the plan in a Word document. Raises DocumentError, see `read_document`."""
    log = NoticeLog()
    file = open_word_file(content, log)
    reader = _DocumentReader(ParagraphReader(file, log), log)
    try:
        parts = list(reader.read(file.body))
    except RecursionError:
        message = _("Paragraph %(line)d: too much stands one in another here. Simplify the table.")
        log.error("too-deep", Place(reader.paragraphs.line), message)
    log.raise_errors()
    return read_parts(parts, reader.text, known_partners, known_resources, log)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the five columns begin in a table's grid, and where those with progress do, if there are any."""

    starts: tuple[int, ...]
    stop: int | None

    def column_at(self, position: int) -> int:
        """Return the column of a cell; irregular rows have cells that begin inside one."""
        return max(bisect_right(self.starts, position) - 1, 0)

    def is_beside(self, position: int) -> bool:
        """Return whether a cell says how things stand, which is no part of the plan."""
        return self.stop is not None and position >= self.stop


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell: the paragraph before it, where it begins in the grid, and its own paragraphs."""

    line: int
    position: int
    blocks: tuple[Block, ...]


@dataclass(slots=True)
class _DocumentReader:
    """Turns the paragraphs and tables of a document into the parts that the reader of outlines takes."""

    paragraphs: ParagraphReader
    log: NoticeLog
    _words: dict[int, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the words of all parts, each paragraph on the line of its ordinal, for the guard."""
        return "\n".join(self._words.get(line, "") for line in range(1, self.paragraphs.line + 1))

    def read(self, body: Element) -> Iterator[Paragraph | Row]:
        """Yield the parts in their order."""
        for child in _children(body, f"{W}p", f"{W}tbl"):
            if self.paragraphs.line > MAX_PARAGRAPHS:
                message = _("The document has more than 100 000 paragraphs. Save the plan alone.")
                self.log.error("too-long", Place(1), message)
                return
            if child.tag == f"{W}tbl":
                yield from self._table(child)
            else:
                yield from self._paragraph(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Paragraph]:
        for block in self.paragraphs.read([paragraph]):
            if block.role is Role.REMARK:
                continue
            if block.role is not Role.YEARS:
                # A title may begin like the label of a task or goal; here its words are words.
                is_name = block.role in (Role.ORGANISATION, Role.TITLE)
                self._note([block], "– " if is_name else "")
            yield Paragraph(Passage(block.line, (block,)))

    def _table(self, table: Element) -> Iterator[Row]:
        """Yield the rows. The heading tells where the columns begin, also for rows that are cut otherwise."""
        grid: _Grid | None = None
        for row in _children(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            cells = self._cells(row, grid)
            if heading := self._heading(cells):
                grid = heading
            elif any(cell.blocks for cell in cells):
                yield self._row(cells, grid)

    def _cells(self, row: Element, grid: _Grid | None) -> list[_Cell]:
        cells: list[_Cell] = []
        position = _number(value(row, "trPr/gridBefore"), 0)
        for cell in _children(row, f"{W}tc"):
            if grid and grid.is_beside(position):
                break
            line = self.paragraphs.line
            column = grid.column_at(position) if grid else len(cells)
            blocks = self.paragraphs.read(paragraphs_in(cell), is_list=column > 1)
            cells.append(_Cell(line + 1, position, tuple(blocks)))
            position += _number(value(cell, "tcPr/gridSpan"), 1)
        return cells

    def _heading(self, cells: list[_Cell]) -> _Grid | None:
        """Return the grid that a heading row lays out; None for any other row."""
        labels = [joined(list(cell.blocks)) for cell in cells]
        more = labels[len(COLUMNS) :]
        if len(labels) < len(COLUMNS) or not all(labels) or not _HEADING_START.match(labels[0]):
            return None
        if not all(label in PROGRESS_COLUMNS for label in more):
            return None
        if more:
            message = _("Paragraph %(line)d: the columns with progress (%(text)s) were read past.")
            self.log.warn("progress-ignored", Place(cells[0].line), message, ", ".join(more))
        positions = [cell.position for cell in cells]
        return _Grid(tuple(positions[: len(COLUMNS)]), positions[len(COLUMNS)] if more else None)

    def _row(self, cells: list[_Cell], grid: _Grid | None) -> Row:
        """Return the row with its five cells, or with as many as it has if nothing tells which they are."""
        is_task = TASK_HEADING.fullmatch(joined(list(cells[0].blocks))) is not None
        for index, cell in enumerate(cells):
            self._note(cell.blocks, "" if is_task and index == 0 else "\t")
        if not grid and len(cells) != 1:
            return Row(tuple(Passage(cell.line, cell.blocks) for cell in cells))
        passages = [Passage(cells[0].line)] * len(COLUMNS)
        for cell in cells:
            column = grid.column_at(cell.position) if grid else 0
            passages[column] = Passage(cell.line, (*passages[column].blocks, *cell.blocks))
        return Row(tuple(passages))

    def _note(self, blocks: Iterable[Block], before: str) -> None:
        """Keep the words of a part for the guard; what looks like markup is none in Word."""
        for block in blocks:
            words = " ".join(" ".join((block.text, block.period, *block.priorities)).split())
            self._words[block.line] = before + html.escape(words).replace("*", "&#42;")


def _children(parent: Element, *tags: str) -> Iterator[Element]:
    """Yield the children of these kinds, also those in content controls and the like."""
    return (child for child in flattened(parent) if child.tag in tags)


def _number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else default
