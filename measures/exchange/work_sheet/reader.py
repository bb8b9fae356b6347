"""Reads a work sheet that comes back. Columns are found by their headings, rows by their keys.

What is wrong inside is collected, each with sheet, row and column, so that all of it can be corrected at
once. Cells that were locked are not read: their text is only for people.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from ...enums import LineKind
from ..places import place_of
from ..preview import Line
from .cells import Cell, CellError, Value, read_cell
from .columns import (
    ABOUT_SHEET,
    FORMAT,
    FORMAT_LABEL,
    KEY,
    MADE_LABEL,
    MAX_KEY,
    MAX_ROWS,
    MAX_SLUG,
    MAX_VERSION,
    PLAN_LABEL,
    PLAN_VARIANT,
    PROGRESS_VARIANT,
    VARIANT_LABEL,
    VERSION,
    Column,
    columns_of,
)
from .file import Cells, FileSheet, Rows, file_error, open_sheets
from .sheet import SheetRow, WorkSheet

# Nobody reads more than this.
MAX_REFUSED = 1000

# The headings stand near the top; so many of them make a row the row of headings.
_SEARCHED_ROWS, _ENOUGH_HEADINGS = 20, 3
_TITLE_COLUMNS = ("description", "text", "title")
_MAX_TITLE = 80


def read_work_sheet(content: bytes) -> WorkSheet:
    """Return the rows of a work sheet. Raises DocumentError if the file is no work sheet at all."""
    sheets = open_sheets(content)
    about = _about(sheets.pop(ABOUT_SHEET, FileSheet({})).rows)
    columns = columns_of(is_plan_variant=about[VARIANT_LABEL] == PLAN_VARIANT)
    found = {name: row for name, sheet in sheets.items() if (row := _head_row(sheet.rows, columns))}
    if not found:
        raise file_error(
            "no-table", _("The file has no table of a work sheet. Download the work sheet anew.")
        )
    name, head_row = next(iter(found.items()))
    reader = _TableReader(name, columns)
    reader.read(sheets.pop(name), head_row)
    for other, beside in sheets.items():
        if beside.rows:
            reason = _("This sheet is not read. Move what it says into the table and delete the sheet.")
            reader.refused.append(Line(LineKind.REFUSED, place_of(other), reason=reason))
    return WorkSheet(
        plan=about[PLAN_LABEL],
        sheet=name,
        is_plan_variant=about[VARIANT_LABEL] == PLAN_VARIANT,
        rows=tuple(reader.rows),
        refused=tuple(reader.refused[:MAX_REFUSED]),
        made_at=_made_at(about),
        letters=reader.letters,
    )


def _about(rows: Rows) -> dict[str, str]:
    """Return what the hidden sheet says by its labels. Raises DocumentError unless it says all."""
    said = {cells[1].text: cells[2].text.strip() for cells in rows.values() if {1, 2} <= cells.keys()}
    has_plan = 0 < len(said.get(PLAN_LABEL, "")) <= MAX_SLUG and _made_at(said) is not None
    if not has_plan or said.get(VARIANT_LABEL) not in (PROGRESS_VARIANT, PLAN_VARIANT):
        message = _(
            "The file is no work sheet of this program. Download one from the reports and fill that in."
        )
        raise file_error("no-work-sheet", message)
    if said.get(FORMAT_LABEL) != FORMAT:
        message = _("The work sheet was made by another version of the program. Download it anew.")
        raise file_error("other-format", message)
    return said


def _made_at(said: Mapping[str, str]) -> datetime | None:
    """Return when the sheet was prepared; None if that is no time with its zone."""
    try:
        made_at = datetime.fromisoformat(said.get(MADE_LABEL, ""))
    except ValueError:
        return None
    return made_at if made_at.tzinfo else None


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MAX_TITLE else f"{text[: _MAX_TITLE - 1]}…"


def _heading(text: str) -> str:
    return " ".join(text.split()).casefold()


def _head_row(rows: Rows, columns: Iterable[Column]) -> int:
    """Return the number of the row that has the headings, 0 if none has."""
    known = {_heading(column.heading) for column in columns}
    for number, cells in rows.items():
        if number > _SEARCHED_ROWS:
            break
        if len({_heading(cell.text) for cell in cells.values()} & known) >= _ENOUGH_HEADINGS:
            return number
    return 0


@dataclass(slots=True)
class _TableReader:
    """Reads one sheet; `rows` are those without a fault, `refused` says all that is wrong."""

    sheet: str
    columns: Sequence[Column]
    rows: list[SheetRow] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    @property
    def letters(self) -> dict[str, str]:
        """Return the letters of the columns that were found, by field."""
        return {name: get_column_letter(place) for name, place in self._places.items()}

    def read(self, sheet: FileSheet, head_row: int) -> None:
        rows = sheet.rows
        self._find_columns(rows[head_row], head_row)
        below = {number: cells for number, cells in rows.items() if number > head_row}
        self._refuse_beside(below, rows[head_row])
        if KEY.name not in self._places or VERSION.name not in self._places:
            return
        for number, cells in below.items():
            if number > MAX_ROWS:
                reason = _("The table is longer than %(limit)d rows. Download the work sheet anew.")
                self._refuse(number, reason % {"limit": MAX_ROWS})
            else:
                self._read_row(number, cells)
        self._refuse_merged(sheet.merged, head_row + 1, max(below, default=head_row))
        self._refuse_doubled()
        if not (self.rows or self.refused):
            self._refuse(
                head_row, _("The table has no row at all. Download a new work sheet and fill that in.")
            )

    def _find_columns(self, cells: Cells, row: int) -> None:
        """Find each column by its heading; what is missing, doubled or unknown is refused."""
        known = {_heading(column.heading): column for column in self.columns}
        for place, cell in cells.items():
            column = known.get(_heading(cell.text))
            if column is None:
                reason = _("There is no such column in a work sheet. Give it its heading back, or delete it.")
                self._refuse(row, reason, place, heading=cell.text)
            elif column.name in self._places:
                first = get_column_letter(self._places[column.name])
                reason = _("Column %(first)s has this heading already. Delete one of the two.")
                self._refuse(row, reason % {"first": first}, place, heading=column.heading)
            else:
                self._places[column.name] = place
        for column in self.columns:
            if column.name not in self._places:
                reason = _("The column “%(heading)s” is missing. Give it its heading back, or start anew.")
                self._refuse(row, reason % {"heading": column.heading})

    def _refuse_beside(self, rows: Rows, head: Cells) -> None:
        """Refuse what was written into columns that have no heading, once for each."""
        seen: set[int] = set()
        for number, cells in rows.items():
            for place in cells.keys() - head.keys() - seen:
                seen.add(place)
                reason = _("The column has no heading, so it is not read. Move its text into the table.")
                self._refuse(number, reason, place)

    def _refuse_merged(
        self, merged: Iterable[tuple[int, int, int, int]], first_row: int, last_row: int
    ) -> None:
        """Refuse merged cells in the columns that are typed: the value would count for one of them only."""
        typed = {self._place(column): column for column in self.columns if column.is_typed}
        for left, right, top, bottom in merged:
            place = next((place for place in sorted(typed) if left <= place <= right), 0)
            if place and bottom >= first_row and top <= last_row:
                cells = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
                reason = _(
                    "The cells %(cells)s are merged, so their value would count for one of them only. "
                    "Unmerge them and fill in each."
                )
                self._refuse(
                    max(top, first_row), reason % {"cells": cells}, place, heading=typed[place].heading
                )

    def _read_row(self, number: int, cells: Cells) -> None:
        of_row = {
            column.name: cells[place] for column in self.columns if (place := self._place(column)) in cells
        }
        if not of_row:
            return
        key = of_row.get(KEY.name)
        title = self._title(of_row)
        if key is None or key.kind != "s" or len(key.text.strip()) > MAX_KEY:
            reason = _(
                "The hidden key of the row is missing or damaged. Download the work sheet anew and type the "
                "values there."
            )
            self._refuse(number, reason, self._places[KEY.name], heading=KEY.heading, title=title)
            return
        before = len(self.refused)
        subject = key.text.strip()
        version = self._version(number, of_row.get(VERSION.name), subject, title)
        values = self._values(number, of_row, subject, title)
        if len(self.refused) == before:
            self.rows.append(SheetRow(number, subject, version, values))

    def _version(self, number: int, cell: Cell | None, subject: str, title: str) -> int:
        version = cell.value if cell and cell.kind == "n" else None
        if isinstance(version, int | float) and 1 <= version <= MAX_VERSION and version == int(version):
            return int(version)
        reason = _(
            "The hidden version of the row is missing or damaged. Download the work sheet anew and type the "
            "values there."
        )
        place = self._places[VERSION.name]
        self._refuse(number, reason, place, heading=VERSION.heading, subject=subject, title=title)
        return 0

    def _values(self, number: int, cells: Mapping[str, Cell], subject: str, title: str) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for column in self.columns:
            if column.is_typed and column.name in cells:
                try:
                    values[column.name] = read_cell(column, cells[column.name])
                except CellError as error:
                    place = self._places[column.name]
                    self._refuse(
                        number, str(error), place, heading=column.heading, subject=subject, title=title
                    )
        return values

    def _refuse_doubled(self) -> None:
        """Refuse rows with the same key, all of them: nobody knows which one is meant."""
        by_key = defaultdict(list)
        for row in self.rows:
            by_key[row.key].append(row)
        for key, rows in by_key.items():
            numbers = ", ".join(str(row.row) for row in rows)
            for row in rows if len(rows) > 1 else ():
                reason = _("The same planned result stands in several rows: %(rows)s. Leave one of them.")
                self._refuse(
                    row.row,
                    reason % {"rows": numbers},
                    self._places[KEY.name],
                    heading=KEY.heading,
                    subject=key,
                )
                self.rows.remove(row)

    def _place(self, column: Column) -> int:
        return self._places.get(column.name, 0)

    def _title(self, cells: Mapping[str, Cell]) -> str:
        """Return in one line what the row is about."""
        return _shortened(next((cells[name].text for name in _TITLE_COLUMNS if name in cells), ""))

    def _refuse(
        self, row: int, reason: str, place: int = 0, *, heading: str = "", subject: str = "", title: str = ""
    ) -> None:
        letter = get_column_letter(place) if place else ""
        where = place_of(self.sheet, row, letter, _shortened(heading))
        self.refused.append(Line(LineKind.REFUSED, where, subject, title, reason=reason))
