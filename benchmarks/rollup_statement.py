"""The roll-up as one bare statement, for SQLite and PostgreSQL alike: what `rollup.py` is measured against.

It says the rules of `measures.rules` once more, in SQL; the benchmark stops if the two disagree.
"""

from datetime import date
from typing import Any

from measures.enums import ConditionState, Standing, Status
from measures.models import Plan
from measures.rules import DUE_SOON

# What the rules say of each result. Days are whole numbers such as 20241231: each database has its own way
# to make a date of a year, and texts take longer to compare.
FACT_SQL = """
WITH term AS (
    SELECT id AS result_id, action_id, status, condition_state, percent,
        COALESCE(
            CAST(REPLACE(CAST(deadline AS VARCHAR(10)), '-', '') AS INTEGER),
            COALESCE(last_year, %(plan_last_year)s) * 10000 + 1231
        ) AS due_on
    FROM measures_plannedresult
    WHERE plan_id = %(plan)s
),
fact AS MATERIALIZED (
    SELECT result_id, action_id, percent, due_on, due_on / 10000 AS year,
        CASE
            WHEN status IN (%(done)s, %(postponed)s, %(cancelled)s) THEN status
            WHEN condition_state IN (%(pending)s, %(failed)s) THEN %(conditional)s
            WHEN due_on < %(today)s THEN %(late)s
            ELSE status
        END AS standing
    FROM term
)
"""

# What is counted, and which results count.
COUNTS = {
    "done": "standing = %(done)s",
    "in_progress": "standing = %(in_progress)s",
    "late": "standing = %(late)s",
    "conditional": "standing = %(conditional)s",
    "postponed": "standing = %(postponed)s",
    "cancelled": "standing = %(cancelled)s",
    "not_started": "standing = %(not_started)s",
    "due_done": "standing = %(done)s AND due_on <= %(today)s",
    "due_today": "standing IN (%(in_progress)s, %(not_started)s) AND due_on <= %(today)s",
    "due_soon": "standing IN (%(in_progress)s, %(not_started)s) AND due_on <= %(soon)s",
    "known": "standing <> %(conditional)s AND percent IS NOT NULL",
}
# Sums of sums would become decimals in PostgreSQL, which are slow.
COUNTED = ", ".join(
    f"CAST(COUNT(*) FILTER (WHERE {rule}) AS INTEGER) AS {name}" for name, rule in COUNTS.items()
)
SUMMED = ", ".join(f"CAST(SUM({name}) AS INTEGER) AS {name}" for name in COUNTS)
ALL_COUNTS = ", ".join(COUNTS)

# Actions without codes of their own are summed up by measure before they count for its codes: a plan may have
# thousands of actions, but it has few measures. `share` holds what belongs to each row of a breakdown.
FIGURES_SQL = f"""{FACT_SQL},
per_year AS MATERIALIZED (
    SELECT action_id, year, {COUNTED},
        CAST(SUM(percent) FILTER (WHERE standing <> %(conditional)s) AS DOUBLE PRECISION) AS percents
    FROM fact
    GROUP BY action_id, year
),
per_action AS MATERIALIZED (
    SELECT action.id AS action_id, action.measure_id, {SUMMED}, SUM(percents) / SUM(known) AS percent,
        EXISTS (SELECT 1 FROM measures_actioncode AS own WHERE own.action_id = action.id) AS has_codes
    FROM measures_action AS action LEFT JOIN per_year ON per_year.action_id = action.id
    WHERE action.plan_id = %(plan)s
    GROUP BY action.id, action.measure_id
),
per_measure AS MATERIALIZED (
    SELECT measure_id, has_codes, COUNT(*) AS actions, {SUMMED},
        COUNT(percent) AS with_percent, SUM(percent) AS percents
    FROM per_action
    GROUP BY measure_id, has_codes
),
place AS (
    SELECT 'code' AS kind, measure.measure_id, code_id AS name
    FROM per_measure AS measure LEFT JOIN measures_measurecode AS link ON link.measure_id = measure.measure_id
    WHERE NOT has_codes
    UNION
    SELECT 'direction', link.measure_id, code.direction_id
    FROM measures_measurecode AS link JOIN measures_strategycode AS code ON code.id = link.code_id
),
own_place AS (
    SELECT 'code' AS kind, action_id, code_id AS name
    FROM measures_actioncode
    UNION
    SELECT 'direction', link.action_id, code.direction_id
    FROM measures_actioncode AS link JOIN measures_strategycode AS code ON code.id = link.code_id
),
share AS (
    SELECT 'measure' AS kind, measure_id AS name, actions, {ALL_COUNTS}, with_percent, percents
    FROM per_measure
    UNION ALL
    SELECT kind, name, actions, {ALL_COUNTS}, with_percent, percents
    FROM per_measure JOIN place ON place.measure_id = per_measure.measure_id
    WHERE NOT has_codes
    UNION ALL
    SELECT kind, name, COUNT(*), {SUMMED}, COUNT(percent), SUM(percent)
    FROM per_action JOIN own_place ON own_place.action_id = per_action.action_id
    GROUP BY kind, name
    UNION ALL
    SELECT 'year', year, COUNT(*), {SUMMED}, COUNT(percents), SUM(percents / known)
    FROM per_year
    GROUP BY year
)
SELECT kind, name, SUM(actions), {SUMMED}, SUM(with_percent), SUM(percents)
FROM share
GROUP BY kind, name
"""


def parameters_of(plan: Plan, today: date) -> dict[str, Any]:
    """Return what the queries above take: the words of the rules, the plan and the days."""
    return {
        **{word.value: word.value for word in (*Status, *Standing, *ConditionState)},
        "plan": plan.pk,
        "plan_last_year": plan.last_year,
        "today": as_number(today),
        "soon": as_number(today + DUE_SOON),
    }


def as_number(day: date) -> int:
    """Return how the statements write a day: 20241231."""
    return int(day.strftime("%Y%m%d"))
