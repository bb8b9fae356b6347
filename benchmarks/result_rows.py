"""How long an Excel file of planned results takes from the database, beside django-import-export's default.

    python benchmarks/result_rows.py [ACTIONS]

Both run in one process on the same rows of a temporary SQLite database; only their ratio means something.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
RUNS = 3
RESULTS_OF_ACTION = 3


def main() -> None:
    """Print the table."""
    actions = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/benchmark.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "akr_plan.settings")
        sys.path.insert(0, str(ROOT))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        compare(actions)


def compare(actions: int) -> None:
    """Write the same planned results in both ways in turn."""
    from datetime import UTC, datetime

    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from import_export.resources import modelresource_factory

    from measures.models import PlannedResult
    from measures.tree.reader import read_tree
    from reports.workbook_rows import write_results_workbook
    from tests.make import make_big_plan

    plan = make_big_plan(actions, RESULTS_OF_ACTION)
    resource = modelresource_factory(PlannedResult)

    def own() -> bytes:
        stream = io.BytesIO()
        tree = read_tree(plan, with_notes=True)
        write_results_workbook(tree, made_by="Rasa", made_at=datetime.now(UTC), stream=stream)
        return stream.getvalue()

    def default() -> bytes:
        file: bytes = resource().export(PlannedResult.objects.filter(plan=plan)).xlsx
        return file

    print(f"{actions * RESULTS_OF_ACTION} planned results, median of {RUNS} runs")
    figures = {}
    for name, way in {"own": own, "import-export": default}.items():
        with CaptureQueriesContext(connection) as queries:
            way()
        figures[name] = seconds(way)
        print(f"{name:14}{figures[name]:>8.2f} s{len(queries):>8} queries")
    print(f"import-export / own: {figures['import-export'] / figures['own']:.1f}")


def seconds(way: Callable[[], bytes]) -> float:
    """Return the median CPU seconds of several runs."""
    runs = []
    for _number in range(RUNS):
        start = time.process_time()
        way()
        runs.append(time.process_time() - start)
    return median(runs)


if __name__ == "__main__":
    main()
