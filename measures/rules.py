"""The arithmetic of progress: pure functions over the facts of one planned result.

Every page, file and command takes these figures from here, so they cannot disagree. Percents are whole
numbers 0–100 on a result and floats where they are means; None means "unknown", which is never zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .enums import ConditionState, Schedule, Standing, Status

DUE_SOON = timedelta(days=90)
SETTLED = frozenset({Status.DONE, Status.POSTPONED, Status.CANCELLED})
WAITING = frozenset({ConditionState.PENDING, ConditionState.FAILED})
FIXED_PERCENT: dict[str, int | None] = {
    Status.NOT_STARTED: 0,
    Status.DONE: 100,
    Status.POSTPONED: None,
    Status.CANCELLED: None,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of one planned result on a day: its status, percent (None: unknown) and condition."""

    status: str
    percent: int | None
    condition_state: str = ""

    @property
    def is_counted(self) -> bool:
        """Return whether the result counts in a mean and can be late.

        Postponed, cancelled and those whose condition is pending or failed are left out; what is done
        counts whatever became of its condition.
        """
        if self.status == Status.DONE:
            return True
        if self.status in SETTLED:
            return False
        return self.condition_state not in WAITING

    @property
    def is_started(self) -> bool:
        """Return whether work has begun."""
        return self.status in {Status.IN_PROGRESS, Status.DONE}

    @property
    def is_open(self) -> bool:
        """Return whether something is still to be done."""
        return self.status not in SETTLED

    @property
    def typed_percent(self) -> int | None:
        """Return the percent that a person typed, if the status leaves it to people at all."""
        return None if self.status in FIXED_PERCENT else self.percent


def percent_for(status: str, typed: int | None) -> int | None:
    """Return the percent that goes with a status; a typed one holds only while work is in progress."""
    return FIXED_PERCENT.get(status, typed)


def due_on(*, deadline: date | None, last_year: int | None, plan_last_year: int) -> date:
    """Return the day by which a result is to be done: its own deadline, else the end of its last year.

    Open-ended results, and those without a period, run to the end of the plan.
    """
    return deadline or date(last_year or plan_last_year, 12, 31)


def schedule_of(progress: Progress, due: date, today: date) -> Schedule | None:
    """Return how a result stands to its term, or None if no term applies (settled or not counted)."""
    if not progress.is_open or not progress.is_counted:
        return None
    if today > due:
        return Schedule.LATE
    return Schedule.DUE_SOON if due - today <= DUE_SOON else Schedule.ON_TIME


def standing_of(progress: Progress, schedule: Schedule | None) -> Standing:
    """Return the one word under which the result is shown."""
    if progress.status in SETTLED:
        return Standing(progress.status)
    if not progress.is_counted:
        return Standing.CONDITIONAL
    if schedule == Schedule.LATE:
        return Standing.LATE
    return Standing(progress.status)


def action_status(results: Iterable[Progress]) -> Status:
    """Return the status of an action, which follows from those of its results.

    Where no result counts, they are all settled or waiting: cancelled if all are, postponed if any is,
    else not started.
    """
    results = list(results)
    counted = [result for result in results if result.is_counted]
    if not counted:
        statuses = {result.status for result in results}
        if statuses == {Status.CANCELLED}:
            return Status.CANCELLED
        return Status.POSTPONED if Status.POSTPONED in statuses else Status.NOT_STARTED
    if all(result.status == Status.DONE for result in counted):
        return Status.DONE
    return Status.IN_PROGRESS if any(result.is_started for result in counted) else Status.NOT_STARTED


def action_percent(results: Iterable[Progress]) -> float | None:
    """Return the percent of an action: the mean of its counted results whose percent is known."""
    return mean(result.percent for result in results if result.is_counted)


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the known values, or None if none is known."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
