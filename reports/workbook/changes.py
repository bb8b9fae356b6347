"""The sheet of what changed until the day of the workbook, and the figures of both days."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from akr_plan.file_text import plain_text
from measures.enums import Standing

from ..board import Board
from ..changes.rows import Change, Comparison, Level, Signature
from ..changes.sentence import in_a_sentence
from .heading import sample_mark, sheet_heading
from .sheet import Cells, SheetWriter, Value
from .styles import (
    BODY,
    BODY_BOLD,
    DAY,
    HEAD,
    HEAD_NUMBER,
    NUMBER,
    PERCENT,
    SENTENCE,
    SUBTITLE,
    Look,
)
from .text import text_height

# What happened, number, where, before, after, what was said of it, who, when, owner.
WIDTHS = (19, 10, 54, 32, 32, 34, 22, 12, 20)
# In the table of the figures: the label takes the room of so many.
LABEL_COLUMNS = 3


def write_changes_sheet(workbook: Workbook, board: Board) -> None:
    """Add the sheet: all changes in the order of the page, then the figures of both days."""
    comparison, sides = board.comparison, board.sides
    period = f"{sides.before.label} → {sides.after.label}"
    heading = sheet_heading(board, pgettext("comparison", "Changes"), period, in_a_sentence(comparison))
    writer = SheetWriter(
        workbook,
        pgettext("comparison", "Changes"),
        WIDTHS,
        frozen_rows=len(heading) + 1,
        header=sample_mark(board.tree),
        footer=board.tree.title,
    )
    writer.add_heading(heading)
    writer.add_wrapped([(HEAD, label) for label in _labels()])
    head_row = writer.row
    for change in comparison.changes:
        writer.add_wrapped(_cells(change))
    if not comparison.changes:
        writer.add_across(SENTENCE, _("Nothing has changed."))
    writer.add_filter(head_row)
    writer.name_table("Pokyciai", head_row)
    _write_figures(writer, comparison)


def _labels() -> list[str]:
    return [
        pgettext("noun", "Change"),
        _("No."),
        _("What"),
        _("Before"),
        _("After"),
        _("What was done"),
        _("Who"),
        _("Day"),
        _("Owner"),
    ]


def _cells(change: Change) -> Cells:
    """Return the cells of a change; only actions and their results have an owner."""
    place = change.place
    has_owner = place.level in (Level.ACTION, Level.RESULT)
    return [
        (BODY_BOLD, str(change.kind.label)),
        (BODY, plain_text(place.number or _("Plan"))),
        (BODY, plain_text(str(place.title))),
        (BODY, plain_text(change.before)),
        (BODY, plain_text(change.after)),
        (BODY, plain_text(change.note)),
        (BODY, plain_text(_signed(change.signature)) if change.signature else None),
        (DAY, change.signature.on if change.signature else None),
        (BODY, plain_text(place.owner or _("no owner")) if has_owner else None),
    ]


def _signed(signature: Signature) -> str:
    """Return who made a change; nobody makes a result late."""
    lines = [signature.who]
    if signature.on_behalf_of:
        texts = {"who": signature.who, "owner": signature.on_behalf_of}
        lines = [_("recorded by %(who)s; owner: %(owner)s") % texts]
    if signature.recorded_on:
        lines.append(f"{_('recorded on')} {signature.recorded_on.isoformat()}")
    lines += signature.others
    return "\n".join(lines)


def _write_figures(writer: SheetWriter, comparison: Comparison) -> None:
    """Write the figures of both days, one under another as the page has them."""
    before, after = comparison.summary_before, comparison.summary_after
    writer.add_space()
    writer.add_across(SUBTITLE, _("The figures of both days"))
    days = (comparison.before.as_of.isoformat(), comparison.after.as_of.isoformat())
    _add_figures(writer, (HEAD, _("Figure")), *((HEAD_NUMBER, day) for day in days))
    head_row = writer.row
    counts = [
        (_("Results due by the day"), before.due, after.due),
        (_("of these done"), before.due_done, after.due_done),
        (pgettext("count", "Late"), before.late, after.late),
        (pgettext("count", "Done"), before.count(Standing.DONE), after.count(Standing.DONE)),
    ]
    for text, *figures in counts:
        _add_figures(writer, (BODY, text), *((NUMBER, figure) for figure in figures))
    shares = (None if percent is None else percent / 100 for percent in (before.percent, after.percent))
    text = capfirst(_("progress (mean of actions)"))
    _add_figures(writer, (BODY, text), *((PERCENT, share) for share in shares))
    writer.name_table("Rodikliai", head_row, columns=LABEL_COLUMNS + 2)


def _add_figures(writer: SheetWriter, label: tuple[Look, str], *figures: tuple[Look, Value]) -> None:
    """Add a row of that table; its label stands in merged columns."""
    look, text = label
    cells = [label, *[(look, None)] * (LABEL_COLUMNS - 1), *figures]
    writer.add(cells, height=text_height(text, sum(WIDTHS[:LABEL_COLUMNS]), look))
    writer.merge(writer.row, writer.row, 1, LABEL_COLUMNS)
