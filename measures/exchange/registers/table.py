"""Reads the file of a register: texts by column, and all that can't be read, with sheet, row and column."""

import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from akr_plan.text import fold

from ...enums import LineKind
from ...evidence.content import OLE_START
from ..child import read_in_child
from ..code_file import KINDS, Cell, NotText, Sheet
from ..codes import Place
from ..guard.refusal import FileRefusedError
from ..preview import Line
from ..work_sheet.columns import DASHES
from .fields import DayWidget
from .file import without_guard
from .sheets import RegisterSheet

# Each row is checked as a form would check it, with queries of its own; so many take a few seconds.
MAX_ROWS = 500

_DAY = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?: 00:00:00)?")


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """What stands in one row: its number in Excel, and its texts by the names of fields, "" for blank."""

    row: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """All rows, and all that could not be read. The sheet's name is empty for CSV."""

    sheet: str
    rows: tuple[RegisterRow, ...]
    refused: tuple[Line, ...] = ()


def read_table(register: RegisterSheet, content: bytes) -> RegisterTable:
    """Return what a file holds, Excel or CSV. Raises FileRefusedError if it can't be read."""
    is_workbook = content.startswith((b"PK", OLE_START))
    name = "register.xlsx" if is_workbook else "register.csv"
    first, *others = read_in_child("cells", content, name=name).sheets
    if (count := len(first.rows) - 1) > MAX_ROWS:
        message = _(
            "The file has %(count)d rows; at most %(limit)d can be read at once. Import it in parts: rows "
            "that a file does not have stay as they are."
        )
        raise FileRefusedError(message % {"count": count, "limit": MAX_ROWS})
    reader = _Reader(register, first)
    for sheet in others:
        reader.refuse(Place(sheet.name, sheet.rows[0][0]), _("only the first sheet is read. Empty this one."))
    return reader.read()


@dataclass(slots=True)
class _Reader:
    """Collects the rows of a sheet and all that is wrong with them."""

    register: RegisterSheet
    sheet: Sheet
    rows: dict[str, RegisterRow] = field(default_factory=dict)
    refused: list[Line] = field(default_factory=list)

    def read(self) -> RegisterTable:
        """Return all of it; without proper headings nothing below them can be understood."""
        (heading_row, cells), *rows = self.sheet.rows
        names = self._names(self._place(heading_row), cells)
        if names is not None:
            if not rows:
                self.refuse(self._place(heading_row), _("there is nothing under the headings."))
            for number, row in rows:
                self._read_row(number, names, row)
        return RegisterTable(self.sheet.name, tuple(self.rows.values()), tuple(self.refused))

    def refuse(self, place: Place, reason: str, title: str = "") -> None:
        """Add a fault."""
        self.refused.append(Line(LineKind.REFUSED, str(place), title=title, reason=capfirst(reason)))

    def _place(self, row: int, column: str = "") -> Place:
        return Place(self.sheet.name, row, column)

    def _names(self, place: Place, cells: tuple[Cell, ...]) -> list[str] | None:
        """Return the field of each column, or None if a heading is unknown, missing or there twice."""
        headings = self.register.headings()
        by_heading = {fold(heading): name for name, heading in headings.items()}
        before = len(self.refused)
        names: list[str] = []
        for position, cell in enumerate(cells, start=1):
            shown = cell.shown if isinstance(cell, NotText) else cell
            name = by_heading.get(fold(shown), "")
            if not shown:
                self.refuse(place, _("column %(n)d has no heading.") % {"n": position})
            elif not name:
                message = _("there is no column “%(column)s” to read. There are: %(columns)s.")
                self.refuse(place, message % {"column": shown, "columns": ", ".join(headings.values())})
            elif name in names:
                self.refuse(place, _("the column “%(column)s” is there twice.") % {"column": shown})
            names.append(name)
        if self.register.key not in names:
            message = _("the column “%(column)s” is missing.")
            self.refuse(place, message % {"column": headings[self.register.key]})
        return names if len(self.refused) == before else None

    def _read_row(self, number: int, names: list[str], cells: tuple[Cell, ...]) -> None:
        before = len(self.refused)
        if len(cells) > len(names):
            message = _("cell %(n)d of the row stands under no heading.")
            self.refuse(self._place(number), message % {"n": len(names) + 1})
        values = {name: self._text(number, name, cell) for name, cell in zip(names, cells, strict=False)}
        if len(self.refused) == before:
            self._keep(RegisterRow(number, {**dict.fromkeys(names, ""), **values}))

    def _text(self, number: int, name: str, cell: Cell) -> str:
        """Return a cell as text: a date in a column of days is clear, a number or a formula is not."""
        text = self._day(name, cell) if isinstance(cell, NotText) else cell
        if not self.sheet.name:
            text = without_guard(text)
        text = text if text.strip() else ""
        column = self.register.headings()[name]
        if isinstance(cell, NotText) and not text:
            message = _(
                "the cell holds %(kind)s (%(value)s) instead of text. "
                "Format the cell as “Text” and type the value anew."
            )
            self.refuse(self._place(number, column), message % {"kind": cell.kind, "value": cell.shown})
        elif any(unicodedata.category(character) == "Cc" for character in text):
            message = _("the cell holds characters that can't be seen. Type the value anew.")
            self.refuse(self._place(number, column), message)
        return text

    def _day(self, name: str, cell: NotText) -> str:
        is_day = cell.kind == str(KINDS["d"]) and isinstance(self.register.fields[name].widget, DayWidget)
        match = _DAY.fullmatch(cell.shown) if is_day else None
        return match["day"] if match else ""

    def _keep(self, row: RegisterRow) -> None:
        """Keep a row, unless its key is missing or there already: the last would win in silence."""
        key_name = self.register.key
        key, column = row.values[key_name], self.register.headings()[key_name]
        if not key or key.strip() in DASHES:
            self.refuse(self._place(row.row, column), _("This can't be empty."))
        elif key in self.rows:
            message = _("“%(name)s” is there already: %(place)s.")
            words = self._place(self.rows[key].row).words
            self.refuse(self._place(row.row, column), message % {"name": key, "place": words}, key)
        else:
            self.rows[key] = row
