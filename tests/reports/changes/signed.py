"""Comparisons with their signatures, as the page makes them."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from simple_history.models import HistoricalRecords

from akr_plan.models import User
from measures.models import Plan, ReportingPeriod
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree
from reports.changes.compare import compare
from reports.changes.rows import Comparison
from reports.changes.sign import sign
from reports.queries.changes import Cut, read_writings
from reports.queries.plan import closed_periods, frozen_tree

Side = date | ReportingPeriod


def state(plan: Plan, side: Side) -> tuple[PlanTree, Cut]:
    """Return the plan on a day, or as a closed period froze it."""
    if isinstance(side, date):
        return read_tree(plan, side, with_notes=True), Cut.of(plan, side)
    [period] = [period for period in closed_periods(plan) if period.starts_on == side.starts_on]
    return frozen_tree(plan, period), Cut.of(plan, side.ends_on, period)


def signed(plan: Plan, before: Side, after: Side) -> Comparison:
    """Return what changed between two states, and who did it."""
    plan.refresh_from_db()
    (old, old_cut), (new, new_cut) = state(plan, before), state(plan, after)
    return sign(compare(old, new), read_writings(plan, old_cut, new_cut))


def signatures(plan: Plan, before: Side, after: Side) -> dict[tuple[str, str], tuple[str, str] | None]:
    """Return who and on which day, by kind and name of what changed."""
    found = {}
    for change in signed(plan, before, after).changes:
        signature = change.signature
        signed_by = (signature.who, signature.on.isoformat()) if signature else None
        found[change.kind.value, change.place.name] = signed_by
    return found


def save(row: Any, author: User, **values: Any) -> None:
    """Write to a row as somebody."""
    row.refresh_from_db()
    for name, value in values.items():
        setattr(row, name, value)
    row._history_user = author
    row.save()


def delete(row: Any, author: User) -> None:
    """Delete a row as somebody, with what hangs on it, as a page does."""
    HistoricalRecords.context.request = SimpleNamespace(user=author)
    try:
        row.delete()
    finally:
        del HistoricalRecords.context.request
