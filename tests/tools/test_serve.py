"""`manage.py serve` as a user meets it: it starts, or it says in one line why not."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def start(tmp_path, **variables):
    """Start the program on a database of its own and any free port."""
    defaults = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'plan.sqlite3'}",
        "HOST": "127.0.0.1",
        "PORT": "0",
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=REPOSITORY,
        env={**os.environ, **defaults, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def error_line(process):
    """Return the one line that a failed start prints."""
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert output == ""
    assert len(errors.splitlines()) == 1, errors
    return errors


def test_busy_port_is_named_with_a_way_out(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = error_line(start(tmp_path, PORT=str(port)))
    assert f"127.0.0.1:{port}" in line
    assert f"make run PORT={port + 1}" in line


def test_bad_port_is_named(tmp_path):
    assert "abc" in error_line(start(tmp_path, PORT="abc"))


def test_broken_database_file_is_named(tmp_path):
    (tmp_path / "plan.sqlite3").write_bytes(b"not a database" * 1000)
    assert str(tmp_path / "plan.sqlite3") in error_line(start(tmp_path))


def test_unreachable_postgresql_is_named_without_the_password(tmp_path):
    line = error_line(start(tmp_path, DATABASE_URL="postgres://user:secret@127.0.0.1:9/plan"))
    assert "127.0.0.1/plan" in line
    assert "secret" not in line


def test_bare_checkout_starts_and_stops(tmp_path):
    process = start(tmp_path)
    try:
        lines = iter(process.stdout.readline, "")
        url = next(word for line in lines for word in line.split() if word.startswith("http://"))
        invitation = next(line.strip() for line in lines if line.strip().startswith("http://"))
        with urllib.request.urlopen(invitation) as page:
            assert "password" in page.read().decode()
        with urllib.request.urlopen(f"{url}healthz") as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
