"""The last sheet: what the workbook shows, who made it when, and how its figures come about."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from akr_plan.file_text import plain_text
from measures.tree.rows import PlanTree

from ..board import Board
from ..plan_words import GOAL, is_web_address
from ..rules_in_words import rules_in_words
from .heading import as_of_line, sample_mark
from .sheet import SheetWriter
from .styles import BODY, BODY_BOLD, HEAD, LINK, SUBTITLE, TITLE

# What it is about, what is said of it.
WIDTHS = (40, 125)


def write_about_sheet(workbook: Workbook, board: Board, made_by: str, made_at: datetime) -> None:
    """Add the sheet; `made_at` is aware."""
    writer = SheetWriter(
        workbook,
        pgettext("sheet", "About"),
        WIDTHS,
        frozen_rows=1,
        header=sample_mark(board.tree),
        footer=board.tree.title,
    )
    writer.add_across(TITLE, _("What this workbook shows"))
    head_row = writer.row + 1
    for label, text in _facts(board, made_by, made_at):
        writer.add_wrapped([(BODY_BOLD, label), (BODY, plain_text(text))])
    writer.name_table("Apie", head_row)
    _write_links(writer, board.tree)
    writer.add_space()
    writer.add_across(SUBTITLE, _("How it is counted"))
    writer.add_wrapped([(HEAD, _("What")), (HEAD, _("Rule"))])
    head_row = writer.row
    for title, lines in rules_in_words(board.tree):
        for line in lines:
            writer.add_wrapped([(BODY_BOLD, title), (BODY, plain_text(line))])
    writer.add_filter(head_row)
    writer.name_table("Skaiciavimo_taisykles", head_row)


def _write_links(writer: SheetWriter, tree: PlanTree) -> None:
    """Add the links of the plan that lead somewhere, to be followed from here.

    In the plan's own table a cell has many words and several links, and a hyperlink covers the whole cell.
    """
    links = [
        (action.number, link)
        for action in tree.actions
        for link in (*action.links, *(link for result in action.results for link in result.links))
        if is_web_address(link.href)
    ]
    if not links:
        return
    writer.add_space()
    writer.add_across(SUBTITLE, _("Links in the plan"))
    writer.add_wrapped([(HEAD, _("Action and words")), (HEAD, _("Address"))])
    head_row = writer.row
    for number, link in links:
        writer.add_wrapped([(BODY, plain_text(f"{number} {link.text}")), (LINK, plain_text(link.href))])
        writer.link(2, link.href)
    writer.name_table("Plano_nuorodos", head_row)


def _facts(board: Board, made_by: str, made_at: datetime) -> list[tuple[str, str]]:
    """Return what there is to say of the workbook, as labels and texts."""
    tree, sides = board.tree, board.sides
    made = date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT")
    facts = [
        (_("Plan"), f"{tree.title} ({tree.years})"),
        (_("Organisation"), tree.organisation),
        (GOAL.capitalize(), tree.goal),
        (_("Sample data"), _("Yes") if tree.is_sample else ""),
        (_("As of"), as_of_line(tree, board.period)),
        (_("Part that is shown"), board.said or _("Whole plan")),
        (pgettext("comparison", "Changes"), f"{sides.before.label} → {sides.after.label}"),
        (_("Made by"), made_by),
        (_("Made at"), made),
    ]
    return [(label, text) for label, text in facts if text]
