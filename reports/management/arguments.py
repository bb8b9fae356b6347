"""What the export commands share: the choice of plan and day, and a file that is never left half written."""

import os
import secrets
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from measures.models import Plan


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of an export."""
    parser.add_argument("--plan", required=True, help=_("short name of the plan, for example 2023-2024"))
    parser.add_argument("--as-of", help=_("the day to show, as YYYY-MM-DD; today unless given"))
    parser.add_argument("-o", "--output", required=True, help=_("the file to write"))


def find_plan(slug: str) -> Plan:
    """Return the plan with a short name; raise CommandError if there is none."""
    try:
        return Plan.objects.get(slug=slug)
    except Plan.DoesNotExist:
        known = ", ".join(Plan.objects.values_list("slug", flat=True)) or "–"
        message = _("There is no plan “%(slug)s”. Plans here: %(known)s.")
        raise CommandError(message % {"slug": slug, "known": known}) from None


def read_day(text: str | None) -> date | None:
    """Return the day written as YYYY-MM-DD; raise CommandError if it is none or still to come."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = _("“%(text)s” is not a date. Write it like this: 2024-12-31.")
        raise CommandError(message % {"text": text}) from None
    if day > timezone.localdate():
        raise CommandError(
            _("%(day)s is still to come: only past days and today can be shown.") % {"day": text}
        )
    return day


@contextmanager
def new_file(name: str) -> Iterator[BinaryIO]:
    """Give a stream that becomes the named file when all went well; else what was there stays as it was.

    Raises CommandError if the file cannot be written.
    """
    target = Path(name)
    try:
        _check_place(target)
        partial = target.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with partial.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        message = _("“%(name)s” cannot be written (%(reason)s).")
        raise CommandError(message % {"name": name, "reason": error.strerror or error}) from error


def _check_place(target: Path) -> None:
    """Refuse a folder that is not there, and what is no file: a rename would put the file in its place."""
    if not target.parent.is_dir():
        raise CommandError(_("There is no folder “%(name)s”.") % {"name": target.parent})
    if not target.name or (target.exists() and not target.is_file()):
        raise CommandError(_("“%(name)s” is not a file. Name a file to write.") % {"name": target})
