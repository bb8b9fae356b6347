"""Files that back an update: checked by content, and given a name that people can read safely."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from ..enums import FileType
from .content import ContentError, check_content

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 5
LONGEST_TITLE = 200

EXTENSIONS = {file_type.value: file_type for file_type in FileType} | {"jpeg": FileType.JPG}
CONTENT_TYPES = {
    FileType.PDF: "application/pdf",
    FileType.PNG: "image/png",
    FileType.JPG: "image/jpeg",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.ODT: "application/vnd.oasis.opendocument.text",
}
# Letters and marks that show nothing (Unicode: Default_Ignorable_Code_Point), and an empty Braille cell.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that was checked: a name for people, its kind, size in bytes, SHA-256 and content."""

    title: str
    file_type: FileType
    size: int
    sha256: str
    content: File


def read_evidence_file(upload: UploadedFile) -> EvidenceFile:
    """Return an uploaded file, checked; raise ValidationError that names the file and says what to do."""
    title, file_type = _split_name(upload.name or "")
    if file_type is None:
        message = _("“%(name)s” can't be attached: only these kinds can – %(kinds)s.")
        raise ValidationError(message % {"name": title, "kinds": ", ".join(FileType.labels)})
    if not upload.size:
        message = _("“%(name)s” is empty. Check the file and attach it anew.")
        raise ValidationError(message % {"name": title})
    if upload.size > MAX_BYTES:
        message = _("“%(name)s” is larger than %(limit)d MB. Make it smaller, or give a link to it instead.")
        raise ValidationError(message % {"name": title, "limit": MAX_BYTES // 1024**2})
    upload.seek(0)
    content = upload.read()
    try:
        check_content(content, file_type)
    except ContentError as error:
        message = str(error.template)
        raise ValidationError(message % {"name": title, "kind": file_type.label}) from error
    upload.seek(0)
    return EvidenceFile(title, file_type, upload.size, hashlib.sha256(content).hexdigest(), upload)


def _split_name(name: str) -> tuple[str, FileType | None]:
    """Return the name as people may safely see it, and the kind that its extension stands for, if any."""
    visible = _visible(re.split(r"[/\\]", name)[-1])
    stem, dot, extension = visible.rpartition(".")
    file_type = EXTENSIONS.get(extension.lower()) if dot else None
    ending = f".{extension}" if file_type else ""
    stem = (stem if file_type else visible).lstrip(". ")[: LONGEST_TITLE - len(ending)].rstrip()
    return (stem or _("document")) + ending, file_type


def _visible(text: str) -> str:
    """Return the text without what is not seen or turns the direction of what is seen."""
    characters = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    # A line end is a control character and a space; it stays as a space.
    kept = (letter for letter in characters if letter.isspace() or unicodedata.category(letter)[0] != "C")
    return " ".join("".join(kept).split())
