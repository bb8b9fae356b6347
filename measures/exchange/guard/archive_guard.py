"""Weighs a Word document or an Excel workbook member by member; what its directory says is not believed."""

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import chain, pairwise
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from ...enums import FileType
from ...evidence.content import MACROS, MALFORMED, OLD_OR_PROTECTED, PROTECTED, ContentError, check_content
from .refusal import FileRefusedError
from .xml_guard import PartGuard, looks_like_xml

MAX_MEMBERS = 1000
MAX_UNPACKED = 40 * 1024**2

# Bit 0 is the usual mark of an encrypted member, the others are those of stronger ways.
_ENCRYPTED = 1 | 1 << 6 | 1 << 13
_UNSAFE_NAME = re.compile(r"\A/|\A[a-z]:|(?:\A|/)\.\.(?:/|\Z)|[\0-\x1f\\]", re.IGNORECASE)
# How archives begin (zip, also empty or split; OLE, 7-zip, RAR).
_ARCHIVES = (b"PK\3\4", b"PK\5\6", b"PK\7\x08", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\7")
_OUTSIDE = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
_LOCAL_HEADER = struct.Struct("<4s22xHH")


def guard_archive(content: bytes, file_type: FileType) -> None:
    """Raise FileRefusedError unless this is a whole document of that kind that is safe to read."""
    is_workbook = file_type == FileType.XLSX
    try:
        check_content(content, file_type)
        with ZipFile(BytesIO(content)) as archive:
            _check_directory(archive, is_workbook=is_workbook)
            guard = PartGuard(is_workbook=is_workbook)
            for info, part in _unpacked(archive, content):
                if part.startswith(_ARCHIVES):
                    raise FileRefusedError(
                        _(
                            "There is another file inside the file (%(part)s): an object or chart with its "
                            "data. Put a picture in its place, or remove it."
                        )
                        % {"part": info.filename}
                    )
                if looks_like_xml(info.filename, part):
                    guard.check(info.filename, part)
    except ContentError as error:
        raise FileRefusedError(_refusal(error, is_workbook=is_workbook)) from error
    except (ExpatError, *MALFORMED) as error:
        raise FileRefusedError(_damaged(is_workbook=is_workbook)) from error


def _refusal(error: ContentError, *, is_workbook: bool) -> str:
    if error.template is MACROS:
        return _("The file has macros. Save it without them, as .docx or .xlsx.")
    if error.template in (OLD_OR_PROTECTED, PROTECTED):
        return _(
            "The file has a password or is of an old kind. Save it as .docx or .xlsx, without a password."
        )
    return _damaged(is_workbook=is_workbook)


def _damaged(*, is_workbook: bool) -> str:
    if is_workbook:
        return _("The file is no whole Excel workbook without macros and password. Save it anew as .xlsx.")
    return _("The file is no whole Word document. Open it in Word and save it anew as .docx.")


def _check_directory(archive: ZipFile, *, is_workbook: bool) -> None:
    """Refuse what the list of members already tells, before any of them is unpacked."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise FileRefusedError(
            _("There are more than %(limit)d parts inside the file. Save what has to be imported alone.")
            % {"limit": MAX_MEMBERS}
        )
    if sum(info.file_size for info in members) > MAX_UNPACKED:
        raise FileRefusedError(
            _("Unpacked, the file is larger than %(limit)d MB. Save what has to be imported alone.")
            % {"limit": MAX_UNPACKED // 1024**2}
        )
    # zipfile shortens a name with a zero byte in it; what was written counts here.
    if any(_UNSAFE_NAME.search(info.orig_filename) for info in members):
        raise BadZipFile("unsafe name")
    if any(info.flag_bits & _ENCRYPTED for info in members):
        raise ContentError(PROTECTED)
    if is_workbook and any(info.filename.lower().startswith(_OUTSIDE) for info in members):
        raise FileRefusedError(
            _(
                "The workbook takes values from other files. Break its links (Data → Edit Links or "
                "Queries & Connections), save it and try again."
            )
        )


def _unpacked(archive: ZipFile, content: bytes) -> Iterator[tuple[ZipInfo, bytes]]:
    """Yield each member with what it really holds; raise BadZipFile where the directory lies."""
    members = sorted(archive.infolist(), key=lambda info: info.header_offset)
    borders = pairwise(chain((info.header_offset for info in members), [archive.start_dir]))
    for info, (start, next_start) in zip(members, borders, strict=True):
        signature, name_length, extra_length = _LOCAL_HEADER.unpack_from(content, start)
        begin = start + _LOCAL_HEADER.size + name_length + extra_length
        if signature != b"PK\3\4" or begin + info.compress_size > next_start:
            raise BadZipFile("members overlap")
        yield info, _inflated(content[begin : begin + info.compress_size], info)


def _inflated(packed: bytes, info: ZipInfo) -> bytes:
    part = packed
    if info.compress_type == ZIP_DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        # One byte too many is enough to see that the directory lies.
        part = inflater.decompress(packed, info.file_size + 1)
        if not inflater.eof:
            raise BadZipFile("size")
    elif info.compress_type != ZIP_STORED:
        raise BadZipFile("method")
    if len(part) != info.file_size or zlib.crc32(part) != info.CRC:
        raise BadZipFile("size or checksum")
    return part
