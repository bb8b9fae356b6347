"""`manage.py serve`: bring everything up to date and start the web server."""

import os
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ... import first_administrator, startup


class Command(BaseCommand):
    """What `make run` and `make demo` start."""

    help = "Prepares the database and the static files where needed, and starts the web server."
    # Checked in `handle`, after the mistakes that people make more often.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address from the command line or from the environment."""
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
        parser.add_argument("--demo", action="store_true", help="load sample data into an empty database")

    def handle(self, *, host: str, port: str, demo: bool, **options: Any) -> None:
        """Prepare, say where to go, and become the web server."""
        try:
            listener = startup.open_listener(host, port, make_target="demo" if demo else "run")
            url = startup.site_url(*listener.getsockname()[:2])
            self.check()
            startup.prepare_database(self.stdout.write)
            startup.load_plan(self.stdout.write, demo=demo)
            startup.collect_static_files(self.stdout.write)
            self.announce(url)
        except CommandError as error:
            # Django would put the name of the class before the line.
            self.stderr.write(str(error))
            sys.exit(error.returncode)
        except KeyboardInterrupt:
            sys.exit(128 + signal.SIGINT)
        startup.replace_by_web_server(listener, url)

    def announce(self, url: str) -> None:
        """Print the address, and the way in while there is no administrator."""
        self.stdout.write(_("The program is open at %(url)s") % {"url": f"{url}/"})
        link = first_administrator.link(url)
        if link:
            self.stdout.write(
                _("Create the first administrator's account (the link works once, for 24 hours):")
            )
            self.stdout.write(f"  {link}")
        self.stdout.write(_("Press Ctrl+C to stop."))
        self.stdout.flush()
