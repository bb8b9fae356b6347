"""Where the rows of a tree come from: the tables as they are, or history as of a moment.

Tables of one kind are read together, so a whole tree takes three queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, JSONField, Model, QuerySet, Value

from ..models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    Measure,
    MeasureCode,
    Plan,
    PlannedResult,
    ResultProject,
    Task,
)


class Item(NamedTuple):
    """A task, a measure or an action (`level` is the model's name); what its level lacks is empty."""

    level: str
    id: int
    parent_id: int
    sort_key: str
    number: str
    number_as_written: str
    title: str
    lead_in: str
    links: list[dict[str, str]]
    first_name: str | None
    last_name: str | None
    username: str | None


class Link(NamedTuple):
    """Ties a code, resource, partner or project to a place (`kind` is the model's name).

    The fields from `title` on are those of a code.
    """

    kind: str
    owner_id: int
    position: int
    id: int
    as_written: str
    name: str
    title: str
    code_kind: str
    direction: str | None
    sort_key: str


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of a plan at a moment; without a moment those of now."""

    plan: Plan
    moment: datetime | None

    def items(self) -> list[Item]:
        """Return tasks, measures and actions in one query; those of one level in the order of the plan."""
        rows = _union(
            self._rows(model)
            .annotate(level=Value(model.__name__), **_ITEM_COLUMNS[model])
            .values_list("level", "id", "parent", *Item._fields[3:])
            for model in (Action, Measure, Task)
        )
        return [Item._make(row) for row in rows.order_by("sort_key", "id")]

    def results(self) -> QuerySet[PlannedResult]:
        """Return the planned results; those of one action in their order."""
        return self._rows(PlannedResult).order_by("position", "id")

    def links(self) -> list[Link]:
        """Return the links of all kinds in one query; those of one place in their order."""
        rows = _union(
            self._links(model)
            .annotate(kind=Value(model.__name__), place=F(f"{model.owner_field}_id"), **_link_columns(model))
            .values_list("kind", "place", "position", "id", *_LINK_COLUMNS)
            for model in (MeasureCode, ActionCode, ActionResource, ActionPartner, ResultProject)
        )
        return [Link._make(row) for row in rows.order_by("position", "id")]

    def _links(self, model: Any) -> QuerySet[Any]:
        owner = model._meta.get_field(model.owner_field).related_model
        return self._all(model).filter(**{f"{model.owner_field}_id__in": self._rows(owner).values("id")})

    def _rows(self, model: type[Model]) -> QuerySet[Any]:
        return self._all(model).filter(plan_id=self.plan.pk)

    def _all(self, model: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.all() if self.moment is None else model.history.as_of(self.moment)
        return rows.order_by()


def _union(queries: Iterable[QuerySet[Any]]) -> QuerySet[Any]:
    """Return the rows of all; the first query says how values are read, so it has to fill every column."""
    first, *others = queries
    return first.union(*others, all=True)


_ONLY_OF_ACTIONS = {
    "lead_in": Value(""),
    "links": Value([], JSONField()),
    **dict.fromkeys(("first_name", "last_name", "username"), Value("")),
}
_ITEM_COLUMNS: dict[type[Model], dict[str, Any]] = {
    Action: {
        "parent": F("measure_id"),
        "number_as_written": Value(""),
        **{name: F(f"owner__{name}") for name in ("first_name", "last_name", "username")},
    },
    Measure: {"parent": F("task_id"), **_ONLY_OF_ACTIONS},
    Task: {"parent": F("plan_id"), "number_as_written": Value(""), **_ONLY_OF_ACTIONS},
}
_LINK_COLUMNS = ("written", "name", "title", "code_kind", "direction", "sort_key")


def _link_columns(model: Any) -> dict[str, Any]:
    """Return where the columns that kinds of links share come from in one of them."""
    reference = model.reference_field
    if reference == "code":
        of_code = {
            "title": F("code__title"),
            "code_kind": F("code__kind"),
            "direction": F("code__direction__code"),
            "sort_key": F("code__sort_key"),
        }
        return {"written": F("as_written"), "name": F("code__code"), **of_code}
    # The document does not write projects in a column of their own.
    written = Value("") if model is ResultProject else F("as_written")
    empty = dict.fromkeys(("title", "code_kind", "direction", "sort_key"), Value(""))
    return {"written": written, "name": F(f"{reference}__name"), **empty}
