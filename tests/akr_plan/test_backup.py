"""Backup points: whole databases, taken while others write, and never mistaken for what they aren't."""

import os
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from akr_plan import backup
from akr_plan.backup import BackupError, is_backup_kept, prune_backups, take_backup
from measures.models import Task
from tests.make import make_task

pytestmark = pytest.mark.django_db(transaction=True)


def titles_in(path: Path) -> list[str]:
    """Return the titles of the tasks in a backup, read by a program of the database itself."""
    if path.suffix == ".sqlite3":
        with closing(sqlite3.connect(path)) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return [title for (title,) in copy.execute("SELECT title FROM measures_task ORDER BY id")]
    script = ["pg_restore", "--data-only", "--table=measures_task", "--file=-", str(path)]
    lines = subprocess.run(script, capture_output=True, text=True, check=True).stdout.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("COPY"))
    position = lines[start].partition("(")[2].partition(")")[0].split(", ").index("title")
    rows = lines[start + 1 : lines.index("\\.")]
    return [row.split("\t")[position] for row in rows]


def test_backup_holds_what_was_committed_and_is_for_the_program_alone() -> None:
    task = make_task(title="Prieš kopiją")
    path = take_backup("importas")
    Task(plan=task.plan, number="2", title="Po kopijos").save()
    assert titles_in(path) == ["Prieš kopiją"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.parent == Path(settings.DATA_DIR) / "backups"


def test_only_the_newest_backups_of_one_reason_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "KEPT", 2)
    other = take_backup("kita")
    first, *newer = [take_backup("importas") for _ in range(3)]
    assert first.exists()
    prune_backups("importas")
    assert sorted(first.parent.iterdir()) == sorted([other, *newer])
    assert [is_backup_kept(path.name) for path in (first, *newer)] == [False, True, True]
    assert not is_backup_kept("")


@pytest.mark.parametrize("name", ["plan#2.sqlite3", "100%.sqlite3", "a?mode=memory", "ką%20.sqlite3"])
def test_any_letter_may_stand_in_the_path_of_a_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    source = tmp_path / "duomenys" / name
    source.parent.mkdir()
    with closing(sqlite3.connect(source)) as database:
        database.execute("CREATE TABLE measures_task (id, title)")
        database.execute("INSERT INTO measures_task VALUES (1, 'Uždavinys')")
        database.commit()
    monkeypatch.setitem(connection.settings_dict, "NAME", source)
    backup._write_sqlite(tmp_path / "kopija.sqlite3")
    assert titles_in(tmp_path / "kopija.sqlite3") == ["Uždavinys"]
    assert list(source.parent.iterdir()) == [source]


def test_copy_without_tables_is_no_backup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tuscia.sqlite3").touch()
    monkeypatch.setitem(connection.settings_dict, "NAME", tmp_path / "tuscia.sqlite3")
    monkeypatch.setattr(backup, "_write_postgresql", backup._write_sqlite)
    with pytest.raises(BackupError):
        take_backup("importas")
    assert list((Path(settings.DATA_DIR) / "backups").iterdir()) == []


def test_a_failed_backup_leaves_no_file_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(target: Path) -> None:
        target.write_text("pusė")
        raise OSError("diskas pilnas")

    monkeypatch.setattr(backup, f"_write_{connection.vendor}", break_off)
    with pytest.raises(BackupError, match="diskas pilnas"):
        take_backup("importas")
    assert list((Path(settings.DATA_DIR) / "backups").iterdir()) == []


def test_postgresql_program_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    monkeypatch.setattr(backup, "_write_sqlite", backup._write_postgresql)
    with pytest.raises(BackupError, match="pg_dump"):
        take_backup("importas")
