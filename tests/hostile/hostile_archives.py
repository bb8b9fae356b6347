"""Archives that lie, burst or hide something, made of the real plan as LibreOffice saved it."""

import struct
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED, ZipFile

from tests.make_files import make_zip

DATA = Path(__file__).parent.parent / "measures" / "exchange" / "data"
BASES = {"docx": "akr.docx", "xlsx": "akr-merged.xlsx"}
MAIN = {"docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml"}
TYPES, RELATIONS = "[Content_Types].xml", "_rels/.rels"
MB = 1024 * 1024

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNSAFE_NAMES = (
    *("../../etc/passwd", "/etc/passwd", "xl/../../x.xml", "C:/windows/x.xml", "c:\\x.xml", "..\\x.xml"),
    *("xl\\..\\x.xml", "xl/x\x01.xml", "..", "xl/.."),
)


class Hostile(NamedTuple):
    """A file before it has a number: what sort of harm it does, the ending of its name, and itself."""

    kind: str
    ending: str
    content: bytes


def members_of(ending: str) -> dict[str, bytes]:
    """Return the parts of the real plan in that format."""
    with ZipFile(DATA / BASES[ending]) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def altered(ending: str, more: dict[str, bytes]) -> bytes:
    """Return the real plan with some parts put in or replaced."""
    return make_zip({**members_of(ending), **more})


def hostile_archives(random: Random) -> Iterator[Hostile]:
    """Yield them kind by kind, in both formats; every one has to be refused by the guard."""
    for ending in BASES:
        for kind, content in (
            *_bombs(ending),
            *_lies(ending, random),
            *_names(ending),
            *_intruders(ending, random),
            *_outlines(ending),
        ):
            yield Hostile(kind, ending, content)


def _bombs(ending: str) -> Iterator[tuple[str, bytes]]:
    for size in (21, 41, 60):
        yield "bomb-flat", altered(ending, {MAIN[ending]: b" " * (size * MB)})
        yield "bomb-beside", altered(ending, {"docProps/more.xml": b"<a>" + b"0" * (size * MB) + b"</a>"})
    yield "bomb-flat", altered(ending, {MAIN[ending]: b"<a>" + (b"<b/>" + b" " * 900_000) * 24 + b"</a>"})
    for count, size in ((9, 5 * MB), (41, MB), (400, MB // 9)):
        part = b"\x89PNG" + bytes(size)
        yield "bomb-many", altered(ending, {f"media/{n}.png": part for n in range(count)})
    nested = make_zip({"0.bin": b"0" * (5 * MB)})
    for _depth in range(5):
        yield "bomb-nested", altered(ending, {"media/a.png": nested})
        nested = make_zip({f"{n}.zip": nested for n in range(10)})
    for count in (1001, 2000, 3000):
        yield "too-many-members", altered(ending, {f"m/{n}": b"" for n in range(count)})
    yield "large-directory", altered(ending, {f"{n:0200}": b"" for n in range(1500)})
    yield "overlapping", _overlapping(altered(ending, {f"media/{n}.png": bytes(MB) for n in range(4)}))


def _lies(ending: str, random: Random) -> Iterator[tuple[str, bytes]]:
    base = altered(ending, {})
    places = _directory(base)
    for place in random.sample(places, 5):
        (checksum,) = struct.unpack_from("<L", base, place + 16)
        yield "wrong-crc", _patched(base, place + 16, "<L", checksum ^ 1 << random.randrange(32))
    for place in random.sample(places, 4):
        (size,) = struct.unpack_from("<L", base, place + 24)
        for lie in (0, size // 2, size - 1, size + 1, 2 * size, 0xFFFFFFFE):
            yield "wrong-size", _patched(base, place + 24, "<L", lie)
    for place in random.sample(places, 3):
        (size,) = struct.unpack_from("<L", base, place + 20)
        for lie in (0, size - 1, size + 4000):
            yield "wrong-packed-size", _patched(base, place + 20, "<L", lie)
    for flag in (1, 1 << 6, 1 << 13):
        for place in random.sample(places, 2):
            (flags,) = struct.unpack_from("<H", base, place + 8)
            yield "encrypted", _patched(base, place + 8, "<H", flags | flag)
    for method in (ZIP_BZIP2, ZIP_LZMA):
        yield "strange-packing", make_zip({**members_of(ending)}, method)
    for method in (ZIP_BZIP2, ZIP_LZMA, 99, 1):
        yield "strange-packing", _patched(base, random.choice(places) + 10, "<H", method)
    unpacked = make_zip({**members_of(ending)}, ZIP_STORED)
    yield "strange-packing", _patched(unpacked, _directory(unpacked)[-2] + 10, "<H", 99)


def _names(ending: str) -> Iterator[tuple[str, bytes]]:
    for name in UNSAFE_NAMES:
        yield "unsafe-name", _with_name(altered(ending, {"x" * len(name): b"<a/>"}), name)
    main = MAIN[ending]
    for name in (main.upper(), main.title()):
        yield "double-name", altered(ending, {name: b"<a/>"})
    yield "double-name", _with_name(altered(ending, {"x" * len(main): b"<a/>"}), main)


def _intruders(ending: str, random: Random) -> Iterator[tuple[str, bytes]]:
    folder = MAIN[ending].partition("/")[0]
    for name in ("vbaProject.bin", "VBAPROJECT.BIN", "deep/er/vbaProject.bin"):
        yield "macros", altered(ending, {f"{folder}/{name}": b"Sub AutoOpen()"})
    for word in ("macroEnabled", "vbaProject", "ms-excel.macrosheet"):
        entry = f'<Override PartName="/x.bin" ContentType="application/vnd.{word}+xml"/></Types>'.encode()
        types = members_of(ending)[TYPES].replace(b"</Types>", entry)
        yield "macros", altered(ending, {TYPES: types, "x.bin": b"x"})
    types = members_of(ending)[TYPES].replace(b".main+xml", b".macroEnabled.main+xml")
    yield "macros", altered(ending, {TYPES: types})
    for start in (OLE, b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x00", make_zip({"a": b"a"}), make_zip({})):
        name = f"{folder}/embeddings/oleObject{random.randrange(9)}.bin"
        yield "file-inside", altered(ending, {name: start + random.randbytes(200)})
    yield "file-inside", altered(ending, {f"{folder}/embeddings/a.docx": altered("docx", {})})


def _outlines(ending: str) -> Iterator[tuple[str, bytes]]:
    parts = members_of(ending)
    other = "xlsx" if ending == "docx" else "docx"
    yield "other-format", altered(other, {})
    main_part = MAIN["docx"] if ending == "docx" else "xl/workbook.xml"
    for missing in (TYPES, main_part):
        yield "part-missing", make_zip({name: part for name, part in parts.items() if name != missing})
    yield "part-missing", make_zip({})
    yield "part-missing", make_zip({"a.txt": "a"})
    base = altered(ending, {})
    for junk in (b"MZ\x90\0", b"%PDF-1.7\n", b"\0", b"<html>"):
        yield "junk-before", junk + base
        yield "junk-after", base + junk
    for cut in (1, 21, 22, 500):
        yield "cut-off", base[:-cut]
    types = parts[TYPES]
    for broken in (b"", b"<Types>", types[:-20], types.replace(b"<Override", b"<Over<ride", 1), b"\xff" * 99):
        yield "broken-types", altered(ending, {TYPES: broken})


def _directory(content: bytes) -> list[int]:
    """Return where the entries of the directory begin."""
    place = int.from_bytes(content[-6:-2], "little")
    places = []
    while content[place : place + 4] == b"PK\1\2":
        places.append(place)
        place += 46 + sum(struct.unpack_from("<HHH", content, place + 28))
    return places


def _patched(content: bytes, place: int, form: str, value: int) -> bytes:
    changed = bytearray(content)
    struct.pack_into(form, changed, place, value % (1 << 8 * struct.calcsize(form)))
    return bytes(changed)


def _with_name(content: bytes, name: str) -> bytes:
    """Return the archive with the member "xxx…" renamed in both places: zipfile would clean the name."""
    return content.replace(b"x" * len(name), name.encode())


def _overlapping(content: bytes) -> bytes:
    """Return the archive with several entries that unpack the same bytes."""
    *_others, first, second, third = _directory(content)
    (offset,) = struct.unpack_from("<L", content, first + 42)
    for place in (second, third):
        content = _patched(content, place + 42, "<L", offset)
    return content
