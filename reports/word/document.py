"""Writes the Word document of a plan: its heading, its goal and its table, with progress or without.

Opening python-docx takes a tenth of a second, so views import this module only where they need it.
"""

import io
from datetime import UTC, datetime
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from measures.exchange.document import years_in
from measures.exchange.document_styles import Role
from measures.tree.rows import PlanTree

from ..plan_words import GOAL, xml_text
from .runs import paragraph, run, style_id
from .styles import TEXT_WIDTH, set_up
from .table import plan_table

SIZE, SIZE_WITH_PROGRESS = 9.5, 8
# Office has no room for more in its properties.
MAX_PROPERTY = 255
# The oldest moment that an archive can tell. A member's own time says nothing, and differs each time.
ARCHIVE_TIME = (1980, 1, 1, 0, 0, 0)


def write_plan_document(
    tree: PlanTree,
    *,
    with_progress: bool,
    said: str = "",
    made_by: str,
    made_at: datetime,
    stream: BinaryIO,
) -> None:
    """Write the document as a .docx file; the same input always gives the same bytes.

    `said` tells in words which part of the plan is shown, if not the whole; `made_at` is aware.
    """
    document = docx.Document()
    set_up(document, SIZE_WITH_PROGRESS if with_progress else SIZE)
    as_of = _("As of %(date)s") % {"date": date_format(tree.as_of, "DATE_FORMAT")}
    moment = date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT")
    made = _("Made by %(name)s, %(moment)s") % {"name": made_by, "moment": moment}
    _set_properties(document, f"{tree.title} – {as_of}", made_by, made_at)
    _set_frame(document, f"{tree.title} – {as_of}", _("Sample data") if tree.is_sample else "")
    shown = _("Shown: %(what)s") % {"what": said} if said else ""
    remarks = [_("Sample data") if tree.is_sample else "", as_of, shown, made]
    relations: dict[str, str] = {}

    def relate(href: str) -> str:
        if href not in relations:
            relations[href] = document.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return relations[href]

    table = plan_table(tree, with_progress=with_progress, relate=relate)
    _add(document, _heading(tree) + "".join(_remark(text) for text in remarks if text) + table)
    unfixed = io.BytesIO()
    document.save(unfixed)
    _write_fixed(unfixed, stream)


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


def _add(document: Document, content: str) -> None:
    """Put the content before the page's settings, which are the last of the body."""
    body = document.element.body
    for element in list(parse_xml(f"<w:body {nsdecls('w', 'r')}>{content}</w:body>")):
        body.insert(len(body) - 1, element)


def _set_properties(document: Document, title: str, made_by: str, made_at: datetime) -> None:
    properties = document.core_properties
    properties.title = xml_text(title)[:MAX_PROPERTY]
    properties.author = properties.last_modified_by = xml_text(made_by)[:MAX_PROPERTY]
    properties.comments = properties.keywords = ""
    properties.language = "lt-LT"
    properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)


def _set_frame(document: Document, title: str, banner: str) -> None:
    """Say on each page what this is, and which of how many pages."""
    section = document.sections[0]
    words = " · ".join(filter(None, (banner, title)))
    tab = f'<w:tabs><w:tab w:val="clear" w:pos="4320"/><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'
    pages = "".join(
        f'<w:fldSimple w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>{after}'
        for field, after in (("PAGE", run(" / ")), ("NUMPAGES", ""))
    )
    for frame, content in ((section.header, run(words)), (section.footer, run("\t") + pages)):
        frame.is_linked_to_previous = False
        style = f'<w:pPr><w:pStyle w:val="{style_id(Role.REMARK)}"/>{tab}</w:pPr>'
        element = parse_xml(f"<w:p {nsdecls('w')}>{style}{content}</w:p>")
        frame._element.replace(frame.paragraphs[0]._p, element)


def _write_fixed(unfixed: io.BytesIO, stream: BinaryIO) -> None:
    """Copy the archive without the moments of its making."""
    with ZipFile(unfixed) as source, ZipFile(stream, "w") as target:
        for member in source.infolist():
            info = ZipInfo(member.filename, ARCHIVE_TIME)
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, source.read(member))
