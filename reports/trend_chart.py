"""The trend as figures for an SVG that keeps its type size at any width: it has no viewBox of its own.

Words and gridlines stand at percents of the drawing. The two lines are paths in a drawing of their own
inside it, 1000 by 1000 units, which stretches.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from .trend import Trend, month_end, months_apart

UNITS = 1000
# Where the plot begins and how high it is: above it stands the day, under it stand the months.
PLOT_TOP, PLOT_HEIGHT = 18, 68
MOST_TICKS = 4
ABOVE, BELOW = "-8", "18"


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis in percent of the drawing, with what is written there."""

    place: str
    label: str


@dataclass(frozen=True, slots=True)
class LineEnd:
    """Where a line ends and its name is written: so many pixels under the end, to its left or its right."""

    x: str
    y: str
    offset: str
    anchor: str
    value: int


@dataclass(frozen=True, slots=True)
class TrendChart:
    """All that the template of the chart writes down; numbers are texts with a decimal point."""

    done: str
    due: str
    values: Sequence[Tick]
    months: Sequence[Tick]
    marker: Tick
    marker_anchor: str
    done_end: LineEnd
    due_end: LineEnd

    @classmethod
    def of(cls, trend: Trend) -> "TrendChart":
        """Work out where everything stands; there has to be something to draw."""
        scale = _Scale.of(trend)
        known = [point for point in trend.points if point.done is not None]
        done = [(point.day, point.done or 0) for point in known]
        due = [(point.day, point.due) for point in trend.points]
        crowded = scale.are_close(done[-1], due[-1])
        return cls(
            done=_path(scale.units(day, value) for day, value in done),
            due=_path(_stepped([scale.units(day, value) for day, value in due])),
            values=[Tick(scale.y(value), str(value)) for value in scale.values()],
            months=[Tick(scale.x(day), f"{day:%Y-%m}") for day in scale.months()],
            marker=Tick(scale.x(trend.as_of), trend.as_of.isoformat()),
            marker_anchor=scale.anchor(trend.as_of),
            done_end=scale.line_end(
                *done[-1], below=trend.now.due > done[-1][1] or (crowded and due[-1][1] >= done[-1][1])
            ),
            due_end=scale.line_end(*due[-1], below=crowded and done[-1][1] > due[-1][1]),
        )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days from left to right, numbers from the bottom to the top."""

    first: date
    last: date
    most: int

    @classmethod
    def of(cls, trend: Trend) -> "_Scale":
        return cls(trend.first_day, trend.points[-1].day, trend.most)

    def _across(self, day: date) -> float:
        """Return where a day stands, from 0 to 1; what is earlier than the plan stands at its beginning."""
        return max((day - self.first).days, 0) / (self.last - self.first).days

    def _up(self, value: int) -> float:
        return value / self.most

    def units(self, day: date, value: int) -> tuple[int, int]:
        return round(UNITS * self._across(day)), round(UNITS * (1 - self._up(value)))

    def x(self, day: date) -> str:
        return f"{100 * self._across(day):.2f}%"

    def y(self, value: int) -> str:
        return f"{PLOT_TOP + PLOT_HEIGHT * (1 - self._up(value)):.2f}%"

    def anchor(self, day: date) -> str:
        """Return to which side of a day there is room for words."""
        return "end" if self._across(day) > 0.5 else "start"

    def are_close(self, one: tuple[date, int], other: tuple[date, int]) -> bool:
        """Return whether two names, both above the ends of their lines, would stand on each other."""
        is_near = abs(self._across(one[0]) - self._across(other[0])) < 0.5
        return is_near and abs(self._up(one[1]) - self._up(other[1])) < 0.15

    def line_end(self, day: date, value: int, *, below: bool) -> LineEnd:
        """Place the name of a line above its end; or below, unless there is no room."""
        offset = BELOW if below and self._up(value) > 0.25 else ABOVE
        return LineEnd(self.x(day), self.y(value), offset, self.anchor(day), value)

    def values(self) -> list[int]:
        """Return the round numbers to write on the axis."""
        steps = (digit * 10**power for power in range(10) for digit in (1, 2, 5))
        step = next(step for step in steps if self.most <= MOST_TICKS * step)
        return list(range(0, self.most + 1, step))

    def months(self) -> list[date]:
        """Return the month ends to write on the axis, counted from the beginning of the plan."""
        count = 12 * (self.last.year - self.first.year) + self.last.month
        step = months_apart(count, MOST_TICKS)
        ends = (month_end(self.first.year, month) for month in range(step, count + 1, step))
        return [day for day in ends if day <= self.last]


def _stepped(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the corners of a line that stays as it is until the next point, and only then rises."""
    corners = [points[0]]
    for (_x, level), (x, y) in pairwise(points):
        corners += [(x, level), (x, y)]
    return corners


def _path(points: Iterable[tuple[int, int]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)
