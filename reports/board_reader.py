"""Reads what the board's files are made of, from the same sources as the pages."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from measures.models import Plan
from measures.tree.duties import duties_in
from measures.tree.frozen import DamagedSnapshotError
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree

from .attention import Attention
from .board import Board
from .changes.compare import compare
from .changes.part import part_of
from .changes.sides import Side, Sides, read_sides
from .changes.sign import sign
from .filters import PlanFilter
from .queries import frozen_tree
from .queries_attention import read_reporting
from .queries_changes import Cut, read_writings
from .queries_trend import read_trend
from .rows import AskedPeriod, ClosedPeriod, Owed, Reporting, Strategy


def sides_of(
    tree: PlanTree, period: ClosedPeriod | None, periods: Sequence[ClosedPeriod], since: str
) -> Sides:
    """Return what the plan is to be compared with: by default the same as on the page of changes.

    `period` is the closed one that froze the tree, if one did; `since` names a day or a closed period.
    """
    until = period.address if period else tree.as_of.isoformat()
    sides = read_sides({"nuo": since, "iki": until}, periods, timezone.localdate())
    if sides.after.address == until:
        return sides
    message = _("Changes can't begin after %(day)s, the day that is shown.")
    return Sides(sides.after, sides.before, [message % {"day": tree.as_of.isoformat()}])


def read_board(
    plan: Plan,
    whole: PlanTree,
    strategy: Strategy,
    sides: Sides,
    *,
    asked: PlanFilter | None = None,
    said: str = "",
) -> Board:
    """Return what the files show of a plan: all of it, or the part that a checked filter asks for.

    `whole` is the plan with notes, as it stood on the later of the two sides.
    """
    asked = asked or PlanFilter()
    tree = asked.narrow(whole)
    period = sides.after.period
    cut = Cut.of(plan, whole.as_of, period)
    side, before = _earlier(plan, sides.before)
    writings = read_writings(plan, Cut.of(plan, side.day, side.period), cut)
    reporting = _frozen_reporting(whole, period) if period else read_reporting(plan, whole.as_of)
    numbers = {action.number for action in tree.actions} if asked else None
    return Board(
        tree=tree,
        strategy=strategy,
        trend=read_trend(plan, tree, cut if period else None),
        attention=Attention.of(tree, reporting, numbers),
        comparison=part_of(sign(compare(before, whole), writings), asked),
        sides=Sides(side, sides.after),
        said=said,
    )


def _earlier(plan: Plan, side: Side) -> tuple[Side, PlanTree]:
    """Return the earlier state; where its snapshot is damaged, the same day from the history."""
    if side.period:
        try:
            return side, frozen_tree(plan, side.period)
        except DamagedSnapshotError:
            side = Side(side.day)
    return side, read_tree(plan, side.day, with_notes=True)


def _frozen_reporting(tree: PlanTree, period: ClosedPeriod) -> Reporting:
    """Return who was to report for a closed period, as its snapshot has it."""
    asked = AskedPeriod(period.title, period.starts_on, period.ends_on, is_closed=True)
    owed = [Owed(duty.action.number, duty.action.title, duty.is_reported) for duty in duties_in(tree, asked)]
    return Reporting(has_periods=True, period=asked, owed=tuple(owed))
