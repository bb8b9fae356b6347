"""The workbook of the planned results that the address asks for: the rows of the page on one sheet."""

from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from akr_plan.file_text import plain_text
from measures.tree.rows import PlanTree

from ..result_rows import COLUMNS, flat_results
from .heading import as_of_line, heading_of, made_line, sample_mark, set_properties, shown_line
from .sheet import SheetWriter, Value
from .styles import (
    BANNER,
    BODY,
    DAY,
    HEAD,
    HEAD_NUMBER,
    PERCENT,
    REMARK,
    SENTENCE,
    STANDINGS,
    TITLE,
    Look,
)

_WIDTHS = {
    "action_title": 34,
    "text": 50,
    "sub_items": 26,
    "owner": 20,
    "status": 15,
    "condition": 26,
    "condition_state": 16,
    "codes": 15,
    "resources": 20,
    "partners": 24,
    "projects": 16,
    "done": 34,
    "correction": 26,
}
WIDTHS = [_WIDTHS.get(name, 12) for name in COLUMNS]
_DAYS = {"last_reported_on", "due_on", "done_on"}
_PERCENTS = {"percent", "action_percent"}


def write_results_workbook(
    tree: PlanTree, *, said: str = "", made_by: str, made_at: datetime, stream: BinaryIO
) -> None:
    """Write the rows as an .xlsx file, in the active language; `made_at` is aware."""
    workbook = Workbook(write_only=True)
    title = _("Planned results")
    set_properties(workbook, f"{title} – {tree.title} – {as_of_line(tree)}", made_by=made_by, made_at=made_at)
    heading = heading_of(
        (BANNER, sample_mark(tree)),
        (TITLE, title),
        (SENTENCE, f"{tree.title} · {as_of_line(tree)}"),
        (SENTENCE, shown_line(said)),
        (REMARK, made_line(made_by, made_at)),
    )
    writer = SheetWriter(
        workbook,
        title,
        WIDTHS,
        frozen_rows=len(heading) + 1,
        header=sample_mark(tree),
        footer=tree.title,
    )
    writer.add_heading(heading)
    heads = ((HEAD_NUMBER if name in _PERCENTS else HEAD, str(label)) for name, label in COLUMNS.items())
    writer.add_wrapped(list(heads))
    head_row = writer.row
    looks = {str(standing.label): look for standing, look in STANDINGS.items()}
    for row in flat_results(tree):
        named = zip(COLUMNS, row.values, strict=True)
        writer.add_wrapped([_cell(name, value, looks) for name, value in named])
    writer.add_filter(head_row)
    writer.name_table("Rezultatai", head_row)
    workbook.save(stream)


def _cell(name: str, value: Value, standings: Mapping[str, Look]) -> tuple[Look, Value]:
    """Return the cell of a column: days and percents as such, a standing with its colour."""
    if name in _DAYS:
        return DAY, value
    if isinstance(value, int | float):
        return PERCENT, value / 100
    if name in _PERCENTS:
        return PERCENT, None
    text = plain_text(str(value))
    return (standings[text] if name == "status" else BODY), text
