"""The page that says how figures come about."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from measures.enums import Standing
from measures.reporting import GRACE
from measures.rules import DUE_SOON

from ..asked import asked_tree, plan_page
from ..explained import Example, status_rules
from ..rollup import summarise


@plan_page
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Explain the figures in plain words, with an example from the plan itself."""
    found = asked_tree(request, slug)
    context = {
        **found.context(),
        "total": summarise(found.tree.actions, found.tree.as_of),
        "example": Example.of(found.tree),
        "statuses": status_rules(),
        "standings": list(Standing),
        "due_soon_days": DUE_SOON.days,
        "grace_days": GRACE.days,
    }
    return render(request, "reports/rules.html", context)
