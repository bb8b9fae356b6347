"""`manage.py make_pack`: make the files of a pack that was asked for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from measures.models import Pack
from measures.services.packs import PackOverError
from reports.pack_process import signs_of_life
from reports.packs import PackError, make_pack


class Command(BaseCommand):
    """Excel, Word and PDF of a pack; the page calls this when somebody presses the button."""

    help = "Makes the files of a pack for the members' meeting that was asked for on the page of reports."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the pack's id."""
        parser.add_argument("pack", type=int, help=_("id of the pack"))

    def handle(self, *, pack: int, **options: Any) -> None:
        """Make the files, and say so."""
        found = Pack.objects.with_files().filter(pk=pack).first()
        if found is None:
            raise CommandError(_("There is no pack with the id %(id)s.") % {"id": pack})
        try:
            with signs_of_life(found):
                make_pack(found)
        except (PackError, PackOverError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Made: %(name)s") % {"name": found})
