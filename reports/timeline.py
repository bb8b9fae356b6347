"""The results of a plan on the axis of its years: pure arithmetic over finished rows.

Places are percents of the axis, which runs from the first day of the plan to its last.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils.text import Truncator

from measures.tree.rows import ActionRow, PlanHead, PlanTree, ResultRow, TaskRow

SHORT_TEXT = 110
MOST_YEARS_NAMED = 6


class Order(Enum):
    """In what order the results of a task come, by the word in the address."""

    DOCUMENT = ""
    TERM = "terminas"

    @classmethod
    def read(cls, text: str) -> "Order | None":
        """Return what the address asks for, or None if there is no such order."""
        return next((order for order in cls if order.value == text), None)


def place(value: float) -> str:
    """Write a place for SVG, with a decimal point whatever the language."""
    return f"{value:.3f}%"


@dataclass(frozen=True, slots=True)
class Bar:
    """When a result is worked on; `start` and `end` are percents of the axis, and the end is the greater.

    What begins before the axis, or goes on after it, is cut there. `goes_on` is also said of what has no end.
    """

    start: float
    end: float
    began_before: bool
    goes_on: bool
    has_deadline: bool

    @property
    def x(self) -> str:
        """Return where the bar begins, as SVG has it."""
        return place(self.start)

    @property
    def until(self) -> str:
        """Return where the bar ends, as SVG has it."""
        return place(self.end)

    @property
    def width(self) -> str:
        """Return how long the bar is, as SVG has it."""
        return place(self.end - self.start)


@dataclass(frozen=True, slots=True)
class Axis:
    """The time of the plan from its first day to its last."""

    first_year: int
    last_year: int

    @property
    def first_day(self) -> date:
        """Return the day on which the axis begins."""
        return date(self.first_year, 1, 1)

    @property
    def days(self) -> int:
        """Return how many days the axis has."""
        return (date(self.last_year, 12, 31) - self.first_day).days + 1

    def percent(self, day: date) -> float:
        """Return where a day begins: less than 0 before the axis, 100 and more after it."""
        return 100 * (day - self.first_day).days / self.days

    def bar(self, starts_on: date, due_on: date, *, is_open: bool, has_deadline: bool) -> Bar:
        """Return the bar from the beginning of one day to the end of another."""
        start = (starts_on - self.first_day).days
        end = (due_on - self.first_day).days + 1
        return Bar(
            start=100 * min(max(start, 0), self.days - 1) / self.days,
            end=100 * max(min(end, self.days), 1) / self.days,
            began_before=start < 0,
            goes_on=is_open or end > self.days,
            has_deadline=has_deadline and 0 < end <= self.days,
        )

    def quarters(self) -> list[tuple[str, bool]]:
        """Return where the quarters begin, and whether a year does; the left edge is left out."""
        days = [
            date(year, month, 1)
            for year in range(self.first_year, self.last_year + 1)
            for month in (1, 4, 7, 10)
        ]
        return [(place(self.percent(day)), day.month == 1) for day in days[1:]]

    def years(self) -> list[tuple[str, int]]:
        """Return where the years begin that are named on the axis; of many only some are."""
        step = -(-(self.last_year - self.first_year + 1) // MOST_YEARS_NAMED)
        return [
            (place(self.percent(date(year, 1, 1))), year)
            for year in range(self.first_year, self.last_year + 1, step)
        ]

    def marker(self, day: date) -> str:
        """Return where the day stands that is shown; nothing if it is not on the axis."""
        percent = self.percent(day)
        return place(percent) if 0 <= percent < 100 else ""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A result with its bar; the plan names no end where `is_open`, a day of its own where `has_deadline`."""

    action: ActionRow
    result: ResultRow
    starts_on: date
    is_open: bool
    has_deadline: bool
    bar: Bar

    @property
    def years(self) -> str:
        """Return the years as the plan writes them."""
        return self.result.period_text or self.result.years

    @property
    def is_short(self) -> bool:
        """Return whether the whole text can be read at a glance."""
        return len(self.result.text) <= SHORT_TEXT and not self.result.sub_items

    @property
    def short_text(self) -> str:
        """Return the beginning of the text."""
        return Truncator(self.result.text).chars(SHORT_TEXT)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under one heading: those of an action, or all of a task where `action` is None."""

    action: ActionRow | None
    rows: Sequence[TimelineRow]


@dataclass(frozen=True, slots=True)
class TimelineTask:
    """A task with its rows."""

    number: str
    title: str
    groups: Sequence[RowGroup]


def make_row(head: PlanHead, action: ActionRow, result: ResultRow) -> TimelineRow:
    """Return a result on the axis of its plan: from its first year, or the plan's, to its term.

    An end of its own is what is not the end of a year that the plan implies.
    """
    has_deadline = result.due_on != date(result.last_year or head.last_year, 12, 31)
    is_open = result.last_year is None and not has_deadline
    starts_on = min(date(result.first_year or head.first_year, 1, 1), result.due_on)
    axis = Axis(head.first_year, head.last_year)
    bar = axis.bar(starts_on, result.due_on, is_open=is_open, has_deadline=has_deadline)
    return TimelineRow(action, result, starts_on, is_open, has_deadline, bar)


def timeline_of(head: PlanHead, tasks: Iterable[TaskRow], order: Order) -> list[TimelineTask]:
    """Return the tasks with their rows in an order; a task without results is left out."""
    timeline = []
    for task in tasks:
        groups = [
            RowGroup(action, [make_row(head, action, result) for result in action.results])
            for action in task.actions
            if action.results
        ]
        if groups and order is Order.TERM:
            groups = [RowGroup(None, _by_term(row for group in groups for row in group.rows))]
        if groups:
            timeline.append(TimelineTask(task.number, task.title, groups))
    return timeline


def _by_term(rows: Iterable[TimelineRow]) -> list[TimelineRow]:
    """Return first what ends first; of what ends on one day, first what has an end, else as in the plan."""
    return sorted(rows, key=lambda row: (row.result.due_on, row.is_open))


def terms_by_year(tree: PlanTree) -> list[tuple[int, int]]:
    """Return how many terms end in each year, in the order of the years."""
    return sorted(Counter(result.due_on.year for _action, result in tree.results()).items())
