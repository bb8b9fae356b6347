"""Where a code or a direction of the strategy leads to."""

from django import template
from django.template import Context
from django.urls import reverse

from measures.tree.rows import PlanTree
from reports.asked import Asked

register = template.Library()


@register.simple_tag(takes_context=True)
def code_url(context: Context, tree: PlanTree, code: str) -> str:
    """Return the address of the code's page for what this page shows."""
    asked: Asked = context["asked"]
    return reverse("reports:code", args=[tree.slug, code]) + asked.query()


@register.simple_tag(takes_context=True)
def direction_url(context: Context, tree: PlanTree, key: str, ending: str = "") -> str:
    """Return the address of a direction's report for what this page shows, or of the file of that ending."""
    asked: Asked = context["asked"]
    name = f"direction_{ending}" if ending else "direction"
    return reverse(f"reports:{name}", args=[tree.slug, key]) + asked.query()
