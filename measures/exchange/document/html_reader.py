"""Read a plan document that was saved as a web page: the same plan as from its text, by the same rules.

Only its words, bold ends, links, lists and the grid of its tables matter. Places are told by the line of the
file.
"""

import codecs
import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from django.utils.translation import gettext as _
from lxml.etree import LxmlError, ParserError, XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from .grid import Cell, TableReader, WordList
from .lines import Paragraph, Row
from .notices import NoticeLog, Place
from .reader import read_parts
from .text import Passage, Span, has_item_mark, read_blocks
from .tree import DocumentReading

MAX_BYTES = 10 * 1024 * 1024
# A span is only a number in the file: more than any plan has would take time for nothing.
MAX_COLUMNS = 50
MAX_ROWS = 10_000
MAX_ADDRESS = 1900

Piece: TypeAlias = str | HtmlElement

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q"}
    | {"small", "span", "strong", "sub", "sup", "tt", "u", "var", "wbr"}
)
_BOLD = ("b", "strong")
# What nobody reads on the page; deletions that were tracked count as accepted.
_UNSEEN = frozenset(("head", "script", "style", "title", "template", "del", "s", "strike", "noscript"))
_SPACES = re.compile(r"[ \t\r\n\f]+")
_OUTSIDE_CELLS = XPath(
    ".//text()[normalize-space()][not("
    + " or ".join(f"ancestor::{tag}" for tag in ("td", "th", "caption", *sorted(_UNSEEN)))
    + ")]"
)


def read_html(
    content: bytes, known_partners: Collection[str] = (), known_resources: Collection[str] = ()
) -> DocumentReading:
    """Read the plan in a web page. Raises DocumentError, see `read_document`."""
    log = NoticeLog()
    reader = _PageReader(log)
    parts = list(reader.read(_opened(content, log)))
    log.raise_errors()
    return read_parts(parts, reader.words.text, known_partners, known_resources, log)


def _opened(content: bytes, log: NoticeLog) -> HtmlElement:
    """Return the page, read in the encoding that it names, UTF-8 by default."""
    if len(content) > MAX_BYTES:
        message = _("The document is larger than %(limit)d MB. Save the plan alone, without pictures.")
        log.error("too-large", Place(1), message, limit=MAX_BYTES // 1024**2)
        log.raise_errors()
    named = _CHARSET.search(content[:4096])
    try:
        encoding = codecs.lookup(named[1].decode() if named else "utf-8").name
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        # The parser would believe what the file says of its encoding, but this is text by now.
        return document_fromstring(text.encode(), parser=HTMLParser(encoding="utf-8", no_network=True))
    except (LookupError, ValueError, AttributeError):
        log.error("no-text", Place(1), _("The file is not UTF-8 text. Save the document anew as UTF-8."))
    except (LxmlError, ParserError):
        log.error("no-page", Place(1), _("The file is no whole web page. Save the document anew."))
    log.raise_errors()
    raise AssertionError


@dataclass(slots=True)
class _PageReader:
    """Turns a page into the parts that the reader of outlines takes."""

    log: NoticeLog
    words: WordList = field(default_factory=WordList)

    def read(self, page: HtmlElement) -> Iterator[Paragraph | Row]:
        """Yield the paragraphs and the rows of tables in their order."""
        body = page.find("body")
        pieces: list[str] = []
        line = 1
        for piece in _pieces(page if body is None else body, is_cell=False):
            if isinstance(piece, str):
                pieces.append(piece)
                continue
            yield from self._paragraphs(line, pieces)
            pieces, line = [], _line(piece)
            yield from self._captions(piece)
            self._report_loose(piece)
            yield from self._rows(piece)
        yield from self._paragraphs(line, pieces)

    def _paragraphs(self, line: int, pieces: list[str]) -> Iterator[Paragraph]:
        for block in read_blocks(Span(line, "".join(pieces)), "", self.log):
            self.words.note([block], "")
            yield Paragraph(Passage(block.line, (block,)))

    def _captions(self, table: HtmlElement) -> Iterator[Paragraph]:
        for caption in table.iterchildren("caption"):
            pieces = [str(piece) for piece in _pieces(caption, is_cell=True)]
            yield from self._paragraphs(_line(caption), pieces)

    def _report_loose(self, table: HtmlElement) -> None:
        """Report the words between the cells; a browser shows them above the table."""
        message = _(
            "Line %(line)d: “%(text)s” stands in the table, but in none of its cells. Move it into one."
        )
        for text in _OUTSIDE_CELLS(table):
            self.log.error("loose-text", Place(_line(text.getparent())), message, " ".join(text.split()))

    def _rows(self, table: HtmlElement) -> Iterator[Row]:
        reader = TableReader(self.words, self.log)
        # The columns that cells of rows above reach down to, and how many rows more they take.
        reaching: dict[int, int] = {}
        for row in table.iter("tr"):
            if next(row.iterancestors("table")) is not table:
                continue
            cells = self._cells(row, reader, reaching)
            if cells and (read := reader.read(cells)):
                yield read

    def _cells(self, row: HtmlElement, reader: TableReader, reaching: dict[int, int]) -> list[Cell]:
        cells: list[Cell] = []
        position = 0
        before = dict(reaching)
        for column in before:
            reaching[column] -= 1
        for element in row.iterchildren("td", "th"):
            while before.get(position, 0) > 0:
                cells.extend(_going_on(row, position, reader))
                position += 1
            columns, rows = _number(element, "colspan", MAX_COLUMNS), _number(element, "rowspan", MAX_ROWS)
            if not reader.is_beside(position):
                is_list = reader.column_at(position, len(cells)) > 1
                text = "".join(_pieces(element, is_cell=True, is_list=is_list))
                blocks = read_blocks(Span(_line(element), text), "", self.log)
                cells.append(Cell(_line(element), position, tuple(blocks), columns))
            for column in range(position, position + columns):
                reaching[column] = rows - 1
            position += columns
        for column in sorted(column for column in before if column >= position and before[column] > 0):
            cells.extend(_going_on(row, column, reader))
        return cells


def _going_on(row: HtmlElement, position: int, reader: TableReader) -> Iterator[Cell]:
    """Yield the cell that reaches down from above, where headings tell its column."""
    if reader.grid and not reader.is_beside(position):
        yield Cell(_line(row), position, (), goes_on=True)


def _pieces(element: HtmlElement, *, is_cell: bool, is_list: bool = False, depth: int = 0) -> Iterator[Piece]:
    """Yield what stands in an element as markup that `read_blocks` knows.

    A table outside of cells comes as it is. In a cell of lists, what a browser draws before the items becomes
    text; `depth` is the number of lists around.
    """
    yield _escaped(element.text)
    for child in element:
        tag = child.tag
        if tag == "table" and not is_cell:
            yield child
        elif isinstance(tag, str) and tag not in _UNSEEN:
            start, end = _markup(child)
            yield start
            if tag == "li" and is_list and not has_item_mark(child.text_content()):
                yield "– " if depth <= 1 else "○ "
            inside = depth + (tag in ("ul", "ol"))
            yield from _pieces(child, is_cell=is_cell, is_list=is_list, depth=inside)
            yield end
        yield _escaped(child.tail)


def _markup(element: HtmlElement) -> tuple[str, str]:
    """Return what stands for the tag and for its end; what is not known to run in a line is a paragraph."""
    if element.tag in _BOLD:
        return "<b>", "</b>"
    if (
        element.tag == "a"
        and (href := "".join((element.get("href") or "").split()))
        and len(href) < MAX_ADDRESS
    ):
        return f'<a href="{html.escape(href)}">', "</a>"
    return ("", "") if element.tag in _INLINE else ("<p>", "<p>")


def _escaped(text: str | None) -> str:
    """Return the words so that nothing in them is markup; line ends of the file are spaces on the page."""
    return html.escape(" ".join(_SPACES.split(text or ""))).replace("*", "&#42;")


def _number(element: HtmlElement, name: str, most: int) -> int:
    """Return how many columns or rows a cell spans."""
    text = (element.get(name) or "").strip()
    return min(max(int(text), 1), most) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _line(element: HtmlElement) -> int:
    return int(element.sourceline or 1)
