"""The plan on the day that the address asks for."""

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from measures.models import Plan
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree

from .filters import read_day


def asked_tree(request: HttpRequest, slug: str) -> PlanTree:
    """Return the plan on the day in the address; what is none gets a message, and today is shown."""
    plan = get_object_or_404(Plan, slug=slug)
    day = read_day(request.GET.get("data", ""))
    if day.error:
        messages.warning(request, day.error)
    return read_tree(plan, day.value)
