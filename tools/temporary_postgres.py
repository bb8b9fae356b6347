"""Runs a command with a PostgreSQL server that lives only as long: `temporary_postgres.py -- COMMAND …`.

The server comes from Debian's package, listens on a Unix socket in a directory of its own, and trades
safety for speed. COMMAND finds it in DATABASE_URL. The exit code is that of COMMAND.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVERS = Path("/usr/lib/postgresql")
SERVER_USER = "postgres"
START_SECONDS = 60
STOP_SECONDS = 20
COMMAND_STOP_SECONDS = 30
STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}


class ServerError(Exception):
    """The server could not be made or started; the text says why, in one line."""


def find_server_directory() -> Path | None:
    """Return the directory with the programs of the newest server installed, or None."""
    found = [path.parent for path in SERVERS.glob("*/bin/postgres") if (path.parent / "initdb").exists()]
    return max(found, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0), default=None)


@contextmanager
def temporary_postgres() -> Iterator[tuple[str, int]]:
    """Yield the DATABASE_URL and the process id of a new server; afterwards nothing is left of either."""
    programs = find_server_directory()
    if programs is None:
        raise ServerError("nėra PostgreSQL serverio; įdiekite Debian paketą postgresql")
    # PostgreSQL refuses to run as root, so root lends the user that the Debian package has made.
    user = SERVER_USER if os.geteuid() == 0 else None
    # The path of a socket is limited to 107 characters, and the user must be able to reach it: not $TMPDIR.
    directory = Path(tempfile.mkdtemp(prefix="akr-plan-postgres-", dir="/tmp"))
    try:
        if user:
            shutil.chown(directory, user, pwd.getpwnam(user).pw_gid)
        make_cluster(programs, directory, user)
        with running_server(programs, directory, user) as process_id:
            # django-environ takes a path with two slashes as directory of the socket, then database.
            yield f"postgres://{SERVER_USER}@/{directory}/postgres", process_id
    finally:
        shutil.rmtree(directory)


def make_cluster(programs: Path, directory: Path, user: str | None) -> None:
    """Make the files of a new server in `directory`; only its owner and root can reach them."""
    initdb = subprocess.run(
        [
            programs / "initdb",
            f"--pgdata={directory / 'data'}",
            f"--username={SERVER_USER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        cwd=directory,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if initdb.returncode:
        raise ServerError(last_line(initdb.stdout))


@contextmanager
def running_server(programs: Path, directory: Path, user: str | None) -> Iterator[int]:
    """Start the server, yield its process id once it answers, and stop it."""
    log = directory / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                programs / "postgres",
                *("-D", directory / "data"),
                *("-c", f"unix_socket_directories={directory}"),
                *("-c", "listen_addresses="),
                *("-c", "fsync=off"),
                *("-c", "synchronous_commit=off"),
                *("-c", "full_page_writes=off"),
            ],
            cwd=directory,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            # Ctrl+C in the terminal is for COMMAND; the server is stopped after that.
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_ready(programs, directory, server, log)
        yield server.pid
    finally:
        # "Immediate shutdown": nothing has to be kept.
        server.send_signal(signal.SIGQUIT)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_until_ready(programs: Path, directory: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server accepts connections."""
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run([programs / "pg_isready", "--quiet", f"--host={directory}"]).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise ServerError(last_line(log.read_text()))
        time.sleep(0.05)


def last_line(text: str) -> str:
    """Return the last line of a program's output, which is where it says what went wrong."""
    return (text.strip().splitlines() or ["be paaiškinimo"])[-1]


def run(command: list[str], database_url: str) -> int:
    """Run `command` with DATABASE_URL and return its exit code as a shell would."""
    pending: set[signal.Signals] = signal.sigpending()
    if pending:
        return 128 + min(pending)
    process = subprocess.Popen(
        command,
        env={**os.environ, "DATABASE_URL": database_url},
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS),
    )
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        code = process.wait()
    except KeyboardInterrupt:
        # The terminal has sent it to COMMAND as well, which may want to say where it stopped. An interrupted
        # run is no success: 0 comes here when the interrupt hit between COMMAND's end and our reading of it,
        # for Popen has then lost the code.
        code = wait_or_kill(process) or 128 + signal.SIGINT
    except SystemExit:
        process.terminate()
        wait_or_kill(process)
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    return code if code >= 0 else 128 - code


def wait_or_kill(process: subprocess.Popen[bytes]) -> int:
    """Return the exit code of a process that has been asked to end."""
    try:
        return process.wait(COMMAND_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def main(arguments: list[str]) -> int:
    """Run the command that follows `--`."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.exit(f"Usage: {Path(__file__).name} -- COMMAND …")
    # Let through only while COMMAND runs: at any other moment they could leave the server behind.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with temporary_postgres() as (database_url, _):
            return run(command, database_url)
    except ServerError as error:
        sys.exit(f"Nepavyko paleisti laikino PostgreSQL serverio: {error}")
    except FileNotFoundError as error:
        sys.exit(f"Nerasta programa: {error.filename}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
