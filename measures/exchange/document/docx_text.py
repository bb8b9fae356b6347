"""Reads the paragraphs of a Word document: words, links, lists and what their styles say they are.

Changes that Word tracks are taken as accepted. What cannot be kept (notes at the foot of a page) is an error,
so that nobody loses it unseen.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from .docx_file import R, W, WordFile, list_of, value
from .notices import NoticeLog, Place
from .styles import Mark, Role
from .text import Block, collapse, has_item_mark
from .tree import Link

MAX_DEPTH = 50

_PRIORITY = re.compile(r"\(([^()]*\w[^()]*)\)")

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What only wraps other things. The deleted, the moved away and what older programs show instead stay out.
_WRAPPERS = frozenset(
    W + name
    for name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "bdo", "dir")
) | {f"{_MC}AlternateContent", f"{_MC}Choice"}
_CHARACTERS = {
    f"{W}tab": " ",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
    f"{W}sym": "•",
}
_NOTES = (f"{W}footnoteReference", f"{W}endnoteReference")
_SUB_SIGNS = ("o", "○", "◦")
_ROLES = {role.value: role for role in Role}
_MARKS = {mark.value: mark for mark in Mark}


class _Piece(NamedTuple):
    """A stretch of text in one style; href: None outside links."""

    text: str
    mark: Mark | None = None
    is_bold: bool = False
    href: str | None = None
    link: int = 0


def flattened(parent: Element, depth: int = 0) -> Iterator[Element]:
    """Yield what stands in an element, directly or in content controls, tracked insertions and the like."""
    if depth > MAX_DEPTH:
        raise RecursionError
    for child in parent:
        if child.tag in _WRAPPERS:
            yield from flattened(child, depth + 1)
        else:
            yield child


def paragraphs_in(cell: Element, depth: int = 0) -> Iterator[Element]:
    """Yield the paragraphs of a cell, those of tables inside it included."""
    if depth > MAX_DEPTH:
        raise RecursionError
    for child in flattened(cell):
        if child.tag == f"{W}p":
            yield child
        elif child.tag in (f"{W}tbl", f"{W}tr", f"{W}tc"):
            yield from paragraphs_in(child, depth + 1)


@dataclass(slots=True)
class ParagraphReader:
    """Reads paragraphs one after the other and counts them: the ordinal is the line that notices name.

    texts: the elements whose words were read; lines: the ordinals of paragraphs; both know elements by `id`.
    """

    file: WordFile
    log: NoticeLog
    line: int = 0
    texts: set[int] = field(default_factory=set)
    lines: dict[int, int] = field(default_factory=dict)
    _links: int = field(default=0)

    def read(self, paragraphs: Iterable[Element], *, is_list: bool = False) -> list[Block]:
        """Return what has words; in a column of lists, what Word writes before the items becomes text."""
        blocks = []
        waiting: list[_Piece] = []
        for paragraph in paragraphs:
            self.line += 1
            self.lines[id(paragraph)] = self.line
            pieces = [*waiting, *self._pieces(paragraph)]
            if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                # Its end is deleted: the next paragraph goes on with it.
                waiting = pieces
                continue
            waiting = []
            if block := self._block(paragraph, pieces, is_list):
                blocks.append(block)
        if waiting and (block := self._block(paragraph, waiting, is_list)):
            blocks.append(block)
        return blocks

    def _block(self, paragraph: Element, pieces: list[_Piece], is_list: bool) -> Block | None:
        role = _ROLES.get(self.file.styles.get(value(paragraph, "pPr/pStyle"), ""))
        before = "" if role else self._sign(paragraph, is_list)
        return _Assembly(self.line, role, before).block(pieces)

    def _sign(self, paragraph: Element, is_list: bool) -> str:
        """Return the mark of a list's item; a number that Word makes itself would be lost."""
        settings = paragraph.find(f"{W}pPr/{W}numPr")
        style = value(paragraph, "pPr/pStyle")
        listed = self.file.lists.get(style) if settings is None else list_of(settings)
        if not listed or listed[0] in ("", "0") or not any(paragraph.itertext()):
            return ""
        level = self.file.levels.get(listed)
        if is_list:
            if has_item_mark("".join(paragraph.itertext())):
                return ""
            return "○ " if listed[1] or (level and level.sign in _SUB_SIGNS) else "– "
        if level and level.is_numbered:
            message = _("Paragraph %(line)d: Word makes the number of “%(text)s” itself. Type it as text.")
            self.log.error("automatic-number", Place(self.line), message, "".join(paragraph.itertext()))
        return ""

    def _pieces(self, paragraph: Element) -> Iterator[_Piece]:
        for child in flattened(paragraph):
            if child.tag == f"{W}r":
                yield self._piece(child, None)
            elif child.tag == f"{W}hyperlink":
                self._links += 1
                href = self._address(child)
                yield _Piece("", href=href, link=self._links)
                yield from (self._piece(run, href) for run in flattened(child) if run.tag == f"{W}r")

    def _address(self, hyperlink: Element) -> str:
        """Return where a link leads: out, to a place in the document, or nowhere, as the writer keeps it."""
        target = self.file.links.get(hyperlink.get(f"{R}id", ""), "")
        anchor = hyperlink.get(f"{W}anchor")
        if not target and not anchor:
            return hyperlink.get(f"{W}tooltip") or "#"
        return target if anchor is None else f"{target}#{anchor}"

    def _piece(self, run: Element, href: str | None) -> _Piece:
        mark = _MARKS.get(self.file.styles.get(value(run, "rPr/rStyle"), ""))
        bold = run.find(f"{W}rPr/{W}b")
        is_bold = bold is not None and bold.get(f"{W}val", "1") not in ("0", "false", "off")
        text = "".join(map(self._characters, run))
        return _Piece(text, mark, is_bold, href, self._links)

    def _characters(self, element: Element) -> str:
        if element.tag == f"{W}t":
            self.texts.add(id(element))
            return element.text or ""
        if element.tag == f"{W}br":
            # A page ends where it likes; only the end of a line can mean something.
            return " " if element.get(f"{W}type") in ("page", "column") else "\n"
        if element.tag in _NOTES:
            message = _("Paragraph %(line)d: a footnote is not read. Write its words into the table.")
            self.log.error("footnote", Place(self.line), message)
        return _CHARACTERS.get(element.tag, "")


@dataclass(slots=True)
class _Assembly:
    """Puts the pieces of one paragraph together."""

    line: int
    role: Role | None
    text: str
    bold_ends: list[int] = field(default_factory=list)
    links: list[tuple[int, Link]] = field(default_factory=list)
    period: str = ""
    priorities: str = ""

    def block(self, pieces: list[_Piece]) -> Block | None:
        """Return the paragraph, or None if it says nothing."""
        hrefs: dict[int, tuple[int, str, list[str]]] = {}
        was_bold = False
        for piece in pieces:
            if was_bold and not piece.is_bold:
                self.bold_ends.append(len(self.text))
            was_bold = piece.is_bold
            if piece.href is not None:
                link = hrefs.setdefault(piece.link, (len(self.text), piece.href, []))
                link[2].append(piece.text)
            self._add(piece)
        if was_bold:
            self.bold_ends.append(len(self.text))
        self.links += [
            (position, Link(collapse("".join(words)), href)) for position, href, words in hrefs.values()
        ]
        return self._finished()

    def _add(self, piece: _Piece) -> None:
        if piece.mark is Mark.PERIOD and self.role:
            self.period += piece.text
        elif piece.mark is Mark.PRIORITY:
            self.priorities += piece.text
        elif piece.mark is not Mark.LINK_ONLY:
            self.text += piece.text

    def _finished(self) -> Block | None:
        text = self.text.lstrip()
        cut = len(self.text) - len(text)
        if not text and not self.links and not self.period:
            return None
        ends = tuple(max(0, end - cut) for end in self.bold_ends)
        links = tuple((max(0, position - cut), link) for position, link in self.links)
        priorities = tuple(map(collapse, _PRIORITY.findall(self.priorities)))
        return Block(self.line, text.rstrip(), ends, links, self.role, collapse(self.period), priorities)
