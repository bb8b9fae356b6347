"""A work sheet as it was read from its file: typed values by row, nothing of Excel or the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..preview import Line

# What can be typed in a work sheet, by the names that the rows use. The plan's own text comes back only in
# the coordinator's variant.
PROGRESS_FIELDS = ("status", "percent", "comment", "correction")
PLAN_FIELDS = ("text", "first_year", "last_year", "deadline", "condition")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What stands in one row.

    row: its number in Excel; key: of the planned result (1.2.1-2); seen_version: of the result when the
    sheet was made; values: by field, left out where the cell is blank (unchanged), None where it holds "–"
    (empty). status is a value of `Status`, deadline an ISO date, percent and years are numbers.
    """

    row: int
    key: str
    seen_version: int
    values: dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class WorkSheet:
    """All rows, and all that could not be read: refused lines with sheet, row and column.

    plan: its short name; sheet: the name of the sheet in the workbook; is_plan_variant: whether the plan's
    own text may be changed by it, too; made_at: when it was prepared, None if nobody noted that; letters: of
    the columns in the file, by field.
    """

    plan: str
    sheet: str
    is_plan_variant: bool
    rows: tuple[SheetRow, ...]
    refused: tuple[Line, ...] = ()
    made_at: datetime | None = None
    letters: Mapping[str, str] = field(default_factory=dict)
