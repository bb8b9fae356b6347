"""What the header of every page shows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from .enums import PlanState
from .models import Plan

SECTION_OF_URL = {
    "action": "plan",
    "action_history": "plan",
    "attention_due_soon": "attention",
    "attention_late": "attention",
    "attention_pending": "attention",
    "attention_unreported": "attention",
    "attention_without_owner": "attention",
    "bulk": "plan",
    "code": "strategy",
    "direction": "strategy",
    "exports": "reports",
    "history": "plan",
    "import_confirm": "imports",
    "import_decide": "imports",
    "import_discard": "imports",
    "import_job": "imports",
    "import_undo": "imports",
    "my_form": "my_actions",
    "owner_actions": "my_actions",
    "pack_file": "reports",
    "partner": "parties",
    "partners": "parties",
    "period": "periods",
    "period_close": "periods",
    "period_reopen": "periods",
    "project": "parties",
    "projects": "parties",
    "resource": "parties",
    "resources": "parties",
    "undo": "plan",
    "withdraw": "plan",
}


def all_plans(request: HttpRequest) -> list[Plan]:
    """Return all plans, newest first; a request reads them once."""
    if not hasattr(request, "plans"):
        request.plans = list(Plan.objects.newest_first())  # type: ignore[attr-defined]
    plans: list[Plan] = request.plans  # type: ignore[attr-defined]
    return plans


@dataclass
class Navigation:
    """The plans to choose from and the one that the page is about; asks the database when shown."""

    request: HttpRequest
    slug: str | None
    section: str

    @property
    def plans(self) -> list[Plan]:
        """Return all plans, newest first."""
        return all_plans(self.request)

    @cached_property
    def plan(self) -> Plan | None:
        """Return the plan of the page, else the current one."""
        named = [plan for plan in self.plans if plan.slug == self.slug]
        active = [plan for plan in self.plans if plan.state == PlanState.ACTIVE]
        return next(iter(named + active + self.plans), None)

    @property
    def has_sample_data(self) -> bool:
        """Return whether any plan here is made up."""
        return any(plan.is_sample for plan in self.plans)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give `nav` to every template."""
    match = request.resolver_match
    section = ""
    if match:
        section = (
            "admin"
            if match.app_name == "admin"
            else SECTION_OF_URL.get(match.url_name or "", match.url_name or "")
        )
    return {"nav": Navigation(request, slug=match.kwargs.get("slug") if match else None, section=section)}
