"""What people type into the cells of a work sheet: the value that is meant, or why it can't be told."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from akr_plan.file_text import text_of_cell

from ...validators import FIRST_YEAR, LAST_YEAR
from .columns import DASHES, MAX_TEXT, Column, Kind, status_labels

MAX_SHOWN = 60

Value = str | int | None

# The parts of a number format that are shown as they stand, or say no more than a colour or a width.
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^]]*\]|_.')
_WHOLE = re.compile("([0-9]{1,4})")
_PERCENT = re.compile(r"([0-9]{1,4})\s*%?")


class CellError(Exception):
    """The cell holds nothing that could be meant; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the file has it.

    kind: what openpyxl calls its type (s, n, d, b, e, f); number_format: of Excel.
    """

    value: Any
    kind: str = "s"
    number_format: str = "General"

    @property
    def text(self) -> str:
        """Return the text that it shows; a cell of blanks is as good as empty."""
        if isinstance(self.value, str):
            text = text_of_cell(self.value)
            return text if text.strip() else ""
        return "" if self.value is None else str(self.value)

    @property
    def is_blank(self) -> bool:
        """Return whether it says nothing."""
        return self.value is None or (self.kind == "s" and not self.text)


def read_cell(column: Column, cell: Cell) -> Value:
    """Return the value of a typed cell that is not blank, None for "–". Raises CellError."""
    if cell.kind == "f":
        raise CellError(_("A formula stands here. Write its value instead."))
    if cell.kind == "e":
        raise CellError(
            _("The cell shows the error %(error)s. Write a value instead.") % {"error": str(cell.value)[:20]}
        )
    if cell.kind == "b":
        raise CellError(_("A logical value stands here. %(do)s") % {"do": _what_to_write(column)})
    if cell.kind == "s" and cell.text.strip() in DASHES:
        if not column.may_be_empty:
            raise CellError(
                _("This can't be empty: leave the cell blank if nothing changes. %(do)s")
                % {"do": _what_to_write(column)}
            )
        return None
    return _READERS[column.kind](column, cell)


def _what_to_write(column: Column) -> str:
    if column.kind is Kind.STATUS:
        return _("Choose one of these: %(labels)s.") % {"labels": ", ".join(status_labels().values())}
    if column.kind is Kind.PERCENT:
        return _("Write a whole number from 0 to 100.")
    if column.kind is Kind.YEAR:
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        return _("Write a year from %(first)d to %(last)d.") % years
    if column.kind is Kind.DAY:
        return _("Write a date like 2024-06-30.")
    return _("Write it as a text.")


def _text(column: Column, cell: Cell) -> str:
    if cell.kind == "d":
        raise CellError(_("A date stands here. %(do)s") % {"do": _what_to_write(column)})
    if cell.kind != "s":
        raise CellError(_("A number stands here. %(do)s") % {"do": _what_to_write(column)})
    text = cell.text.strip()
    if len(text) > MAX_TEXT:
        lengths = {"limit": MAX_TEXT, "length": len(text)}
        raise CellError(
            _("The text has %(length)d characters, %(limit)d are allowed. Make it shorter.") % lengths
        )
    return text


def _status(column: Column, cell: Cell) -> str:
    wanted = " ".join(cell.text.split()).casefold()
    for status, label in status_labels().items():
        if cell.kind == "s" and label.casefold() == wanted:
            return status.value
    raise CellError(
        _("There is no status “%(value)s”. %(do)s") % {"value": _shown(cell), "do": _what_to_write(column)}
    )


def _percent(column: Column, cell: Cell) -> int:
    number: float | Decimal | None = _number(cell, _PERCENT)
    if number is not None and cell.kind == "n" and _shows_percents(cell.number_format):
        # 0.57 is not exactly that in binary, and 100 times it is not 57.
        number = Decimal(repr(number)) * 100
    return _whole(column, cell, number, 0, 100)


def _year(column: Column, cell: Cell) -> int:
    return _whole(column, cell, _number(cell, _WHOLE), FIRST_YEAR, LAST_YEAR)


def _whole(column: Column, cell: Cell, number: float | Decimal | None, least: int, most: int) -> int:
    if number is None or not least <= number <= most or number != int(number):
        raise CellError(
            _("“%(value)s” does not fit here. %(do)s") % {"value": _shown(cell), "do": _what_to_write(column)}
        )
    return int(number)


def _number(cell: Cell, pattern: re.Pattern[str]) -> float | None:
    """Return the number in a cell, also one that is written as a text; None if there is none."""
    if cell.kind == "n":
        return cell.value if isinstance(cell.value, int | float) else None
    found = pattern.fullmatch(cell.text.strip()) if cell.kind == "s" else None
    return int(found[1]) if found else None


def _shows_percents(number_format: str) -> bool:
    """Return whether Excel shows 0.6 as 60 %: a sign that is mere text does not count."""
    return "%" in _QUOTED.sub("", number_format)


def _day(column: Column, cell: Cell) -> str:
    day = _date(cell)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError(
            _("“%(value)s” is no date that fits here. %(do)s")
            % {"value": _shown(cell), "do": _what_to_write(column)}
        )
    return day.isoformat()


def _date(cell: Cell) -> date | None:
    """Return the date in a cell, also one that is written as 2024-06-30; None if there is none."""
    if isinstance(cell.value, datetime):
        return cell.value.date() if cell.value.time() == time() else None
    try:
        return date.fromisoformat(cell.text.strip()) if cell.kind == "s" else None
    except ValueError:
        return None


def _shown(cell: Cell) -> str:
    day = _date(cell) if cell.kind == "d" else None
    text = day.isoformat() if day else " ".join(cell.text.split())
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


_READERS: dict[Kind, Callable[[Column, Cell], Value]] = {
    Kind.TEXT: _text,
    Kind.STATUS: _status,
    Kind.PERCENT: _percent,
    Kind.YEAR: _year,
    Kind.DAY: _day,
}
