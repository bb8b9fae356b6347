"""Whoever writes an import is killed at random moments: it is written whole or not at all."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from .killed_imports import ACTIONS, ROWS
from .test_lost_updates import database_url as database_url

pytestmark = pytest.mark.own_database

NOTHING = {"updates": 0, "lines": 0, "results": 0, "rows_without_history": 0}
ALL = {"updates": ACTIONS, "lines": ROWS, "results": ROWS, "rows_without_history": 0}


def kill_imports(database_url: str, folder: Path, attempts: int, *options: str) -> list[dict[str, Any]]:
    """Return what was found after each attempt."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "akr_plan.settings",
    }
    run(["manage.py", "migrate", "--verbosity", "0"], environment)
    output = run(["-m", "tests.load.killed_imports", str(attempts), str(folder), *options], environment)
    found: list[dict[str, Any]] = json.loads(output)
    return found


def run(arguments: Sequence[str], environment: dict[str, str]) -> str:
    """Return what a program printed."""
    return subprocess.run(
        [sys.executable, *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def is_whole(found: dict[str, Any]) -> bool:
    """Return whether the import is there altogether, or not at all, and known to be so."""
    written = {name: found[name] for name in NOTHING}
    return written == (ALL if found["state"] == "applied" else NOTHING)


def test_killed_import_is_written_whole_or_not_at_all(
    database_url: str, tmp_path: Path, is_thorough: bool
) -> None:
    attempts = kill_imports(database_url, tmp_path, 100 if is_thorough else 15)
    applied = [found for found in attempts if found["state"] == "applied"]
    print(f"{len(attempts)} killed, {len(applied)} of them after all was written")
    assert [found for found in attempts if not is_whole(found)] == []
    assert [found for found in attempts if found["acknowledged"] and found["state"] != "applied"] == []
    # Some were killed before the end: else nothing was tried here.
    assert len(applied) < len(attempts)


def test_without_the_transaction_some_are_written_by_half(
    database_url: str, tmp_path: Path, is_thorough: bool
) -> None:
    attempts = kill_imports(database_url, tmp_path, 100 if is_thorough else 25, "--without-transaction")
    halves = [found for found in attempts if not is_whole(found)]
    print(f"{len(halves)} of {len(attempts)} by half")
    assert halves
