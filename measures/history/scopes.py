"""Which rows of history belong to a plan, to a number in it, or to one action: deleted and moved ones too."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from ..models import Plan
from .kinds import ACTION, ACTION_CODE, MEASURE, PARTNER, PLAN, PROJECT, RESOURCE, RESULT, TASK, Kind

KINDS_OF_ACTION = (ACTION, ACTION_CODE, RESOURCE, PARTNER, RESULT, PROJECT)
NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,2}(-[0-9]{1,6})?")


@dataclass(frozen=True)
class Scope:
    """The history of one plan; `number` (1.2, 1.2.1, 1.2.1-3) keeps what stands or ever stood under it."""

    plan: Plan
    number: str = ""

    def rows(self, kind: Kind) -> QuerySet[Any]:
        """Return the rows of history of one kind."""
        if kind.above:
            owners = self.rows(kind.above).values("id")
            return kind.history.filter(**{f"{kind.model.owner_field}_id__in": owners})
        rows = kind.history.filter(**{"id" if kind is PLAN else "plan_id": self.plan.pk})
        return self._numbered(kind, rows) if self.number else rows

    def _numbered(self, kind: Kind, rows: QuerySet[Any]) -> QuerySet[Any]:
        if kind in (TASK, MEASURE, ACTION):
            named = rows.filter(_begins("number", self.number, "."))
        elif kind is RESULT:
            actions = self.rows(ACTION).values("id")
            named = rows.filter(_begins("key", self.number, "-") | Q(action_id__in=actions))
        else:
            return rows.none()
        return rows.filter(id__in=named.values("id"))


@dataclass(frozen=True)
class ActionScope:
    """The history of one action, of all results that it has or had, and of what hangs on them."""

    plan: Plan
    action_id: int

    def rows(self, kind: Kind) -> QuerySet[Any]:
        """Return the rows of history of one kind."""
        if kind is ACTION:
            return kind.history.filter(id=self.action_id)
        if kind is RESULT:
            results = kind.history.filter(action_id=self.action_id).values("id")
            return kind.history.filter(id__in=results)
        if kind.above in (ACTION, RESULT):
            owners = self.rows(kind.above).values("id")
            return kind.history.filter(**{f"{kind.model.owner_field}_id__in": owners})
        return kind.history.none()


def _begins(field: str, number: str, separator: str) -> Q:
    """Return the condition to be a number or stand below it; a LIKE would be called back from SQLite."""
    beginning = Left(field, len(number) + 1)
    return Q(**{field: number}) | Q(Exact(beginning, f"{number}{separator}"))


def newest_version_of_action(plan: Plan, number: str) -> Any | None:
    """Return the newest version of the action that has a number, else of the one that had it last."""
    pk = ACTION.model.objects.filter(plan=plan, number=number).values_list("id", flat=True).first()
    versions = Scope(plan).rows(ACTION).order_by("-history_id")
    if pk is None:
        pk = versions.filter(number=number).values_list("id", flat=True).first()
    return versions.filter(id=pk).first()
