"""The workbook of what one partner, resource or project carries: the rows of its page on one sheet.

Opening openpyxl takes a tenth of a second, so views import this module only where they need it.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from measures.tree.rows import ActionRow, PlanTree, ResultRow

from .parties import PartySheet
from .sentences import headline
from .workbook_styles import (
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
    Heading,
    Look,
    SheetWriter,
    Value,
    plain_text,
)

# Number, action, planned result, term, status, progress, owner, last report.
WIDTHS = (9, 34, 56, 12, 15, 11, 22, 14)


def write_party_workbook(
    tree: PlanTree, sheet: PartySheet, *, said: str = "", made_by: str, made_at: datetime, stream: BinaryIO
) -> None:
    """Write the workbook as an .xlsx file, in the active language; `made_at` is aware.

    `said` tells in words which part of the plan is shown, if not the whole.
    """
    as_of = _("As of %(date)s") % {"date": date_format(tree.as_of, "DATE_FORMAT")}
    workbook = Workbook(write_only=True)
    properties = workbook.properties
    properties.title = plain_text(f"{sheet.name} – {tree.title} – {as_of}")
    properties.creator = properties.lastModifiedBy = plain_text(made_by)
    properties.language = get_language()
    properties.created = made_at.astimezone(UTC).replace(tzinfo=None)
    moment = date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT")
    made = _("Made by %(name)s, %(moment)s") % {"name": made_by, "moment": moment}
    _write_sheet(workbook, tree, sheet, [*_heading(tree, sheet, as_of, said), (REMARK, made)])
    workbook.save(stream)


def _heading(tree: PlanTree, sheet: PartySheet, as_of: str, said: str) -> Heading:
    lines = [
        (BANNER, _("Sample data") if tree.is_sample else ""),
        (REMARK, tree.organisation),
        (TITLE, sheet.name),
        (SENTENCE, f"{tree.title} · {as_of}"),
        (SENTENCE, headline(sheet.summary)),
        (SENTENCE, _("Shown: %(what)s") % {"what": said} if said else ""),
    ]
    return [(look, text) for look, text in lines if text]


def _write_sheet(workbook: Workbook, tree: PlanTree, sheet: PartySheet, heading: Heading) -> None:
    """Add the sheet; its heading and the table's head stay in view and are printed on each page."""
    head_row = len(heading) + 1
    writer = SheetWriter(workbook, str(sheet.kind.label), WIDTHS, frozen_rows=head_row)
    writer.set_page_texts(header=_("Sample data") if tree.is_sample else "", footer=tree.title)
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
    writer.sheet.auto_filter.ref = f"A{head_row}:{get_column_letter(len(WIDTHS))}{writer.row}"


def _rows(action: ActionRow) -> Iterator[Sequence[tuple[Look, Value]]]:
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
