"""Where a code of the strategy leads to."""

from django import template
from django.urls import reverse

from measures.tree.rows import PlanTree

register = template.Library()


@register.simple_tag
def code_url(tree: PlanTree, code: str) -> str:
    """Return the address of the code's page on the same day."""
    query = {} if tree.is_today else {"data": tree.as_of.isoformat()}
    return reverse("reports:code", args=[tree.slug, code], query=query)
