"""The only place of the reports that asks the database; it hands out finished rows.

The plan itself comes from `measures.tree`.
"""

from dataclasses import replace
from datetime import date

from django.db.models import OuterRef, Subquery

from measures.models import Action, Plan, ProgressUpdate, Snapshot, StrategyDirection
from measures.tree.frozen import DamagedSnapshotError, read_snapshot
from measures.tree.rows import PlanTree

from .rows import ClosedPeriod, UpdateRow


def direction_titles() -> dict[str, str]:
    """Return the titles of the KRSS2030 directions by their Roman numbers, in their order."""
    return dict(StrategyDirection.objects.order_by("sort_key").values_list("code", "title"))


def newest_updates(plan: Plan, until: date, count: int = 6) -> list[UpdateRow]:
    """Return the newest entries of the plan's journal up to a day."""
    updates = (
        ProgressUpdate.objects.standing()
        .filter(plan=plan)
        .until(until)
        .newest_first()
        .select_related("author")
        # A join would lose the entries of actions that are gone.
        .annotate(number=Subquery(Action.objects.filter(pk=OuterRef("action_id")).values("number")))
    )
    return [
        UpdateRow(update.number or "", str(update.author), update.reported_on, update.comment)
        for update in updates[:count]
    ]


def closed_periods(plan: Plan) -> list[ClosedPeriod]:
    """Return the periods whose snapshot stands, oldest first."""
    periods = plan.reporting_periods.filter(snapshots__in=Snapshot.objects.standing()).order_by("starts_on")
    return [ClosedPeriod(period.title, period.starts_on, period.ends_on) for period in periods]


def frozen_tree(plan: Plan, period: ClosedPeriod) -> PlanTree:
    """Return the plan as a closed period froze it; raises DamagedSnapshotError."""
    frozen = Snapshot.objects.standing().filter(period__plan=plan, period__starts_on=period.starts_on).first()
    if frozen is None:
        raise DamagedSnapshotError("The period has been reopened this moment.")
    # The plan may have got another short name since; its pages are found under the present one.
    return replace(read_snapshot(frozen), slug=plan.slug)


def action_numbers(plan: Plan) -> set[str]:
    """Return the numbers of the actions that have a page today."""
    return set(Action.objects.filter(plan=plan).values_list("number", flat=True))
