"""The steps of `manage.py serve`: from a bare checkout, or a new version, to a running web server.

Whatever can go wrong on somebody's machine becomes a CommandError of one line, without a traceback.
"""

import errno
import hashlib
import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

HIGHEST_PORT = 65535


def open_listener(host: str, port: str, *, make_target: str) -> socket.socket:
    """Return a listening socket, which holds the port from now on; early visitors wait in its queue."""
    if not (port.isdecimal() and int(port) <= HIGHEST_PORT):
        raise CommandError(_("PORT is a number from 1 to 65535, not “%(port)s”.") % {"port": port})
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, int(port)), family=family)
    except socket.gaierror as error:
        raise CommandError(_("There is no computer called “%(host)s” (HOST).") % {"host": host}) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = _(
                "The address %(address)s is in use. Choose another port: make %(target)s PORT=%(port)d"
            )
        else:
            message = _("Cannot use the address %(address)s: %(reason)s")
        details = {
            "address": address,
            "target": make_target,
            "port": int(port) % HIGHEST_PORT + 1,
            "reason": os.strerror(error.errno or 0),
        }
        raise CommandError(message % details) from error


def site_url(host: str, port: int) -> str:
    """Return the address under which people open the site that listens on the numeric `host`."""
    if "SITE_URL" in os.environ:
        return str(settings.SITE_URL)
    address = ipaddress.ip_address(host)
    if not (address.is_loopback or address.is_unspecified):
        raise CommandError(
            _("Others can reach %(host)s, so the site needs https: write its address in SITE_URL.")
            % {"host": host}
        )
    if address.is_unspecified:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def database_errors(*expected: type[DatabaseError]) -> Iterator[None]:
    """Tell in one line that the database cannot be used, and why."""
    try:
        yield
    except expected as error:
        server, name = connection.settings_dict.get("HOST"), connection.settings_dict["NAME"]
        raise CommandError(
            _("Cannot use the database %(name)s: %(reason)s")
            % {
                "name": f"{server}/{name}" if server else name,
                "reason": (str(error).splitlines() or [type(error).__name__])[0],
            }
        ) from error


def prepare_database(say: Callable[[str], object]) -> None:
    """Apply the migrations that are missing; a database that cannot be read or written is an error."""
    with database_errors(DatabaseError):
        # SQLite takes its write lock here, so a read-only file shows itself now and not at the first save.
        with transaction.atomic():
            executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        say(_("Preparing the database…"))
        with database_errors(OperationalError):
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


def load_plan(say: Callable[[str], object], *, demo: bool) -> None:
    """Load the association's plan, or the sample data, into a database without plans."""
    plans = apps.get_model("measures", "Plan")._default_manager
    if demo and plans.filter(is_sample=False).exists():
        raise CommandError(
            _("This database holds a real plan; name another one for the sample data in DATABASE_URL.")
        )
    if not plans.exists():
        say(_("Loading sample data…") if demo else _("Loading the action plan…"))
        with database_errors(OperationalError):
            call_command("seed_demo" if demo else "load_plan", verbosity=0, skip_checks=True)


def collect_static_files(say: Callable[[str], object]) -> None:
    """Collect the static files if any has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    fingerprint = static_files_fingerprint()
    try:
        if stamp.exists() and stamp.read_text() == fingerprint:
            return
        say(_("Preparing styles and scripts…"))
        call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
        stamp.write_text(fingerprint)
    except OSError as error:
        raise CommandError(
            _("Cannot write to %(path)s: %(reason)s")
            % {"path": settings.STATIC_ROOT, "reason": error.strerror}
        ) from error


def static_files_fingerprint() -> str:
    """Return a hash of path, size and time of all static files, which changes when one of them does."""
    files = (Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list(None))
    states = sorted(
        (str(path), status.st_size, status.st_mtime_ns) for path in files for status in [path.stat()]
    )
    return hashlib.sha256(repr((settings.STORAGES["staticfiles"], states)).encode()).hexdigest()


def replace_by_web_server(listener: socket.socket, url: str) -> NoReturn:
    """Turn this process into gunicorn on the socket that is open already."""
    connections.close_all()
    os.environ["SITE_URL"] = url
    os.set_inheritable(listener.fileno(), True)
    # Ctrl+C waits until gunicorn can handle it; deploy/gunicorn.conf.py lets it through.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    arguments = [
        *("-m", "gunicorn", "akr_plan.wsgi:application"),
        *("--config", str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py")),
        *("--chdir", str(settings.BASE_DIR)),
        *("--bind", f"fd://{listener.fileno()}"),
    ]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - arguments of our own making
