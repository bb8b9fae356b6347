"""Functions that make small files of every kind that can back an update."""

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.uploadedfile import SimpleUploadedFile

OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX_MAIN = f"{OFFICE}.wordprocessingml.document.main+xml"
XLSX_MAIN = f"{OFFICE}.spreadsheetml.sheet.main+xml"
ODT_TYPE = "application/vnd.oasis.opendocument.text"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """Return a file as Django hands over what a browser sent; its name is as hostile as it was sent."""
    file = SimpleUploadedFile("file", content)
    file._name = name  # type: ignore[attr-defined] # the setter would clean it
    return file


def make_zip(members: Mapping[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    """Return an archive, always the same one: its members bear no date."""
    file = BytesIO()
    with ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(ZipInfo(name), content, ZIP_STORED if name == "mimetype" else method)
    return file.getvalue()


def content_types(parts: dict[str, str]) -> str:
    """Return the list of parts and their types that a Microsoft document begins with."""
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{content_type}"/>' for part, content_type in parts.items()
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{namespace}">{overrides}</Types>'


def make_office(main: str, part: str, more: dict[str, str | bytes] | None = None) -> bytes:
    """Return a Microsoft document whose main part has a type."""
    return make_zip({"[Content_Types].xml": content_types({part: main}), part: "<document/>", **(more or {})})


def make_docx(more: dict[str, str | bytes] | None = None) -> bytes:
    """Return a Word document, with more members if there are to be any."""
    return make_office(DOCX_MAIN, "word/document.xml", more)


def make_xlsx(more: dict[str, str | bytes] | None = None) -> bytes:
    """Return an Excel workbook."""
    return make_office(XLSX_MAIN, "xl/workbook.xml", more)


def make_odt(more: dict[str, str | bytes] | None = None, mimetype: str = ODT_TYPE) -> bytes:
    """Return an OpenDocument text."""
    members: dict[str, str | bytes] = {
        "mimetype": mimetype,
        "content.xml": "<content/>",
        "META-INF/manifest.xml": "<manifest/>",
    }
    return make_zip({**members, **(more or {})})


def make_pdf(body: bytes = b"1 0 obj\n<<>>\nendobj\n") -> bytes:
    """Return what a PDF begins and ends with."""
    return b"%PDF-1.7\n" + body + b"trailer\n<<>>\nstartxref\n0\n%%EOF\n"


def make_chunk(kind: bytes, content: bytes) -> bytes:
    """Return a part of a PNG."""
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))


def make_png(*chunks: bytes) -> bytes:
    """Return a picture of one grey dot, with more parts if there are to be any."""
    header = make_chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = make_chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + make_chunk(b"IEND", b"")


def make_segment(marker: int, content: bytes) -> bytes:
    """Return a part of a JPG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def make_jpg(*segments: bytes) -> bytes:
    """Return the outline of a photo with a preview in it, and more parts if there are to be any."""
    preview = make_segment(0xE1, b"Exif\0\0\xff\xd8\xff\xda..\xff\xd9")
    pixels = make_segment(0xDA, b"\1\1\0\0\x3f\0") + b"pixels\xff\x00pixels\xff\xd0pixels"
    return b"\xff\xd8" + preview + b"".join(segments) + pixels + b"\xff\xd9"


SAMPLES = {
    "pdf": make_pdf(),
    "png": make_png(),
    "jpg": make_jpg(),
    "docx": make_docx(),
    "xlsx": make_xlsx(),
    "odt": make_odt(),
}
