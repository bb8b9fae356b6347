"""`manage.py load_plan`: the association's plan 2023–2024 into an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from measures.exchange.fixtures import load_akr_plan
from measures.models import Plan


class Command(BaseCommand):
    """Load the plan that ships with the program."""

    help = "Load the plan that ships with the program (AKR 2023–2024) into a database without plans."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse if there is a plan already, else load."""
        if Plan.objects.exists():
            raise CommandError(_("There is a plan already; nothing was loaded."))
        plan = load_akr_plan()
        self.stdout.write(_("Loaded: %(plan)s") % {"plan": plan})
