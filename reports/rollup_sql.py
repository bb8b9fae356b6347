"""The figures of `rollup` for today, worked out inside the database: two queries whatever the plan's size.

The statements stand in `rollup_statements`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from measures.enums import Standing
from measures.models import Plan, Task
from measures.tree.reader import full_name

from .rollup import (
    PRIORITIES,
    WITHOUT_CODE,
    Group,
    RollUp,
    Summary,
    arrange_directions,
    code_group,
    year_group,
)
from .rollup_statements import DUE_SQL, FIGURES_SQL, LATE_SQL, parameters_of
from .rows import LateRow, Strategy


class Figures(NamedTuple):
    """The last columns of `FIGURES_SQL`; `percents` sums the percents of those actions that have one."""

    actions: int
    done: int
    in_progress: int
    late: int
    conditional: int
    postponed: int
    cancelled: int
    not_started: int
    due_done: int
    due_today: int
    due_soon: int
    known: int
    actions_with_percent: int
    percents: float

    def summary(self) -> Summary:
        """Return the figures as pages show them."""
        standings = {standing: getattr(self, standing.value) for standing in Standing}
        return Summary(
            actions=self.actions,
            results=sum(standings.values()),
            standings={standing: count for standing, count in standings.items() if count},
            percent=self.percents / self.actions_with_percent if self.actions_with_percent else None,
            counted=self.done + self.in_progress + self.late + self.not_started,
            known=self.known,
            due=self.due_done + self.due_today + self.late,
            due_done=self.due_done,
            due_today=self.due_today,
            late=self.late,
            due_soon=self.due_soon,
        )


NOTHING = Figures(*(0 for _field in Figures._fields))
ByName = Mapping[int | None, Figures]


def read_rollup(plan: Plan, strategy: Strategy, today: date) -> RollUp:
    """Return what `rollup.roll_up` says of the plan as it stands today, without reading its tree."""
    figures = _read_figures(plan, today)
    return RollUp(
        total=_sum(figures["measure"].values()).summary(),
        tasks=_tasks(plan, figures["measure"]),
        directions=_directions(strategy, figures["code"], figures["direction"]),
        years=[year_group(str(year), row.summary()) for year, row in sorted(figures["year"].items())],
    )


def _read_figures(plan: Plan, today: date) -> Mapping[str, dict[Any, Figures]]:
    """Return the figures of each breakdown by the id of the measure, code or direction, or by the year.

    No code at all, and the direction of horizontal priorities, go by None.
    """
    figures: dict[str, dict[Any, Figures]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(FIGURES_SQL, parameters_of(plan, today))
        for kind, name, *counts, percents in cursor:
            # PostgreSQL sums whole numbers to decimals; of an action without results there is nothing to sum.
            figures[kind][name] = Figures._make([*(int(count or 0) for count in counts), percents or 0.0])
    return figures


def _as_day(number: int) -> date:
    return date.fromisoformat(str(number))


def _sum(rows: Iterable[Figures]) -> Figures:
    return Figures._make(map(sum, zip(NOTHING, *rows, strict=True)))


def _tasks(plan: Plan, figures: ByName) -> list[Group]:
    """Return the groups of the tasks, with those of their measures as children."""
    outline = (
        Task.objects.filter(plan=plan)
        .order_by("sort_key", "id", "measures__sort_key", "measures__id")
        .values_list("number", "title", "measures__number", "measures__title", "measures__id")
    )
    groups = []
    for (number, title), rows in groupby(outline, key=lambda row: row[:2]):
        measures = [(name, text, figures.get(pk, NOTHING)) for *_task, name, text, pk in rows if pk]
        children = [Group(name, name, text, row.summary()) for name, text, row in measures]
        figures_of_task = _sum(row for *_names, row in measures)
        groups.append(Group(number, number, title, figures_of_task.summary(), children))
    return groups


def _directions(strategy: Strategy, by_code: ByName, by_direction: ByName) -> list[Group]:
    """Return the groups of the directions, with those of their codes as children."""
    codes, summaries = [], {WITHOUT_CODE: by_code.get(None, NOTHING).summary()}
    for code in strategy.codes:
        if figures := by_code.get(strategy.code_ids[code.code]):
            codes.append((code_group(code, figures.summary()), code))
            direction = by_direction[strategy.direction_ids.get(code.direction)]
            summaries[code.direction or PRIORITIES] = direction.summary()
    return arrange_directions(strategy.titles, codes, lambda key: summaries.get(key, NOTHING.summary()))


def late_results(plan: Plan, today: date, count: int) -> list[LateRow]:
    """Return the results that are late today, those that are late the longest first, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(LATE_SQL, {**parameters_of(plan, today), "count": count})
        return [
            LateRow(
                action_number=number,
                text=text,
                due_on=_as_day(due_on),
                owner=full_name(*names),
                last_reported_on=last_reported_on and date.fromisoformat(last_reported_on),
            )
            for number, text, due_on, *names, last_reported_on in cursor
        ]


def due_by_day(plan: Plan, today: date) -> dict[date, int]:
    """Return how many counted results have their term on each day, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(DUE_SQL, parameters_of(plan, today))
        return {_as_day(due_on): count for due_on, count in cursor}
