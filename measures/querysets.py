"""Chainable filters and natural keys; a view reads like a sentence."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from akr_plan.db import in_lithuanian_order

from .enums import ImportState, PackState, PlanState

if TYPE_CHECKING:
    from akr_plan.models import User

    from .models import Plan


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans."""

    def get_by_natural_key(self, slug: str) -> Plan:
        """Return the plan with this short name."""
        return self.get(slug=slug)

    def newest_first(self) -> Self:
        """Order by years, the active plan before drafts of the same years."""
        return self.order_by("-first_year", "state", "slug")

    def current(self) -> Plan | None:
        """Return the plan that work goes on with: the newest active, else the newest of all."""
        plans = list(self.newest_first())
        active = [plan for plan in plans if plan.state == PlanState.ACTIVE]
        return next(iter(active + plans), None)


class PlanItemQuerySet(models.QuerySet[Any]):
    """Rows that a plan and a number (or key) name."""

    def get_by_natural_key(self, slug: str, number: str) -> Any:
        """Return the row of the plan `slug` with this number."""
        return self.get(plan__slug=slug, number=number)


class ActionQuerySet(PlanItemQuerySet):
    """Actions."""

    def owned_by(self, user: User) -> Self:
        """Keep the actions that the user answers for."""
        return self.filter(owner=user)

    def with_parents(self) -> Self:
        """Fetch measure, task, plan and owner in the same query."""
        return self.select_related("measure__task", "plan", "owner")


class PlannedResultQuerySet(models.QuerySet[Any]):
    """Planned results."""

    def get_by_natural_key(self, slug: str, key: str) -> Any:
        """Return the planned result of the plan `slug` with this key."""
        return self.get(plan__slug=slug, key=key)


class ReportingPeriodQuerySet(models.QuerySet[Any]):
    """Reporting periods."""

    def get_by_natural_key(self, slug: str, title: str) -> Any:
        """Return the period of the plan `slug` with this title."""
        return self.get(plan__slug=slug, title=title)

    def begun_by(self, day: date) -> Self:
        """Keep those that have begun."""
        return self.filter(starts_on__lte=day)

    def closed(self) -> Self:
        """Keep those that take no more reports."""
        return self.filter(closed_at__isnull=False)

    def containing(self, day: date) -> Self:
        """Keep the one that the day belongs to."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class LinkQuerySet(models.QuerySet[Any]):
    """Rows that tie a reference (code, resource, partner, project) to a place in the plan."""

    def get_by_natural_key(self, slug: str, owner: str, reference: str) -> Any:
        """Return the link from the row with this number (or key) to the reference of this name (or code)."""
        owner_field, reference_field = self.model.owner_field, self.model.reference_field
        owner_key = "key" if owner_field == "result" else "number"
        reference_key = "code" if reference_field == "code" else "name"
        return self.get(
            **{
                f"{owner_field}__plan__slug": slug,
                f"{owner_field}__{owner_key}": owner,
                f"{reference_field}__{reference_key}": reference,
            }
        )


class NamedQuerySet(models.QuerySet[Any]):
    """Rows of a register, known by name."""

    def get_by_natural_key(self, name: str) -> Any:
        """Return the row with this name."""
        return self.get(name=name)

    def in_lithuanian_order(self) -> Self:
        """Order by name as Lithuanians do."""
        return self.order_by(in_lithuanian_order("name"))


class CodeQuerySet(models.QuerySet[Any]):
    """Rows of the strategy, known by code."""

    def get_by_natural_key(self, code: str) -> Any:
        """Return the row with this code."""
        return self.get(code=code)


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are written once; what was wrong is corrected by a new row."""

    def update(self, **kwargs: Any) -> int:
        """Refuse."""
        raise TypeError(f"{self.model.__name__} is append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError(f"{self.model.__name__} is append-only.")


class SnapshotQuerySet(AppendOnlyQuerySet):
    """What closed periods froze."""

    def standing(self) -> Self:
        """Keep those whose period has not been reopened since."""
        return self.filter(reopening=None)


class ProgressUpdateQuerySet(AppendOnlyQuerySet):
    """The journal."""

    def standing(self) -> Self:
        """Leave out what was withdrawn."""
        return self.filter(withdrawal=None)

    def until(self, day: date | None) -> Self:
        """Keep what was reported up to and including the day; None keeps all."""
        return self if day is None else self.filter(reported_on__lte=day)

    def newest_first(self) -> Self:
        """Order by the day reported, then by the order of writing."""
        return self.order_by("-reported_on", "-id")


class ResultProgressQuerySet(AppendOnlyQuerySet):
    """What the journal says of single results."""

    def standing(self) -> Self:
        """Leave out what was withdrawn."""
        return self.filter(update__withdrawal=None)

    def known_at(self, moment: datetime) -> Self:
        """Keep what was recorded by a moment, and not withdrawn by then."""
        withdrawn_later = Q(update__withdrawal=None) | Q(update__withdrawal__withdrawn_at__gt=moment)
        return self.filter(withdrawn_later, update__recorded_at__lte=moment)

    def until(self, day: date | None) -> Self:
        """Keep what was reported up to and including the day; None keeps all."""
        return self if day is None else self.filter(update__reported_on__lte=day)

    def newest_first(self) -> Self:
        """Order by the day reported, then by the order of writing."""
        return self.order_by("-update__reported_on", "-id")


class PackQuerySet(AppendOnlyQuerySet):
    """Packs for the members' meeting."""

    PROGRESS_FIELDS = frozenset({"state", "step", "alive_at", "failure"})

    def update(self, **kwargs: Any) -> int:
        """Write how the making goes, of packs that are being made still; refuse to change anything else."""
        if kwargs.keys() - self.PROGRESS_FIELDS:
            return super().update(**kwargs)
        return models.QuerySet.update(self.filter(state=PackState.MAKING), **kwargs)

    def finished(self) -> Self:
        """Keep those that can be downloaded."""
        return self.filter(state=PackState.FINISHED)

    def with_files(self) -> Self:
        """Fetch plan, author and files along: two queries in all."""
        return self.select_related("plan", "made_by").prefetch_related("files")


class ImportJobQuerySet(AppendOnlyQuerySet):
    """Imports: the file and who uploaded it never change."""

    PROGRESS_FIELDS = frozenset(
        {"choices", "preview", "stamp", "state", "written", "backup", "plan", "applied_at"}
        | {"undone_at", "undone_by"}
    )

    def update(self, **kwargs: Any) -> int:
        """Write how the import goes; refuse to change anything else."""
        if kwargs.keys() - self.PROGRESS_FIELDS:
            return super().update(**kwargs)
        return models.QuerySet.update(self, **kwargs)

    def open(self) -> Self:
        """Keep those that wait for their owner."""
        return self.filter(state__in=[ImportState.PREVIEWED, ImportState.REFUSED])

    def applied(self) -> Self:
        """Keep those that have been written and not been undone, newest first."""
        return self.filter(state=ImportState.APPLIED).order_by("-applied_at", "-id")
