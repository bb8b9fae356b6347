"""Read the period of a planned result: its years, with typing slips put right and told."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from measures.exchange.document.notices import NoticeLog, Place

# A year this far outside the plan's years is no period but a slip.
MAX_YEARS_OUTSIDE = 10

YEAR = r"[0-9]{4,5}"
PERIOD = re.compile(
    rf"(?<![\w–—-])(?P<first>{YEAR})(?:\s?(?P<dash>[–—-])\s?(?P<last>{YEAR})?)?[.,;]*\Z",
)


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
        first = self._read_year(match["first"], as_written, place)
        last = self._read_year(match["last"], as_written, place) if match["last"] else None
        if not match["dash"]:
            last = first
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


def years_of(period: str, first_year: int, last_year: int) -> tuple[int | None, int | None]:
    """Return the years that a period means to the reader, in a plan of these years; None, None if none."""
    log = NoticeLog()
    match = PERIOD.fullmatch(period)
    read = PeriodReader(first_year, last_year, log).read(match, Place(0)) if match else None
    return (read.first_year, read.last_year) if read and not log.errors else (None, None)
