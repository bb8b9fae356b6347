"""Which two states of a plan the address asks to compare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from ..filters import read_day
from ..rows import ClosedPeriod

LOOKING_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states: a day, or what a closed period froze."""

    day: date
    period: ClosedPeriod | None = None

    @property
    def label(self) -> str:
        """Return what people call it."""
        return f"{self.period.title} ({self.day.isoformat()})" if self.period else self.day.isoformat()

    @property
    def address(self) -> str:
        """Return how addresses name it."""
        return self.period.address if self.period else self.day.isoformat()


@dataclass(frozen=True, slots=True)
class Sides:
    """Both states, the earlier first, and what was wrong with the address."""

    before: Side
    after: Side
    errors: Sequence[str] = ()

    @property
    def parameters(self) -> dict[str, str]:
        """Return how addresses ask for both."""
        return {"nuo": self.before.address, "iki": self.after.address}

    @property
    def query(self) -> str:
        """Return the end of an address that asks for both, for the whole plan."""
        return f"?{urlencode(self.parameters)}"


def read_sides(parameters: Mapping[str, str], periods: Sequence[ClosedPeriod], today: date) -> Sides:
    """Return what to compare: by default `today` with the last closed period before, or 90 days before.

    `periods` come oldest first. What is no day and no closed period gets a message, and the default is shown.
    """
    after, error_after = _read(parameters.get("iki", ""), periods, Side(today))
    before, error_before = _read(parameters.get("nuo", ""), periods, _before(after.day, periods))
    errors = [error for error in (error_before, error_after) if error]
    if before.day > after.day:
        errors.append(_("The first day was after the second, so the two have changed places."))
        before, after = after, before
    return Sides(before, after, errors)


def _before(day: date, periods: Sequence[ClosedPeriod]) -> Side:
    earlier = [period for period in periods if period.ends_on < day]
    return Side(earlier[-1].ends_on, earlier[-1]) if earlier else Side(day - LOOKING_BACK)


def _read(text: str, periods: Sequence[ClosedPeriod], default: Side) -> tuple[Side, str]:
    """Return the state that a text names and no error, or the default and why."""
    if not text:
        return default, ""
    named = [period for period in periods if period.address == text]
    if named:
        return Side(named[0].ends_on, named[0]), ""
    asked = read_day(text)
    if asked.value:
        return Side(asked.value), ""
    message = _("“%(text)s” is neither a day up to today nor a closed period. %(default)s is shown.")
    return default, message % {"text": text, "default": default.label}
