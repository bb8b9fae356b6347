"""What the address asks of the board's files: the plan, what froze it, and since when changes are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from measures.models import Plan
from measures.tree.frozen import DamagedSnapshotError

from .asked import Asked, AskedTree, plan_of, read_asked, tree_of
from .board import Board
from .board_reader import Reading, read_both, sides_of
from .changes.sides import Sides
from .queries.changes import Cut
from .queries.periods import Periods, read_periods
from .queries.plan import FrozenPlan, frozen_plan
from .queries.trend import read_trend
from .rows import ClosedPeriod
from .trend import Trend


@dataclass(frozen=True, slots=True)
class AskedBoard:
    """What goes into the files, or what is wrong with the address."""

    board: Board | None
    errors: Sequence[str] = ()


class WrongAddressError(Exception):
    """What the address asks for can't be shown; `errors` say why."""

    def __init__(self, *errors: str) -> None:
        super().__init__(*errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class CheckedBoard:
    """What an address without mistakes asks for: the plan, and what it is to be compared with."""

    found: AskedTree
    sides: Sides
    reading: Reading

    @property
    def query(self) -> str:
        """Return the end of an address that asks for the same on any later day, too."""
        after = self.sides.after
        shown = ("laikotarpis" if after.period else "data", after.address)
        return urlencode([*self.found.asked.filter.pairs, shown, ("nuo", self.sides.before.address)])

    def read(self) -> Board:
        """Return what goes into the files."""
        asked = self.found.asked
        return self.reading.board(asked.strategy, asked=asked.filter, said=self.found.said)


@dataclass(frozen=True, slots=True)
class CheckedTree:
    """The part of the plan that an address without mistakes asks for, and what froze it, if anything did."""

    found: AskedTree
    frozen: FrozenPlan | None

    @property
    def period(self) -> ClosedPeriod | None:
        """Return the closed period that froze the plan, or None if it is shown as of a day."""
        return self.frozen.period if self.frozen else None

    def read_trend(self) -> Trend:
        """Return how its results came to be done, as it is known now or was known at the closing."""
        plan, tree = self.found.asked.plan, self.found.tree
        return read_trend(plan, tree, Cut.of(plan, tree.as_of, self.period) if self.period else None)


def read_asked_board(request: HttpRequest, slug: str) -> AskedBoard:
    """Return what the address asks for; see `check_asked_board`."""
    try:
        return AskedBoard(check_asked_board(request, slug).read())
    except WrongAddressError as error:
        return AskedBoard(None, error.errors)


def check_asked_board(request: HttpRequest, slug: str) -> CheckedBoard:
    """Return what the address asks for: the filter and the day as pages have them, `laikotarpis` (a closed
    period instead of the day) and `nuo` (a day or a closed period where the changes begin; by default the
    state that the last pack showed). Raises WrongAddressError.
    """
    asked, periods, frozen = _read_asked(request, slug)
    head = frozen.tree if frozen else asked.head
    # The form has two fields for the beginning: a day that is typed goes before a period that is chosen.
    since = next(filter(None, reversed(request.GET.getlist("nuo"))), "")
    sides = sides_of(head, periods, since, frozen)
    reading = read_both(asked.plan, head, sides, periods, frozen)
    found = tree_of(asked, whole=reading.whole)
    if errors := [*found.asked.errors, *sides.errors]:
        raise WrongAddressError(*errors)
    return CheckedBoard(found, sides, reading)


def check_asked_tree(request: HttpRequest, slug: str, *, with_notes: bool = False) -> CheckedTree:
    """Return the part of the plan that the address asks for: the filter, the day and `laikotarpis` as they
    are for a board. Raises WrongAddressError.
    """
    asked, _periods, frozen = _read_asked(request, slug)
    found = tree_of(asked, whole=frozen.tree if frozen else None, with_notes=with_notes)
    if found.asked.errors:
        raise WrongAddressError(*found.asked.errors)
    return CheckedTree(found, frozen)


def _read_asked(request: HttpRequest, slug: str) -> tuple[Asked, Periods, FrozenPlan | None]:
    """Return what is asked for, not checked yet; what a closed period froze has the strategy of then."""
    plan = plan_of(request, slug)
    periods = read_periods(plan)
    frozen = _read_frozen(plan, periods, request.GET.get("laikotarpis", ""))
    return read_asked(request, slug, frozen.strategy if frozen else None), periods, frozen


def _read_frozen(plan: Plan, periods: Periods, name: str) -> FrozenPlan | None:
    """Return what the closed period of this name froze; None if there is no name."""
    if not name:
        return None
    period = next((period for period in periods.closed() if period.address == name), None)
    if period is None:
        raise WrongAddressError(_("There is no closed period “%(value)s”.") % {"value": name})
    try:
        return frozen_plan(plan, period)
    except DamagedSnapshotError as error:
        message = _("The snapshot of the period “%(period)s” is damaged, so no file can be made of it.")
        raise WrongAddressError(message % {"period": period.title}) from error
