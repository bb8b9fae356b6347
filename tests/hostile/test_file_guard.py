"""Hostile files are refused before anything parses them, each for its own reason; proper ones pass."""

import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from measures.exchange.guard import archive_guard, file_guard, xml_guard
from measures.exchange.guard.file_guard import FileRefusedError, guard_file
from measures.exchange.guard.refusal import has_long_run

from .hostile_archives import altered, members_of
from .hostile_files import REAL_FILES, guarded_files, unguarded_files
from .hostile_parts import BOOK_RELATIONS, OFFICE, SHEET, STYLES, with_rows

DAMAGED = r"The file is no whole (Word document\. Open|Excel workbook without)"
TOO_MUCH = r"There is too much inside the file, or too deep one in another \(.+\)"
NO_TEXT = r"The file holds no UTF-8 text"
TOO_DEEP = r"Line \d+: there are too many tags up to here, or too deep"
LONG_LINE = r"The file has a line of more than 1000000 characters"
UNPACKED = r"Unpacked, the file is larger than 40 MB"
PROTECTED = r"The file has a password or is of an old kind"
# What the guard says of each kind, beginning with the file's whole fault and not with what follows from it.
REASONS = {
    "bomb-beside": f"{UNPACKED}|{TOO_MUCH}",
    "bomb-flat": f"{UNPACKED}|{TOO_MUCH}",
    "bomb-many": UNPACKED,
    "bomb-nested": r"There is another file inside the file \(media/a\.png\)",
    "deep-nesting": TOO_MUCH,
    "deep-page": f"{TOO_DEEP}|{LONG_LINE}",
    "empty": r"The file is empty\.",
    "encrypted": f"{PROTECTED}|{DAMAGED}",
    "encrypted-renamed": f"{PROTECTED}|{NO_TEXT}",
    "entity-bomb": rf"The file has a document type or entities of its own \(.+\)|{DAMAGED}",
    "far-cell": r"xl/.+: cell \S+ is too far out\. Only 20000 rows and 200 columns are read",
    "far-merged": rf"xl/.+: cell \S+ is too far out|{TOO_MUCH}|{DAMAGED}",
    "far-row": rf"xl/.+: cell R\d+C1 is too far out|{DAMAGED}",
    "file-inside": r"There is another file inside the file \(.+\)",
    "long-line": LONG_LINE,
    "macros": r"The file has macros",
    "many-columns": r"xl/.+: cell R39C201 is too far out",
    "many-rows": r"xl/.+: cell R20001C1 is too far out",
    "many-strings": TOO_MUCH,
    "many-styles": rf"The workbook has more than 10000 formats|{TOO_MUCH}",
    "many-tags": TOO_DEEP,
    "nul": NO_TEXT,
    "ole-renamed": f"{PROTECTED}|{NO_TEXT}",
    "other-file": r"The workbook (takes values from other files|refers to another file \(.+\))",
    "outside-entity": rf"The file has a document type or entities of its own \(.+\)|{DAMAGED}",
    "strange-ending": r"Files of this kind can't be read, only these: \.docx, \.xlsx,",
    "too-large": r"The file is larger than 10 MB",
    "too-many-members": rf"There are more than 1000 parts inside the file|{DAMAGED}",
    "too-much-inside": TOO_MUCH,
    "wide-letters": NO_TEXT,
    "wrong-size": f"{DAMAGED}|{UNPACKED}",
}


def kind_of(name: str) -> str:
    return re.sub(r"-\d+(\..*)?$", "", name)


def test_every_kind_is_refused_for_its_own_reason() -> None:
    wrong = {}
    names = []
    for name, content in guarded_files():
        names.append(name)
        reason = REASONS.get(kind_of(name), f"{DAMAGED}|{NO_TEXT}")
        with translation.override(None):
            said = refusal(name, content)
        if not re.match(reason, said):
            wrong[name] = said
    assert wrong == {}
    assert len(set(names)) == len(names) > 650


def refusal(name: str, content: bytes) -> str:
    """Return what the guard says, "" if the file passes."""
    try:
        guard_file(name, content)
    except FileRefusedError as error:
        return str(error)
    return ""


def test_any_malformed_file_is_refused_or_passes() -> None:
    refused = [bool(refusal(name, content)) for name, content in unguarded_files()]
    assert len(refused) > 600
    assert 0 < sum(refused) < len(refused)


def test_files_are_always_the_same_with_names_of_their_own() -> None:
    names = [name for name, _content in unguarded_files()]
    assert len(set(names)) == len(names) > 600
    first, second = ([hash(file) for file in unguarded_files(seed=7)] for _time in range(2))
    assert first == second


def worst_files() -> Iterator[tuple[str, bytes]]:
    """Yield one file of each kind that would take much memory if it were just opened."""
    kinds = {"bomb-flat", "bomb-nested", "entity-bomb", "deep-nesting", "many-styles", "too-much-inside"}
    for name, content in guarded_files():
        if name.endswith(".xlsx") and kind_of(name) in kinds:
            kinds.remove(kind_of(name))
            yield name, content


def test_weighing_takes_little_memory() -> None:
    for name, content in worst_files():
        tracemalloc.start()
        assert refusal(name, content)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 64 * 1024**2, name


@pytest.mark.parametrize("path", REAL_FILES, ids=lambda path: path.name)
def test_the_real_plan_passes_in_every_format(path: Path) -> None:
    guard_file(path.name, path.read_bytes())
    guard_file(path.name.upper(), path.read_bytes())


def proper_files() -> Iterator[tuple[str, bytes]]:
    """Yield what comes close to what is refused, but is found in files of honest people."""
    link = f'<Relationship Id="rX" Type="{OFFICE}/hyperlink" Target="https://a.lt" TargetMode="External"/>'
    relations = members_of("xlsx")[BOOK_RELATIONS]
    end = b"</Relationships>"
    yield "link.xlsx", altered("xlsx", {BOOK_RELATIONS: relations.replace(end, link.encode() + end)})
    template = link.replace("hyperlink", "attachedTemplate")
    yield "template.docx", altered("docx", {"word/_rels/settings.xml.rels": f"<r>{template}</r>".encode()})
    yield "last-row.xlsx", with_rows('<row r="1048576" hidden="1"/>')
    yield "last-cell.xlsx", with_rows('<row><c r="GR20000"/></row>')
    yield "merged.xlsx", with_rows("", merged='<mergeCell ref="A1:GR1"/><mergeCell ref="B2:B20000"/>')
    yield "long.xlsx", with_rows("<row><c><v>1</v></c></row>" * 19_000)
    yield "picture.docx", altered("docx", {"media/a.png": b"\x89PNG\r\n\x1a\n" + bytes(3_000_000)})
    # Excel's own drawings are no proper XML.
    yield "drawing.xlsx", altered("xlsx", {"xl/drawings/vmlDrawing1.vml": b"<xml><br></xml>"})
    yield "other.docx", altered("docx", {"customXml/item1.xml": '<?xml version="1.0"?><a/>'.encode("utf-16")})
    styles = members_of("xlsx")[STYLES]
    more = b'<xf numFmtId="0" fontId="0"/>' * 5000 + b"</cellXfs>"
    yield "styles.xlsx", altered("xlsx", {STYLES: styles.replace(b"</cellXfs>", more)})
    yield "nested.html", b"<html>" + b"<div><table><tr><td><ul><li>" * 10 + b"a"
    yield "unclosed.html", b"<html>" + b"<p>a<br>b<li>c\n" * 10_000
    yield "less.txt", b"1 < 2, a <b\n" * 50
    yield "line.html", b"<p>" + b"a" * 900_000


@pytest.mark.parametrize(("name", "content"), list(proper_files()), ids=lambda value: str(value)[:20])
def test_what_honest_people_have_passes(name: str, content: bytes) -> None:
    guard_file(name, content)


@pytest.mark.parametrize(
    ("run", "is_long"),
    [(b"aaaa", False), (b"aaaaa", True), (b"aaaa\naaaa\naa", False), (b"a\naaaaaa\n", True)],
)
def test_long_runs(run: bytes, is_long: bool) -> None:
    assert has_long_run(run, b"\n", 4) is is_long
    assert has_long_run(b"\n" * 9 + run, b"\n", 4) is is_long


def test_limits_hold_for_all_parts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """No single part of the real plan has so many elements, but the whole has more."""
    counts = {name: part.count(b"<") - part.count(b"</") for name, part in members_of("xlsx").items()}
    monkeypatch.setattr(xml_guard, "MAX_ELEMENTS", max(counts.values()) + 1)
    assert refusal("a.xlsx", altered("xlsx", {}))
    monkeypatch.setattr(xml_guard, "MAX_ELEMENTS", sum(counts.values()))
    assert not refusal("a.xlsx", altered("xlsx", {}))


def test_names_of_parts_are_told() -> None:
    content = with_rows('<row><c r="XFD7"/></row>')
    assert SHEET in refusal("a.xlsx", content)
    assert "XFD7" in refusal("a.xlsx", content)


def test_caps_are_those_that_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_guard, "MAX_BYTES", 1024**2)
    assert " 1 MB" in refusal("a.txt", b"a\n" * 1024**2).replace("\xa0", " ")
    monkeypatch.setattr(archive_guard, "MAX_MEMBERS", 5)
    assert "5" in refusal("a.docx", altered("docx", {}))


@pytest.mark.django_db
def test_command_lines_go_through_the_guard(tmp_path: Path) -> None:
    parts = members_of("docx")
    bomb = b'<!DOCTYPE r [<!ENTITY l8 "ha">]>'
    part = parts["docProps/core.xml"].replace(b"?>", b"?>" + bomb, 1)
    path = tmp_path / "plan.docx"
    path.write_bytes(altered("docx", {"docProps/core.xml": part}))
    with pytest.raises(CommandError, match=re.escape("docProps/core.xml")):
        call_command("import_document", str(path), "--dry-run")
    codes = tmp_path / "codes.xlsx"
    codes.write_bytes(with_rows('<row><c r="XFD7"/></row>'))
    with pytest.raises(CommandError, match="XFD7"):
        call_command("import_codes", str(codes))
