"""What the reader of plan documents has to tell its user: warnings, and errors that stop the import."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

# A damaged file can be wrong in every line; nobody reads more than this, and memory is finite.
MAX_NOTICES = 1000
MAX_EXCERPT = 80


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the document something stands.

    line: counted from 1; column: the table column's name, or ""; number: the nearest plan number
    ("2.1.3"), or "".
    """

    line: int
    column: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell the user: a stable code, the place, one sentence, and the text it is about."""

    code: str
    place: Place
    message: str
    text: str


class DocumentError(Exception):
    """The document cannot be read without losing or guessing something; `notices` tells all of it."""

    def __init__(self, notices: list[Notice]) -> None:
        super().__init__(notices)
        self.notices = notices

    def __str__(self) -> str:
        return "\n".join(notice.message for notice in self.notices)


@dataclass(slots=True)
class NoticeLog:
    """Collects the notices of one reading, so that all of them can be reported together."""

    errors: list[Notice] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)

    def error(self, code: str, place: Place, message: str, text: str = "", **values: Any) -> None:
        """Record something that has no place in the plan. The message is a template, see `_add`."""
        self._add(self.errors, code, place, message, text, values)

    def warn(self, code: str, place: Place, message: str, text: str = "", **values: Any) -> None:
        """Record something that was read, but not as it was written."""
        self._add(self.warnings, code, place, message, text, values)

    def raise_errors(self) -> None:
        """Raise a DocumentError with all errors so far, in the order of the document."""
        if self.errors:
            raise DocumentError(in_order(self.errors))

    def _add(
        self, notices: list[Notice], code: str, place: Place, message: str, text: str, values: dict[str, Any]
    ) -> None:
        """Fill a template's %(line)d, %(column)s, %(number)s, %(text)s and own values."""
        filled = message % {
            "line": place.line,
            "column": place.column,
            "number": place.number,
            "text": _excerpt(text),
            **values,
        }
        notices.append(Notice(code, place, filled, text))
        if len(self.errors) + len(self.warnings) >= MAX_NOTICES:
            too_many = _("Line %(line)d: too much is wrong up to here. Correct what is listed and try again.")
            last = Notice("too-many", place, too_many % {"line": place.line}, text)
            raise DocumentError([*in_order(self.errors), last])


def in_order(notices: list[Notice]) -> list[Notice]:
    """Return the notices in the order of the document's lines."""
    return sorted(notices, key=lambda notice: notice.place.line)


def _excerpt(text: str) -> str:
    words = " ".join(text[: 4 * MAX_EXCERPT].split())
    return words if len(words) <= MAX_EXCERPT else words[: MAX_EXCERPT - 1] + "…"
