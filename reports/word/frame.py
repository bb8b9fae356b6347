"""What every Word document of this program has: its content, its properties, its frame, its archive."""

import io
from datetime import UTC, datetime
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from akr_plan.file_text import xml_text
from measures.exchange.document.styles import Role

from .runs import run, style_id
from .styles import TEXT_WIDTH

# Office has no room for more in its properties.
MAX_PROPERTY = 255
# The oldest moment that an archive can tell. A member's own time says nothing, and differs each time.
ARCHIVE_TIME = (1980, 1, 1, 0, 0, 0)


def add(document: Document, content: str) -> None:
    """Put the content before the page's settings, which are the last of the body."""
    body = document.element.body
    for element in list(parse_xml(f"<w:body {nsdecls('w', 'r')}>{content}</w:body>")):
        body.insert(len(body) - 1, element)


def set_properties(document: Document, title: str, made_by: str, made_at: datetime) -> None:
    """Write the properties of the document; `made_at` is aware."""
    properties = document.core_properties
    properties.title = xml_text(title)[:MAX_PROPERTY]
    properties.author = properties.last_modified_by = xml_text(made_by)[:MAX_PROPERTY]
    properties.comments = properties.keywords = ""
    properties.language = "lt-LT"
    properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)


def set_frame(document: Document, title: str, banner: str) -> None:
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


def write_fixed(document: Document, stream: BinaryIO) -> None:
    """Write the archive without the moments of its making: the same input gives the same bytes."""
    unfixed = io.BytesIO()
    document.save(unfixed)
    with ZipFile(unfixed) as source, ZipFile(stream, "w") as target:
        for member in source.infolist():
            info = ZipInfo(member.filename, ARCHIVE_TIME)
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, source.read(member))
