"""The only place of the reports that asks the database; it hands out finished rows.

The plan itself comes from `measures.tree`.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from itertools import islice

from django.db.models import F, OuterRef, Subquery, Value

from measures.models import (
    Action,
    ActionPartner,
    ActionResource,
    Plan,
    ProgressUpdate,
    ResultProject,
    Snapshot,
)
from measures.tree.frozen import DamagedSnapshotError, read_snapshot
from measures.tree.reader import full_name
from measures.tree.rows import PlanTree

from .rows import ClosedPeriod, UpdateRow

NAMES = ("first_name", "last_name", "username")


def newest_updates(
    plan: Plan, until: date, numbers: Collection[str] | None = None, count: int = 6
) -> list[UpdateRow]:
    """Return the newest entries of the plan's journal up to a day, those of all actions or of some."""
    updates = (
        ProgressUpdate.objects.standing()
        .filter(plan=plan)
        .until(until)
        .newest_first()
        # A join would lose the entries of actions that are gone.
        .annotate(number=Subquery(Action.objects.filter(pk=OuterRef("action_id")).values("number")))
        .values_list("number", "reported_on", "comment", *(f"author__{name}" for name in NAMES))
    )
    # Thousands of numbers are too many for a statement, and most often the first rows will do.
    found = updates[:count] if numbers is None else (row for row in updates.iterator() if row[0] in numbers)
    return [
        UpdateRow(number or "", full_name(*names), reported_on, comment)
        for number, reported_on, comment, *names in islice(found, count)
    ]


def people_and_parties(plan: Plan) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Return the owners of actions by user name, and what the plan names of each register: in one query."""
    owners = (
        Action.objects.filter(plan=plan, owner__isnull=False)
        .order_by()
        .annotate(kind=Value("owners"))
        .values_list("kind", "owner__username", "owner__first_name", "owner__last_name")
    )
    links = {
        "partners": ActionPartner.objects.filter(action__plan=plan).annotate(name=F("partner__name")),
        "resources": ActionResource.objects.filter(action__plan=plan).annotate(name=F("resource__name")),
        "projects": ResultProject.objects.filter(result__plan=plan).annotate(name=F("project__name")),
    }
    people: dict[str, str] = {}
    parties: dict[str, set[str]] = {kind: set() for kind in links}
    named = (
        rows.order_by()
        .annotate(kind=Value(kind), first=Value(""), last=Value(""))
        .values_list("kind", "name", "first", "last")
        for kind, rows in links.items()
    )
    for kind, name, first_name, last_name in owners.union(*named):
        if kind == "owners":
            people[name] = full_name(first_name, last_name, name)
        else:
            parties[kind].add(name)
    return people, parties


def closed_periods(plan: Plan) -> list[ClosedPeriod]:
    """Return the periods whose snapshot stands, oldest first."""
    periods = plan.reporting_periods.filter(snapshots__in=Snapshot.objects.standing()).order_by("starts_on")
    return [
        ClosedPeriod(period.title, period.starts_on, period.ends_on, period.closed_at) for period in periods
    ]


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
