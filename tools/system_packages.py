"""Sees to it that the programs that the tests need are installed: chromium, poppler, PostgreSQL."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import debian
from temporary_postgres import find_server_directory

LOG = Path(__file__).resolve().parent.parent / ".venv" / "system-packages.log"
CREATECLUSTER = Path("/etc/postgresql-common/createcluster.d/akr-plan-tests.conf")


def main() -> None:
    """Install what is missing; ends with one line if that is not possible."""
    missing = []
    if shutil.which("chromium") is None:
        missing.append("chromium")
    if find_server_directory() is None:
        missing.append("postgresql")
    if shutil.which("pdfinfo") is None:
        missing.append("poppler-utils")
    if not missing:
        return
    try:
        with no_system_cluster():
            debian.install(missing, LOG)
    except KeyboardInterrupt:
        sys.exit("\nDiegimas nutrauktas.")


@contextmanager
def no_system_cluster() -> Iterator[None]:
    """Keep Debian's package from making and starting a database server that nothing here uses."""
    if os.geteuid() != 0:
        yield
        return
    CREATECLUSTER.parent.mkdir(parents=True, exist_ok=True)
    CREATECLUSTER.write_text("create_main_cluster = false\n")
    try:
        yield
    finally:
        CREATECLUSTER.unlink()


if __name__ == "__main__":
    main()
