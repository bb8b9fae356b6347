"""The only place of the reports that asks the database; it hands out finished rows.

The plan itself comes from `measures.tree`.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
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
from measures.tree.frozen import DamagedSnapshotError, read_frozen
from measures.tree.reader import full_name
from measures.tree.rows import Glossary, Person, PlanTree

from ..rows import ClosedPeriod, Strategy, UpdateRow
from .periods import read_periods

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


@dataclass(frozen=True, slots=True)
class FrozenPlan:
    """What a closed period froze; the period has its title of then.

    A snapshot of the first format has no glossary, so strategy and accounts are those of today there.
    """

    period: ClosedPeriod
    tree: PlanTree
    glossary: Glossary | None

    @property
    def strategy(self) -> Strategy | None:
        """Return the strategy as it was known then."""
        if self.glossary is None:
            return None
        codes = self.glossary.codes
        ids = {code.code: pk for pk, code in codes.items()}
        return Strategy(self.glossary.directions, tuple(codes.values()), ids)

    @property
    def people(self) -> dict[int, Person]:
        """Return what accounts were called then, by id."""
        return self.glossary.people if self.glossary else {}


def closed_periods(plan: Plan) -> list[ClosedPeriod]:
    """Return the periods whose snapshot stands, oldest first."""
    return read_periods(plan).closed()


def frozen_tree(plan: Plan, period: ClosedPeriod) -> PlanTree:
    """Return the plan as a closed period froze it; raises DamagedSnapshotError."""
    return frozen_plan(plan, period).tree


def frozen_plan(plan: Plan, period: ClosedPeriod) -> FrozenPlan:
    """Return all that a closed period froze, superseded since or not; raises DamagedSnapshotError."""
    made = Snapshot.objects.filter(
        period__plan=plan, period__starts_on=period.starts_on, made_at__lte=period.closed_at
    )
    snapshot = made.order_by("-made_at", "-id").first()
    if snapshot is None:
        raise DamagedSnapshotError(f"There is no snapshot of {period.closed_at}.")
    frozen = read_frozen(snapshot)
    # The plan may have got another short name since; its pages are found under the present one.
    tree = replace(frozen.tree, slug=plan.slug)
    return FrozenPlan(replace(period, title=frozen.period or period.title), tree, frozen.glossary)


def action_numbers(plan: Plan) -> set[str]:
    """Return the numbers of the actions that have a page today."""
    return set(Action.objects.filter(plan=plan).values_list("number", flat=True))
