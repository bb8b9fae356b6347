"""Does a file hold what its name promises? Answered from its outline, without reading hostile content.

Libraries that know thousands of kinds by their first bytes (filetype, puremagic, libmagic) can't tell a
document with macros from one without, nor a whole file from half of one, and we take six kinds only.
"""

import struct
import zlib
from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext_lazy as _

from ..enums import FileType

MISMATCH = _(
    "“%(name)s” is not a %(kind)s file, though its name says so. Save it as %(kind)s and attach it anew."
)
DAMAGED = _("“%(name)s” is damaged or incomplete. Open it, save it anew and attach the new copy.")
OLD_OR_PROTECTED = _(
    "“%(name)s” is protected by a password or of an old kind. Save it as %(kind)s without a password."
)
PROTECTED = _("“%(name)s” is protected by a password. Save it without one.")
MACROS = _("“%(name)s” has macros. Save it without them as %(kind)s, or as PDF.")

PNG_START = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Readers look for the end mark in so many bytes; some programs write a little after it.
PDF_TAIL = 1024
# Far above what cameras write, far below what a hostile file could make us walk through.
MOST_SEGMENTS = 1000

# Some 2,000 members. zipfile reads the whole directory, in time that grows with the square of its fields.
LARGEST_DIRECTORY = 256 * 1024
LARGEST_OUTLINE = 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"
MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": FileType.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": FileType.XLSX,
}
ODT_TYPE = b"application/vnd.oasis.opendocument.text"
ODT_MANIFEST = "META-INF/manifest.xml"
# What zipfile, zlib and the XML parser raise on malformed input.
MALFORMED = (
    *(BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError),
    *(ValueError, LookupError, OverflowError, ParseError, DefusedXmlException),
)


class ContentError(Exception):
    """The file is not what its name says; `template` tells its owner what to do, by `name` and `kind`."""

    def __init__(self, template: object) -> None:
        super().__init__(template)
        self.template = template


def check_content(content: bytes, file_type: FileType) -> None:
    """Raise ContentError unless the content is that of a whole file of this kind."""
    if file_type == FileType.PDF:
        _check(content.startswith(b"%PDF-"), b"%%EOF" in content[-PDF_TAIL:])
    elif file_type == FileType.PNG:
        _check(content.startswith(PNG_START), content.endswith(PNG_END))
    elif file_type == FileType.JPG:
        _check(content.startswith(b"\xff\xd8\xff"), _has_whole_picture(content))
    else:
        _check_archive(content, file_type)


def _check(begins: bool, ends: bool) -> None:
    if not begins:
        raise ContentError(MISMATCH)
    if not ends:
        raise ContentError(DAMAGED)


def _has_whole_picture(content: bytes) -> bool:
    """Return whether a JPG's end mark follows its pixels: that of a preview, before them, does not count.

    What phones write after it (the seconds before the picture, for example) is no fault.
    """
    position = 2
    for _segment in range(MOST_SEGMENTS):
        marker, length = content[position : position + 2], content[position + 2 : position + 4]
        if marker == b"\xff\xda":
            return content.find(b"\xff\xd9", position) > 0
        if marker[:1] != b"\xff" or len(length) < 2:
            return False
        # A marker may be filled up from the left.
        position += 1 if marker == b"\xff\xff" else 2 + int.from_bytes(length, "big")
    return False


def _check_archive(content: bytes, file_type: FileType) -> None:
    if content.startswith(OLE_START):
        raise ContentError(OLD_OR_PROTECTED)
    _check(content.startswith(b"PK\x03\x04"), _has_small_directory(content))
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check_members(archive, file_type)
    except MALFORMED as error:
        raise ContentError(DAMAGED) from error


def _has_small_directory(content: bytes) -> bool:
    """Return whether the archive ends with its directory, and that is small enough for zipfile to read.

    Office programs write nothing after it; insisting on that leaves zipfile one place only to look at.
    """
    end = len(content) - 22
    if content[end : end + 4] != b"PK\x05\x06" or content[-2:] != b"\0\0":
        return False
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    if content[end - 20 : end - 16] == b"PK\x06\x07":
        # The 64-bit record before it counts instead; some programs write one for small files, too.
        record = int.from_bytes(content[end - 12 : end - 4], "little")
        size = int.from_bytes(content[end - 36 : end - 28], "little")
        if record != end - 76:
            return False
    return size <= LARGEST_DIRECTORY


def _check_members(archive: ZipFile, file_type: FileType) -> None:
    names = {name.lower() for name in archive.namelist()}
    if len(names) < len(archive.namelist()):
        raise ContentError(DAMAGED)
    parts = _parts_by_type(archive)
    if any("macro" in content_type or "vba" in content_type for content_type in parts) or _has_script(names):
        raise ContentError(MACROS)
    kinds = {kind for main, kind in MAIN_PARTS.items() if parts.get(main) in names}
    if "mimetype" in names and _read(archive, "mimetype") == ODT_TYPE:
        kinds.add(FileType.ODT)
    if kinds != {file_type}:
        raise ContentError(MISMATCH)
    if file_type == FileType.ODT and _is_protected(archive):
        raise ContentError(PROTECTED)


def _parts_by_type(archive: ZipFile) -> dict[str, str]:
    """Return the names of the parts of a Microsoft document, small letters, by their types."""
    if CONTENT_TYPES not in archive.namelist():
        return {}
    return {
        item.get("ContentType", "").lower(): item.get("PartName", "").lower().lstrip("/")
        for item in fromstring(_read(archive, CONTENT_TYPES))
    }


def _has_script(names: Iterable[str]) -> bool:
    """Return whether a member is a program: of Microsoft's formats, or of OpenDocument."""
    return any(name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")) for name in names)


def _is_protected(archive: ZipFile) -> bool:
    """Return whether an OpenDocument file has a password, in either of the two ways there are."""
    return "encrypted-package" in archive.namelist() or b"encryption-data" in _read(archive, ODT_MANIFEST)


def _read(archive: ZipFile, name: str) -> bytes:
    """Return a member of the archive, which may not be larger than an outline is."""
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise ContentError(PROTECTED)
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise ContentError(DAMAGED)
    with archive.open(info) as member:
        content = member.read(LARGEST_OUTLINE + 1)
    if len(content) > LARGEST_OUTLINE:
        raise ContentError(DAMAGED)
    return content
