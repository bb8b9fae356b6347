"""The sheet of what asks for attention: the rows of the page, section after section."""

from django.utils.translation import gettext as _
from openpyxl import Workbook

from akr_plan.file_text import plain_text

from ..attention import AttentionRow
from ..board import Board
from .heading import sample_mark, sheet_heading
from .sheet import Cells, SheetWriter
from .styles import BODY, BODY_BOLD, DAY, HEAD, HEAD_NUMBER, NUMBER, SENTENCE, STANDINGS

# Section, number, text, owner, term, days late, status, last report.
WIDTHS = (26, 10, 72, 24, 12, 16, 16, 14)


def write_attention_sheet(workbook: Workbook, board: Board) -> None:
    """Add the sheet; the most urgent rows of each section come first."""
    attention = board.attention
    heading = sheet_heading(board, _("Attention"), attention.sentence)
    writer = SheetWriter(
        workbook,
        _("Attention"),
        WIDTHS,
        frozen_rows=len(heading) + 1,
        header=sample_mark(board.tree),
        footer=board.tree.title,
    )
    writer.add_heading(heading)
    writer.add_wrapped(
        [
            (HEAD, _("Reason")),
            (HEAD, _("No.")),
            (HEAD, _("Planned result or action")),
            (HEAD, _("Owner")),
            (HEAD, _("Term")),
            (HEAD_NUMBER, _("Days late (minus: days left)")),
            (HEAD, _("Status")),
            (HEAD, _("Last report")),
        ]
    )
    head_row = writer.row
    for row in attention.rows:
        writer.add_wrapped(_cells(row))
    if not attention.rows:
        writer.add_across(SENTENCE, _("Nothing asks for attention."))
    writer.add_filter(head_row)
    writer.name_table("Demesio", head_row)


def _cells(row: AttentionRow) -> Cells:
    """Return the cells of a row; the days are negative while the term is still to come."""
    text = row.text
    if row.condition:
        text = f"{text}\n{_('Condition')}: {row.condition}"
    if row.is_gone:
        text = f"{text}\n{_('The plan no longer has this action.')}"
    standing = (STANDINGS[row.standing], str(row.standing.label)) if row.standing else (BODY, None)
    return [
        (BODY_BOLD, str(row.section.label)),
        (BODY, plain_text(row.number)),
        (BODY, plain_text(text)),
        (BODY, None if row.is_gone else plain_text(row.owner or _("no owner"))),
        (DAY, row.due_on),
        (NUMBER, row.days_late),
        standing,
        (DAY, row.last_reported_on),
    ]
