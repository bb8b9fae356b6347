"""Who owes a report for which period: pure functions, used by pages, commands and snapshots alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from .enums import PeriodState
from .rules import Progress

# So long after a period's end people still report for it, unless it is closed before.
GRACE = timedelta(days=45)


class Period(Protocol):
    """What the rules need to know of a reporting period."""

    @property
    def starts_on(self) -> date:
        """Return the first day."""

    @property
    def ends_on(self) -> date:
        """Return the last day."""

    @property
    def is_closed(self) -> bool:
        """Return whether the period takes no more reports."""


AnyPeriod = TypeVar("AnyPeriod", bound=Period)


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a planned result asks of reports: how it stands, and from which year on it runs (None: always)."""

    progress: Progress
    first_year: int | None


def current_period(periods: Iterable[AnyPeriod], today: date) -> AnyPeriod | None:
    """Return the period that reports are asked for now, or None if there is none that is open.

    It is the last one that has begun; but the one before it as long as that is open and ended at most
    `GRACE` ago, for reports on a quarter are written after its end.
    """
    begun = sorted((period for period in periods if period.starts_on <= today), key=lambda p: p.starts_on)
    recent = [period for period in begun[-2:-1] if today - period.ends_on <= GRACE]
    return next((period for period in recent + begun[-1:] if not period.is_closed), None)


def state_of(period: Period, today: date) -> PeriodState:
    """Return how a period stands on a day."""
    if period.is_closed:
        return PeriodState.CLOSED
    if today < period.starts_on:
        return PeriodState.UPCOMING
    return PeriodState.RUNNING if today <= period.ends_on else PeriodState.OVER


def default_day(period: Period | None, newest: date | None, today: date) -> date:
    """Return the day as of which a report is written unless its author says otherwise.

    That is the end of the period if it is over, else today; never before the newest report of the action.
    """
    day = min(today, period.ends_on) if period else today
    return today if newest and newest > day else day


def is_expected(commitments: Sequence[Commitment], until: date) -> bool:
    """Return whether an action owes a report up to a day: it has work that is open and has begun by then."""
    return any(
        item.progress.is_open and (item.first_year is None or item.first_year <= until.year)
        for item in commitments
    )


def has_reported(last_reported_on: date | None, period: Period) -> bool:
    """Return whether the newest report belongs to the period (or to a later one)."""
    return last_reported_on is not None and last_reported_on >= period.starts_on


def takes_part(commitments: Sequence[Commitment], last_reported_on: date | None, period: Period) -> bool:
    """Return whether an action counts among those that are to report: it owes a report, or has given it."""
    return has_reported(last_reported_on, period) or is_expected(commitments, period.ends_on)
