"""What a work sheet looks like as a file, said once for those who write it and those who read it.

Headings and names of sheets are words of the file: they stay Lithuanian in whatever language the program is
used, so that a sheet that was sent round can be read again. A cell "–" says "empty", a blank one "unchanged".
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import cache

from django.utils import translation

from akr_plan.file_text import xml_text

from ...enums import Status

FORMAT = "1"
SHEET, ABOUT_SHEET = "Darbo lentelė", "Duomenys"
PLAN_LABEL, VARIANT_LABEL, FORMAT_LABEL, MADE_LABEL = "Planas", "Variantas", "Formatas", "Parengta"
PROGRESS_VARIANT, PLAN_VARIANT = "pazanga", "planas"

NOTHING = "–"
DASHES = frozenset({NOTHING, "-", "—"})
MAX_TEXT = 10_000
MAX_ROWS = 10_000
# What the database can hold.
MAX_SLUG, MAX_KEY, MAX_VERSION = 50, 30, 2**31 - 1


class Kind(Enum):
    """What a cell holds."""

    TEXT = auto()
    STATUS = auto()
    PERCENT = auto()
    YEAR = auto()
    DAY = auto()
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` is the field of a row, `width` that of Excel.

    Typed columns are filled in by people and come back; of those, the ones that may not be empty refuse "–".
    """

    name: str
    heading: str
    width: float
    kind: Kind = Kind.TEXT
    is_typed: bool = False
    may_be_empty: bool = True
    is_hidden: bool = False


KEY = Column("key", "Raktas", 12, is_hidden=True)
VERSION = Column("version", "Versija", 8, Kind.NUMBER, is_hidden=True)
_NUMBER = Column("number", "Nr.", 7)
_TITLE = Column("title", "Veiksmas", 26)
_ABOUT = (
    Column("period", "Terminas", 12),
    Column("owner", "Atsakingas", 16),
    Column("note", "Ankstesnis įrašas", 28),
)
_PROGRESS = (
    Column("status", "Būsena", 13, Kind.STATUS, is_typed=True, may_be_empty=False),
    Column("percent", "Pažanga, %", 10, Kind.PERCENT, is_typed=True),
    Column("comment", "Kas padaryta", 36, is_typed=True),
    Column("correction", "Siūloma korekcija", 28, is_typed=True),
)
_PLAN = (
    Column("text", "Rezultato tekstas", 40, is_typed=True, may_be_empty=False),
    Column("sub_items", "Papunkčiai", 28),
    Column("first_year", "Pradžios metai", 9, Kind.YEAR, is_typed=True),
    Column("last_year", "Pabaigos metai", 9, Kind.YEAR, is_typed=True),
    Column("deadline", "Galutinė data", 12, Kind.DAY, is_typed=True),
    Column("condition", "Sąlyga", 26, is_typed=True),
)
_PROGRESS_COLUMNS = (
    *(_NUMBER, _TITLE, Column("description", "Planuojama veikla / rezultatas", 40)),
    *(*_ABOUT, *_PROGRESS, KEY, VERSION),
)
_PLAN_COLUMNS = (_NUMBER, _TITLE, *_PLAN, *_ABOUT, *_PROGRESS, KEY, VERSION)


@dataclass(frozen=True, slots=True)
class OutRow:
    """A planned result as its row shows it, all texts ready; the names are those of the columns.

    description: text and sub-items; note: what was last reported; status is a value of `Status`, years and
    percent are whole numbers. Comment and correction are for those who fill the sheet in.
    """

    key: str
    version: int
    number: str
    title: str
    description: str
    text: str
    sub_items: str
    period: str
    first_year: int | None
    last_year: int | None
    deadline: date | None
    condition: str
    owner: str
    note: str
    status: str
    percent: int | None
    comment: str = ""
    correction: str = ""


def columns_of(*, is_plan_variant: bool) -> tuple[Column, ...]:
    """Return the columns in their order; in the coordinator's variant the plan's own text can be typed."""
    return _PLAN_COLUMNS if is_plan_variant else _PROGRESS_COLUMNS


@cache
def status_labels() -> dict[Status, str]:
    """Return how a work sheet calls each status."""
    with translation.override("lt"):
        return {status: str(status.label) for status in Status}


def as_typed(text: str) -> str:
    """Return a text of the plan as a typed cell holds it.

    Blank, which says "unchanged", for a text that would be refused or taken for "empty" on its way back.
    """
    text = xml_text(text)
    return "" if len(text) > MAX_TEXT or text.strip() in DASHES else text
