"""What the address asks of the board's files: the plan, what froze it, and since when changes are shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from measures.tree.frozen import DamagedSnapshotError
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree

from .asked import Asked, read_asked, tree_of
from .board import Board
from .board_reader import read_board, sides_of
from .queries import closed_periods, frozen_tree
from .rows import ClosedPeriod


@dataclass(frozen=True, slots=True)
class AskedBoard:
    """What goes into the files, or what is wrong with the address."""

    board: Board | None
    errors: Sequence[str] = ()


def read_asked_board(request: HttpRequest, slug: str) -> AskedBoard:
    """Return what the address asks for: the filter and the day as pages have them, `laikotarpis` (a closed
    period instead of the day) and `nuo` (a day or a closed period: where the changes begin).
    """
    asked = read_asked(request, slug)
    periods = closed_periods(asked.plan)
    name = request.GET.get("laikotarpis", "")
    period = next((period for period in periods if period.address == name), None)
    if name and period is None:
        return AskedBoard(None, [_("There is no closed period “%(value)s”.") % {"value": name}])
    try:
        whole = _whole_tree(asked, period)
    except DamagedSnapshotError:
        message = _("The snapshot of the period “%(period)s” is damaged, so no file can be made of it.")
        return AskedBoard(None, [message % {"period": period.title if period else ""}])
    found = tree_of(asked, whole=whole)
    # The form has two fields for the beginning: a day that is typed goes before a period that is chosen.
    since = next(filter(None, reversed(request.GET.getlist("nuo"))), "")
    sides = sides_of(whole, period, periods, since)
    if errors := [*found.asked.errors, *sides.errors]:
        return AskedBoard(None, errors)
    board = read_board(asked.plan, whole, asked.strategy, sides, asked=found.asked.filter, said=found.said)
    return AskedBoard(board)


def _whole_tree(asked: Asked, period: ClosedPeriod | None) -> PlanTree:
    if period:
        return frozen_tree(asked.plan, period)
    return read_tree(asked.plan, asked.day, with_notes=True)
