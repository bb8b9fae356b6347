"""The temporary server works, is not run by root, and leaves nothing behind, however it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import environ
import psycopg2
import pytest
import temporary_postgres

SCRIPT = Path(temporary_postgres.__file__)


def start(*command):
    """Start the script in a session of its own, so that signals reach it and nothing else.

    Who starts the tests in the background may have let SIGINT be ignored, and a child inherits that.
    """
    return subprocess.Popen(
        [sys.executable, SCRIPT, "--", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def socket_directory(database_url):
    """Return the directory of the server, as the settings read it from DATABASE_URL."""
    return Path(environ.Env.db_url_config(database_url)["HOST"])


def test_server_answers_and_is_gone_afterwards():
    with temporary_postgres.temporary_postgres() as (database_url, process_id):
        database = environ.Env.db_url_config(database_url)
        connection = psycopg2.connect(host=database["HOST"], user=database["USER"], dbname=database["NAME"])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1, current_setting('listen_addresses'), pg_encoding_to_char(encoding)"
                " FROM pg_database WHERE datname = current_database()"
            )
            assert cursor.fetchone() == (1, "", "UTF8")
        connection.close()
        assert Path(f"/proc/{process_id}").stat().st_uid != 0
    assert not Path(f"/proc/{process_id}").exists()
    assert not socket_directory(database_url).exists()


def test_exit_code_is_that_of_the_command():
    process = start("sh", "-c", "echo $DATABASE_URL; exit 7")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 7
    assert not socket_directory(output.strip()).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_leaves_nothing_behind(number):
    process = start("sh", "-c", "echo $DATABASE_URL; exec sleep 60")
    directory = socket_directory(process.stdout.readline().strip())
    server = int((directory / "data" / "postmaster.pid").read_text().splitlines()[0])
    # Ctrl+C in a terminal goes to the whole group; the stop of a service to the process alone.
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (128 + number, "")
    assert not directory.exists()
    assert not Path(f"/proc/{server}").exists()


def test_missing_server_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(temporary_postgres, "SERVERS", tmp_path)
    server = temporary_postgres.temporary_postgres()
    with pytest.raises(temporary_postgres.ServerError, match="nėra PostgreSQL serverio"):
        server.__enter__()
