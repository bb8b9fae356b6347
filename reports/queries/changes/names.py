"""What the rows of a plan are called, and who its writers are; ids go no further than this."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Value
from django.utils import timezone

from measures.history.kinds import ACTION, MEASURE, PLAN, RESULT, TASK, Kind
from measures.models import Plan
from measures.tree.rows import Person
from measures.tree.source import Rows

from ...rows import Writing

Key = tuple[str, str, str]

LEVELS = {PLAN: "plan", TASK: "task", MEASURE: "measure", ACTION: "action", RESULT: "result"}


@dataclass(frozen=True, slots=True)
class People:
    """The accounts, by id."""

    people: Mapping[int, Person]

    def wrote(
        self, author: int, written_at: datetime, on: date | None = None, owner: int | None = None
    ) -> Writing:
        """Return a writing of an account: of its day, unless it speaks of another."""
        who = self.people[author]
        on_behalf_of = self.people[owner].name if owner else ""
        day = on or timezone.localtime(written_at).date()
        return Writing(day, written_at, who.name, who.username, on_behalf_of)


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows of a plan are called in the later state, by level and id."""

    names: Mapping[tuple[str, int], str]

    @classmethod
    def read(cls, plan: Plan, moment: datetime | None) -> "Names":
        """Read what they are called at a moment (None: now)."""
        rows = union(_named(kind, plan, moment) for kind in (MEASURE, ACTION, RESULT))
        return cls({(level, pk): name for level, pk, name in rows})

    @classmethod
    def of(cls, rows: Rows) -> "Names":
        """Return what rows are called that have been read."""
        results = {(LEVELS[RESULT], result.pk): result.key for result in rows.results}
        return cls({(item.level.lower(), item.id): item.number for item in rows.items} | results)

    @property
    def results(self) -> dict[int, str]:
        """Return the keys of the planned results by id."""
        return {pk: key for (level, pk), key in self.names.items() if level == LEVELS[RESULT]}

    def keys(self, kind: Kind, pk: int, field: str) -> Iterator[Key]:
        """Yield the key of a field, unless the row is gone."""
        if name := self.names.get((LEVELS[kind], pk)):
            yield LEVELS[kind], name, field


def _named(kind: Kind, plan: Plan, moment: datetime | None) -> QuerySet[Any]:
    rows = kind.model.objects.all() if moment is None else kind.model.history.as_of(moment)
    named: QuerySet[Any] = rows.filter(plan_id=plan.pk).order_by().annotate(level=Value(LEVELS[kind]))
    return named.values_list("level", "id", kind.named_by)


def union(queries: Iterable[QuerySet[Any]]) -> QuerySet[Any]:
    """Return the rows of all; the first query says how values are read."""
    first, *others = queries
    return first.union(*others, all=True)
