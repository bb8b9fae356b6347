"""Read a plan document in Word's own format: the same plan as from its text, by the same rules.

A document of this program says by its styles what is what and comes back word for word; any other is read by
its table, its lists and its dashes. Places are told by the ordinal of the paragraph.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from .docx_file import W, open_word_file, value
from .docx_text import ParagraphReader, flattened, paragraphs_in
from .docx_unread import UnreadText
from .grid import Cell, TableReader, WordList
from .lines import Paragraph, Row
from .notices import NoticeLog, Place
from .reader import read_parts
from .styles import Role
from .text import Passage
from .tree import DocumentReading

MAX_PARAGRAPHS = 100_000


def read_docx(
    content: bytes, known_partners: Collection[str] = (), known_resources: Collection[str] = ()
) -> DocumentReading:
    """Read the plan in a Word document. Raises DocumentError, see `read_document`."""
    log = NoticeLog()
    file = open_word_file(content, log)
    reader = _DocumentReader(ParagraphReader(file, log), UnreadText(file, log), log)
    try:
        parts = list(reader.read(file.body))
        reader.unread.tell(reader.paragraphs.texts, reader.paragraphs.lines)
    except RecursionError:
        message = _("Paragraph %(line)d: too much stands one in another here. Simplify the table.")
        log.error("too-deep", Place(reader.paragraphs.line), message)
    log.raise_errors()
    return read_parts(parts, reader.words.text, known_partners, known_resources, log)


@dataclass(slots=True)
class _DocumentReader:
    """Turns the paragraphs and tables of a document into the parts that the reader of outlines takes."""

    paragraphs: ParagraphReader
    unread: UnreadText
    log: NoticeLog
    words: WordList = field(default_factory=WordList)

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
                self.words.note([block], "– " if is_name else "")
            yield Paragraph(Passage(block.line, (block,)))

    def _table(self, table: Element) -> Iterator[Row]:
        reader = TableReader(self.words, self.log)
        for row in _children(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is None and (read := reader.read(self._cells(row, reader))):
                yield read

    def _cells(self, row: Element, reader: TableReader) -> list[Cell]:
        cells: list[Cell] = []
        position = _number(value(row, "trPr/gridBefore"), 0)
        for cell in _children(row, f"{W}tc"):
            width = _number(value(cell, "tcPr/gridSpan"), 1)
            if reader.is_beside(position):
                self.unread.pass_by(cell)
            else:
                line = self.paragraphs.line
                column = reader.column_at(position, len(cells))
                blocks = self.paragraphs.read(paragraphs_in(cell), is_list=column > 1)
                cells.append(Cell(line + 1, position, tuple(blocks), width, _goes_on(cell)))
            position += width
        return cells


def _goes_on(cell: Element) -> bool:
    """Return whether a cell is one with that above it."""
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    return merged is not None and merged.get(f"{W}val", "continue") == "continue"


def _children(parent: Element, *tags: str) -> Iterator[Element]:
    """Yield the children of these kinds, also those in content controls and the like."""
    return (child for child in flattened(parent) if child.tag in tags)


def _number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else default
