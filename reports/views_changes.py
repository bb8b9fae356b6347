"""The page that shows what changed between two days, or since a closed period."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from measures.models import Plan
from measures.tree.frozen import DamagedSnapshotError
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree

from .asked import may_view
from .changes.compare import compare
from .changes.sections import sections_of
from .changes.sentence import in_a_sentence
from .changes.sides import Side, read_sides
from .changes.sign import sign
from .queries import action_numbers, closed_periods, frozen_tree
from .queries_changes import Cut, read_writings


@require_safe
@may_view
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what changed between two states of the plan."""
    plan = get_object_or_404(Plan, slug=slug)
    periods = closed_periods(plan)
    sides = read_sides(request.GET.dict(), periods, timezone.localdate())
    for error in sides.errors:
        messages.warning(request, error)
    (before, before_cut), (after, after_cut) = (
        _state(request, plan, side) for side in (sides.before, sides.after)
    )
    comparison = sign(compare(before, after), read_writings(plan, before_cut, after_cut))
    context = {
        "plan": plan,
        "comparison": comparison,
        "sections": sections_of(comparison, request.GET.dict()),
        "sentence": in_a_sentence(comparison),
        "sides": sides,
        "periods": periods,
        "numbers": action_numbers(plan),
        "today": timezone.localdate(),
    }
    return render(request, "reports/changes.html", context)


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
