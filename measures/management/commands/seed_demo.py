"""`manage.py seed_demo`: the plan with made-up progress into an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from measures.exchange.fixtures import load_akr_plan
from measures.models import Plan
from measures.services.sample import seed_progress


class Command(BaseCommand):
    """Load the shipped plan as a sample, with owners and reports that are made up."""

    help = "Load the shipped plan with made-up progress into a database without plans."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse if there is a plan already, else load and seed."""
        if Plan.objects.exists():
            raise CommandError(_("There is a plan already; nothing was loaded."))
        plan = load_akr_plan(is_sample=True)
        seed_progress(plan)
        self.stdout.write(_("Loaded with sample data: %(plan)s") % {"plan": plan})
