"""Reads the codes of KRSS2030 with their titles from a file and writes them, all or nothing.

The file has a row of headings: kodas, pavadinimas and, if wanted, rūšis. Codes that are not in the file stay
as they are. The same file a second time changes nothing.
"""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from akr_plan.text import fold

from ..enums import CodeKind
from ..models import StrategyCode, StrategyDirection
from ..models.strategy import PARTS_OF_KIND
from ..validators import CODE_PATTERN
from .code_file import Cell, NotText, Sheet, read_sheets

# Headings and words as files of this kind write them, whatever language the program speaks; folded.
CODE, TITLE, KIND = "kodas", "pavadinimas", "rusis"
HEADINGS = {CODE: "kodas", TITLE: "pavadinimas", KIND: "rūšis"}
KIND_WORDS = {"priemone": CodeKind.MEASURE, "veiksmas": CodeKind.ACTION}
KIND_OF_PARTS = {parts: kind for kind, parts in PARTS_OF_KIND.items()}
# The plan writes codes as „KRSS2030 I.1.4.1.“
AROUND_CODE = re.compile(r"\AKRSS\s?2030\s+|\.\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file something stands; sheet and column may be empty."""

    sheet: str
    row: int
    column: str = ""

    @property
    def words(self) -> str:
        """Return the place as it is written inside a sentence."""
        parts = [
            _("sheet “%(sheet)s”") % {"sheet": self.sheet} if self.sheet else "",
            _("row %(row)d") % {"row": self.row},
            _("column “%(column)s”") % {"column": self.column} if self.column else "",
        ]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        return self.words[0].upper() + self.words[1:]


class CodesError(Exception):
    """The file has faults; `faults` tells all of them, each with its place. Nothing was written."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(self.faults)


@dataclass(frozen=True, slots=True)
class CodesImported:
    """Which codes an import has added, given another title, and left as they were."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@transaction.atomic
def import_codes(name: str, content: bytes) -> CodesImported:
    """Write the codes of a file. Raises CodeFileError if it can't be opened, CodesError if it has faults."""
    known = {code.code: code for code in StrategyCode.objects.all()}
    directions = {direction.code: direction for direction in StrategyDirection.objects.all()}
    reading = _Reading(directions)
    for sheet in read_sheets(name, content):
        reading.read(sheet)
    if reading.faults:
        raise CodesError(reading.faults)
    added, changed, unchanged = [], [], []
    for code, row in reading.codes.items():
        if code not in known:
            added.append(code)
            _save(row)
        elif known[code].title != row.title:
            changed.append(code)
            known[code].title = row.title
            _save(known[code])
        else:
            unchanged.append(code)
    return CodesImported(tuple(added), tuple(changed), tuple(unchanged))


def _save(row: StrategyCode) -> None:
    """Save, and let history say how the row came about."""
    row._change_reason = _("Import")  # type: ignore[attr-defined] # simple-history reads it
    row.save()


@dataclass(slots=True)
class _Reading:
    """Collects the codes of a file, and all that is wrong with it."""

    directions: Mapping[str, StrategyDirection]
    codes: dict[str, StrategyCode] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def read(self, sheet: Sheet) -> None:
        """Take the codes of a sheet; without the headings nothing else of it can be understood."""
        (heading_row, cells), *rows = sheet.rows
        columns = self._columns(Place(sheet.name, heading_row), cells)
        if columns is None:
            return
        if not rows:
            self._fault(Place(sheet.name, heading_row), _("there is nothing under the headings."))
        for number, row in rows:
            self._read_row(Place(sheet.name, number), columns, row)

    def _columns(self, place: Place, cells: tuple[Cell, ...]) -> list[str] | None:
        """Return the folded heading of each column, or None if they can't be read."""
        before = len(self.faults)
        columns = [fold(cell) if isinstance(cell, str) else "" for cell in cells]
        for position, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            shown = cell.shown if isinstance(cell, NotText) else cell
            if cell and column not in HEADINGS:
                self._fault(place, _("there is no column “%(column)s” to read.") % {"column": shown})
            elif column and column in columns[:position]:
                self._fault(place, _("the column “%(column)s” is there twice.") % {"column": shown})
        for required in (CODE, TITLE):
            if required not in columns:
                self._fault(place, _("the column “%(column)s” is missing.") % {"column": HEADINGS[required]})
        return columns if len(self.faults) == before else None

    def _read_row(self, place: Place, columns: list[str], cells: tuple[Cell, ...]) -> None:
        texts = dict.fromkeys(HEADINGS, "")
        unread = set()
        before = len(self.faults)
        for position, cell in enumerate(cells):
            heading = columns[position] if position < len(columns) else ""
            at = Place(place.sheet, place.row, HEADINGS.get(heading, ""))
            if cell and not heading:
                self._fault(at, _("cell %(n)d of the row stands under no heading.") % {"n": position + 1})
            elif isinstance(cell, NotText):
                message = _(
                    "the cell holds %(kind)s (%(value)s) instead of text. "
                    "Format the cell as “Text” and type the value anew."
                )
                self._fault(at, message % {"kind": cell.kind, "value": cell.shown})
                unread.add(heading)
            elif heading:
                texts[heading] = cell
        row = self._check(place, texts, unread)
        if len(self.faults) == before:
            row.direction = self.directions[row.code.split(".")[0]]
            self.codes[row.code] = row

    def _check(self, place: Place, texts: Mapping[str, str], unread: Container[str]) -> StrategyCode:
        """Return the code of a row, and tell all that is wrong with it except in columns left unread."""
        code = AROUND_CODE.sub("", texts[CODE])
        row = StrategyCode(code=code, title=texts[TITLE], kind=_kind_of(code) or "")
        faults = [
            *self._faults_of_code(code),
            *_faults_of_title(row),
            *_faults_of_kind(code, texts[KIND]),
        ]
        if code in self.places:
            message = _("the code %(code)s is there already: %(place)s.")
            faults.append((CODE, message % {"code": code, "place": self.places[code].words}))
        for column, message in faults:
            if column not in unread:
                self._fault(Place(place.sheet, place.row, HEADINGS[column]), message)
        if code:
            self.places.setdefault(code, place)
        return row

    def _faults_of_code(self, code: str) -> Iterator[tuple[str, str]]:
        match = CODE_PATTERN.fullmatch(code)
        if not code:
            yield CODE, _("the code is missing.")
        elif not match:
            yield (
                CODE,
                _("“%(code)s” is no code. Write I–V and three or four numbers with dots, such as I.1.4.1.")
                % {"code": code},
            )
        elif match["direction"] not in self.directions:
            yield CODE, _("there is no direction %(direction)s.") % {"direction": match["direction"]}

    def _fault(self, place: Place, message: str) -> None:
        self.faults.append(f"{place}: {message}")


def _kind_of(code: str) -> CodeKind | None:
    """Return what a code of so many parts names, or None if it is no code."""
    return KIND_OF_PARTS[code.count(".") + 1] if CODE_PATTERN.fullmatch(code) else None


def _faults_of_kind(code: str, word: str) -> Iterator[tuple[str, str]]:
    if not word:
        return
    kind = KIND_WORDS.get(fold(word))
    if kind is None:
        yield KIND, _("“%(word)s” is no kind. Write “priemonė” or “veiksmas”, or nothing.") % {"word": word}
    elif _kind_of(code) not in (None, kind):
        yield KIND, _("a code of four parts is a “priemonė”, one of five parts a “veiksmas”.")


def _faults_of_title(row: StrategyCode) -> Iterator[tuple[str, str]]:
    if not row.title:
        yield TITLE, _("the title is missing.")
    elif any(ord(character) < ord(" ") for character in row.title):
        yield TITLE, _("the title has characters that can't be shown.")
    try:
        row.clean_fields(exclude=["code", "kind", "direction"])
    except ValidationError as error:
        if row.title:
            yield from ((TITLE, message) for message in error.message_dict["title"])
