"""`manage.py import_document FILE [--dry-run]`: a plan document into the database."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from measures.enums import PlanState
from measures.exchange.document.file import read_plan_file
from measures.exchange.document.notices import DocumentError
from measures.exchange.document.reader import DocumentReading
from measures.exchange.fixtures import load_reference_lists
from measures.exchange.guard.file_guard import MAX_BYTES, FileRefusedError, guard_file
from measures.exchange.plan_text.draft import PlanCounts, PlanImportError, import_plan, known_names
from measures.models import Partner, Resource
from measures.validators import validate_slug


class Command(BaseCommand):
    """Read a plan document and write it, all or nothing."""

    help = (
        "Read a plan document (.docx, .xlsx, .html or text) and write it as a new plan. "
        "--dry-run only reports."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the command line."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report, but write nothing")
        parser.add_argument("--slug", default="", help="short name of the new plan; else made of its years")
        parser.add_argument("--draft", action="store_true", help="leave the new plan a draft")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, write, report; a dry run takes everything back at the end."""
        content = self._read_file(options["file"])
        try:
            guard_file(options["file"].name, content)
            with transaction.atomic():
                self._import(content, options)
                transaction.set_rollback(options["dry_run"])
        except (DocumentError, FileRefusedError, PlanImportError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if options["dry_run"]:
            self.stdout.write(_("Dry run: nothing was written."))

    def _read_file(self, path: Path) -> bytes:
        try:
            with path.open("rb") as stream:
                # One byte too many is enough to see that the file is too large.
                return stream.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(
                _("The file %(file)s cannot be read: %(reason)s") % {"file": path, "reason": error.strerror}
            ) from error

    def _import(self, content: bytes, options: dict[str, Any]) -> None:
        if options["slug"]:
            validate_slug(options["slug"])
        load_reference_lists()
        reading = read_plan_file(content, known_names(Partner), known_names(Resource))
        plan = import_plan(
            reading.plan,
            slug=options["slug"],
            state=PlanState.DRAFT if options["draft"] else PlanState.ACTIVE,
        )
        self._report(PlanCounts.of(plan), reading)

    def _report(self, counts: PlanCounts, reading: DocumentReading) -> None:
        lines = [
            _("Tasks: %(tasks)d, measures: %(measures)d, actions: %(actions)d, results: %(results)d."),
            _("KRSS2030 codes: %(measure_codes)d on measures, %(action_codes)d on actions."),
            _("Resources: %(resources)d, partners: %(partners)d."),
        ]
        for line in lines:
            self.stdout.write(line % asdict(counts))
        self.stdout.write(_("Warnings: %(count)d") % {"count": len(reading.warnings)})
        for warning in reading.warnings:
            self.stdout.write(f"  – {warning.message}")
