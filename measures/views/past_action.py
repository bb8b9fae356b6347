"""The page of one action as of a past day."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from akr_plan.days import read_day

from ..navigation import all_plans
from ..pages.past_action import PastActionPage, find_place
from ..tree.reader import head_of


@dataclass(frozen=True, slots=True)
class LookBack:
    """What the address asks for: a page of a past day, or None where today's is shown, and what is wrong."""

    page: PastActionPage | None
    errors: tuple[str, ...]

    def warn(self, request: HttpRequest) -> None:
        """Say on the page what was wrong with its address."""
        for error in self.errors:
            messages.warning(request, error)


def look_back(request: HttpRequest, slug: str, number: str) -> LookBack:
    """Return the action as of the day that the address asks for, a closed plan's as of its closing."""
    if request.method == "POST":
        # What is reported is recorded now; the report itself names the day that it speaks of.
        return LookBack(None, ())
    plan = next((plan for plan in all_plans(request) if plan.slug == slug), None)
    if plan is None:
        raise Http404
    asked = read_day(request.GET.get("data", ""))
    errors = (asked.error,) if asked.error else ()
    head = head_of(plan, asked.value)
    if head.is_today:
        return LookBack(None, errors)
    place = find_place(plan, head.as_of, number)
    if place is None:
        missing = _("The plan had no action %(number)s on %(day)s. Today is shown.")
        return LookBack(None, (*errors, missing % {"number": number, "day": head.as_of.isoformat()}))
    return LookBack(PastActionPage(plan, head.as_of, place), errors)


def past_context(page: PastActionPage) -> dict[str, Any]:
    """Return what the template of a past day needs; the links of the header keep the day."""
    return {"page": page, "plan": page.plan, "action": page.action, "kept_query": page.day_query}
