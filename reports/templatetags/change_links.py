"""Where the changes and the figures of a comparison lead to."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html

from measures.tree.rows import PlanTree
from reports.changes.rows import Comparison, Level, Place
from reports.changes.sides import Side

from .plan_links import tree_url

register = template.Library()


@register.simple_tag
def place_url(place: Place, comparison: Comparison, numbers: set[str]) -> str:
    """Return the page of the action; else its place in the plan as it was on that day.

    `numbers` are those of the actions that have a page today.
    """
    if place.level in (Level.ACTION, Level.RESULT) and place.number in numbers and not place.is_gone:
        url = reverse("measures:action", args=[comparison.after.slug, place.number])
        return f"{url}#{place.key}" if place.key else url
    url = tree_url("plan", comparison.before if place.is_gone else comparison.after)
    anchor = f"task-{place.number}" if place.level == Level.TASK else place.key or place.number
    return f"{url}#{anchor}" if anchor else url


@register.simple_tag
def rows_link(figure: int, side: Side, tree: PlanTree, **asked: str) -> str:
    """Return a figure as a link to the results that it counts; what a period froze is on no such page."""
    if side.period:
        return str(figure)
    url = tree_url("results", tree)
    return format_html('<a href="{}{}{}">{}</a>', url, "&" if "?" in url else "?", urlencode(asked), figure)
