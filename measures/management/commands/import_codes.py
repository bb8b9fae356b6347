"""`manage.py import_codes FILE`: the codes of KRSS2030 with their titles into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from measures.exchange.code_file import MAX_BYTES, CodeFileError
from measures.exchange.codes import CodesError, import_codes
from measures.models import ConflictError


class Command(BaseCommand):
    """Read a file of codes and write it, all or nothing."""

    help = (
        "Read codes of KRSS2030 from a workbook (.xlsx) or CSV with the columns kodas, pavadinimas and, "
        "if wanted, rūšis; add what is new and correct titles that differ."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the command line."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, write, report."""
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                # One byte too many is enough to see that the file is too large.
                content = stream.read(MAX_BYTES + 1)
            outcome = import_codes(path.name, content)
        except OSError as error:
            raise CommandError(
                _("The file %(file)s cannot be read: %(reason)s") % {"file": path, "reason": error.strerror}
            ) from error
        except (CodeFileError, CodesError, ConflictError) as error:
            raise CommandError(_("Nothing was written.") + f"\n{error}") from error
        for label, codes in (
            (_("Added: %(n)d"), outcome.added),
            (_("Changed: %(n)d"), outcome.changed),
            (_("Unchanged: %(n)d"), outcome.unchanged),
        ):
            self.stdout.write(label % {"n": len(codes)})
        for code in (*outcome.added, *outcome.changed):
            self.stdout.write(f"  – {code}")
