"""Office documents whose XML is out to harm its reader, made of the real plan as LibreOffice saved it."""

from collections.abc import Iterator

from .hostile_archives import BASES, MAIN, RELATIONS, TYPES, Hostile, altered, members_of

SHEET, STYLES, STRINGS, BOOK = MAIN["xlsx"], "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
PARTS = {
    "xlsx": (SHEET, STYLES, STRINGS, BOOK, BOOK_RELATIONS, RELATIONS, TYPES, "docProps/core.xml"),
    "docx": (MAIN["docx"], "word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels", TYPES),
}
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9))
DOCTYPES = {
    "entity-bomb": (
        f"<!DOCTYPE r [{LAUGHS}]>",
        f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]>',
        "<!DOCTYPE r [<!ENTITY % p \"<!ENTITY l8 'ha'>\">%p;]>",
        '<!DOCTYPE r [<!ENTITY l8 "&l8;">]>',
    ),
    "outside-entity": (
        '<!DOCTYPE r [<!ENTITY l8 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd">%p;]>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE r PUBLIC "-//W3C//DTD XHTML 1.0//EN" "ftp://127.0.0.1/x.dtd">',
    ),
}
FAR_CELLS = (
    *("XFD1048576", "A1048576", "XFD1", "A20001", "GS1", "AAA1", "ZZZ9999999", "xfd1048576", "$XFD$1048576"),
    *("A0020001", "ABC25000", "GS20001"),
)
BAD_CELLS = ("1A", "A", "7", "A-1", "A1:B2", "ABCD1", "A1.5", "Ą1", "A١", "A99999999", "R1C1", " ")
FAR_MERGED = (
    "A1:XFD1048576",
    "A1:A1048576",
    "A1:XFD1",
    "A1:ZZ3",
    "XFD1048576:A1",
    "A1:GR1100",
    "A1:B",
    "A9:A20001",
)
BREAKS = (
    *(b"<", b"&", b"&nbsp;", b"&#0;", b"&#xD800;", b"\0", b"\xff", b"</x>", b"<x>"),
    b"\xed\xa0\x80",
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def hostile_parts() -> Iterator[Hostile]:
    """Yield them kind by kind; every one has to be refused by the guard."""
    yield from _doctypes()
    yield from _depths()
    yield from _broken()
    yield from _far_cells()
    yield from _too_much()
    yield from _other_files()


def _doctypes() -> Iterator[Hostile]:
    for ending, parts in PARTS.items():
        members = members_of(ending)
        for number, part in enumerate(parts):
            for kind, doctypes in DOCTYPES.items():
                for doctype in (doctypes[number % 4], doctypes[(number + 1) % 4]):
                    content = _after_declaration(members[part], doctype.encode())
                    yield Hostile(kind, ending, altered(ending, {part: content}))
        # Another encoding hides "<!DOCTYPE" from whoever looks for these bytes.
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "cp037", "utf-7"):
            text = f'<?xml version="1.0" encoding="{encoding}"?>{DOCTYPES["entity-bomb"][0]}<r>&l8;</r>'
            yield Hostile("entity-bomb", ending, altered(ending, {MAIN[ending]: text.encode(encoding)}))


def _after_declaration(part: bytes, more: bytes) -> bytes:
    declaration, mark, rest = part.partition(b"?>")
    return declaration + mark + more + rest


def _depths() -> Iterator[Hostile]:
    for ending in BASES:
        end = b"</w:body>" if ending == "docx" else b"</sheetData>"
        part = members_of(ending)[MAIN[ending]]
        for depth in (200, 1000, 50_000, 400_000):
            content = part.replace(end, b"<a>" * depth + b"</a>" * depth + end)
            yield Hostile("deep-nesting", ending, altered(ending, {MAIN[ending]: content}))
        start, stop = (
            (b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>") if ending == "docx" else (b"<is>", b"</is>")
        )
        content = part.replace(end, start * 250 + b"<w:p/>" * (ending == "docx") + stop * 250 + end)
        yield Hostile("deep-nesting", ending, altered(ending, {MAIN[ending]: content}))


def _broken() -> Iterator[Hostile]:
    for ending in BASES:
        part = members_of(ending)[MAIN[ending]]
        middle = part.index(b">", len(part) // 2) + 1
        before, after = part[:middle], part[middle:]
        for hurt in BREAKS:
            yield Hostile("broken-xml", ending, altered(ending, {MAIN[ending]: before + hurt + after}))
        for content in (b"", before, part[:-1], part * 2, b"a", b"\0" * 99, before.decode().encode("utf-16")):
            yield Hostile("broken-xml", ending, altered(ending, {MAIN[ending]: content}))
        for encoding in (b"utf-7", b"no-such", b"cp037", b"big5"):
            content = part.replace(b"UTF-8", encoding, 1)
            yield Hostile("strange-encoding", ending, altered(ending, {MAIN[ending]: content}))


def with_rows(rows: str, *, merged: str = "") -> bytes:
    """Return the real plan with rows, and merged cells, put in at the end of its sheet."""
    part = members_of("xlsx")[SHEET].replace(b"</sheetData>", rows.encode() + b"</sheetData>")
    part = part.replace(b"</mergeCells>", merged.encode() + b"</mergeCells>")
    return altered("xlsx", {SHEET: part})


def _far_cells() -> Iterator[Hostile]:
    for reference in FAR_CELLS:
        yield Hostile("far-cell", "xlsx", with_rows(f'<row><c r="{reference}"><v>1</v></c></row>'))
        yield Hostile("far-cell", "xlsx", with_rows(f'<row r="39"><c r="{reference}" s="0"/></row>'))
    for reference in BAD_CELLS:
        yield Hostile("no-cell", "xlsx", with_rows(f'<row><c r="{reference}"><v>1</v></c></row>'))
    for row in ("1048576", "20001", "99999999", "1E6", "9" * 5000, "-", "0x10"):
        yield Hostile("far-row", "xlsx", with_rows(f'<row r="{row}"><c><v>1</v></c></row>'))
    for count in (201, 1000, 16_384, 100_000):
        yield Hostile("many-columns", "xlsx", with_rows(f"<row>{'<c><v>1</v></c>' * count}</row>"))
    for count in (20_001, 100_000):
        yield Hostile("many-rows", "xlsx", with_rows("<row><c><v>1</v></c></row>" * count))
    for reference in FAR_MERGED:
        merged = f'<mergeCell ref="{reference}"/>'
        yield Hostile("far-merged", "xlsx", with_rows("", merged=merged))
    yield Hostile("far-merged", "xlsx", with_rows("", merged='<mergeCell ref="A1:T1000"/>' * 11))
    # The name of the part is no matter: what it is, its type says.
    members = members_of("xlsx")
    sheet = members[SHEET].replace(b"</sheetData>", b'<row><c r="XFD1048576"/></row></sheetData>')
    moved = {
        SHEET: b"<x/>",
        "xl/sheet.bin": sheet,
        TYPES: members[TYPES].replace(b"worksheets/sheet1.xml", b"sheet.bin"),
        BOOK_RELATIONS: members[BOOK_RELATIONS].replace(b"worksheets/sheet1.xml", b"sheet.bin"),
    }
    yield Hostile("far-cell", "xlsx", altered("xlsx", moved))


def _too_much() -> Iterator[Hostile]:
    styles, strings = members_of("xlsx")[STYLES], members_of("xlsx")[STRINGS]
    for count in (10_001, 65_000, 300_000):
        more = b'<xf numFmtId="0" fontId="0"/>' * count + b"</cellXfs>"
        yield Hostile("many-styles", "xlsx", altered("xlsx", {STYLES: styles.replace(b"</cellXfs>", more)}))
    for tag, end in ((b'<font><b val="1"/></font>', b"</fonts>"), (b"<numFmt/>", b"</numFmts>")):
        content = styles.replace(end, tag * 600_000 + end)
        yield Hostile("many-styles", "xlsx", altered("xlsx", {STYLES: content}))
    for item in (b"<si><t>a</t></si>", b"<si/>", b"<si><t/></si>"):
        content = strings.replace(b"</sst>", item * 1_000_000 + b"</sst>")
        yield Hostile("many-strings", "xlsx", altered("xlsx", {STRINGS: content}))
    for ending in BASES:
        part = members_of(ending)[MAIN[ending]]
        end = b"</w:body>" if ending == "docx" else b"</sheetData>"
        for more in (
            b"<a " + b" ".join(b'a%d=""' % n for n in range(300_000)) + b"/>",
            b'<a b="' + b"x" * 1_100_000 + b'"/>',
            b"<!--" + b"-x" * 600_000 + b"-->",
            b"<w:p/>" * 600_000 if ending == "docx" else b"<row/>" * 600_000,
            b"x" * 1_100_000,
        ):
            content = part.replace(end, more + end)
            yield Hostile("too-much-inside", ending, altered(ending, {MAIN[ending]: content}))


def _other_files() -> Iterator[Hostile]:
    for name in ("xl/externalLinks/externalLink1.xml", "XL/EXTERNALLINKS/a.xml", "xl/connections.xml"):
        yield Hostile("other-file", "xlsx", altered("xlsx", {name: b"<externalLink/>"}))
    for kind in ("externalLinkPath", "image", "oleObject", "worksheet", "externalLink"):
        for target in ("file:///C:/a.xlsx", "\\\\server\\share\\a.xlsx", "http://127.0.0.1:9/a.xlsx"):
            entry = f'<Relationship Id="rX" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
            for part in (BOOK_RELATIONS, "xl/worksheets/_rels/sheet1.xml.rels"):
                before = members_of("xlsx").get(part, b'<Relationships xmlns="x"></Relationships>')
                content = before.replace(b"</Relationships>", entry.encode() + b"</Relationships>")
                yield Hostile("other-file", "xlsx", altered("xlsx", {part: content}))
