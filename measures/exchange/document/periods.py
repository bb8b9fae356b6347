"""Read the period of a planned result: its years, with typing slips put right and told."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from measures.exchange.document.notices import NoticeLog, Place

# A year this far outside the plan's years is no period but a slip.
MAX_YEARS_OUTSIDE = 10

YEAR = r"[0-9]{4,5}"
# "m." is the usual word for a year; the others are forms of "metai".
UNIT = r"(?:\s?m\b\.?|\s?met(?:ai|ais|ams|us|ų|uose)\b)"
# A year alone in parentheses belongs to a name as often as not: it is no period.
PERIOD = re.compile(
    rf"(?<![\w–—-])(?!\({YEAR}\))(?P<open>\()?"
    rf"(?:iki\s(?P<until>{YEAR})(?P<day>-[0-9]{{2}}-[0-9]{{2}})?{UNIT}?"
    rf"|(?P<since>nuo\s)?(?P<first>{YEAR})(?P<unit>{UNIT})?"
    rf"(?:\s?(?P<dash>[–—-])\s?(?:(?P<last>{YEAR}){UNIT}?)?"
    rf"|(?P<joint>\s?/\s?|\s(?:ir|iki)\s)(?P<second>{YEAR}){UNIT}?)?)"
    r"(?(open)\))[.,;]*\Z",
    re.IGNORECASE,
)
# What stands before a period shows that it may be the end of more.
_MORE_BEFORE = re.compile(r"\b[0-9]{4}\s?(?:m\.)?\s?(?:[,/]|\b(?:ir|iki))\Z", re.IGNORECASE)
_BEGINNING_BEFORE = re.compile(r"\bnuo\s[0-9]{4}\b[^;]{0,30}\Z", re.IGNORECASE)
_YEAR_NEAR_END = re.compile(r"\b20[0-9]{2,3}\b[^;]{0,25};?\s*\Z")


@dataclass(frozen=True, slots=True)
class Period:
    """A first and a last year, None if unknown or open, and the words that tell them."""

    first_year: int | None
    last_year: int | None
    as_written: str


@dataclass(frozen=True, slots=True)
class PeriodReader:
    """Reads what PERIOD found; the years are the plan's."""

    first_year: int
    last_year: int
    log: NoticeLog

    def read(self, match: re.Match[str], place: Place) -> Period:
        """Return the period; years that can't be are errors."""
        as_written = match[0]
        end = match["last"] or match["second"] or match["until"]
        first = self._read_year(match["first"], as_written, place) if match["first"] else None
        last = self._read_year(end, as_written, place) if end else None
        if not (end or match["dash"] or match["since"]):
            last = first
        if match["day"]:
            message = _(
                "Line %(line)d, %(number)s: of the period “%(text)s” only the year is kept. "
                "Set the deadline in the plan afterwards."
            )
            self.log.warn("period-day", place, message, as_written)
        checked = last or first
        if checked and not self._is_near(checked):
            message = _(
                "Line %(line)d, %(number)s: the period “%(text)s” is far from the plan’s years. Correct it."
            )
            self.log.error("period-outside", place, message, as_written)
        if first and last and last < first:
            message = _("Line %(line)d, %(number)s: the period “%(text)s” ends before it begins. Correct it.")
            self.log.error("period-reversed", place, message, as_written)
        return Period(first, last, as_written)

    def is_length(self, match: re.Match[str]) -> bool:
        """Say whether what looks like a year with "m." counts metres instead."""
        is_single = match["unit"] and not (match["dash"] or match["joint"] or match["since"])
        return bool(is_single) and not self._is_near(int(match["first"]))

    def _is_near(self, year: int) -> bool:
        return self.first_year - MAX_YEARS_OUTSIDE <= year <= self.last_year + MAX_YEARS_OUTSIDE

    def _read_year(self, digits: str, period: str, place: Place) -> int | None:
        """Return the year, or None with an error; five digits are a year with one of them typed twice."""
        if len(digits) == 4 and not digits.startswith("0"):
            return int(digits)
        shortened = {
            int(digits[:index] + digits[index + 1 :])
            for index in range(len(digits) - 1)
            if digits[index] == digits[index + 1]
        }
        meant = [year for year in shortened if self.first_year <= year <= self.last_year]
        if len(meant) != 1:
            message = _("Line %(line)d, %(number)s: “%(text)s” is not a year. Correct the period.")
            self.log.error("year-unreadable", place, message, period)
            return None
        message = _(
            "Line %(line)d, %(number)s: in the period “%(text)s”, %(digits)s was read as %(year)d. Check it."
        )
        self.log.warn("period-typo", place, message, period, digits=digits, year=meant[0])
        return meant[0]


def is_unclear(match: re.Match[str], before: str) -> bool:
    """Say whether years that PERIOD found after these words can be read in two ways."""
    if match["joint"] and match["joint"].strip().lower() != "iki":
        return int(match["second"]) - int(match["first"]) != 1
    if match["until"] and _BEGINNING_BEFORE.search(before):
        return True
    return _MORE_BEFORE.search(before) is not None


def has_year_near_end(text: str) -> bool:
    """Say whether the end of a text tells a year, in whatever words."""
    return _YEAR_NEAR_END.search(text) is not None


def years_of(period: str, first_year: int, last_year: int) -> tuple[int | None, int | None]:
    """Return the years that a period means to the reader, in a plan of these years; None, None if none."""
    log = NoticeLog()
    match = PERIOD.fullmatch(period)
    is_clear = match is not None and not is_unclear(match, "")
    read = PeriodReader(first_year, last_year, log).read(match, Place(0)) if match and is_clear else None
    return (read.first_year, read.last_year) if read and not log.errors else (None, None)
