"""Cut the cell with planned results at the marks of its items: dashes, bullets, or numbers."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from measures.exchange.document.periods import PERIOD, UNIT, YEAR
from measures.exchange.document.styles import Role
from measures.exchange.document.text import Block, collapse, has_words
from measures.exchange.document.tree import Link

# Hyphens and dashes mark items anywhere they open a line; inside one, only after a stop or a period.
_MARKER = re.compile(
    r"(?:^|\n)[^\S\n]*(?P<first>[–—-]|[○•●▪■◦‣►]|o(?=\s))"
    r"|[;:.][^\S\n]*(?P<inline>[–—-](?=\s|\Z)|[○•]|o(?=\s))"
    rf"|(?P<year>\b{YEAR}(?:[–—-](?:{YEAR})?)?)[^\S\n]+(?P<after_year>[–—-](?=\s))"
)
_DASHES = "–—-"
# The other bullets, circles, only ever mark sub-items.
_FIRST_BULLETS = frozenset("•●▪■◦‣►")
# Numbers open items where no dash does, as long as they count on from 1.
_ITEM_NUMBER = re.compile(r"(?:^|\n)[^\S\n]*(?P<number>[0-9]{1,2})[.)](?=\s)")
_PERIOD_END = re.compile(rf"\b{YEAR}{UNIT}\Z")
_RANGE_END = re.compile(r"\s*(?:(?:iki\s)?[0-9]{4}|\Z)", re.IGNORECASE)
_DATE_ABBREVIATION = re.compile(r"\b(?:m|d|mėn)\.\Z")
_YEAR_AFTER = re.compile(r"\s*[0-9]{4}")


class Kind(Enum):
    """What a segment is: the beginning of a planned result, of one of its sub-items, or neither."""

    TEXT = auto()
    ITEM = auto()
    SUB_ITEM = auto()


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the cell that its marker, or for TEXT its paragraph, opens.

    role and period: what the paragraph's style says, see Block.
    """

    kind: Kind
    line: int
    mark: str
    text: str
    links: tuple[Link, ...]
    role: Role | None = None
    period: str = ""

    @property
    def is_closed(self) -> bool:
        """Say whether a period stands at its end."""
        return bool(self.period) or PERIOD.search(self.text.rstrip()) is not None


def split_cell(blocks: Sequence[Block]) -> list[Segment]:
    """Return the segments of a cell. Where no dash opens an item, its first bullet does, or numbers do."""
    segments = [segment for block in blocks for segment in _split(block)]
    if any(segment.kind is Kind.ITEM for segment in segments):
        return segments
    return _items_by_bullet(segments) or _items_by_number(segments) or segments


def _split(block: Block) -> Iterator[Segment]:
    """Cut a block at the marks of items and sub-items, unless its style says that it is one of them."""
    if block.role:
        kind = Kind.ITEM if block.role.is_item else Kind.TEXT
        kind = Kind.SUB_ITEM if block.role is Role.SUB_ITEM else kind
        links_here = tuple(link for _start, link in block.links)
        yield Segment(kind, block.line, "", block.text, links_here, block.role, block.period)
        return
    kind, mark, line, start = Kind.TEXT, "", block.line, 0
    links = deque(block.links)
    for match in _MARKER.finditer(block.text):
        group = match.lastgroup
        if group is None or not _is_marker(block, match):
            continue
        position = match.start(group)
        if kind is not Kind.TEXT or block.text[start:position].strip():
            yield Segment(kind, line, mark, block.text[start:position], tuple(_links_before(position, links)))
        line += block.text.count("\n", start, position)
        mark = match[group]
        kind = Kind.ITEM if mark in _DASHES else Kind.SUB_ITEM
        start = match.end(group)
    yield Segment(kind, line, mark, block.text[start:], tuple(link for _start, link in links))


def _items_by_bullet(segments: list[Segment]) -> list[Segment]:
    """Return the segments with those of the first bullet as items; nothing if the cell begins otherwise."""
    worded = [segment for segment in segments if segment.kind is not Kind.TEXT or has_words(segment.text)]
    if not worded or worded[0].mark not in _FIRST_BULLETS:
        return []
    return [
        replace(segment, kind=Kind.ITEM) if segment.mark == worded[0].mark else segment
        for segment in segments
    ]


def _items_by_number(segments: list[Segment]) -> list[Segment]:
    """Return the segments cut at their numbers, which stay in the text; nothing if they have no two."""
    found: list[Segment] = []
    number = 0
    for segment in segments:
        start, kind = 0, segment.kind
        for match in _ITEM_NUMBER.finditer(segment.text):
            if segment.kind is not Kind.TEXT or segment.role or int(match["number"]) != number + 1:
                continue
            if segment.text[start : match.start()].strip():
                found.append(_stretch(segment, kind, start, match.start()))
            number, start, kind = number + 1, match.start(), Kind.ITEM
        found.append(_stretch(segment, kind, start, len(segment.text)))
    return found if number > 1 else []


def _stretch(segment: Segment, kind: Kind, start: int, end: int) -> Segment:
    """Return a part of a segment, with the links whose words stand in it."""
    text = segment.text[start:end]
    line = segment.line + segment.text[: start + len(text) - len(text.lstrip())].count("\n")
    links = tuple(link for link in segment.links if link.text in collapse(text))
    return replace(segment, kind=kind, line=line, text=text, links=links)


def _links_before(position: int, links: deque[tuple[int, Link]]) -> Iterator[Link]:
    """Take the links before a position off the queue."""
    while links and links[0][0] < position:
        yield links.popleft()[1]


def _is_marker(block: Block, match: re.Match[str]) -> bool:
    if match["after_year"]:
        return _is_period_before_dash(block, match)
    if match["inline"]:
        before = block.text[max(0, match.start() - 15) : match.start() + 1]
        if _PERIOD_END.search(before):
            # "2024 m. – 2025 m." is a range of years.
            return not _RANGE_END.match(block.text, match.end())
        return _DATE_ABBREVIATION.search(before) is None
    # As a conjunction, "o" always follows a comma, be it on the line before.
    before = block.text[max(0, match.start() - 5) : match.start()]
    return match["first"] != "o" or not before.rstrip().endswith(",")


def _is_period_before_dash(block: Block, match: re.Match[str]) -> bool:
    """Say whether a year before a dash closes an item: it is bold, or it follows the end of a sentence."""
    if block.has_bold_end(match.end("year"), match.start("after_year")):
        return True
    before = block.text[max(0, match.start() - 2) : match.start()].rstrip()
    return before.endswith((";", ".")) and not _YEAR_AFTER.match(block.text, match.end())
