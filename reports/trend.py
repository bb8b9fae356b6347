"""How many results were done month by month, beside how many had their term: pure arithmetic."""

from bisect import bisect_right
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import ceil
from typing import Any

from measures.enums import Status
from measures.tree.rows import PlanHead

MOST_POINTS = 40

# Days and statuses by whatever tells results apart.
Changes = Mapping[Any, Iterable[tuple[date, str]]]


@dataclass(frozen=True, slots=True)
class Point:
    """How it stood at the end of a day; `done` is None where the day has not come."""

    day: date
    done: int | None
    due: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The points in the order of their days; one of them is the day that the plan is shown for."""

    first_day: date
    as_of: date
    points: tuple[Point, ...]

    @classmethod
    def of(cls, head: PlanHead, finished: Mapping[date, int], due: Mapping[date, int]) -> "Trend":
        """Add up what each day changed.

        `finished` says by how many more (or fewer) results were done after a day, `due` how many counted
        results had their term on it.
        """
        done_by, due_by = _Sums(finished), _Sums(due)
        return cls(
            first_day=date(head.first_year, 1, 1),
            as_of=head.as_of,
            points=tuple(
                Point(day, done_by[day] if day <= head.as_of else None, due_by[day])
                for day in days_shown(head.first_year, head.last_year, head.as_of)
            ),
        )

    @property
    def now(self) -> Point:
        """Return how it stands on the day that the plan is shown for."""
        return next(point for point in self.points if point.day == self.as_of)

    @property
    def most(self) -> int:
        """Return the largest number of all; 0 if there is nothing to draw."""
        return max(max(point.done or 0, point.due) for point in self.points)


class _Sums:
    """What the days up to a day add up to."""

    def __init__(self, by_day: Mapping[date, int]) -> None:
        self.days = sorted(by_day)
        self.sums = [0, *accumulate(by_day[day] for day in self.days)]

    def __getitem__(self, day: date) -> int:
        return self.sums[bisect_right(self.days, day)]


def days_shown(first_year: int, last_year: int, as_of: date) -> list[date]:
    """Return the ends of the plan's months, the plan's last day and the day it is shown for.

    Where that is later than the plan, months go on until it. Of a long time only some months are there, at
    most 40 days in all.
    """
    end = max(date(last_year, 12, 31), as_of)
    months = 12 * (end.year - first_year) + end.month
    step = months_apart(months, MOST_POINTS - 2)
    ends = (month_end(first_year, month) for month in range(step, months + 1, step))
    return sorted({date(last_year, 12, 31), as_of, *(day for day in ends if day <= end)})


def months_apart(months: int, most: int) -> int:
    """Return how far apart marks on a time of so many months are to stand, so that there are few enough."""
    parts_of_year = (step for step in (1, 3, 6, 12) if months <= most * step)
    return next(parts_of_year, 12 * ceil(months / (12 * most)))


def month_end(year: int, month: int) -> date:
    """Return the last day of the month that is the `month`-th counted from the beginning of a year."""
    year, index = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, index, monthrange(year, index)[1])


def finished_by_day(changes: Changes) -> Counter[date]:
    """Return by how many more results were done after each day; the changes of a result come oldest first."""
    finished: Counter[date] = Counter()
    for lines in changes.values():
        was_done = False
        for day, status in lines:
            is_done = status == Status.DONE
            finished[day] += is_done - was_done
            was_done = is_done
    return finished
