"""Plan numbers and strategy codes at the start and the end of titles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from measures.exchange.document.notices import NoticeLog, Place
from measures.exchange.document.text import collapse, parentheticals
from measures.exchange.document.tree import CodeMention
from measures.validators import CODE_PATTERN

# Text with single spaces has none before some signs, so a title may begin with one right after its number.
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.+[0-9]{1,3})*(?:\.+(?![.0-9])|(?=[\s),;]|\Z))")
_MENTION = re.compile(
    r"(?:KRSS\s?2030\s+)?(?P<code>[IVX]+(?:\.[0-9]+)+)\.?(?:\s+(?P<kind>priemonė|veiksmas))?"
)
_UNREAD_MENTION = re.compile(r"KRSS\s?2030\s+\S*[0-9]\.[0-9]")
_KINDS: dict[int, tuple[Literal["measure", "action"], str]] = {
    4: ("measure", "priemonė"),
    5: ("action", "veiksmas"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A plan number: as written ("6..") and its parts ("6",); its text has no zeros before digits."""

    as_written: str
    parts: tuple[str, ...]

    @property
    def key(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.parts)

    @property
    def text(self) -> str:
        return ".".join(map(str, self.key))

    @property
    def is_slip(self) -> bool:
        """Say whether a part is plainly missing: "6..", or "6." where a measure's number should stand."""
        return ".." in self.as_written or len(self.parts) == 1

    def is_child_of(self, parent: "Number") -> bool:
        return self.key[:-1] == parent.key


def task_number(digits: str) -> Number:
    """Return the number of a task."""
    return Number(digits, (digits,))


def take_number(text: str) -> tuple[Number, str] | None:
    """Split a cell into its number and its title; None if it does not begin with a plan number."""
    match = _NUMBER.match(text)
    if not match or "." not in match[0]:
        return None
    parts = tuple(part for part in match[0].split(".") if part)
    return Number(match[0], parts), text[match.end() :].strip()


def take_codes(text: str, place: Place, log: NoticeLog) -> tuple[str, tuple[CodeMention, ...]]:
    """Split a title into its own words and the strategy codes that stand in parentheses."""
    codes: list[CodeMention] = []
    kept, position = [], 0
    for start, end in parentheticals(text):
        mentions = [read_mention(piece.strip()) for piece in re.split("[,;]", text[start + 1 : end - 1])]
        if None not in mentions:
            codes.extend(mention for mention in mentions if mention)
            kept.append(text[position:start])
            position = end
    title = collapse(" ".join([*kept, text[position:]]))
    if unread := _UNREAD_MENTION.search(title):
        message = _(
            "Line %(line)d, %(number)s: the strategy code in “%(text)s” cannot be read. "
            "Write it like this: (KRSS2030 I.1.1.1. priemonė)."
        )
        log.error("code-unreadable", place, message, title[unread.start() :])
    return title, tuple(codes)


def read_mention(text: str) -> CodeMention | None:
    """Return the strategy code that a text names, or None if it says anything else."""
    match = _MENTION.fullmatch(text)
    if not match or not CODE_PATTERN.fullmatch(match["code"]):
        return None
    kind, word = _KINDS[match["code"].count(".") + 1]
    if match["kind"] not in (None, word):
        return None
    return CodeMention(match["code"], kind, text)


def check_sequence(numbers: Iterable[tuple[Number, Place]], log: NoticeLog) -> None:
    """Report siblings that share a number or go backwards as errors, and holes between them as warnings."""
    previous, seen = 0, set()
    for number, place in numbers:
        last = number.key[-1]
        if number.text != ".".join(number.parts):
            message = _(
                "Line %(line)d: the number “%(text)s” was read as %(number)s, without zeros before it."
            )
            log.warn("number-zeros", Place(place.line, place.column, number.text), message, number.as_written)
        if last in seen:
            message = _(
                "Line %(line)d: the number %(text)s stands twice. Give one of the two another number."
            )
            log.error("number-duplicate", place, message, number.text)
        elif last < previous:
            message = _("Line %(line)d: the number %(text)s stands after a greater one. Correct the order.")
            log.error("number-order", place, message, number.text)
        elif last > previous + 1:
            message = _(
                "Line %(line)d: before %(number)s, the number %(text)s is missing. "
                "Check that nothing is left out."
            )
            log.warn("number-gap", place, message, _missing(number, previous + 1, last - 1))
        seen.add(last)
        previous = max(previous, last)


def _missing(number: Number, first: int, last: int) -> str:
    """Return "2.1.6", or "2.1.6–2.1.8" for a longer hole."""
    texts = [".".join([*number.parts[:-1], str(part)]) for part in dict.fromkeys((first, last))]
    return "–".join(texts)
