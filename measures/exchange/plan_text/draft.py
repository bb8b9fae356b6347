"""Writes a plan that was read from a document into the database, all or nothing."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from akr_plan.models import User

from ...enums import CodeKind, PlanState
from ...models import (
    Action,
    ActionCode,
    Measure,
    MeasureCode,
    Partner,
    Plan,
    PlannedResult,
    Resource,
    Task,
)
from ..document.tree import PlanText
from .writer import PlanImportError, PlanWriter, Registers, known_names

__all__ = [
    "PlanCounts",
    "PlanImportError",
    "default_slug",
    "import_plan",
    "known_names",
    "slug_taken",
    "write_draft",
]


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """What a plan holds."""

    tasks: int
    measures: int
    actions: int
    results: int
    measure_codes: int
    action_codes: int
    resources: int
    partners: int

    @classmethod
    def of(cls, plan: Plan) -> "PlanCounts":
        """Count the rows of a plan; horizontal priorities are no codes."""
        with_number = {"code__kind__in": [CodeKind.MEASURE, CodeKind.ACTION]}
        return cls(
            tasks=Task.objects.filter(plan=plan).count(),
            measures=Measure.objects.filter(plan=plan).count(),
            actions=Action.objects.filter(plan=plan).count(),
            results=PlannedResult.objects.filter(plan=plan).count(),
            measure_codes=MeasureCode.objects.filter(measure__plan=plan, **with_number).count(),
            action_codes=ActionCode.objects.filter(action__plan=plan, **with_number).count(),
            resources=Resource.objects.filter(actions__plan=plan).distinct().count(),
            partners=Partner.objects.filter(actions__plan=plan).distinct().count(),
        )


@transaction.atomic
def import_plan(text: PlanText, *, slug: str = "", state: str = PlanState.ACTIVE) -> Plan:
    """Write a plan and return it. Raises PlanImportError if one of that short name exists already."""
    writer = write_draft(text, slug=slug or default_slug(text))
    if state != PlanState.DRAFT:
        # Last of all, for the text counts as complete from this moment on.
        writer.plan.state = state
        writer.save(writer.plan)
    return writer.plan


@transaction.atomic
def write_draft(
    text: PlanText, *, slug: str, registers: Registers | None = None, author: User | None = None
) -> PlanWriter:
    """Write a plan as a draft and return its writer, which knows all rows that were added.

    Raises PlanImportError if one of that short name exists already, ValidationError if it is none.
    """
    if Plan.objects.filter(slug=slug).exists():
        raise PlanImportError(slug_taken(slug))
    plan = Plan(
        slug=slug,
        title=text.title,
        organisation=text.organisation,
        goal=text.goal,
        first_year=text.first_year,
        last_year=text.last_year,
        state=PlanState.DRAFT,
    )
    plan.full_clean()
    writer = PlanWriter(plan, registers, author)
    writer.add(plan)
    for task in text.tasks:
        writer.write_task(task)
    return writer


def default_slug(text: PlanText) -> str:
    """Return the short name that a plan has unless another is chosen."""
    return f"{text.first_year}-{text.last_year}"


def slug_taken(slug: str) -> str:
    """Return why a short name can't be used."""
    return _("The plan %(slug)s exists already. Give another short name, or delete the draft first.") % {
        "slug": slug
    }
