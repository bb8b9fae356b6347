"""Backup points: the whole database in one file, taken while the program goes on working."""

import os
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

FOLDER = "backups"
KEPT = 20
MAX_SECONDS = 300


class BackupError(Exception):
    """No backup could be taken; the message says what to do."""


def take_backup(reason: str) -> Path:
    """Write a backup and return its path; `reason` (letters, digits, hyphens) stands in its name.

    It holds what was committed when it began. Once it has served, call `prune_backups`. Raises BackupError.
    """
    folder = _folder()
    suffix, write = (
        (".sqlite3", _write_sqlite) if connection.vendor == "sqlite" else (".dump", _write_postgresql)
    )
    target = folder / f"{timezone.localtime():%Y%m%dT%H%M%S%f}-{reason}{suffix}"
    # Whoever sees a file under its own name sees a whole one.
    unfinished = target.with_suffix(".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.touch(mode=0o600)
        write(unfinished)
        unfinished.rename(target)
    except (OSError, sqlite3.Error, subprocess.SubprocessError) as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise BackupError(
            _("No backup could be taken (%(reason)s), so nothing has been changed. Ask an administrator.")
            % {"reason": _cause(error)}
        ) from error
    return target


def prune_backups(reason: str) -> None:
    """Delete the oldest of more than `KEPT` backups with the same reason."""
    whole = (path for path in _folder().glob(f"*-{reason}.*") if path.suffix != ".part")
    for old in sorted(whole)[:-KEPT]:
        with suppress(OSError):
            old.unlink(missing_ok=True)


def is_backup_kept(name: str) -> bool:
    """Return whether the backup of this name is still there."""
    return (_folder() / name).is_file()


def _folder() -> Path:
    return Path(settings.DATA_DIR) / FOLDER


def _write_sqlite(target: Path) -> None:
    # A copy of the file would be torn; the backup interface waits for writers and takes a whole state.
    source = f"{Path(connection.settings_dict['NAME']).resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(source, uri=True)) as database, closing(sqlite3.connect(target)) as copy:
        database.backup(copy)
        if not copy.execute("SELECT 1 FROM sqlite_master WHERE type = 'table'").fetchone():
            raise sqlite3.DatabaseError("the copy has no tables")


def _write_postgresql(target: Path) -> None:
    wanted = connection.settings_dict
    parameters = {
        "PGHOST": wanted["HOST"],
        "PGPORT": str(wanted["PORT"]),
        "PGUSER": wanted["USER"],
        "PGPASSWORD": wanted["PASSWORD"],
        "PGDATABASE": wanted["NAME"],
    }
    subprocess.run(
        ["pg_dump", "--format=custom", "--file", str(target)],
        env={**os.environ, **{name: value for name, value in parameters.items() if value}},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=MAX_SECONDS,
        check=True,
    )


def _cause(error: Exception) -> str:
    """Return what went wrong, in the words of the program that said so."""
    if isinstance(error, subprocess.CalledProcessError):
        return str(error.stderr.decode(errors="replace").strip() or error)
    return str(error)
