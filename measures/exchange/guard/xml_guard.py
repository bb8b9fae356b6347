"""Looks through the XML inside an office document as a stream: nothing is built, and no entity is opened."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers.expat import ParserCreate

from django.utils.translation import gettext as _

from .refusal import FileRefusedError, has_long_run

MAX_PART = 20 * 1024**2
MAX_ELEMENTS = 500_000
MAX_DEPTH = 200
MAX_ROW = 20_000
MAX_COLUMN = 200
MAX_FORMATS = 10_000
MAX_MERGED = 200_000
# From one "<" to the next: an element's attributes and the text after them; Excel has 32 767 letters at most.
MAX_RUN = 1_000_000

_XML_START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<\0?[a-z!?/_]", re.IGNORECASE)
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.ASCII)


def looks_like_xml(name: str, part: bytes) -> bool:
    """Return whether a reader could take a member for XML; Excel's old drawings (.vml) are often none."""
    name = name.lower()
    return name.endswith((".xml", ".rels")) or (not name.endswith(".vml") and bool(_XML_START.match(part)))


@dataclass(slots=True)
class PartGuard:
    """Checks the parts of one document, with one account of elements and merged cells for all of them."""

    is_workbook: bool
    _elements: int = 0
    _merged: int = 0
    _formats: int = 0
    _depth: int = 0
    _row: int = 0
    _column: int = 0
    _part: str = ""
    _checks: dict[str, Callable[[dict[str, str]], None]] = field(init=False)

    def __post_init__(self) -> None:
        self._checks = {
            "row": self._check_row,
            "c": self._check_cell,
            "mergeCell": self._check_merged,
            "xf": self._check_format,
            "Relationship": self._check_relation,
        }

    def check(self, name: str, part: bytes) -> None:
        """Raise FileRefusedError or ExpatError unless the part is harmless, well-formed XML."""
        self._part, self._depth, self._row, self._column = name, 0, 0, 0
        if len(part) > MAX_PART or has_long_run(part, b"<", MAX_RUN):
            self._refuse_size()
        parser = ParserCreate(namespace_separator="}")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.Parse(part, True)

    def _doctype(self, *_declared: object) -> NoReturn:
        message = _(
            "The file has a document type or entities of its own (%(part)s), which no office program writes. "
            "Open it in Word or Excel and save it anew."
        )
        raise FileRefusedError(message % {"part": self._part})

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MAX_ELEMENTS or self._depth > MAX_DEPTH:
            self._refuse_size()
        if self.is_workbook and (check := self._checks.get(tag.rpartition("}")[2])):
            check(attributes)

    def _end(self, _tag: str) -> None:
        self._depth -= 1

    def _refuse_size(self) -> NoReturn:
        message = _(
            "There is too much inside the file, or too deep one in another (%(part)s). "
            "Copy only what has to be imported to a new file."
        )
        raise FileRefusedError(message % {"part": self._part})

    def _check_row(self, attributes: dict[str, str]) -> None:
        """Note where the row stands: an empty one may be anywhere, LibreOffice likes to write the last."""
        self._row = int(attributes.get("r", self._row + 1))
        self._column = 0

    def _check_cell(self, attributes: dict[str, str]) -> None:
        if reference := attributes.get("r"):
            self._row, self._column = _place(reference)
        else:
            self._column += 1
        if self._row > MAX_ROW or self._column > MAX_COLUMN:
            self._refuse_far(reference or f"R{self._row}C{self._column}")

    def _refuse_far(self, cell: str) -> NoReturn:
        message = _(
            "%(part)s: cell %(cell)s is too far out. Only %(rows)d rows and %(columns)d columns are read: "
            "delete the rows and columns beyond the table, save the workbook and try again."
        )
        raise FileRefusedError(
            message % {"part": self._part, "cell": cell, "rows": MAX_ROW, "columns": MAX_COLUMN}
        )

    def _check_merged(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("ref", "")
        first, _colon, last = reference.partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        if max(top, bottom) > MAX_ROW or max(left, right) > MAX_COLUMN:
            self._refuse_far(reference)
        self._merged += (abs(bottom - top) + 1) * (abs(right - left) + 1)
        if self._merged > MAX_MERGED:
            self._refuse_size()

    def _check_format(self, _attributes: dict[str, str]) -> None:
        self._formats += 1
        if self._formats > MAX_FORMATS:
            message = _(
                "The workbook has more than %(limit)d formats of cells. Copy the table to a new workbook, "
                "values only, and save that."
            )
            raise FileRefusedError(message % {"limit": MAX_FORMATS})

    def _check_relation(self, attributes: dict[str, str]) -> None:
        is_link = attributes.get("Type", "").endswith("/hyperlink")
        if attributes.get("TargetMode", "").lower() == "external" and not is_link:
            message = _(
                "The workbook refers to another file (%(target)s). Remove what refers to it, save the "
                "workbook and try again."
            )
            raise FileRefusedError(message % {"target": attributes.get("Target", "")[:200]})


def _place(reference: str) -> tuple[int, int]:
    """Return row and column of a cell such as B7, from 1; raises ValueError if it is none."""
    match = _REFERENCE.fullmatch(reference.upper())
    if not match:
        raise ValueError(reference[:20])
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column
