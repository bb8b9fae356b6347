"""Uploaded documents: taken by their content, named safely, refused with advice."""

import hashlib
import struct
import tracemalloc
import unicodedata
from contextlib import suppress
from io import BytesIO
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.datastructures import MultiValueDict
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.enums import FileType
from measures.evidence import content as evidence_content
from measures.evidence.files import MAX_BYTES, EvidenceFile, read_evidence_file
from measures.forms.evidence import EvidenceFilesField, EvidenceFilesInput
from tests.make_files import (
    DOCX_MAIN,
    SAMPLES,
    XLSX_MAIN,
    content_types,
    make_docx,
    make_jpg,
    make_odt,
    make_office,
    make_pdf,
    make_png,
    make_xlsx,
    make_zip,
    upload,
)

MICROSOFT = "application/vnd.ms"
MISMATCH = "Failo „{}“ turinys nėra {} formato"
DAMAGED = "Failas „{}“ sugadintas arba nebaigtas."
MACROS = "Faile „{}“ yra makrokomandų."
PROTECTED = "Failas „{}“ apsaugotas slaptažodžiu"


def read(name: str, content: bytes) -> EvidenceFile:
    return read_evidence_file(upload(name, content))


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        read(name, content)
    [message] = caught.value.messages
    return message


@pytest.mark.parametrize("kind", SAMPLES)
def test_good_file_is_described(kind: str) -> None:
    content = SAMPLES[kind]
    file = read(f"Ataskaita už 2024 m.{kind.upper()}", content)
    assert file.title == f"Ataskaita už 2024 m.{kind.upper()}"
    assert (file.file_type, file.size) == (FileType(kind), len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.content.read() == content


def test_other_spelling_of_jpg() -> None:
    assert read("nuotrauka.jpeg", SAMPLES["jpg"]).file_type == FileType.JPG


@pytest.mark.parametrize("name", ["ataskaita", "a.docm", "a.svg", "a.html", "a.zip", "a.pdf.exe", "pdf", ""])
def test_other_kinds_are_refused_and_the_allowed_ones_listed(name: str) -> None:
    assert refusal(name, SAMPLES["pdf"]) == (
        f"Failo „{name or 'dokumentas'}“ pridėti negalima. Tinka tik šie formatai: "
        "PDF, PNG, JPG, Word (DOCX), Excel (XLSX), OpenDocument (ODT)."
    )


def test_empty_file_is_refused() -> None:
    assert refusal("a.pdf", b"") == "Failas „a.pdf“ tuščias. Patikrinkite jį ir pridėkite iš naujo."


def test_size_has_a_limit() -> None:
    filling = bytes(MAX_BYTES - len(make_pdf(b"")))
    assert read("a.pdf", make_pdf(filling)).size == MAX_BYTES
    assert refusal("a.pdf", make_pdf(filling + b"\0")) == (
        "Failas „a.pdf“ didesnis nei 10\N{NO-BREAK SPACE}MB. Sumažinkite jį arba nurodykite nuorodą į jį."
    )


@pytest.mark.parametrize("claimed", SAMPLES)
@pytest.mark.parametrize("real", SAMPLES)
def test_content_has_to_agree_with_the_extension(claimed: str, real: str) -> None:
    if claimed == real:
        return
    message = refusal(f"a.{claimed}", SAMPLES[real])
    assert message.startswith(MISMATCH.format(f"a.{claimed}", FileType(claimed).label))


@pytest.mark.parametrize("kind", SAMPLES)
def test_half_a_file_is_refused(kind: str) -> None:
    content = SAMPLES[kind]
    assert refusal(f"a.{kind}", content[: len(content) * 2 // 3]).startswith(DAMAGED.format(f"a.{kind}"))


def test_pdf_has_to_begin_at_once() -> None:
    assert refusal("a.pdf", b"<html>" + make_pdf()).startswith(MISMATCH.format("a.pdf", "PDF"))
    assert refusal("a.pdf", make_pdf() + b"<script>" * 200).startswith(DAMAGED.format("a.pdf"))


def test_photo_with_something_after_its_end_is_whole() -> None:
    assert read("a.jpg", SAMPLES["jpg"] + b"\0\0\0\x18ftypmp42" + bytes(5000))


def test_end_mark_of_a_preview_does_not_count() -> None:
    photo = make_jpg()
    assert refusal("a.jpg", photo[:-2]).startswith(DAMAGED.format("a.jpg"))
    assert b"\xff\xd9" in photo[:-2]


def test_filled_up_marker_is_read() -> None:
    assert read("a.jpg", make_jpg(b"\xff\xff\xff\xfe\0\4ab"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.docx",
            make_office("application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml"),
        ),
        ("a.xlsx", make_office("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xl/workbook.xml")),
        ("a.docx", make_docx({"word/vbaProject.bin": b"x"})),
        ("a.xlsx", make_xlsx({"xl/VBAPROJECT.BIN": b"x"})),
        (
            "a.xlsx",
            make_zip(
                {
                    "[Content_Types].xml": content_types(
                        {
                            "xl/workbook.xml": XLSX_MAIN,
                            "xl/macrosheets/sheet1.xml": "application/vnd.ms-excel.macrosheet+xml",
                        }
                    ),
                    "xl/workbook.xml": "<workbook/>",
                }
            ),
        ),
        ("a.odt", make_odt({"Basic/Standard/Module1.xml": "<module/>"})),
        ("a.odt", make_odt({"Scripts/python/a.py": "print()"})),
    ],
)
def test_macros_are_refused_whatever_the_extension(name: str, content: bytes) -> None:
    assert refusal(name, content).startswith(MACROS.format(name))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        ("a.odt", make_odt({"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"})),
        ("a.odt", make_odt({"encrypted-package": b"x"})),
    ],
)
def test_protected_documents_are_refused(name: str, content: bytes) -> None:
    assert refusal(name, content).startswith(PROTECTED.format(name))


def test_archive_with_a_password_is_refused() -> None:
    content = bytearray(SAMPLES["docx"])
    entry = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[entry + 8] |= 1
    assert refusal("a.docx", bytes(content)).startswith(PROTECTED.format("a.docx"))


@pytest.mark.parametrize(
    "content",
    [
        make_zip({"a.html": "<html/>"}),
        make_office(DOCX_MAIN.replace("document.main", "template.main"), "word/document.xml"),
        make_zip({"[Content_Types].xml": content_types({"word/document.xml": DOCX_MAIN})}),
        make_docx({"mimetype": "application/vnd.oasis.opendocument.text"}),
        make_zip(
            {
                "[Content_Types].xml": content_types({"w.xml": DOCX_MAIN, "x.xml": XLSX_MAIN}),
                "w.xml": "",
                "x.xml": "",
            }
        ),
    ],
    ids=["no document", "template", "main part missing", "two kinds at once", "two main parts"],
)
def test_archive_that_is_not_a_word_document(content: bytes) -> None:
    assert refusal("a.docx", content).startswith(MISMATCH.format("a.docx", "Word (DOCX)"))


def twice() -> bytes:
    file = BytesIO(make_docx())
    with ZipFile(file, "a") as archive:
        archive.writestr("[content_types].XML", content_types({"a": DOCX_MAIN}))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        make_docx({"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        make_docx({"[Content_Types].xml": "<a><b></a>"}),
        make_docx({"[Content_Types].xml": b'<?xml version="1.0" encoding="nera"?><a/>'}),
        make_zip({"[Content_Types].xml": content_types({"a": DOCX_MAIN}), "a": ""}, ZIP_BZIP2),
        make_zip({"[Content_Types].xml": content_types({"a": DOCX_MAIN}), "a": ""}, ZIP_LZMA),
        twice(),
        make_docx() + b"<html></html>",
    ],
    ids=["entities", "bad XML", "bad encoding", "bzip2", "lzma", "twice", "appended"],
)
def test_odd_archives_count_as_damaged(content: bytes) -> None:
    assert refusal("a.docx", content).startswith(DAMAGED.format("a.docx"))


def test_bomb_is_not_unpacked() -> None:
    types = content_types({"word/document.xml": DOCX_MAIN})
    bomb = make_docx({"[Content_Types].xml": types + " " * 50_000_000})
    assert len(bomb) < 100_000
    tracemalloc.start()
    message = refusal("a.docx", bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message.startswith(DAMAGED.format("a.docx"))
    assert peak < 10_000_000


def with_64_bit_directory(content: bytes, size: int | None = None) -> bytes:
    """Return the archive with the records for large ones, as some programs write them for small ones, too."""
    count, directory, start = struct.unpack("<HLL", content[-12:-2])
    record = struct.pack(
        "<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size or directory, start
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(content) - 22, 1)
    return content[:-22] + record + locator + content[-22:]


def test_64_bit_directory_is_read() -> None:
    assert read("a.xlsx", with_64_bit_directory(make_xlsx()))


@pytest.fixture
def no_zipfile(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise AssertionError("zipfile was asked")

    monkeypatch.setattr(evidence_content, "ZipFile", refuse)


def test_large_directory_is_refused_before_zipfile_reads_it(no_zipfile: None) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 6, *[0] * 3, 2, *[0] * 4, *[0] * 2) + b"ab"
    local = make_docx()[:100]
    directory = entry * 200_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(directory), len(local), 0)
    tracemalloc.start()
    assert refusal("a.docx", local + directory + end).startswith(DAMAGED.format("a.docx"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * 1024**2


def test_large_64_bit_directory_is_refused_before_zipfile_reads_it(no_zipfile: None) -> None:
    content = with_64_bit_directory(make_docx(), size=9_000_000)
    assert refusal("a.docx", content).startswith(DAMAGED.format("a.docx"))
    # A locator that leads elsewhere: other versions of zipfile follow it.
    elsewhere = bytearray(with_64_bit_directory(make_docx()))
    elsewhere[-34] ^= 1
    assert refusal("a.docx", bytes(elsewhere)).startswith(DAMAGED.format("a.docx"))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\Users\Ula\Ataskaita.pdf", "Ataskaita.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie: x=1.pdf"),
        ("ataskaita\u202efdp.exe.pdf", "ataskaitafdp.exe.pdf"),
        ("\u2066a\u2069\u200b\ufeff\u00ad\u3164.pdf", "a.pdf"),
        ("  Daug \t\u00a0\u2003 tarpų  .pdf", "Daug tarpų.pdf"),
        ("a \u200b \u2800 b.pdf", "a b.pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("..pdf", "dokumentas.pdf"),
        (".PDF", "dokumentas.PDF"),
        ("\u200b\u202e.pdf", "dokumentas.pdf"),
        ("\udcff.pdf", "dokumentas.pdf"),
        ("z\u030cemes\u0307.pdf", "žemeṡ.pdf"),
        ("„Kabutės“; \"dar\" 'kitos' & <b>.pdf", "„Kabutės“; \"dar\" 'kitos' & <b>.pdf"),
        ("100 % atlikta %(name)s {x}.pdf", "100 % atlikta %(name)s {x}.pdf"),
        ("CON.pdf", "CON.pdf"),
        ("ą" * 10_000 + ".pdf", "ą" * 196 + ".pdf"),
    ],
)
def test_name_is_made_safe(name: str, title: str) -> None:
    assert read(name, SAMPLES["pdf"]).title == title


def test_name_in_a_refusal_is_made_safe_as_well() -> None:
    assert "„a.svg“" in refusal("../\u202ea.svg", b"x")
    assert len(refusal("x" * 10_000, b"x")) < 400


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400), st.sampled_from(sorted(SAMPLES)))
def test_every_name_becomes_a_title(name: str, kind: str) -> None:
    title = read(f"{name}.{kind}", SAMPLES[kind]).title
    assert title.endswith(f".{kind}")
    assert len(f".{kind}") < len(title) <= 200
    assert not any(unicodedata.category(character)[0] == "C" for character in title)
    assert not {"/", "\\"} & set(title)
    assert title == " ".join(title.split())


def accepts_or_explains(name: str, content: bytes) -> None:
    with suppress(ValidationError):
        assert read(name, content).size == len(content)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.binary(min_size=1, max_size=300))
def test_random_content_raises_nothing_else(kind: str, content: bytes) -> None:
    accepts_or_explains(f"a.{kind}", content)
    accepts_or_explains(f"a.{kind}", SAMPLES[kind][:20] + content)


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_changed_content_raises_nothing_else(kind: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[kind])
    for _change in range(data.draw(st.integers(1, 6))):
        position = data.draw(st.integers(0, len(content) - 1))
        patch = data.draw(st.binary(min_size=1, max_size=8))
        content[position : position + data.draw(st.integers(0, 8))] = patch
    accepts_or_explains(f"a.{kind}", bytes(content))


def test_field_takes_several_files() -> None:
    files = MultiValueDict[str, UploadedFile]()
    files.setlist("files", [upload("a.pdf", SAMPLES["pdf"]), upload("b.png", SAMPLES["png"])])
    field = EvidenceFilesField()
    cleaned = field.clean(EvidenceFilesInput().value_from_datadict({}, files, "files"))
    assert [file.title for file in cleaned] == ["a.pdf", "b.png"]
    assert field.has_changed(None, files.getlist("files"))


def test_field_without_files_is_empty() -> None:
    field = EvidenceFilesField()
    nothing = EvidenceFilesInput().value_from_datadict({"files": "text"}, MultiValueDict(), "files")
    assert field.clean(nothing) == ()
    assert not field.has_changed(None, nothing)


def test_field_can_be_required() -> None:
    with pytest.raises(ValidationError, match="būtina užpildyti"):
        EvidenceFilesField(required=True).clean([])


def test_field_names_every_file_that_is_wrong() -> None:
    files = [SimpleUploadedFile("a.pdf", b""), upload("b.png", SAMPLES["png"]), upload("c.exe", b"MZ")]
    with pytest.raises(ValidationError) as caught:
        EvidenceFilesField().clean(files)
    assert ["„a.pdf“" in caught.value.messages[0], "„c.exe“" in caught.value.messages[1]] == [True, True]
    assert len(caught.value.messages) == 2


def test_field_counts_the_files() -> None:
    files = [upload("a.pdf", SAMPLES["pdf"])] * 6
    assert len(EvidenceFilesField().clean(files[:5])) == 5
    with pytest.raises(ValidationError, match="ne daugiau kaip 5 failus"):
        EvidenceFilesField().clean(files)


def test_field_offers_what_can_be_attached() -> None:
    field = EvidenceFilesField()
    html = EvidenceFilesInput().render("files", None)
    assert 'accept=".pdf,.png,.jpg,.docx,.xlsx,.odt,.jpeg"' in html
    assert "multiple" in html
    assert field.help_text == (
        "Failų – ne daugiau kaip 5, kiekvienas iki 10\N{NO-BREAK SPACE}MB: PDF, PNG, JPG, Word (DOCX), "
        "Excel (XLSX), OpenDocument (ODT)."
    )


def test_png_with_more_parts_is_read() -> None:
    assert read("a.png", make_png(b"\0\0\0\0teSt\0\0\0\0"))
