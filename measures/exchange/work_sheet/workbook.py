"""Writes a work sheet: one protected sheet with a row for each planned result, and a hidden one about itself.

Only typed cells are unlocked. Excel checks them with the same limits that the reader has.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from akr_plan.file_text import MAX_HEIGHT, plain_text, wrapped_height

from ...validators import FIRST_YEAR, LAST_YEAR
from .columns import (
    ABOUT_SHEET,
    DASHES,
    FORMAT,
    FORMAT_LABEL,
    MADE_LABEL,
    MAX_TEXT,
    PLAN_LABEL,
    PLAN_VARIANT,
    PROGRESS_VARIANT,
    SHEET,
    VARIANT_LABEL,
    Column,
    Kind,
    OutRow,
    columns_of,
    status_labels,
)

HEAD_ROW = 3
_FIRST_ROW = HEAD_ROW + 1
_FONT, _PAPER_A4 = "Calibri", 9
_INK, _LINE, _SEA, _LOCKED_HEAD, _LOCKED = "14212B", "B7C3CB", "0B5C7A", "46535E", "EEF1F4"
# A plain 60 is shown as 60 %: the sign is a text here, so nobody has to type 0.6.
_FORMATS = {
    Kind.TEXT: "@",
    Kind.STATUS: "@",
    Kind.PERCENT: '0"\N{NO-BREAK SPACE}%"',
    Kind.YEAR: "0",
    Kind.DAY: "yyyy-mm-dd",
    Kind.NUMBER: "0",
}
# Excel would take a text for a formula once somebody edits the cell, unless it is marked as a text.
_LIKE_FORMULAS = tuple("=+-@'")
# Excel counts days from here, as of March 1900.
_DAY_0 = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class SheetAbout:
    """What a work sheet is about: the plan by short name and title, and which part in words ("" is all)."""

    plan: str
    plan_title: str
    part: str
    is_plan_variant: bool
    made_at: datetime


def write_work_sheet(rows: Sequence[OutRow], about: SheetAbout) -> bytes:
    """Return the workbook as a file."""
    workbook = Workbook(write_only=True)
    workbook.properties.title = plain_text(f"{SHEET}: {about.plan_title}")[:250]
    workbook.properties.creator = ""
    _TableWriter(workbook, columns_of(is_plan_variant=about.is_plan_variant)).write(rows, about)
    _write_about(workbook, about)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _write_about(workbook: Workbook, about: SheetAbout) -> None:
    sheet = workbook.create_sheet(ABOUT_SHEET)
    sheet.sheet_state = "hidden"
    sheet.protection.enable()
    for label, value in (
        (PLAN_LABEL, about.plan),
        (VARIANT_LABEL, PLAN_VARIANT if about.is_plan_variant else PROGRESS_VARIANT),
        (FORMAT_LABEL, FORMAT),
        (MADE_LABEL, about.made_at.isoformat(timespec="seconds")),
    ):
        cells = [WriteOnlyCell(sheet), WriteOnlyCell(sheet)]
        for cell, text in zip(cells, (label, value), strict=True):
            _put_text(cell, text)
        sheet.append(cells)


def _put_text(cell: Any, text: str) -> None:
    """Put a text into a cell that stays one, whatever it looks like."""
    cell.value = text
    if text:
        cell.data_type = "s"


class _TableWriter:
    """Writes the visible sheet; a write-only sheet wants its settings before the first row."""

    def __init__(self, workbook: Workbook, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.shown = [column for column in columns if not column.is_hidden]
        self.sheet: Any = workbook.create_sheet(SHEET)
        self.letters = {column.name: get_column_letter(n) for n, column in enumerate(columns, start=1)}
        self.labels = status_labels()
        self.cells: dict[tuple[str, bool], Any] = {}
        self.row = 0

    def write(self, rows: Sequence[OutRow], about: SheetAbout) -> None:
        self._set_up(last_row=HEAD_ROW + len(rows))
        heading = f"{SHEET}: {about.plan_title}"
        self._add_across(f"{heading}. {about.part}" if about.part else heading, size=14, bold=True)
        self._add_across(_instruction(is_plan_variant=about.is_plan_variant), size=11)
        self._add_head()
        for row in rows:
            self._add(row)

    def _set_up(self, last_row: int) -> None:
        sheet = self.sheet
        for column in self.columns:
            dimension = sheet.column_dimensions[self.letters[column.name]]
            dimension.width, dimension.hidden = column.width, column.is_hidden
        # Readers that look for the size first would search the whole sheet for it.
        sheet.calculate_dimension = lambda: f"A1:{self.letters[self.columns[-1].name]}{last_row}"
        sheet.sheet_view.showGridLines = False
        sheet.freeze_panes = f"B{_FIRST_ROW}"
        sheet.auto_filter.ref = f"A{HEAD_ROW}:{self.letters[self.shown[-1].name]}{max(last_row, _FIRST_ROW)}"
        self._set_page()
        self._protect()
        for column in self.columns:
            if column.is_typed:
                sheet.data_validations.append(self._validation(column, max(last_row, _FIRST_ROW)))

    def _set_page(self) -> None:
        """Print on A4 lying, as wide as the paper, with the headings on each page."""
        sheet = self.sheet
        sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _PAPER_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.3, footer=0.3)
        sheet.HeaderFooter.oddFooter.right.text = "&P / &N"

    def _protect(self) -> None:
        """Lock the sheet without a password; the flags name what is forbidden."""
        protection = self.sheet.protection
        protection.enable()
        protection.autoFilter = protection.sort = False
        protection.formatColumns = protection.formatRows = False

    def _validation(self, column: Column, last_row: int) -> DataValidation:
        letter = self.letters[column.name]
        rule = _rule(column, f"{letter}{_FIRST_ROW}", list(self.labels.values()))
        rule.showErrorMessage, rule.allow_blank = True, True
        rule.errorTitle = column.heading
        rule.add(f"{letter}{_FIRST_ROW}:{letter}{last_row}")
        return rule

    def _add_across(self, text: str, *, size: int, bold: bool = False) -> None:
        """Add a line of text over all columns that are seen."""
        text = plain_text(text)
        cell = WriteOnlyCell(self.sheet)
        _put_text(cell, text)
        cell.font = Font(name=_FONT, size=size, bold=bold, color=_INK)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        width = sum(column.width for column in self.shown)
        self._append([cell], wrapped_height(text, width, size=size, is_bold=bold))
        last = self.letters[self.shown[-1].name]
        self.sheet.merged_cells.ranges.add(CellRange(f"A{self.row}:{last}{self.row}"))

    def _add_head(self) -> None:
        cells = []
        for column in self.columns:
            cell = self._new_cell(fill=_SEA if column.is_typed else _LOCKED_HEAD)
            cell.font = Font(name=_FONT, size=10, bold=True, color="FFFFFF")
            _put_text(cell, column.heading)
            cells.append(cell)
        # The button of the filter takes some of the room.
        widths = ((column.heading, column.width - 2) for column in self.shown)
        self._append(cells, max(wrapped_height(text, width, is_bold=True) for text, width in widths))

    def _add(self, row: OutRow) -> None:
        values = [(column, self._shown(column, getattr(row, column.name))) for column in self.columns]
        height = max(
            wrapped_height(value, column.width)
            for column, value in values
            if isinstance(value, str) and not column.is_hidden
        )
        self._append([self._cell(column, value) for column, value in values], height)

    def _append(self, cells: list[Any], height: float) -> None:
        self.row += 1
        self.sheet.row_dimensions[self.row].height = min(height, MAX_HEIGHT)
        self.sheet.append(cells)

    def _shown(self, column: Column, value: Any) -> Any:
        if column.kind is Kind.STATUS:
            return self.labels[value]
        return plain_text(value) if isinstance(value, str) else value

    def _cell(self, column: Column, value: Any) -> Any:
        """Return the column's cell with this value; it is written at once, so one of each look will do."""
        is_marked = isinstance(value, str) and value.startswith(_LIKE_FORMULAS)
        cell = self.cells.get((column.name, is_marked))
        if cell is None:
            cell = self.cells[column.name, is_marked] = self._new_cell(
                fill="" if column.is_typed else _LOCKED
            )
            cell.quotePrefix = is_marked
            cell.number_format = _FORMATS[column.kind]
            cell.protection = Protection(locked=not column.is_typed)
        if isinstance(value, str):
            _put_text(cell, value)
        else:
            cell.value = (value - _DAY_0).days if isinstance(value, date) else value
        return cell

    def _new_cell(self, fill: str) -> Any:
        cell: Any = WriteOnlyCell(self.sheet)
        cell.font = Font(name=_FONT, size=10, color=_INK)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        side = Side(style="thin", color=_LINE)
        cell.border = Border(left=side, right=side, top=side, bottom=side)
        if fill:
            cell.fill = PatternFill("solid", start_color=fill)
        return cell


def _instruction(*, is_plan_variant: bool) -> str:
    text = _(
        "Fill in the white cells only. A blank cell changes nothing, “–” empties. Leave the columns and "
        "their headings as they are."
    )
    of_plan = _("What you change in text, years, date or condition changes the plan itself.")
    return f"{text} {of_plan}" if is_plan_variant else text


def _rule(column: Column, first_cell: str, labels: Sequence[str]) -> DataValidation:
    """Return what Excel checks in a typed column; `first_cell` stands for each of its cells."""
    if column.kind is Kind.STATUS:
        message = _("Choose one of the statuses from the list.")
        return DataValidation(type="list", formula1=f'"{",".join(labels)}"', error=message)
    if column.kind is Kind.PERCENT:
        message = _("Write a whole number from 0 to 100, for example 60, or “–” if it is unknown.")
        return _whole_number(first_cell, 0, 100, message)
    if column.kind is Kind.YEAR:
        message = _("Write a year, for example 2024, or “–” if there is none.")
        return _whole_number(first_cell, FIRST_YEAR, LAST_YEAR, message)
    if column.kind is Kind.DAY:
        first, last = ((day - _DAY_0).days for day in (date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)))
        message = _("Write a date, for example 2024-06-30, or “–” if there is none.")
        return _whole_number(first_cell, first, last, message)
    message = _("The text is too long: %(limit)d characters at most.") % {"limit": MAX_TEXT}
    return DataValidation(
        type="textLength", operator="lessThanOrEqual", formula1=str(MAX_TEXT), error=message
    )


def _whole_number(cell: str, least: int, most: int, message: str) -> DataValidation:
    """Return a rule for whole numbers that allows a dash, too, which Excel's own kind would refuse."""
    number = f"AND({cell}>={least},{cell}<={most},{cell}=INT({cell}))"
    dashes = ",".join(f'{cell}="{dash}"' for dash in sorted(DASHES))
    rule = f"IF(ISNUMBER({cell}),{number},OR({dashes}))"
    return DataValidation(type="custom", formula1=rule, error=message)
