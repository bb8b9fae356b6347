"""`manage.py write_fixtures`: the registers and the plan 2023–2024 of this database into `fixtures/`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from measures.exchange.fixtures import AKR_PLAN, REFERENCE_LISTS, plan_fixture, reference_lists
from measures.models import Plan


class Command(BaseCommand):
    """For whoever changes the shipped data: import the document anew, correct it, write it back."""

    help = "Write the registers and the plan 2023-2024 of this database into fixtures/."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both files."""
        plan = Plan.objects.filter(slug="2023-2024").first()
        if plan is None:
            raise CommandError(_("There is no plan %(slug)s.") % {"slug": "2023-2024"})
        for path, rows in ((REFERENCE_LISTS, reference_lists()), (AKR_PLAN, plan_fixture(plan))):
            path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            self.stdout.write(str(path.name))
