"""Writes the Word document of one KRSS2030 direction's report, or of several one after the other.

Opening python-docx takes a tenth of a second, so views import this module only where they need it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

import docx
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from measures.exchange.document.styles import Role
from measures.tree.rows import PlanTree

from ..direction_report import DirectionReport, figures_in_words, remarks, title_of
from .direction_table import direction_table
from .frame import add, set_frame, set_properties, write_fixed
from .runs import paragraph, run, styled
from .styles import INK, SEA, set_up

SIZE = 8
# The built-in headings of Word, which readers and screen readers know; their size in half points.
TITLE, DIRECTION, CODE = "Heading1", "Heading2", "Heading3"
HEADINGS = {"Heading 1": (36, INK), "Heading 2": (28, SEA), "Heading 3": (20, INK)}
TEXT = '<w:sz w:val="20"/><w:szCs w:val="20"/>'
NEW_PAGE = "<w:pageBreakBefore/>"


def write_direction_document(
    tree: PlanTree,
    reports: Sequence[DirectionReport],
    *,
    said: str = "",
    made_by: str,
    made_at: datetime,
    stream: BinaryIO,
) -> None:
    """Write the document as a .docx file; the same input always gives the same bytes.

    `said` tells in words which part of the plan is shown, if not the whole; `made_at` is aware.
    """
    document = docx.Document()
    set_up(document, SIZE)
    _set_up_headings(document)
    as_of = _("As of %(date)s") % {"date": date_format(tree.as_of, "DATE_FORMAT")}
    name = f"{title_of(reports)} – {tree.title} – {as_of}"
    set_properties(document, name, made_by, made_at)
    set_frame(document, name, _("Sample data") if tree.is_sample else "")
    moment = date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT")
    lines = [
        tree.organisation,
        _("Sample data") if tree.is_sample else "",
        f"{tree.title} ({tree.years})",
        as_of,
        _("Shown: %(what)s") % {"what": said} if said else "",
        _("Made by %(name)s, %(moment)s") % {"name": made_by, "moment": moment},
        *remarks(reports),
    ]
    heading = styled(TITLE, run(title_of(reports)))
    content = "".join(paragraph(Role.REMARK, run(line)) for line in lines if line)
    parts = (_part(report, is_first=not index) for index, report in enumerate(reports))
    add(document, heading + content + "".join(parts))
    write_fixed(document, stream)


def _part(report: DirectionReport, *, is_first: bool) -> str:
    """Return a direction: its title, its figures in words, and a table for each code."""
    parts = [
        styled(DIRECTION, run(report.heading), "" if is_first else NEW_PAGE),
        styled("Normal", run(figures_in_words(report), settings=TEXT)),
    ]
    for code in report.codes:
        parts.append(styled(CODE, run(code.heading)) if code.heading else "")
        parts.append(direction_table(code))
    # Word wants a paragraph after the last table.
    return "".join(parts) + (styled("Normal") if report.codes else "")


def _set_up_headings(document: Document) -> None:
    """Give the headings the look of the other files instead of that of the template."""
    for name, (size, colour) in HEADINGS.items():
        style = document.styles[name].element
        for settings in [child for child in style if child.tag.endswith("}rPr")]:
            style.remove(settings)
        look = f'<w:b/><w:color w:val="{colour}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        style.append(parse_xml(f"<w:rPr {nsdecls('w')}>{look}</w:rPr>"))
