"""Writes the Word document of a plan: its heading, its goal and its table, with progress or without.

Opening python-docx takes a tenth of a second, so views import this module only where they need it.
"""

from datetime import datetime
from typing import BinaryIO

import docx
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx.opc.constants import RELATIONSHIP_TYPE

from measures.exchange.document.reader import years_in
from measures.exchange.document.styles import Role
from measures.tree.rows import PlanTree

from ..plan_words import GOAL
from ..rows import ClosedPeriod
from ..sentences import as_of_line
from .frame import add, set_frame, set_properties, write_fixed
from .runs import paragraph, run
from .styles import set_up
from .table import plan_table

SIZE, SIZE_WITH_PROGRESS = 9.5, 8


def write_plan_document(
    tree: PlanTree,
    *,
    with_progress: bool,
    period: ClosedPeriod | None = None,
    said: str = "",
    made_by: str,
    made_at: datetime,
    stream: BinaryIO,
) -> None:
    """Write the document as a .docx file; the same input always gives the same bytes.

    `period` is the closed one that froze the plan, if one did; `said` tells in words which part of it is
    shown, if not the whole; `made_at` is aware.
    """
    document = docx.Document()
    set_up(document, SIZE_WITH_PROGRESS if with_progress else SIZE)
    as_of = as_of_line(tree, period)
    moment = date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT")
    made = _("Made by %(name)s, %(moment)s") % {"name": made_by, "moment": moment}
    set_properties(document, f"{tree.title} – {as_of}", made_by, made_at)
    set_frame(document, f"{tree.title} – {as_of}", _("Sample data") if tree.is_sample else "")
    shown = _("Shown: %(what)s") % {"what": said} if said else ""
    remarks = [_("Sample data") if tree.is_sample else "", as_of, shown, made]
    relations: dict[str, str] = {}

    def relate(href: str) -> str:
        if href not in relations:
            relations[href] = document.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return relations[href]

    table = plan_table(tree, with_progress=with_progress, relate=relate)
    add(document, _heading(tree) + "".join(_remark(text) for text in remarks if text) + table)
    write_fixed(document, stream)


def _heading(tree: PlanTree) -> str:
    """Return the lines above the table; the years too, unless the title tells them."""
    years = "" if years_in(tree.title) == (tree.first_year, tree.last_year) else tree.years
    lines = [(Role.ORGANISATION, tree.organisation), (Role.TITLE, tree.title), (Role.YEARS, years)]
    texts = [paragraph(role, run(text)) for role, text in lines if text]
    if tree.goal:
        texts.append(paragraph(Role.GOAL, run(f"{GOAL}: ", settings="<w:b/>") + run(tree.goal)))
    return "".join(texts)


def _remark(text: str) -> str:
    return paragraph(Role.REMARK, run(text))
