"""The page that shows what changed between two days, or since a closed period."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from measures.models import Plan
from measures.tree.frozen import DamagedSnapshotError
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree

from ..asked import Asked, page_context, plan_page, read_asked, warn
from ..changes.compare import compare
from ..changes.part import choices_in, part_of, shown_in
from ..changes.sections import sections_of
from ..changes.sentence import in_a_sentence
from ..changes.sides import Side, Sides, read_sides
from ..changes.sign import sign
from ..queries.changes import Cut, read_writings
from ..queries.plan import action_numbers, closed_periods, frozen_tree


@plan_page
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what changed between two states of the plan, or of the part that the address asks for."""
    asked = read_asked(request, slug)
    periods = closed_periods(asked.plan)
    sides = read_sides(request.GET.dict(), periods, asked.head.as_of)
    warn(request, (*asked.errors, *sides.errors))
    context = {
        **_compared(request, asked, sides),
        "sides": sides,
        "periods": periods,
        "kept": sides.parameters,
        "whole_query": sides.query,
        "hides_day": True,
    }
    return render(request, "reports/changes.html", context)


def _compared(request: HttpRequest, asked: Asked, sides: Sides) -> dict[str, Any]:
    """Return what the page shows of the comparison; a filter that can't be shows everything."""
    states = [_state(request, asked.plan, side) for side in (sides.before, sides.after)]
    (before, before_cut), (after, after_cut) = states
    choices = choices_in(before, after, asked.strategy.titles)
    checked, errors = asked.filter.check(choices)
    warn(request, errors)
    context = page_context(replace(asked, filter=checked), choices)
    whole = compare(before, after)
    part = sign(part_of(whole, checked), read_writings(asked.plan, before_cut, after_cut))
    return {
        **context,
        "comparison": part,
        "shown": shown_in(whole, part) if checked else "",
        "sections": sections_of(part, request.GET.dict()),
        "sentence": in_a_sentence(part, context["bar"].said),
        "numbers": action_numbers(asked.plan),
    }


def _state(request: HttpRequest, plan: Plan, side: Side) -> tuple[PlanTree, Cut]:
    """Return one of the two states; where a snapshot is damaged, the same day from the history."""
    if side.period:
        try:
            return frozen_tree(plan, side.period), Cut.of(plan, side.day, side.period)
        except DamagedSnapshotError:
            message = _(
                "The snapshot of the period “%(period)s” is damaged. The same day is shown from the history."
            )
            messages.error(request, message % {"period": side.period.title})
    return read_tree(plan, side.day, with_notes=True), Cut.of(plan, side.day)
