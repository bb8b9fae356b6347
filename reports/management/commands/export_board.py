"""`manage.py export_board`: write the board's workbook."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.board_reader import read_whole_board
from reports.management.arguments import add_arguments, find_plan, new_file, read_day
from reports.queries.periods import read_periods
from reports.workbook.board import write_board_workbook


class Command(BaseCommand):
    """The plan with its progress as an Excel file."""

    help = "Writes the board's workbook: the plan's own table with status and progress, and a summary."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take plan, day and file."""
        add_arguments(parser)

    def handle(self, *, plan: str, as_of: str | None, output: str, **options: Any) -> None:
        """Write the file."""
        found = find_plan(plan)
        board = read_whole_board(found, read_day(as_of), read_periods(found))
        made_by = board.tree.organisation or "manage.py"
        with new_file(output) as stream:
            write_board_workbook(board, made_by=made_by, made_at=timezone.now(), stream=stream)
        self.stdout.write(_("Written: %(name)s") % {"name": output})
