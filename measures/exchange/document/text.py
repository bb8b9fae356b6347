"""Turn the markup of a plan document into plain text that still knows its lines, bold ends and links."""

import html
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from measures.exchange.document.notices import NoticeLog, Place
from measures.exchange.document.styles import Role
from measures.exchange.document.tree import Link

_BLOCK_TAGS = frozenset({"p", "ul", "li", "br"})
_BOLD_TAGS = frozenset({"b", "strong"})
_INLINE_TAGS = frozenset({"a", "i", "em", "u", "sup", "span"}) | _BOLD_TAGS
_KNOWN_TAGS = _BLOCK_TAGS | _INLINE_TAGS
_MAX_TAG = 2000

# A "<" that opens no tag, a single asterisk and a single line end are text.
_TOKEN = re.compile(
    r"(?P<tag><(?:[!?]|/?[A-Za-z])[^<>\t]*>)|(?P<bold>\*{2,})|(?P<gap>\n(?:[^\S\n]*\n)+)|(?P<text>[^<*\n]+|.)",
    re.DOTALL,
)
# Python refuses to turn thousands of digits into a number.
_ENDLESS_REFERENCE = re.compile(r"&#[0-9]{9,};?")
_STRAY_SPACE = re.compile(r"(?<=\() | (?=[),;])")
_ITEM_MARK = re.compile(r"\s*(?:[–—○•●▪■◦‣►-]|o\s)")
_PARENTHESIS = re.compile(r"[()]")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the document as written: the line it starts on (from 1) and its text with markup."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or list item in plain words. Line ends and runs of spaces are kept: they separate names.

    line: that of its first word; bold_ends: where bold text ends, ascending; links: with their positions.
    A Word document of this program also says what the paragraph is, which period stands at its end (not in
    the text) and which priorities it names beside its text.
    """

    line: int
    text: str
    bold_ends: tuple[int, ...] = ()
    links: tuple[tuple[int, Link], ...] = ()
    role: Role | None = None
    period: str = ""
    priorities: tuple[str, ...] = ()

    def has_bold_end(self, start: int, end: int) -> bool:
        """Say whether bold text ends between two positions, both included."""
        index = bisect_left(self.bold_ends, start)
        return index < len(self.bold_ends) and self.bold_ends[index] <= end


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a Word document: the ordinal of its first paragraph and its paragraphs, read already."""

    line: int
    blocks: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(block.text for block in self.blocks)


def blocks_of(piece: Span | Passage, column: str, log: NoticeLog) -> list[Block]:
    """Return the paragraphs of a piece of either kind of document."""
    return read_blocks(piece, column, log) if isinstance(piece, Span) else list(piece.blocks)


def unescape(text: str) -> str:
    """Return the text with its character references resolved, impossible ones included."""
    return html.unescape(_ENDLESS_REFERENCE.sub("\ufffd", text))


def collapse(text: str) -> str:
    """Return the text with single spaces, and none that the markup of links left beside punctuation."""
    return _STRAY_SPACE.sub("", " ".join(text.split()))


def has_words(text: str) -> bool:
    """Say whether the text is more than punctuation."""
    return re.search(r"\w", text) is not None


def has_item_mark(text: str) -> bool:
    """Say whether the text begins with a mark that people type before an item, whatever list it stands in."""
    return _ITEM_MARK.match(text) is not None


def joined(blocks: list[Block]) -> str:
    """Return blocks as one running text, as it would stand without page breaks."""
    return collapse(" ".join(block.text for block in blocks))


def as_read(blocks: Iterable[Block]) -> str:
    """Return the words of blocks, each on lines of its own, with what their styles tell beside the text."""
    return "\n".join(" ".join(filter(None, (b.text.strip(), b.period, *b.priorities))) for b in blocks)


def link_list(blocks: list[Block]) -> Iterator[tuple[int, Link]]:
    """Yield the line and link of each hyperlink in the blocks."""
    return ((block.line, link) for block in blocks for _position, link in block.links)


def parentheticals(text: str) -> list[tuple[int, int]]:
    """Return start and end of each outermost pair of parentheses, brackets included."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for match in _PARENTHESIS.finditer(text):
        if match[0] == "(":
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            while pairs and pairs[-1][0] > start:
                pairs.pop()
            pairs.append((start, match.end()))
    return pairs


def read_blocks(span: Span, column: str, log: NoticeLog) -> list[Block]:
    """Split text with markup into its paragraphs; a tag of an unknown kind is an error."""
    builder = _BlockBuilder(span.line)
    tags = _TagReader()
    for match in _TOKEN.finditer(span.text):
        raw = match[0]
        if match["bold"]:
            builder.set_bold(not builder.is_bold)
        elif match["gap"]:
            builder.end_block()
        elif not match["tag"]:
            builder.add_text(unescape(raw))
        elif tag := tags.read(raw):
            builder.add_tag(tag)
        else:
            message = _("Line %(line)d: the tag “%(text)s” is not known here. Remove it and keep its text.")
            log.error("unknown-tag", Place(builder.line, column), message, raw)
        builder.line += raw.count("\n")
    return builder.finish()


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    is_end: bool
    href: str = ""


class _TagReader(HTMLParser):
    """Reads one tag at a time: hostile nesting and open tags then cannot add up to anything."""

    def __init__(self) -> None:
        super().__init__()
        self._tag: _Tag | None = None
        self._read: dict[str, _Tag | None] = {}

    def read(self, raw: str) -> _Tag | None:
        """Return the tag, or None if it is none of those that plan documents use."""
        if raw not in self._read:
            self._tag = None
            if raw[1] not in "!?" and len(raw) <= _MAX_TAG:
                self.reset()
                self.feed(raw)
            self._read[raw] = self._tag if self._tag and self._tag.name in _KNOWN_TAGS else None
        return self._read[raw]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = _Tag(tag, is_end=False, href=dict(attrs).get("href") or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._tag = _Tag(tag, is_end=True)


@dataclass(slots=True)
class _BlockBuilder:
    """Collects the blocks of one span. Tags need not be closed or nested well."""

    line: int
    is_bold: bool = False
    _blocks: list[Block] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    _block_line: int = 0
    _bold_ends: list[int] = field(default_factory=list)
    _links: list[tuple[int, Link]] = field(default_factory=list)
    _open_link: tuple[int, int, str] | None = None  # position, index of its first piece, address

    def add_text(self, text: str) -> None:
        if not self._pieces:
            stripped = text.lstrip()
            if not stripped:
                return
            self._block_line = self.line + text[: len(text) - len(stripped)].count("\n")
            text = stripped
        self._pieces.append(text)
        self._length += len(text)

    def add_tag(self, tag: _Tag) -> None:
        if tag.name in _BLOCK_TAGS:
            self.end_block()
        elif tag.name in _BOLD_TAGS:
            self.set_bold(not tag.is_end)
        elif tag.name == "a":
            self._end_link()
            if tag.href:
                self._open_link = (self._length, len(self._pieces), tag.href)

    def set_bold(self, is_bold: bool) -> None:
        if self.is_bold and not is_bold:
            self._bold_ends.append(self._length)
        self.is_bold = is_bold

    def end_block(self) -> None:
        self._end_link()
        if self._pieces:
            text = "".join(self._pieces).rstrip()
            self._blocks.append(Block(self._block_line, text, tuple(self._bold_ends), tuple(self._links)))
        self._pieces, self._length, self._bold_ends, self._links = [], 0, [], []

    def finish(self) -> list[Block]:
        self.end_block()
        return self._blocks

    def _end_link(self) -> None:
        if self._open_link:
            position, index, href = self._open_link
            self._links.append((position, Link(collapse("".join(self._pieces[index:])), href)))
        self._open_link = None
