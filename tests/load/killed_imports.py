"""Confirms imports of 400 rows and kills whoever does it, at a random moment each time.

Every other time the moment lies right after a statement that writes, chosen at random: most of the time of an
import goes into reading, and a clock alone would hardly ever strike while it writes.

    python -m tests.load.killed_imports ATTEMPTS FOLDER [--without-transaction]

Works on the database of DATABASE_URL, which has to be empty but migrated, and keeps its files in the folder;
prints what was found as JSON.
"""

import json
import os
import random
import signal
import sys
import time
import traceback
from contextlib import ContextDecorator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import django
from django.conf import settings
from django.db import connection, transaction

ACTIONS, RESULTS_OF_ACTION = 100, 4
ROWS = ACTIONS * RESULTS_OF_ACTION


class NoTransaction(ContextDecorator):
    """Stands in for `transaction.atomic` and does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        return None


def without_transaction(using: Any = None, savepoint: bool = True, durable: bool = False) -> Any:
    """Return what `transaction.atomic` would, called or as a decorator, without its protection."""
    return NoTransaction()(using) if callable(using) else NoTransaction()


def main() -> None:
    """Kill, look, and go on from there."""
    attempts, folder = int(sys.argv[1]), Path(sys.argv[2])
    if "--without-transaction" in sys.argv:
        # Before the modules are loaded that use it to decorate.
        transaction.atomic = without_transaction
        transaction.set_rollback = lambda rollback, using=None: None
        # There is nothing that a lock could last for.
        connection.features.has_select_for_update = False
    django.setup()
    settings.DATA_DIR = folder
    make_plan()
    # The first takes longer, for much is loaded then.
    undisturbed = [attempt(number, Moment()) for number in (102, 101)][1]
    chance = random.Random(6)
    found = []
    for number in range(1, attempts + 1):
        moment = Moment(seconds=chance.uniform(0, 1.3 * undisturbed.seconds))
        if number % 2:
            moment = Moment(statement=chance.randint(1, undisturbed.statements))
        found.append(look(number, attempt(number, moment)))
    print(json.dumps(found))


@dataclass(frozen=True)
class Moment:
    """When to kill: after so many seconds, or after so many statements that write; without either never."""

    seconds: float | None = None
    statement: int = 0


@dataclass(frozen=True)
class Attempt:
    """An import, and what was heard of who confirmed it."""

    job: Any
    acknowledged: bool
    seconds: float
    statements: int


def make_plan() -> None:
    """Make a plan of `ROWS` results, and the one who imports."""
    from django.apps import apps

    from measures import roles
    from tests.make import make_action, make_measure, make_plan, make_result, make_task, make_user

    roles.assign(apps)
    make_user("kotryna", roles.COORDINATOR)
    measure = make_measure(make_task(make_plan(slug="planas")))
    for _action in range(ACTIONS):
        action = make_action(measure)
        for _result in range(RESULTS_OF_ACTION):
            make_result(action)


def percent_of(number: int) -> int:
    """Return the percent that an attempt writes: another than those just before it."""
    return number % 101


def new_job(number: int) -> Any:
    """Return an import that sets each result to so many percent, and says so in a word."""
    from akr_plan.models import User
    from measures.enums import ImportKind
    from measures.exchange.import_jobs import upload
    from measures.exchange.work_sheet.handler import WorkSheetImport
    from measures.exchange.work_sheet.sheet import SheetRow, WorkSheet
    from measures.models import PlannedResult

    values: dict[str, str | int | None] = {
        "status": "in_progress",
        "percent": percent_of(number),
        "comment": f"Bandymas {number}",
    }
    results = PlannedResult.objects.values_list("key", "version").order_by("pk")
    rows = tuple(SheetRow(row, key, version, values) for row, (key, version) in enumerate(results, start=5))
    sheet = WorkSheet("planas", "Darbo lentelė", False, rows)
    WorkSheetImport.read = lambda self, content: sheet  # type: ignore[method-assign]
    owner = User.objects.get(username="kotryna")
    return upload(kind=ImportKind.WORK_SHEET, owner=owner, file_name="lentele.xlsx", content=b"")


def attempt(number: int, moment: Moment) -> Attempt:
    """Have an import confirmed by a process of its own, killed at a moment."""
    job = new_job(number)
    # No two processes may speak through one connection.
    connection.close()
    reading, writing = os.pipe()
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reading)
        confirm_and_tell(job, writing, moment)
    os.close(writing)
    if moment.seconds is not None:
        time.sleep(moment.seconds)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    seconds = time.monotonic() - start
    with os.fdopen(reading, "rb") as told:
        statements = told.read()
    if moment == Moment() and not statements:
        raise SystemExit("The import that nobody disturbed failed.")
    return Attempt(job, bool(statements), seconds, int(statements or 0))


def confirm_and_tell(job: Any, writing: int, moment: Moment) -> None:
    """Confirm, tell how many statements wrote something, and end."""
    from measures.exchange.import_jobs import confirm

    statements = 0

    def count(execute: Any, sql: str, *arguments: Any) -> Any:
        nonlocal statements
        result = execute(sql, *arguments)
        statements += sql.startswith(("INSERT", "UPDATE", "DELETE"))
        if 0 < moment.statement == statements:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    try:
        with connection.execute_wrapper(count):
            confirm(job=job, author=job.owner, stamp=job.stamp)
        os.write(writing, str(statements).encode())
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def look(number: int, tried: Attempt) -> dict[str, Any]:
    """Return what the database says after an attempt."""
    from django.db.models import Count

    from measures.models import ImportJob, PlannedResult, ProgressUpdate, ResultProgress

    comment = f"Bandymas {number}"
    histories = dict(PlannedResult.history.values_list("id").annotate(Count("history_id")).order_by())
    return {
        "acknowledged": tried.acknowledged,
        "state": ImportJob.objects.get(pk=tried.job.pk).state,
        "updates": ProgressUpdate.objects.filter(comment=comment).count(),
        "lines": ResultProgress.objects.filter(update__comment=comment).count(),
        "results": PlannedResult.objects.filter(percent=percent_of(number), status="in_progress").count(),
        "rows_without_history": sum(
            histories.get(pk) != version for pk, version in PlannedResult.objects.values_list("pk", "version")
        ),
    }


if __name__ == "__main__":
    main()
