"""The board's workbook: the document's own table with status and progress, and a summary before it.

Opening openpyxl takes a tenth of a second, so views import this module only where they need it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook

from measures.tree.rows import PlanTree

from .workbook_plan import GOAL, write_plan_sheet
from .workbook_styles import BANNER, REMARK, SENTENCE, TITLE, Heading, plain_text
from .workbook_summary import write_summary_sheet


def board_file_name(tree: PlanTree) -> str:
    """Return a name for the file: veiklos-planas-2023-2024_bukle-2024-12-31.xlsx."""
    return f"veiklos-planas-{tree.slug}_bukle-{tree.as_of.isoformat()}.xlsx"


def write_board_workbook(
    tree: PlanTree,
    *,
    directions: Mapping[str, str],
    said: str = "",
    made_by: str,
    made_at: datetime,
    stream: BinaryIO,
) -> None:
    """Write the workbook as an .xlsx file, in the active language.

    `directions` maps the KRSS2030 directions to their titles, in their order; `said` tells in words which
    part of the plan is shown, if not the whole; `made_at` is aware.
    """
    as_of = _("As of %(date)s") % {"date": date_format(tree.as_of, "DATE_FORMAT")}
    workbook = Workbook(write_only=True)
    properties = workbook.properties
    properties.title = plain_text(f"{tree.title} – {as_of}")
    properties.creator = properties.lastModifiedBy = plain_text(made_by)
    properties.language = get_language()
    properties.created = made_at.astimezone(UTC).replace(tzinfo=None)
    moment = date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT")
    made = _("Made by %(name)s, %(moment)s") % {"name": made_by, "moment": moment}
    heading = _heading(tree, as_of, said)
    write_summary_sheet(workbook, tree, directions, [*heading, (REMARK, made)])
    write_plan_sheet(workbook, tree, heading)
    workbook.save(stream)


def _heading(tree: PlanTree, as_of: str, said: str) -> Heading:
    """Return the lines that stand above the tables of both sheets."""
    lines = [
        (BANNER, _("Sample data") if tree.is_sample else ""),
        (REMARK, tree.organisation),
        (TITLE, tree.title),
        (SENTENCE, f"{GOAL}: {tree.goal}"),
        (SENTENCE, as_of),
        (SENTENCE, _("Shown: %(what)s") % {"what": said} if said else ""),
    ]
    return [(look, text) for look, text in lines if text]
