"""The figures of `rollup` for today, worked out inside the database: three queries whatever the plan's size.

The rules are those of `measures.rules`, said once more in SQL; a test holds the two against each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from measures.enums import ConditionState, Standing, Status
from measures.models import Plan, StrategyCode, Task
from measures.rules import DUE_SOON
from measures.tree.reader import full_name
from measures.tree.rows import CodeRow

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
from .rows import LateRow

# What the rules say of each result. Days are compared as texts such as 2024-12-31, because each database has
# its own way to make a date of a year.
FACT_SQL = """
WITH term AS (
    SELECT id AS result_id, action_id, status, condition_state, percent,
        COALESCE(
            CAST(deadline AS VARCHAR(10)),
            CAST(COALESCE(last_year, %(plan_last_year)s) AS VARCHAR(4)) || '-12-31'
        ) AS due_on
    FROM measures_plannedresult
    WHERE plan_id = %(plan)s
),
fact AS MATERIALIZED (
    SELECT result_id, action_id, percent, due_on, SUBSTR(due_on, 1, 4) AS year,
        CASE
            WHEN status IN (%(done)s, %(postponed)s, %(cancelled)s) THEN status
            WHEN condition_state IN (%(pending)s, %(failed)s) THEN %(conditional)s
            WHEN due_on < %(today)s THEN %(late)s
            ELSE status
        END AS standing
    FROM term
)
"""

# `place` says which action belongs where, `share` what it brings along: all its results, but in a year those
# of the year alone.
FIGURES_SQL = (
    FACT_SQL
    + """,
per_year AS MATERIALIZED (
    SELECT action_id, year,
        COUNT(*) FILTER (WHERE standing = %(done)s) AS done,
        COUNT(*) FILTER (WHERE standing = %(in_progress)s) AS in_progress,
        COUNT(*) FILTER (WHERE standing = %(late)s) AS late,
        COUNT(*) FILTER (WHERE standing = %(conditional)s) AS conditional,
        COUNT(*) FILTER (WHERE standing = %(postponed)s) AS postponed,
        COUNT(*) FILTER (WHERE standing = %(cancelled)s) AS cancelled,
        COUNT(*) FILTER (WHERE standing = %(not_started)s) AS not_started,
        COUNT(*) FILTER (WHERE standing = %(done)s AND due_on <= %(today)s) AS due_done,
        COUNT(*) FILTER (
            WHERE standing IN (%(in_progress)s, %(not_started)s) AND due_on <= %(today)s
        ) AS due_today,
        COUNT(*) FILTER (
            WHERE standing IN (%(in_progress)s, %(not_started)s) AND due_on <= %(soon)s
        ) AS due_soon,
        COUNT(percent) FILTER (WHERE standing <> %(conditional)s) AS known,
        SUM(percent) FILTER (WHERE standing <> %(conditional)s) AS percents
    FROM fact
    GROUP BY action_id, year
),
per_action AS (
    SELECT action.id AS action_id,
        SUM(done) AS done, SUM(in_progress) AS in_progress, SUM(late) AS late,
        SUM(conditional) AS conditional, SUM(postponed) AS postponed, SUM(cancelled) AS cancelled,
        SUM(not_started) AS not_started, SUM(due_done) AS due_done, SUM(due_today) AS due_today,
        SUM(due_soon) AS due_soon, SUM(known) AS known, SUM(percents) AS percents
    FROM measures_action AS action LEFT JOIN per_year ON per_year.action_id = action.id
    WHERE action.plan_id = %(plan)s
    GROUP BY action.id
),
carried AS (
    SELECT action.id AS action_id, COALESCE(own.code_id, shared.code_id) AS code_id
    FROM measures_action AS action
        LEFT JOIN measures_actioncode AS own ON own.action_id = action.id
        LEFT JOIN measures_measurecode AS shared ON shared.measure_id = action.measure_id AND own.id IS NULL
    WHERE action.plan_id = %(plan)s
),
place AS (
    SELECT 'measure' AS kind, measure_id AS name, id AS action_id
    FROM measures_action
    WHERE plan_id = %(plan)s
    UNION ALL
    SELECT 'code', code_id, action_id
    FROM carried
    UNION ALL
    SELECT DISTINCT 'direction', code.direction_id, carried.action_id
    FROM carried JOIN measures_strategycode AS code ON code.id = carried.code_id
),
share AS (
    SELECT kind, name, done, in_progress, late, conditional, postponed, cancelled,
        not_started, due_done, due_today, due_soon, known, percents
    FROM place JOIN per_action ON per_action.action_id = place.action_id
    UNION ALL
    SELECT 'year', CAST(year AS INTEGER), done, in_progress, late, conditional, postponed, cancelled,
        not_started, due_done, due_today, due_soon, known, percents
    FROM per_year
)
SELECT kind, name, COUNT(*), SUM(done), SUM(in_progress), SUM(late), SUM(conditional), SUM(postponed),
    SUM(cancelled), SUM(not_started), SUM(due_done), SUM(due_today), SUM(due_soon), SUM(known),
    COUNT(percents), SUM(CAST(percents AS DOUBLE PRECISION) / known)
FROM share
GROUP BY kind, name
"""
)

LATE_SQL = (
    FACT_SQL
    + """
SELECT action.number, result.text, fact.due_on, owner.first_name, owner.last_name, owner.username,
    (
        SELECT CAST(MAX(report.reported_on) AS VARCHAR(10))
        FROM measures_progressupdate AS report
            LEFT JOIN measures_withdrawal AS withdrawal ON withdrawal.update_id = report.id
        WHERE report.action_id = action.id AND withdrawal.id IS NULL
    )
FROM fact
    JOIN measures_plannedresult AS result ON result.id = fact.result_id
    JOIN measures_action AS action ON action.id = fact.action_id
    JOIN measures_measure AS measure ON measure.id = action.measure_id
    JOIN measures_task AS task ON task.id = measure.task_id
    LEFT JOIN akr_plan_user AS owner ON owner.id = action.owner_id
WHERE fact.standing = %(late)s
ORDER BY fact.due_on, task.sort_key, measure.sort_key, action.sort_key, result.position, result.id
LIMIT %(count)s
"""
)


class Figures(NamedTuple):
    """The last columns of the query above; `percents` sums the percents of those actions that have one."""

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


def read_rollup(plan: Plan, titles: Mapping[str, str], today: date) -> RollUp:
    """Return what `rollup.roll_up` says of the plan as it stands today, without reading its tree."""
    figures = _read_figures(plan, today)
    return RollUp(
        total=_sum(figures["measure"].values()).summary(),
        tasks=_tasks(plan, figures["measure"]),
        directions=_directions(titles, figures["code"], figures["direction"]),
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


def parameters_of(plan: Plan, today: date) -> dict[str, Any]:
    """Return what the queries above take: the words of the rules, the plan and the days."""
    return {
        **{word.value: word.value for word in (*Status, *Standing, *ConditionState)},
        "plan": plan.pk,
        "plan_last_year": plan.last_year,
        "today": today.isoformat(),
        "soon": (today + DUE_SOON).isoformat(),
    }


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


def _directions(titles: Mapping[str, str], by_code: ByName, by_direction: ByName) -> list[Group]:
    """Return the groups of the directions, with those of their codes as children."""
    names = ("id", "direction_id", "code", "title", "kind", "direction__code", "sort_key")
    codes, summaries = [], {WITHOUT_CODE: by_code.get(None, NOTHING).summary()}
    for pk, direction_id, code, title, kind, direction, sort_key in StrategyCode.objects.order_by(
        "sort_key"
    ).values_list(*names):
        if pk in by_code:
            row = CodeRow(code, title, kind, direction or "", "", sort_key)
            codes.append((code_group(row, by_code[pk].summary()), row))
            summaries[direction or PRIORITIES] = by_direction[direction_id].summary()
    return arrange_directions(titles, codes, lambda key: summaries.get(key, NOTHING.summary()))


def late_results(plan: Plan, today: date, count: int) -> list[LateRow]:
    """Return the results that are late today, those that are late the longest first, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(LATE_SQL, {**parameters_of(plan, today), "count": count})
        return [
            LateRow(
                action_number=number,
                text=text,
                due_on=date.fromisoformat(due_on),
                owner=full_name(*names),
                last_reported_on=last_reported_on and date.fromisoformat(last_reported_on),
            )
            for number, text, due_on, *names, last_reported_on in cursor
        ]
