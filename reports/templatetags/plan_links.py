"""How rows are written on pages. These only format; figures come finished from the views."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akr_plan.templatetags.plan_text import percent, sentence
from measures.enums import Standing
from measures.tree.rows import PlanHead
from reports.asked import Asked
from reports.charts import Segment, stacked_bar
from reports.filters.choices import FilterField
from reports.filters.words import COUNTED, PROGRESS, STANDING, STANDINGS
from reports.rollup import Group, Summary

register = template.Library()

SELECTED, PLAIN, LATE = mark_safe(" selected"), mark_safe(""), mark_safe(' class="late-text"')
OPTION_LENGTH = 90


@register.filter
def days_before(day: date | None, later: date) -> int | None:
    """Return how many days lie between, or None if there is no such day."""
    return (later - day).days if day else None


@register.filter
def bar(summary: Summary) -> list[Segment]:
    """Return the parts of a stacked bar."""
    return stacked_bar(summary)


@register.simple_tag
def bar_svg(summary: Summary, large: bool = False) -> SafeString:
    """Draw a stacked bar. A page has dozens: as a template they would take most of its time."""
    segments = stacked_bar(summary)
    if not segments:
        return format_html('<span class="muted">{}</span>', _("No results"))
    labels = [f"{segment.standing.label} {segment.count}" for segment in segments]
    parts = format_html_join(
        "",
        '<rect class="bar-{}" x="{}" y="0" width="{}" height="100%"><title>{}</title></rect>',
        (
            (segment.standing.value, segment.start, segment.width, label)
            for segment, label in zip(segments, labels, strict=True)
        ),
    )
    style = "bar bar-large" if large else "bar"
    return format_html('<svg class="{}" role="img" aria-label="{}">{}</svg>', style, ", ".join(labels), parts)


@register.simple_tag(takes_context=True)
def breakdown_row(
    context: Context, tree: PlanHead, group: Group, parameter: str, is_numbered: bool
) -> SafeString:
    """Write the figures of a group, each with its rows behind it: as a template most of a page's time."""
    summary = group.summary

    def cell(figure: object, label: str, asked: dict[str, str], style: SafeString = PLAIN) -> SafeString:
        url = page_url(context, "results", tree, {parameter: group.key, **asked})
        return format_html(
            '<td class="num" data-label="{}"><a{} href="{}">{}</a></td>', label, style, url, figure
        )

    counted = page_url(context, "results", tree, {parameter: group.key, PROGRESS: COUNTED})
    late, done = {STANDING: STANDINGS[Standing.LATE]}, {STANDING: STANDINGS[Standing.DONE]}
    cells = format_html(
        '{}{}{}<td class="num cell-value"><a href="{}">{}</a></td>',
        cell(summary.results, _("Results"), {}),
        cell(summary.count(Standing.DONE), pgettext("count", "Done"), done),
        cell(summary.late, pgettext("count", "Late"), late, LATE if summary.late else PLAIN),
        counted,
        percent(summary.percent),
    )
    return format_html(
        '<tr>{}<th class="cell-title" scope="row">{}</th><td class="cell-bar">{}</td>{}</tr>',
        format_html('<td class="cell-lead">{}</td>', group.number) if is_numbered else "",
        sentence(str(group.title)),
        bar_svg(summary),
        cells,
    )


@register.simple_tag
def options(field: FilterField) -> SafeString:
    """Write what can be chosen in a field; there are hundreds, and a template takes long for each."""
    return format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        (
            (
                value,
                SELECTED if value == field.chosen else "",
                label if len(label) <= OPTION_LENGTH else Truncator(label).chars(OPTION_LENGTH),
            )
            for value, label in field.options.items()
        ),
    )


@register.filter
def count_of(summary: Summary, standing: str) -> int:
    """Return how many results have a standing."""
    return summary.count(Standing(standing))


@register.filter
def address(standing: Standing) -> str:
    """Return the word by which addresses name a standing."""
    return STANDINGS[standing]


@register.simple_tag(takes_context=True)
def page_url(
    context: Context, name: str, tree: PlanHead, group: Mapping[str, str] | None = None, **parameters: Any
) -> str:
    """Return the address of a page of the plan for what this page shows, and for the parameters as well."""
    asked: Asked = context["asked"]
    return _path(name, tree.slug, get_script_prefix()) + asked.query({**(group or {}), **parameters})


@register.simple_tag(takes_context=True)
def whole_url(context: Context, name: str, tree: PlanHead) -> str:
    """Return the address of a page for the whole plan on the same day."""
    asked: Asked = context["asked"]
    return _path(name, tree.slug, get_script_prefix()) + asked.day_query


@register.simple_tag(takes_context=True)
def action_url(context: Context, tree: PlanHead, number: str) -> str:
    """Return the address of an action's page on the same day."""
    asked: Asked = context["asked"]
    return reverse("measures:action", args=[tree.slug, number]) + asked.day_query


def tree_url(name: str, tree: PlanHead) -> str:
    """Return the address of a page for a whole plan on the day of the tree."""
    day = "" if tree.is_today else f"?data={tree.as_of.isoformat()}"
    return _path(name, tree.slug, get_script_prefix()) + day


@lru_cache(maxsize=256)
def _path(name: str, slug: str, prefix: str) -> str:
    """Return the path of a page; the prefix is part of it, and of what it depends on."""
    return reverse(f"reports:{name}", args=[slug])


@register.filter
def pair(name: str, value: str) -> dict[str, str]:
    """Return one parameter of an address whose name is itself a variable."""
    return {name: value}
