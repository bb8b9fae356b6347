"""Texts and pages that are none, or are out to harm their reader."""

import gzip
from collections.abc import Iterator
from random import Random

from measures.exchange.fixtures import AKR_DOCUMENT
from tests.make_files import SAMPLES, make_zip

from .hostile_archives import DATA, OLE, Hostile
from .polyglots import EXE, GIF

TEXT = AKR_DOCUMENT.read_text(encoding="utf-8")
PAGE = (DATA / "akr.html").read_bytes()
KINDS = {
    "pdf": SAMPLES["pdf"] + b"\0",
    "png": SAMPLES["png"],
    "jpg": SAMPLES["jpg"],
    "odt": SAMPLES["odt"],
    "exe": EXE,
    "gif": GIF,
    "gz": gzip.compress(b"a" * 100, mtime=0) + b"\0",
    "zip": make_zip({"a": "b"}),
    "ole": OLE + bytes(1000),
    "encrypted": OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500),
    "sqlite": b"SQLite format 3\0" + bytes(100),
}
OTHER_ENDINGS = (
    *("xls", "doc", "xlsm", "docm", "xlsb", "ods", "odt", "pdf", "zip", "docx.exe", "svg", "json"),
    "",
)
REPEATED = (
    *("<", "**", "&", "(", "[", "1.", "– ", "* ", "<!--", "</", "&#", "<b", "{", "| ", "1.1.1. "),
    "__",
)
ENTITIES = ('<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><html>&a;', "<html>&#xD800;&#1114112;&#0;")
MB = 1024 * 1024


def hostile_texts(random: Random) -> Iterator[Hostile]:
    """Yield what the guard has to refuse, kind by kind."""
    for ending in ("docx", "xlsx", "html", "txt", "md", "csv"):
        for kind, content in KINDS.items():
            yield Hostile(f"{kind}-renamed", ending, content)
        for content in (b"", b" ", b"\n" * 1000, b"\t \r\n" * 1000):
            yield Hostile("empty", ending, content)
        yield Hostile("too-large", ending, b"Tekstas \n" * (10 * MB // 9 + 1))
    for ending in OTHER_ENDINGS:
        yield Hostile("strange-ending", ending, TEXT.encode())
        yield Hostile("strange-ending", ending, (DATA / "akr.docx").read_bytes())
    for ending in ("html", "txt", "md"):
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"):
            yield Hostile("wide-letters", ending, TEXT.encode(encoding))
        for _time in range(3):
            place = random.randrange(len(TEXT))
            yield Hostile("nul", ending, f"{TEXT[:place]}\0{TEXT[place:]}".encode())
        yield Hostile("long-line", ending, b"<p>" + b"a" * (5 * MB))
        yield Hostile("long-line", ending, TEXT.encode() + b"\n" + b"1. " * (2 * MB))
        yield Hostile("long-line", ending, TEXT.replace("\n", "\r").encode() * 100)
        for tag in ("div", "b", "table><tr><td", "ul><li", "font", "blockquote", "nera"):
            for depth in (100, 5000, 400_000):
                yield Hostile("deep-page", ending, f"<html><body>{f'<{tag}>' * depth}".encode())
        yield Hostile("many-tags", ending, b"<html><body>" + b"<p>a\n" * 510_000)
        yield Hostile("many-tags", ending, b"<html><body>" + b"<br/>\n" * 510_000)


def strange_texts() -> Iterator[Hostile]:
    """Yield what is text, but no plan or hardly to be read: a reader refuses it, or its limits end it."""
    for encoding in ("latin-1", "cp1257", "cp1252", "iso-8859-13"):
        for ending in ("txt", "md"):
            yield Hostile("other-letters", ending, TEXT.encode(encoding, "replace"))
    for hurt in (b"\xed\xa0\x80", b"\xff", b"\xc0\xaf", b"\xf8\x88\x80\x80\x80", b"\x80"):
        for ending in ("txt", "html"):
            base = TEXT.encode() if ending == "txt" else PAGE
            yield Hostile("no-utf-8", ending, base[:3000] + hurt + base[3000:])
    for named in ("utf-16", "base64", "nera-tokios", "rot13", "undefined", "hex", "zlib", "mbcs"):
        page = f'<!DOCTYPE html><html><head><meta charset="{named}"></head><body>{TEXT[:2000]}'
        yield Hostile("strange-charset", "html", page.encode())
    for named in ("punycode", "idna", "utf-7", "unicode_escape", "raw_unicode_escape"):
        page = f'<!DOCTYPE html><html><head><meta charset="{named}"></head><body>\n'
        yield Hostile("strange-charset", "html", page.encode() + b"abc-+2AA-\\ud800 \n" * 20_000)
    for piece in REPEATED:
        for count in (1000, 60_000, 300_000):
            text = f"1 uždavinys\n{piece * count}"
            yield Hostile("one-sign", "txt", text.encode())
            yield Hostile("one-sign", "html", f"<html><body>{text}".encode())
    for attribute in ('colspan="999999999"', 'rowspan="-1"', 'colspan="1e9"', 'rowspan="٣"', 'colspan="50"'):
        cell = f"<td {attribute}>a</td>\n"
        yield Hostile("spans", "html", f"<html><table><tr>{cell * 2000}</table>".encode())
        yield Hostile("spans", "html", f"<html><table>{f'<tr>{cell}</tr>' * 5000}</table>".encode())
    for text in ENTITIES:
        yield Hostile("page-entities", "html", text.encode())
    for size in (1, 3, 9):
        yield Hostile("endless-text", "txt", ("1 uždavinys. Žodis\n" * (size * MB // 20)).encode())
        yield Hostile("endless-page", "html", b"<html>" + b"<p>1.1. Priemone\n" * (size * MB // 20))
