"""How long Excel files of a large plan take from the database, beside django-import-export.

    python benchmarks/exports.py [ACTIONS]

All run in one process on the same rows of a temporary SQLite database, queries included; only their ratios
mean something.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RUNS = 3
RESULTS_OF_ACTION = 3


def main() -> None:
    """Print the table."""
    actions = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/benchmark.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "akr_plan.settings")
        sys.path.insert(0, str(ROOT))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        compare(actions)


def make_plan(actions: int) -> Any:
    """Write a plan whose actions have an owner, codes, resources and partners, and results a status."""
    from measures.models import (
        Action,
        ActionCode,
        ActionPartner,
        ActionResource,
        PlannedResult,
    )
    from tests.make import make_big_plan, make_code, make_partner, make_resource

    plan = make_big_plan(actions, RESULTS_OF_ACTION)
    codes = [make_code(f"I.1.1.{n}") for n in (1, 2, 3)]
    partners = [make_partner(f"Partneris {n}") for n in range(1, 21)]
    resources = [make_resource(f"Šaltinis {n}") for n in range(1, 6)]
    rows = list(Action.objects.filter(plan=plan).order_by("id"))

    def links(model: Any, name: str, things: list[Any], count: int) -> Iterable[Any]:
        for row in rows:
            for position in range(1, count + 1):
                thing = things[(row.pk + position) % len(things)]
                words = {} if name == "code" else {"as_written": thing.name}
                yield model(action=row, position=position, **{name: thing}, **words)

    ActionCode.objects.bulk_create(links(ActionCode, "code", codes, 1))
    ActionPartner.objects.bulk_create(links(ActionPartner, "partner", partners, 3))
    ActionResource.objects.bulk_create(links(ActionResource, "resource", resources, 2))
    PlannedResult.objects.filter(plan=plan, position=1).update(status="in_progress", percent=40)
    return plan


def compare(actions: int) -> None:
    """Write the files in turn."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from import_export.resources import modelresource_factory

    from measures.models import PlannedResult

    plan = make_plan(actions)
    rows = PlannedResult.objects.filter(plan=plan)
    default = modelresource_factory(PlannedResult)
    same = _same_columns()
    ways: dict[str, Callable[[], Any]] = {
        "board": lambda: board(plan),
        "rows": lambda: result_rows(plan),
        "default": lambda: default().export(rows).xlsx,
        "same columns": lambda: same().export(rows).xlsx,
    }
    print(f"{actions * RESULTS_OF_ACTION} planned results, median of {RUNS} runs")
    print(f"{'way':14}{'CPU, s':>8}{'× board':>9}{'× rows':>8}{'queries':>9}")
    figures: dict[str, float] = {}
    for name, way in ways.items():
        with CaptureQueriesContext(connection) as queries:
            way()
        figures[name] = taken = seconds(way)
        ratios = f"{taken / figures['board']:>9.1f}{taken / figures.get('rows', taken):>8.1f}"
        print(f"{name:14}{taken:>8.2f}{ratios}{len(queries):>9}")


def board(plan: Any) -> bytes:
    """Write the board's workbook of six sheets."""
    from reports.board_reader import read_whole_board
    from reports.queries.periods import read_periods
    from reports.workbook.board import write_board_workbook

    shown = read_whole_board(plan, None, read_periods(plan))
    stream = io.BytesIO()
    write_board_workbook(shown, made_by="Rasa", made_at=datetime.now(UTC), stream=stream)
    return stream.getvalue()


def result_rows(plan: Any) -> bytes:
    """Write the planned results with 23 styled columns and fitted heights."""
    from measures.tree.reader import read_tree
    from reports.workbook.rows import write_results_workbook

    stream = io.BytesIO()
    tree = read_tree(plan, with_notes=True)
    write_results_workbook(tree, made_by="Rasa", made_at=datetime.now(UTC), stream=stream)
    return stream.getvalue()


def _same_columns() -> Any:
    """Return a resource with the columns of the board's table, written as django-import-export shows it."""
    from import_export.fields import Field
    from import_export.resources import ModelResource

    from measures.models import PlannedResult

    class SameColumns(ModelResource):  # type: ignore[misc]
        resources = Field()
        partners = Field()

        class Meta:
            model = PlannedResult
            fields = (
                "action__measure__task__title",
                "action__measure__title",
                "action__number",
                "action__title",
                "text",
                "period_text",
                "resources",
                "partners",
                "status",
                "percent",
                "action__owner__username",
            )

        def dehydrate_resources(self, row: Any) -> str:
            return "; ".join(link.resource.name for link in row.action.resource_links.all())

        def dehydrate_partners(self, row: Any) -> str:
            return "; ".join(link.partner.name for link in row.action.partner_links.all())

    return SameColumns


def seconds(way: Callable[[], Any]) -> float:
    """Return the median CPU seconds of several runs."""
    runs = []
    for _number in range(RUNS):
        start = time.process_time()
        way()
        runs.append(time.process_time() - start)
    return median(runs)


if __name__ == "__main__":
    main()
