"""Reads what the board's files are made of, from the same sources as the pages.

Both states of the plan, the journal and who was to report are read together: the queries for a file are few
and stay as many, whatever the plan's size.
"""

from dataclasses import dataclass, fields, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from measures.models import Plan
from measures.reporting import current_period
from measures.tree.duties import duties_in
from measures.tree.frozen import DamagedSnapshotError
from measures.tree.glossary import with_names
from measures.tree.reader import head_of, moment_of, tree_of
from measures.tree.rows import PlanHead, PlanTree
from measures.tree.source import Rows, Source, read_rows
from measures.tree.states import States

from .attention import Attention
from .board import Board
from .changes.compare import compare
from .changes.part import part_of
from .changes.sides import Side, Sides, read_sides
from .changes.sign import sign
from .filters import PlanFilter
from .queries.attention import reporting_of, reporting_rows
from .queries.changes import Cut, Names, read_writings
from .queries.journal import Journal, read_journal
from .queries.periods import Periods
from .queries.plan import FrozenPlan, frozen_plan
from .queries.strategy import read_strategy
from .queries.trend import ids_of, trend_of
from .rows import AskedPeriod, ClosedPeriod, Owed, Reporting, Strategy


def sides_of(head: PlanHead, periods: Periods, since: str = "", frozen: FrozenPlan | None = None) -> Sides:
    """Return what the plan is to be compared with: by default the state that the last pack showed, else the
    same as on the page of changes.

    `since` names a day or a closed period; `frozen` is what the plan is shown from, if a closed period froze
    it. That is compared with what was known at its closing, whatever was closed, reopened or made since.
    """
    known_at = frozen.period.closed_at if frozen else None
    closed = periods.closed(known_at)
    if since and frozen:
        known = {period.address for period in closed}
        closed += [period for period in periods.closed() if period.address not in known]
    until = frozen.period.address if frozen else head.as_of.isoformat()
    asked = {"nuo": since or periods.last_shown(head.as_of, known_at), "iki": until}
    sides = read_sides(asked, closed, timezone.localdate())
    if sides.after.address != until:
        message = _("Changes can't begin after %(day)s, the day that is shown.")
        return Sides(sides.after, sides.before, [message % {"day": head.as_of.isoformat()}])
    return replace(sides, after=Side(head.as_of, frozen.period)) if frozen else sides


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is read for a board: the plan in both states, and what happened until the later one."""

    plan: Plan
    whole: PlanTree
    before: PlanTree
    sides: Sides
    cuts: tuple[Cut, Cut]
    names: Names
    journal: Journal
    reporting: Reporting
    frozen: FrozenPlan | None

    def board(self, strategy: Strategy, *, asked: PlanFilter | None = None, said: str = "") -> Board:
        """Return what the files show of the plan: all of it, or the part that a checked filter asks for."""
        asked = asked or PlanFilter()
        tree = asked.narrow(self.whole)
        before, after = self.cuts
        writings = read_writings(
            self.plan,
            before,
            after,
            names=self.names,
            entries=self.journal.entries(),
            people=self.frozen.people if self.frozen else None,
        )
        numbers = {action.number for action in tree.actions} if asked else None
        return Board(
            tree=tree,
            strategy=strategy,
            trend=trend_of(tree, self.journal.changes(after, ids_of(tree, self.names.results))),
            attention=Attention.of(tree, self.reporting, numbers),
            comparison=part_of(sign(compare(self.before, self.whole), writings), asked),
            sides=self.sides,
            said=said,
        )


def read_whole_board(plan: Plan, day: date | None, periods: Periods, since: str = "") -> Board:
    """Return the board of a whole plan as of a day (today unless given; a closed plan's last)."""
    head = head_of(plan, day)
    return read_both(plan, head, sides_of(head, periods, since), periods).board(read_strategy())


def read_both(
    plan: Plan, head: PlanHead, sides: Sides, periods: Periods, frozen: FrozenPlan | None = None
) -> Reading:
    """Return the plan in both states; the later one is that of the head's day, or the frozen one."""
    side, earlier = _frozen_before(plan, sides.before)
    before = Cut.of(plan, side.day, side.period)
    after = Cut.of(plan, head.as_of, sides.after.period)
    if earlier is None:
        before = before.known_by(after.known_at)
    period = None if frozen else current_period(periods.on(head.as_of), head.as_of)
    is_over = period is not None and period.ends_on < head.as_of
    rows = _read(
        after=None if frozen else Source(plan, None if head.is_today else moment_of(plan, head.as_of)),
        before=None if earlier else Source(plan, before.text_at),
        period=Source(plan, moment_of(plan, period.ends_on), has_links=False) if period and is_over else None,
    )
    journal = read_journal(plan, head.as_of)
    if earlier is None:
        earlier = _tree_before(plan, rows["before"], journal.states(before), side.day, frozen)
    if frozen:
        whole, names = frozen.tree, Names.read(plan, after.text_at)
        reporting = _frozen_reporting(whole, frozen.period)
    else:
        whole, names = tree_of(head, rows["after"], journal.states(after)), Names.of(rows["after"])
        reporting = Reporting(bool(periods.closings), None, ())
    if period:
        until = Cut.of(plan, min(head.as_of, period.ends_on))
        of_period = reporting_rows(rows["period" if is_over else "after"])
        reporting = reporting_of(period, of_period, journal.states(until))
    both = Sides(side, sides.after)
    return Reading(plan, whole, earlier, both, (before, after), names, journal, reporting, frozen)


def _read(**sources: Source | None) -> dict[str, Rows]:
    """Return the rows of those sources that are there."""
    wanted = {name: source for name, source in sources.items() if source}
    return dict(zip(wanted, read_rows(list(wanted.values())), strict=True)) if wanted else {}


def _frozen_before(plan: Plan, side: Side) -> tuple[Side, PlanTree | None]:
    """Return the earlier state if a closed period froze it; if its snapshot is damaged, only its day."""
    if side.period:
        try:
            frozen = frozen_plan(plan, side.period)
        except DamagedSnapshotError:
            return Side(side.day), None
        return Side(side.day, frozen.period), frozen.tree
    return side, None


def _tree_before(plan: Plan, rows: Rows, states: States, day: date, frozen: FrozenPlan | None) -> PlanTree:
    """Return the plan as of the earlier day, with the head and the names that a later closing froze."""
    if frozen is None:
        return tree_of(head_of(plan, day), rows, states)
    head = PlanHead(**{field.name: getattr(frozen.tree, field.name) for field in fields(PlanHead)})
    named = with_names(rows, frozen.glossary) if frozen.glossary else rows
    return tree_of(replace(head, as_of=day), named, states)


def _frozen_reporting(tree: PlanTree, period: ClosedPeriod) -> Reporting:
    """Return who was to report for a closed period, as its snapshot has it."""
    asked = AskedPeriod(period.title, period.starts_on, period.ends_on, is_closed=True)
    owed = [Owed(duty.action.number, duty.action.title, duty.is_reported) for duty in duties_in(tree, asked)]
    return Reporting(has_periods=True, period=asked, owed=tuple(owed))
