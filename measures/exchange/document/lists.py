"""Read the lists of names in the fourth and fifth column: resources and partners."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from measures.exchange.document.notices import NoticeLog, Place
from measures.exchange.document.styles import Role
from measures.exchange.document.text import Block, collapse, has_words

_SEPARATOR = re.compile(r";|\n|\s{2,}")
_BULLET = re.compile(r"[–—•○-]\s+")
# Longer text is no list of names, however many of them it has.
_MAX_JOINED_NAMES = 300


@dataclass(slots=True)
class NameList:
    """Splits a cell into names. `known` names, aliases included, help where a separator is missing."""

    known: Collection[str]
    log: NoticeLog
    _names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._names = frozenset(map(_name, self.known))

    def read(self, blocks: Iterable[Block], column: str, number: str) -> tuple[str, ...]:
        """Return the names as written, in their order, without separators and the last full stop."""
        names: list[str] = []
        for block in blocks:
            if block.role is Role.NAME:
                names.extend(map(collapse, filter(has_words, block.text.split(";"))))
                continue
            for piece in _SEPARATOR.split(block.text):
                if has_words(piece):
                    names.extend(self._split(_name(piece), Place(block.line, column, number)))
        return tuple(names)

    def _split(self, name: str, place: Place) -> list[str]:
        parts = None if name in self._names else self._known_sequence(name)
        if not parts:
            return [name]
        message = _(
            "Line %(line)d, %(number)s, column “%(column)s”: “%(text)s” was read as %(count)d names. "
            "Put a semicolon between them."
        )
        self.log.warn("separator-missing", place, message, name, count=len(parts))
        return parts

    def _known_sequence(self, name: str) -> list[str] | None:
        """Return the fewest known names that make up the text, or None."""
        if not self._names or len(name) > _MAX_JOINED_NAMES:
            return None
        words = name.split(" ")
        best: dict[int, list[str]] = {0: []}  # the names that make up the first n words
        for start in range(len(words)):
            if start not in best:
                continue
            for end in range(start + 1, len(words) + 1):
                tail = " ".join(words[start:end])
                is_shorter = end not in best or len(best[start]) + 1 < len(best[end])
                if is_shorter and tail in self._names:
                    best[end] = [*best[start], tail]
        return best.get(len(words))


def _name(text: str) -> str:
    """Return a name with single spaces, without a bullet before and a stop after it."""
    text = collapse(text)
    if bullet := _BULLET.match(text):
        text = text[bullet.end() :]
    return text.removesuffix(";").rstrip().removesuffix(".").rstrip()
