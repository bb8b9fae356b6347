"""The program on a real web server with several processes, on a database of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """A running site: where it listens, and a way to run code beside it on the same database."""

    port: int
    environment: dict[str, str]

    def run(self, code: str) -> Any:
        """Run Python code with the program set up; return what it printed last, read as JSON."""
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code]
        output = subprocess.run(
            command, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, check=True
        ).stdout
        return json.loads(output.splitlines()[-1]) if output.strip() else None


def environment_for(database_url: str, folder: Path) -> dict[str, str]:
    """Return the environment of the server: the database, and no static files that had to be collected."""
    return {**os.environ, "DATABASE_URL": database_url, "DEBUG": "1", "TMPDIR": str(folder)}


@contextmanager
def running_site(
    database_url: str, folder: Path, *, application: str = "akr_plan.wsgi:application"
) -> Iterator[Site]:
    """Prepare the database and serve it on loopback as in production; afterwards the server is gone."""
    environment = environment_for(database_url, folder)
    for command in (["migrate", "--verbosity", "0"], ["load_plan"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=REPOSITORY,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    log = folder / "server.log"
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as output:
        os.set_inheritable(listener.fileno(), True)
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", application),
                *("--config", "deploy/gunicorn.conf.py", "--bind", f"fd://{listener.fileno()}"),
            ],
            cwd=REPOSITORY,
            env=environment,
            pass_fds=[listener.fileno()],
            stdout=output,
            stderr=output,
        )
    try:
        wait_until_answered(port, process)
        yield Site(port, environment)
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_until_answered(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return as soon as the server answers; a server that ended is an error."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode}.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server does not answer.")
