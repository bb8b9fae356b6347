"""The workbook of what one partner, resource or project carries: the rows of its page on one sheet.

Opening openpyxl takes a tenth of a second, so views import this module only where they need it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from akr_plan.file_text import plain_text
from measures.tree.rows import ActionRow, PlanTree, ResultRow

from ..parties import PartySheet
from ..sentences import headline
from .heading import as_of_line, heading_of, made_line, sample_mark, set_properties, shown_line
from .sheet import Cells, Heading, SheetWriter, Value
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

# Number, action, planned result, term, status, progress, owner, last report.
WIDTHS = (9, 34, 56, 12, 15, 11, 22, 14)


def write_party_workbook(
    tree: PlanTree, sheet: PartySheet, *, said: str = "", made_by: str, made_at: datetime, stream: BinaryIO
) -> None:
    """Write the workbook as an .xlsx file, in the active language; `made_at` is aware.

    `said` tells in words which part of the plan is shown, if not the whole.
    """
    workbook = Workbook(write_only=True)
    title = f"{sheet.name} – {tree.title} – {as_of_line(tree)}"
    set_properties(workbook, title, made_by=made_by, made_at=made_at)
    heading = heading_of(
        (BANNER, sample_mark(tree)),
        (REMARK, tree.organisation),
        (TITLE, sheet.name),
        (SENTENCE, f"{tree.title} · {as_of_line(tree)}"),
        (SENTENCE, headline(sheet.summary)),
        (SENTENCE, shown_line(said)),
        (REMARK, made_line(made_by, made_at)),
    )
    _write_sheet(workbook, tree, sheet, heading)
    workbook.save(stream)


def _write_sheet(workbook: Workbook, tree: PlanTree, sheet: PartySheet, heading: Heading) -> None:
    """Add the sheet; its heading and the table's head stay in view and are printed on each page."""
    head_row = len(heading) + 1
    writer = SheetWriter(
        workbook,
        str(sheet.kind.label),
        WIDTHS,
        frozen_rows=head_row,
        header=sample_mark(tree),
        footer=tree.title,
    )
    writer.add_heading(heading)
    writer.add_wrapped(
        [
            (HEAD, _("No.")),
            (HEAD, pgettext("plan", "Action")),
            (HEAD, _("Planned result")),
            (HEAD, _("Term")),
            (HEAD, _("Status")),
            (HEAD_NUMBER, _("Progress")),
            (HEAD, _("Owner")),
            (HEAD, _("Last report")),
        ]
    )
    for action in sheet.actions:
        for cells in _rows(action):
            writer.add_wrapped(cells)
    writer.add_filter(head_row)
    writer.name_table("Veiksmai", head_row)


def _rows(action: ActionRow) -> Iterator[Cells]:
    """Yield a row for each planned result; an action without results takes one too."""
    for cells in [_result_cells(result) for result in action.results] or [[(BODY, None)] * 4]:
        yield [
            (BODY, plain_text(action.number)),
            (BODY, plain_text(action.title)),
            *cells,
            (BODY, plain_text(action.owner or _("no owner"))),
            (DAY, action.last_reported_on),
        ]


def _result_cells(result: ResultRow) -> list[tuple[Look, Value]]:
    lines = [result.text, *(f"– {item}" for item in result.sub_items)]
    if result.condition:
        lines.append(f"{_('Condition')}: {result.condition} ({result.condition_label.lower()})")
    return [
        (BODY, plain_text("\n".join(lines))),
        (DAY, result.due_on),
        (STANDINGS[result.standing], str(result.standing.label)),
        (PERCENT, None if result.percent is None else result.percent / 100),
    ]
