"""What the rows of a plan are called, and who its writers are; ids go no further than this."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Value
from django.utils import timezone

from akr_plan.models import User
from measures.history.kinds import ACTION, MEASURE, PLAN, RESULT, TASK, Kind
from measures.models import Plan

from ..rows import Writing

Key = tuple[str, str, str]

LEVELS = {PLAN: "plan", TASK: "task", MEASURE: "measure", ACTION: "action", RESULT: "result"}


class People:
    """The accounts, by id."""

    def __init__(self) -> None:
        users = User.objects.only("first_name", "last_name", "username")
        self._people = {user.pk: (str(user), user.get_username()) for user in users}

    def wrote(
        self, author: int, written_at: datetime, on: date | None = None, owner: int | None = None
    ) -> Writing:
        """Return a writing of an account: of its day, unless it speaks of another."""
        name, username = self._people[author]
        on_behalf_of = self._people[owner][0] if owner else ""
        return Writing(on or timezone.localtime(written_at).date(), written_at, name, username, on_behalf_of)


class Names:
    """What the rows of a plan are called in the later state, by level and id."""

    def __init__(self, plan: Plan, moment: datetime | None) -> None:
        rows = union(_named(kind, plan, moment) for kind in (MEASURE, ACTION, RESULT))
        self._names = {(level, pk): name for level, pk, name in rows}

    def keys(self, kind: Kind, pk: int, field: str) -> Iterator[Key]:
        """Yield the key of a field, unless the row is gone."""
        if name := self._names.get((LEVELS[kind], pk)):
            yield LEVELS[kind], name, field


def _named(kind: Kind, plan: Plan, moment: datetime | None) -> QuerySet[Any]:
    rows = kind.model.objects.all() if moment is None else kind.model.history.as_of(moment)
    named: QuerySet[Any] = rows.filter(plan_id=plan.pk).order_by().annotate(level=Value(LEVELS[kind]))
    return named.values_list("level", "id", kind.named_by)


def union(queries: Iterable[QuerySet[Any]]) -> QuerySet[Any]:
    """Return the rows of all; the first query says how values are read."""
    first, *others = queries
    return first.union(*others, all=True)
