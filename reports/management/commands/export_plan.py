"""`manage.py export_plan`: write the plan with its progress as JSON."""

import codecs
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from measures.tree.reader import read_tree
from reports.management.arguments import add_arguments, find_plan, new_file, read_day
from reports.plan_json import write_plan_json


class Command(BaseCommand):
    """The plan as data for other programs; docs/plan-json.md describes the format."""

    help = "Writes the plan with its progress as JSON; “-o -” prints it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take plan, day and file."""
        add_arguments(parser)

    def handle(self, *, plan: str, as_of: str | None, output: str, **options: Any) -> None:
        """Write the file, or print it."""
        tree = read_tree(find_plan(plan), read_day(as_of))
        if output == "-":
            write_plan_json(tree, self.stdout)
            return
        with new_file(output) as stream:
            write_plan_json(tree, codecs.getwriter("utf-8")(stream))
        self.stdout.write(_("Written: %(name)s") % {"name": output})
