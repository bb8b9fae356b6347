"""How long a filled-in work sheet takes to come back, beside django-import-export.

    python benchmarks/work_sheet.py [ROWS]

Each way runs in processes of its own, on a temporary SQLite database with the same plan of three results per
action; only their ratios mean something on another machine. Reading the file is counted in neither.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
RESULTS_OF_ACTION = 3


def measure(way: str, rows: int) -> None:
    """Do it once and print CPU seconds, queries, and how many of them write."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/benchmark.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "akr_plan.settings")
        sys.path.insert(0, str(ROOT))
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        work = WAYS[way](*make_plan(rows))
        statements: list[str] = []

        def count(execute: Any, sql: str, *arguments: Any) -> Any:
            statements.append(sql)
            return execute(sql, *arguments)

        with connection.execute_wrapper(count):
            start = time.process_time()
            work()
            seconds = time.process_time() - start
    writes = sum(sql.startswith(("INSERT", "UPDATE", "DELETE")) for sql in statements)
    print(json.dumps({"seconds": seconds, "queries": len(statements), "writes": writes}))


def make_plan(rows: int) -> tuple[Any, list[Any]]:
    """Write a plan, and return a job of a coordinator with as many results as asked for."""
    from measures import roles
    from measures.models import PlannedResult
    from tests.make import make_big_plan, make_user

    plan = make_big_plan(-(-rows // RESULTS_OF_ACTION), RESULTS_OF_ACTION)
    job = SimpleNamespace(plan=plan, plan_id=plan.pk, owner=make_user(role=roles.COORDINATOR), choices={})
    return job, list(PlannedResult.objects.filter(plan=plan)[:rows])


def _sheet(plan: Any, results: list[Any], *, is_changed: bool) -> Any:
    """Return a work sheet with status, percent and what was done in every row, or as it was sent out."""
    from django.utils import timezone

    from measures.exchange.work_sheet.sheet import SheetRow, WorkSheet

    def values(number: int, result: Any) -> dict[str, Any]:
        if not is_changed:
            return {"status": result.status, "percent": result.percent}
        return {"status": "in_progress", "percent": number % 101, "comment": f"Atlikta {number}"}

    rows = (
        SheetRow(number, result.key, result.version, values(number, result))
        for number, result in enumerate(results, start=4)
    )
    return WorkSheet(plan.slug, "Darbo lentelė", False, tuple(rows), made_at=timezone.now())


def ours(is_changed: bool) -> Callable[..., Any]:
    """Return the program's way: comparing, and if that changes anything, writing journal and history."""

    def prepare(job: Any, results: list[Any]) -> Callable[[], Any]:
        from measures.exchange.work_sheet.handler import WorkSheetImport

        sheet, handler = _sheet(job.plan, results, is_changed=is_changed), WorkSheetImport()

        return lambda: handler.apply(job, sheet, job.owner)

    return prepare


def preview(job: Any, results: list[Any]) -> Callable[[], Any]:
    """Return the preview of changed rows alone."""
    from measures.exchange.work_sheet.handler import WorkSheetImport

    sheet = _sheet(job.plan, results, is_changed=True)
    return lambda: WorkSheetImport().preview(job, sheet)


def default(is_changed: bool) -> Callable[..., Any]:
    """Return django-import-export with its default settings; it writes no journal."""

    def prepare(job: Any, results: list[Any]) -> Callable[[], Any]:
        from import_export.resources import ModelResource
        from tablib import Dataset

        from measures.models import PlannedResult

        class Results(ModelResource):  # type: ignore[misc]
            class Meta:
                model = PlannedResult
                import_id_fields = ("key",)

        data = Dataset(headers=["key", "status", "percent"])
        for row in _sheet(job.plan, results, is_changed=is_changed).rows:
            data.append([row.key, row.values["status"], row.values["percent"]])
        return lambda: Results().import_data(data, dry_run=False, raise_errors=True)

    return prepare


WAYS: dict[str, Callable[..., Any]] = {
    "changed": ours(True),
    "changed, default": default(True),
    "unchanged": ours(False),
    "unchanged, default": default(False),
    "preview": preview,
}


def run(way: str, rows: int) -> dict[str, float]:
    """Return the figures of one way, run once."""
    command = [sys.executable, __file__, "--way", way, str(rows)]
    figures: dict[str, float] = json.loads(subprocess.check_output(command, cwd=ROOT))  # noqa: S603 - itself
    return figures


def run_all(rows: int) -> dict[str, dict[str, float]]:
    """Return the least figures of each way.

    The ways take turns, so that a machine that slows down for a while slows all of them; whatever adds to
    the least time is other work of the machine, so it says more than an average.
    """
    rounds = [{way: run(way, rows) for way in WAYS} for _number in range(RUNS)]
    return {
        way: {key: min(figures[way][key] for figures in rounds) for key in rounds[0][way]} for way in WAYS
    }


def main() -> None:
    """Print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    figures = run_all(rows)
    print(f"{rows} rows, {RESULTS_OF_ACTION} results per action, the least of {RUNS} runs")
    print(f"{'way':20}{'CPU, s':>8}{'queries':>9}{'writes':>8}{'times faster':>14}")
    for way, figure in figures.items():
        seconds = figure["seconds"]
        other = figures.get(f"{way}, default")
        ratio = f"{other['seconds'] / seconds:>14.1f}" if other else ""
        print(f"{way:20}{seconds:>8.3f}{figure['queries']:>9.0f}{figure['writes']:>8.0f}{ratio}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        measure(sys.argv[2], int(sys.argv[3]))
    else:
        main()
