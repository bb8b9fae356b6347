"""Opens a Word document, which may be hostile: only its few parts of text are unpacked, and only so much.

What a part refers to (pictures, other files, web addresses) is never opened, and an XML entity is refused.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from ...enums import FileType
from ...evidence.content import MACROS, MALFORMED, OLD_OR_PROTECTED, PROTECTED, ContentError, check_content
from .notices import NoticeLog, Place
from .styles import Role
from .text import collapse, has_words

MAX_BYTES = 10 * 1024 * 1024
MAX_PART = 20 * 1024 * 1024

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class ListLevel:
    """A level of a list: what Word writes before its items, and whether that is a number."""

    sign: str
    is_numbered: bool


@dataclass(frozen=True, slots=True)
class WordFile:
    """The text of a Word document with what its references mean.

    styles: names by the ids of styles; lists: the list that a style puts its paragraphs in; links: addresses
    by the ids of relationships; levels: by list and level; comments: their words by id; margins: the words of
    each page header and footer that has some of its own.
    """

    body: Element
    links: dict[str, str] = field(default_factory=dict)
    styles: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, int]] = field(default_factory=dict)
    levels: dict[tuple[str, int], ListLevel] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    margins: tuple[str, ...] = ()


def open_word_file(content: bytes, log: NoticeLog) -> WordFile:
    """Return the parts of the document that hold text. Raises DocumentError if it is none."""
    if len(content) > MAX_BYTES:
        message = _("The document is larger than %(limit)d MB. Save the plan alone, without pictures.")
        log.error("too-large", Place(1), message, limit=MAX_BYTES // 1024**2)
        log.raise_errors()
    try:
        check_content(content, FileType.DOCX)
        with ZipFile(BytesIO(content)) as archive:
            return _read(archive)
    except ContentError as error:
        log.error("no-word-file", Place(1), _refusal(error))
    except (AttributeError, RecursionError, StopIteration, *MALFORMED):
        log.error("no-word-file", Place(1), _damaged())
    log.raise_errors()
    raise AssertionError


def _refusal(error: ContentError) -> str:
    if error.template is MACROS:
        return _("The document has macros. Save it as a Word document without macros (.docx).")
    if error.template in (OLD_OR_PROTECTED, PROTECTED):
        return _(
            "The document has a password or is of an old kind. "
            "Save it as a Word document (.docx) without a password."
        )
    return _damaged()


def _damaged() -> str:
    return _("The file is no whole Word document. Open it in Word and save it anew as .docx.")


def _read(archive: ZipFile) -> WordFile:
    main = next(
        target for kind, target in _relations(archive, "").values() if kind.endswith("/officeDocument")
    )
    relations = _relations(archive, main)
    parts = {kind.rpartition("/")[2]: target for kind, target in relations.values()}
    body = _part(archive, main).find(f"{W}body")
    if body is None:
        raise ValueError
    links = {name: target for name, (kind, target) in relations.items() if kind.endswith("/hyperlink")}
    styles = list(_part(archive, parts["styles"]).iter(f"{W}style")) if "styles" in parts else []
    names = {style.get(f"{W}styleId", ""): value(style, "name") for style in styles}
    levels = _levels(_part(archive, parts["numbering"])) if "numbering" in parts else {}
    comments = _part(archive, parts["comments"]).iter(f"{W}comment") if "comments" in parts else []
    margins = [
        _words_of_margin(_part(archive, target), names)
        for kind, target in relations.values()
        if kind.endswith(("/header", "/footer"))
    ]
    return WordFile(
        body,
        links,
        names,
        dict(_lists(styles)),
        levels,
        {comment.get(f"{W}id", ""): _words_of(comment) for comment in comments},
        tuple(dict.fromkeys(filter(has_words, margins))),
    )


def _words_of(part: Element) -> str:
    """Return the words of a part in one line."""
    paragraphs = ("".join(text.text or "" for text in p.iter(f"{W}t")) for p in part.iter(f"{W}p"))
    return collapse(" ".join(paragraphs))


def _words_of_margin(margin: Element, styles: dict[str, str]) -> str:
    """Return what a header or footer says itself: numbers of pages are fields, and our own are remarks."""
    paragraphs = (
        "".join(_outside_fields(paragraph))
        for paragraph in margin.iter(f"{W}p")
        if styles.get(value(paragraph, "pPr/pStyle")) != Role.REMARK.value
    )
    return collapse(" ".join(paragraphs))


def _outside_fields(paragraph: Element) -> Iterator[str]:
    in_simple = {id(text) for simple in paragraph.iter(f"{W}fldSimple") for text in simple.iter(f"{W}t")}
    depth = 0
    for element in paragraph.iter():
        if element.tag == f"{W}fldChar":
            depth += {"begin": 1, "end": -1}.get(element.get(f"{W}fldCharType", ""), 0)
        elif element.tag == f"{W}t" and depth <= 0 and id(element) not in in_simple:
            yield element.text or ""


def _relations(archive: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return kind and target of each relationship of a part; a target inside is the name of a member."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.namelist():
        return {}
    relations = {}
    for item in _part(archive, path).iter(_RELATION):
        target = item.get("Target", "")
        if item.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        relations[item.get("Id", "")] = (item.get("Type", ""), target)
    return relations


def _part(archive: ZipFile, name: str) -> Element:
    """Return a part, which may not be larger than any plan is."""
    with archive.open(name) as member:
        content = member.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise ValueError
    part: Element = fromstring(content, forbid_dtd=True)
    return part


def value(element: Element | None, path: str, default: str = "") -> str:
    """Return the value of a setting below the element, such as the name of its style."""
    found = None if element is None else element.find("/".join(W + step for step in path.split("/")))
    return default if found is None else found.get(f"{W}val", default)


def _lists(styles: list[Element]) -> Iterator[tuple[str, tuple[str, int]]]:
    """Yield the list of each style that has one, its own or that of the style it is based on."""
    by_id = {style.get(f"{W}styleId", ""): style for style in styles}
    for name, style in by_id.items():
        seen: set[str] = set()
        base, above = name, style
        while above is not None and base not in seen:
            seen.add(base)
            if above.find(f"{W}pPr/{W}numPr") is not None:
                yield name, list_of(above.find(f"{W}pPr/{W}numPr"))
                break
            base = value(above, "basedOn")
            above = by_id.get(base)  # type: ignore[assignment]


def list_of(settings: Element | None) -> tuple[str, int]:
    """Return list and level of a paragraph's or style's settings."""
    level = value(settings, "ilvl", "0")
    return value(settings, "numId"), int(level) if level.isdecimal() and len(level) < 3 else 0


def _levels(numbering: Element) -> dict[tuple[str, int], ListLevel]:
    kinds = {item.get(f"{W}abstractNumId"): item for item in numbering.iter(f"{W}abstractNum")}
    levels = {}
    for item in numbering.findall(f"{W}num"):
        kind = kinds.get(value(item, "abstractNumId"))
        for level in () if kind is None else kind.findall(f"{W}lvl"):
            number = level.get(f"{W}ilvl", "0")
            is_numbered = value(level, "numFmt", "decimal") not in ("bullet", "none")
            key = (item.get(f"{W}numId", ""), int(number) if number.isdecimal() and len(number) < 3 else 0)
            levels[key] = ListLevel(value(level, "lvlText"), is_numbered)
    return levels
