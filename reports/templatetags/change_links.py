"""Where a change of a comparison leads to."""

from django import template
from django.urls import reverse

from reports.changes.rows import Comparison, Level, Place

from .plan_links import page_url

register = template.Library()


@register.simple_tag
def place_url(place: Place, comparison: Comparison, numbers: set[str]) -> str:
    """Return the page of the action; else its place in the plan as it was on that day.

    `numbers` are those of the actions that have a page today.
    """
    if place.level in (Level.ACTION, Level.RESULT) and place.number in numbers and not place.is_gone:
        url = reverse("measures:action", args=[comparison.after.slug, place.number])
        return f"{url}#{place.key}" if place.key else url
    url = page_url("plan", comparison.before if place.is_gone else comparison.after)
    anchor = f"task-{place.number}" if place.level == Level.TASK else place.key or place.number
    return f"{url}#{anchor}" if anchor else url
