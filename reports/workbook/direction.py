"""The workbook of the reports on KRSS2030 directions: a sheet for each, and one about the workbook.

Opening openpyxl takes a tenth of a second, so views import this module only where they need it.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from akr_plan.file_text import plain_text
from measures.tree.rows import PlanTree

from ..direction_report import (
    DirectionReport,
    ReportAction,
    ReportCode,
    ReportLine,
    figures_in_words,
    remarks,
    title_of,
)
from ..plan_words import GOAL
from ..rules_in_words import rules_in_words
from .heading import as_of_line, heading_of, sample_mark, set_properties, shown_line
from .sheet import Cells, SheetWriter
from .styles import (
    BANNER,
    BODY,
    BODY_BOLD,
    DAY,
    HEAD,
    HEAD_NUMBER,
    PERCENT,
    SENTENCE,
    STANDINGS,
    SUBTITLE,
    TITLE,
)

# Code and its title, action, planned result, term, status, progress, in time or not, done on, what was done,
# correction, owner, partners.
WIDTHS = (11, 24, 8, 28, 38, 12, 15, 10, 18, 12, 32, 24, 18, 22)
ABOUT_WIDTHS = (40, 125)
# Excel's own limit, and what it does not take in the name of a sheet.
MAX_SHEET_NAME = 31
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_direction_workbook(
    tree: PlanTree,
    reports: Sequence[DirectionReport],
    *,
    said: str = "",
    made_by: str,
    made_at: datetime,
    stream: BinaryIO,
) -> None:
    """Write the workbook as an .xlsx file, in the active language; `made_at` is aware.

    `said` tells in words which part of the plan is shown, if not the whole.
    """
    workbook = Workbook(write_only=True)
    title = f"{title_of(reports)} – {tree.title} – {as_of_line(tree)}"
    set_properties(workbook, title, made_by=made_by, made_at=made_at)
    for report in reports:
        _write_report(workbook, tree, report, said)
    moment = date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT")
    facts = [
        (_("Report"), title_of(reports)),
        (_("Plan"), f"{tree.title} ({tree.years})"),
        (_("Organisation"), tree.organisation),
        (GOAL.capitalize(), tree.goal),
        (_("Sample data"), _("Yes") if tree.is_sample else ""),
        (_("As of"), as_of_line(tree)),
        (_("Part that is shown"), said or _("Whole plan")),
        (_("Made by"), made_by),
        (_("Made at"), moment),
    ]
    _write_about(workbook, tree, facts, remarks(reports))
    workbook.save(stream)


def sheet_name(report: DirectionReport) -> str:
    """Return a name that Excel takes: „I kryptis“, or the title of what is no direction."""
    name = _("Direction %(number)s") % {"number": report.number} if report.number else report.title
    return _NOT_IN_SHEET_NAME.sub(" ", name)[:MAX_SHEET_NAME]


def _write_report(workbook: Workbook, tree: PlanTree, report: DirectionReport, said: str) -> None:
    """Add the sheet of a direction; its heading and the table's head stay in view and on each page."""
    heading = heading_of(
        (BANNER, sample_mark(tree)),
        (TITLE, report.heading),
        (SENTENCE, f"{title_of([report])} · {tree.title} · {as_of_line(tree)}"),
        (SENTENCE, figures_in_words(report)),
        (SENTENCE, shown_line(said)),
    )
    head_row = len(heading) + bool(report.codes)
    writer = SheetWriter(
        workbook,
        sheet_name(report),
        WIDTHS,
        frozen_rows=head_row,
        header=sample_mark(tree),
        footer=f"{report.heading} – {tree.title}",
    )
    writer.add_heading(heading)
    if not report.codes:
        return
    writer.add_wrapped(_head())
    for code in report.codes:
        for action in code.actions:
            for line in action.lines or (None,):
                writer.add_wrapped(_cells(code, action, line))
    writer.add_filter(head_row)
    writer.name_table(f"Ataskaita_{report.key.replace('-', '_')}", head_row)


def _head() -> Cells:
    return [
        (HEAD, _("Code")),
        (HEAD, _("Title of the code")),
        (HEAD, _("No.")),
        (HEAD, pgettext("plan", "Action")),
        (HEAD, _("Planned result")),
        (HEAD, _("Term")),
        (HEAD, _("Status")),
        (HEAD_NUMBER, _("Progress")),
        (HEAD, _("In time or not")),
        (HEAD, _("Done on")),
        (HEAD, _("What was done")),
        (HEAD, _("Proposed correction")),
        (HEAD, _("Owner")),
        (HEAD, _("Partners")),
    ]


def _cells(code: ReportCode, action: ReportAction, line: ReportLine | None) -> Cells:
    """Return the row of a planned result; an action without results takes one too."""
    return [
        (BODY, plain_text(code.number)),
        (BODY, plain_text(code.title)),
        (BODY, plain_text(action.row.number)),
        (BODY, plain_text(action.title)),
        *(_result_cells(line) if line else [(BODY, None)] * 8),
        (BODY, plain_text(action.owner)),
        (BODY, plain_text(action.partners)),
    ]


def _result_cells(line: ReportLine) -> Cells:
    result = line.result
    return [
        (BODY, plain_text(line.text)),
        (DAY, result.due_on),
        (STANDINGS[result.standing], line.status),
        (PERCENT, None if result.percent is None else result.percent / 100),
        (BODY, line.on_time),
        (DAY, line.done_on),
        (BODY, plain_text(line.done)),
        (BODY, plain_text(line.correction)),
    ]


def _write_about(
    workbook: Workbook, tree: PlanTree, facts: Sequence[tuple[str, str]], lines: Sequence[str]
) -> None:
    """Add the last sheet: what the workbook shows, and how its figures come about."""
    writer = SheetWriter(
        workbook,
        pgettext("sheet", "About"),
        ABOUT_WIDTHS,
        frozen_rows=1,
        header=sample_mark(tree),
        footer=tree.title,
    )
    writer.add_across(TITLE, _("What this workbook shows"))
    for label, text in facts:
        if text:
            writer.add_wrapped([(BODY_BOLD, label), (BODY, plain_text(text))])
    writer.add_space()
    writer.add_across(SUBTITLE, _("How it is counted"))
    writer.add_wrapped([(HEAD, _("What")), (HEAD, _("Rule"))])
    head_row = writer.row
    rules = [(_("In time or not"), lines), *rules_in_words(tree)]
    for title, said in rules:
        for line in said:
            writer.add_wrapped([(BODY_BOLD, title), (BODY, plain_text(line))])
    writer.add_filter(head_row)
    writer.name_table("Skaiciavimo_taisykles", head_row)
