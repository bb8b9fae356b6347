"""Where the changes and the figures of a comparison lead to."""

from dataclasses import replace

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html

from measures.tree.rows import PlanTree
from reports.asked import Asked
from reports.changes.rows import ChangeKind, Comparison, Level, Place
from reports.changes.sides import Side, Sides

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


@register.simple_tag(takes_context=True)
def rows_link(context: Context, figure: int, side: Side, tree: PlanTree, **values: str) -> str:
    """Return a figure as a link to the results that it counts; what a period froze is on no such page."""
    if side.period:
        return str(figure)
    asked: Asked = replace(context["asked"], day=None if tree.is_today else tree.as_of)
    path = reverse("reports:results", args=[tree.slug])
    return format_html('<a href="{}{}">{}</a>', path, asked.query(values), figure)


@register.simple_tag(takes_context=True)
def section_url(context: Context, sides: Sides, kind: ChangeKind, number: int) -> str:
    """Return the address of another page of a section; all else on the page stays."""
    asked: Asked = context["asked"]
    return f"{asked.query({**sides.parameters, kind.value: number})}#{kind.value}"
