"""Weighs an uploaded file before anything parses it: what could harm a reader is refused, with a reason.

The guard itself needs little time and memory, whatever the file. Readers still run under limits, see
`child`: what passes here is harmless in its outline, not proved to be a plan or a work sheet.
"""

import re
from pathlib import PurePath

from django.utils.translation import gettext as _

from ...enums import FileType
from .archive_guard import guard_archive
from .refusal import FileRefusedError, has_long_run

__all__ = ["MAX_BYTES", "FileRefusedError", "guard_file"]

MAX_BYTES = 10 * 1024**2
ARCHIVES = {".docx": FileType.DOCX, ".xlsx": FileType.XLSX}
TEXTS = (".csv", ".htm", ".html", ".md", ".txt")

# Some programs write a whole page as one line, but no plan is so long.
MAX_LINE = 1_000_000
MAX_TAGS = 500_000
# libxml2 silently stops reading a page 256 tags deep; with cells and items, four stand for each counted one.
MAX_DEPTH = 60
_TAG = re.compile(rb"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
# They have no end, or may be left without one, and then do not stand one in another.
_UNNESTED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr "
    b"colgroup dd dt li option p tbody td tfoot th thead tr".split()
)


def guard_file(name: str, content: bytes) -> None:
    """Raise FileRefusedError unless the file may be read; `name` tells by its ending what it claims to be."""
    if len(content) > MAX_BYTES:
        raise FileRefusedError(
            _("The file is larger than %(limit)d MB. Save what has to be imported alone, without pictures.")
            % {"limit": MAX_BYTES // 1024**2}
        )
    if not content or content.isspace():
        raise FileRefusedError(_("The file is empty."))
    ending = PurePath(name).suffix.lower()
    if ending in ARCHIVES:
        guard_archive(content, ARCHIVES[ending])
    elif ending in TEXTS:
        _guard_text(content)
    else:
        raise FileRefusedError(
            _("Files of this kind can't be read, only these: %(kinds)s. Save the file as one of them.")
            % {"kinds": ", ".join((*ARCHIVES, *TEXTS))}
        )


def _guard_text(content: bytes) -> None:
    # No text has it, every other kind of file does; UTF-16 has it in every letter.
    if b"\0" in content:
        raise FileRefusedError(
            _("The file holds no UTF-8 text, though its name says so. Save it as UTF-8 text or as .docx.")
        )
    if has_long_run(content, b"\n", MAX_LINE):
        raise FileRefusedError(
            _("The file has a line of more than %(limit)d characters. Save the document anew as .docx.")
            % {"limit": MAX_LINE}
        )
    _check_tags(content)


def _check_tags(content: bytes) -> None:
    """Refuse a page whose tags are too many or too deep one in another."""
    depth = 0
    for count, tag in enumerate(_TAG.finditer(content), start=1):
        if tag[2].lower() not in _UNNESTED:
            depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > MAX_DEPTH or count > MAX_TAGS:
            raise FileRefusedError(
                _(
                    "Line %(line)d: there are too many tags up to here, or too deep one in another. "
                    "Save the document anew as .docx."
                )
                % {"line": content.count(b"\n", 0, tag.start()) + 1}
            )
