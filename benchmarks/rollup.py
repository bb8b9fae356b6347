"""How long the figures of a large plan take, beside bare SQL and beside reading its rows with Django.

    python benchmarks/rollup.py [ACTIONS]
    python tools/temporary_postgres.py -- python benchmarks/rollup.py [ACTIONS]

Without DATABASE_URL a temporary SQLite database is made. All ways run in turn in one process; only their
ratios mean something on another machine.
"""

import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS_OF_ACTION = 3
MEASURES_OF_TASK, TASKS, CODES = 2, 6, 14
TODAY = date(2024, 6, 30)
RUNS = 7
SLOW_RUNS = 3


def main() -> None:
    """Make the plan, run all ways, print their times and ratios."""
    actions = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/benchmark.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "akr_plan.settings"
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        plan = make_plan(actions)
        compare(plan, connection.vendor, actions)
        connection.close()


def make_plan(actions: int) -> Any:
    """Write a plan whose actions are spread over tasks, codes, years and statuses; the same every time."""
    from django.db import connection

    from measures.enums import ConditionState, Status
    from measures.models import (
        Action,
        ActionCode,
        Measure,
        MeasureCode,
        Plan,
        PlannedResult,
        StrategyCode,
        StrategyDirection,
        Task,
    )
    from measures.rules import percent_for

    chance = random.Random(2035)
    plan = Plan(slug="didelis", title="Didelis planas", goal="Tikslas", first_year=2023, last_year=2024)
    plan.save()
    directions = [StrategyDirection(code=code, title=code) for code in ("I", "II", "III", "IV", "V")]
    for direction in directions:
        direction.save()
    codes = [
        StrategyCode(code=f"{d.code}.1.1.{n}", title="Kodas", kind="measure", direction=d)
        for n, d in enumerate((directions * 3)[:CODES], start=1)
    ]
    for code in codes:
        code.save()
    measures = []
    for n in range(1, TASKS + 1):
        task = Task(plan=plan, number=str(n), title=f"Uždavinys {n}")
        task.save()
        for m in range(1, MEASURES_OF_TASK + 1):
            measure = Measure(task=task, number=f"{n}.{m}", number_as_written=f"{n}.{m}.", title="Priemonė")
            measure.save()
            MeasureCode(measure=measure, code=chance.choice(codes), position=1).save()
            measures.append(measure)
    rows = []
    for n in range(1, actions + 1):
        measure = measures[n % len(measures)]
        number = f"{measure.number}.{n}"
        rows.append(Action(plan=plan, measure=measure, number=number, sort_key=f"{n:08d}", title="Veiksmas"))
    Action.objects.bulk_create(rows, batch_size=2000)
    own = [row for row in rows if chance.random() < 0.5]
    ActionCode.objects.bulk_create(
        [ActionCode(action=row, code=chance.choice(codes), position=1) for row in own], batch_size=2000
    )
    results = []
    for row in rows:
        for position in range(1, RESULTS_OF_ACTION + 1):
            status = chance.choice(list(Status))
            state = chance.choice(["", "", "", ConditionState.PENDING, ConditionState.MET])
            results.append(
                PlannedResult(
                    plan=plan,
                    action=row,
                    key=f"{row.number}-{position}",
                    position=position,
                    text="Rezultatas",
                    last_year=chance.choice([2023, 2024, None]),
                    status=status,
                    percent=percent_for(status, chance.choice([None, 10, 40, 75])),
                    condition="sąlyga" if state else "",
                    condition_state=state,
                )
            )
    PlannedResult.objects.bulk_create(results, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return plan


def compare(plan: Any, vendor: str, actions: int) -> None:
    """Run the ways in turn and print a table."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    ways: dict[str, tuple[Callable[[Any], Any], int]] = {
        "rollup": (rollup, RUNS),
        "raw": (raw, RUNS),
        "prefetch": (prefetch, SLOW_RUNS if actions <= 10_000 else 1),
    }
    totals = {}
    times: dict[str, list[float]] = defaultdict(list)
    queries = {}
    for turn in range(RUNS):
        for name, (way, runs) in ways.items():
            if turn >= runs:
                continue
            reset_queries()
            with CaptureQueriesContext(connection) as captured:
                start = time.perf_counter()
                totals[name] = way(plan)
                times[name].append(time.perf_counter() - start)
            queries[name] = len(captured)
    if not totals["rollup"] == totals["raw"] == totals["prefetch"]:
        raise SystemExit(f"The ways disagree: {totals}")
    fastest = median(times["raw"])
    print(f"{vendor}, {actions} actions with {RESULTS_OF_ACTION} results each")
    for name in ways:
        seconds = median(times[name])
        print(f"{name:10} {seconds:9.4f} s {seconds / fastest:8.2f} x raw {queries[name]:3} queries")


def rollup(plan: Any) -> dict[str, int]:
    """Work the figures out as the page does; the strategy itself is read with them."""
    from reports.queries.rollup import read_rollup
    from reports.queries.strategy import read_strategy

    figures = read_rollup(plan, read_strategy(), TODAY)
    return {standing.value: count for standing, count in sorted(figures.total.standings.items())}


def raw(plan: Any) -> dict[str, int]:
    """Run the bare statement and fetch its rows; of these only the counts of standings are added up."""
    from django.db import connection
    from rollup_statement import COUNTS, FIGURES_SQL, parameters_of

    from measures.enums import Standing

    with connection.cursor() as cursor:
        cursor.execute(FIGURES_SQL, parameters_of(plan, TODAY))
        rows = cursor.fetchall()
    counts = {
        name: sum(row[3 + index] or 0 for row in rows if row[0] == "measure")
        for index, name in enumerate(COUNTS)
        if name in set(Standing)
    }
    return dict(sorted(counts.items()))


def prefetch(plan: Any) -> dict[str, int]:
    """Read the rows with `prefetch_related` and sum them up in Python, as most programs do."""
    from measures import rules
    from measures.models import Task

    tasks = Task.objects.filter(plan=plan).prefetch_related(
        "measures__code_links__code__direction",
        "measures__actions__code_links__code__direction",
        "measures__actions__results",
    )
    sums: dict[tuple[str, Any], list[Any]] = defaultdict(list)
    for task in tasks:
        for measure in task.measures.all():
            shared = [link.code for link in measure.code_links.all()]
            for action in measure.actions.all():
                facts = [_fact(rules, result, plan.last_year) for result in action.results.all()]
                codes = [link.code for link in action.code_links.all()] or shared
                places: Iterable[tuple[str, Any]] = {
                    ("task", task.pk),
                    ("measure", measure.pk),
                    *(("code", code.pk) for code in codes),
                    *(("direction", code.direction_id) for code in codes),
                }
                for place in places:
                    sums[place].append(facts)
                for year in {due.year for due, *_rest in facts}:
                    sums["year", year].append([fact for fact in facts if fact[0].year == year])
    for groups in sums.values():
        rules.mean(rules.action_percent(progress for _due, _standing, progress in facts) for facts in groups)
    counts: dict[str, int] = defaultdict(int)
    for (kind, _name), groups in sums.items():
        for facts in groups:
            for _due, standing, _progress in facts:
                counts[kind, standing] += 1  # type: ignore[index]
    return {standing: n for (kind, standing), n in sorted(counts.items()) if kind == "task"}  # type: ignore[misc]


def _fact(rules: Any, result: Any, plan_last_year: int) -> tuple[date, str, Any]:
    progress = result.progress
    due = rules.due_on(deadline=result.deadline, last_year=result.last_year, plan_last_year=plan_last_year)
    standing = rules.standing_of(progress, rules.schedule_of(progress, due, TODAY))
    return due, standing.value, progress


if __name__ == "__main__":
    main()
