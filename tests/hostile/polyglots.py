"""Fifty files that are two things at once, or something else than they say."""

from itertools import product
from zipfile import ZIP_STORED

from tests.make_files import (
    DOCX_MAIN,
    SAMPLES,
    XLSX_MAIN,
    content_types,
    make_chunk,
    make_docx,
    make_jpg,
    make_odt,
    make_pdf,
    make_png,
    make_segment,
    make_xlsx,
    make_zip,
)

HTML = b"<!DOCTYPE html><html><body><script>alert(document.cookie)</script></body></html>"
SCRIPT = b"/*\xff*/=alert(1)//"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
GIF = b"GIF89a/*\x00\x00*/=1;alert(1)//;"
EXE = b"MZ\x90\0" + bytes(60) + b"PE\0\0"
PHP = b"<?php system($_GET['c']); ?>"
SHELL = b"#!/bin/sh\nid\n"
MHTML = b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + HTML
INTRUDERS = {"html": HTML, "svg": SVG, "gif": GIF, "exe": EXE, "php": PHP, "sh": SHELL, "mhtml": MHTML}

# Something else with an allowed extension: all six are tried with three of the intruders.
RENAMED = [
    (f"{intruder}.{kind}", INTRUDERS[intruder]) for kind, intruder in product(SAMPLES, ("html", "svg", "exe"))
]

WOVEN = [
    # Before, after and inside a PDF
    ("html-before.pdf", HTML + make_pdf()),
    ("line-before.pdf", b"\n" + make_pdf()),
    ("script-before.pdf", b"/*" + make_pdf() + b"*/alert(1)"),
    ("html-after.pdf", make_pdf() + HTML),
    ("html-far-after.pdf", make_pdf() + HTML * 50),
    ("html-inside.pdf", make_pdf(HTML)),
    ("script-inside.pdf", make_pdf(b"<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>")),
    ("zip-after.pdf", make_pdf() + make_zip({"a.html": HTML})),
    ("docx-after.pdf", make_pdf() + make_docx()),
    ("docx-inside.pdf", make_pdf(make_docx())),
    ("html-comment.pdf", b"%PDF-1.7 <!--\n--> " + HTML + b"\n%%EOF"),
    # Pictures
    ("html-after.png", make_png() + HTML),
    ("html-inside.png", make_png(make_chunk(b"tEXt", b"Comment\0" + HTML))),
    ("php-inside.png", make_png(make_chunk(b"iTXt", PHP))),
    ("zip-after.png", make_png() + make_zip({"a": "b"})),
    ("huge.png", make_png().replace(b"\0\0\0\1\0\0\0\1", b"\x7f\xff\xff\xff\x7f\xff\xff\xff", 1)),
    ("html-before.png", HTML + make_png()),
    ("script-inside.jpg", make_jpg(make_segment(0xFE, SCRIPT))),
    ("gif-in-comment.jpg", make_jpg(make_segment(0xFE, GIF))),
    ("html-in-exif.jpg", make_jpg(make_segment(0xE1, b"Exif\0\0" + HTML))),
    ("html-after.jpg", make_jpg() + HTML),
    ("zip-after.jpg", make_jpg() + make_zip({"a": "b"})),
    ("php-after.jpg", make_jpg() + PHP),
    ("script-length.jpg", b"\xff\xd8\xff\xe0\x2f\x2a" + SCRIPT),
    ("gif.jpg", GIF),
    # Archives
    ("html-after.docx", make_docx() + HTML),
    ("html-before.docx", HTML + make_docx()),
    ("html-in-front.docx", b"PK\x03\x04" + HTML + make_docx()),
    ("html-as-member.docx", make_docx({"index.html": HTML})),
    ("stored-html.docx", make_zip({"[Content_Types].xml": HTML, "index.html": HTML}, ZIP_STORED)),
    ("climbing.docx", make_docx({"../../../../tmp/evil": b"x", "/etc/evil": b"x", "C:\\evil": b"x"})),
    ("odt-as-well.docx", make_docx({"mimetype": "application/vnd.oasis.opendocument.text"})),
    ("docx.xlsx", make_docx()),
    ("xlsx.docx", make_xlsx()),
    ("docx.zip", make_docx()),
    (
        "both.xlsx",
        make_zip(
            {
                "[Content_Types].xml": content_types({"a.xml": XLSX_MAIN, "b.xml": DOCX_MAIN}),
                "a.xml": "",
                "b.xml": "",
            }
        ),
    ),
    ("vba.docx", make_docx({"word/vbaProject.bin": EXE})),
    ("jar.docx", make_docx({"META-INF/MANIFEST.MF": "Main-Class: Evil", "Evil.class": b"\xca\xfe\xba\xbe"})),
    ("html.odt", make_odt(mimetype="text/html")),
    ("script.odt", make_odt({"Scripts/python/evil.py": "import os"})),
    ("docx-as-well.odt", make_odt({"[Content_Types].xml": content_types({"content.xml": DOCX_MAIN})})),
    ("crx.docx", b"Cr24\2\0\0\0" + make_docx()),
    ("nested.xlsx", make_xlsx({"xl/embeddings/evil.docx": make_docx({"index.html": HTML})})),
]

POLYGLOTS = RENAMED + WOVEN
