"""Read a plan document in any of the formats that people have it in; the content tells which."""

import re
from collections.abc import Collection

from django.utils.translation import gettext as _

from .docx_reader import read_docx
from .html_reader import read_html
from .notices import NoticeLog, Place
from .reader import read_document
from .tree import DocumentReading
from .xlsx_reader import read_xlsx

# A plan as text has tags inside its cells, so only what begins a page tells a page.
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_WORKBOOK = b"xl/workbook.xml"
_ARCHIVE = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_plan_file(
    content: bytes, known_partners: Collection[str] = (), known_resources: Collection[str] = ()
) -> DocumentReading:
    """Read the plan in a file: .docx, .xlsx, a web page, or text with or without markup.

    Raises DocumentError with all that has no place in a plan, and nothing else, whatever the file.
    """
    if content.startswith((_ARCHIVE, _OLD_OFFICE)):
        read = read_xlsx if _WORKBOOK in content else read_docx
    elif _PAGE.match(content[:4096]):
        read = read_html
    else:
        return read_document(_text(content), known_partners, known_resources)
    return read(content, known_partners, known_resources)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        log = NoticeLog()
        log.error("no-text", Place(1), _("The file is not UTF-8 text. Save the document anew as UTF-8."))
        log.raise_errors()
        raise
