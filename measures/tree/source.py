"""Where the rows of a tree come from: the tables as they are, or history as of a moment.

Tables of one kind are read together, and so are several moments: any number of trees takes three queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, IntegerField, JSONField, Model, QuerySet, Value

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
    owner: int | None
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
    reference: int
    as_written: str
    name: str
    title: str
    code_kind: str
    direction: str | None
    sort_key: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a plan at one moment; those of one place in the order of the plan."""

    plan: Plan
    items: Sequence[Item]
    links: Sequence[Link]
    results: Sequence[PlannedResult]


@dataclass(frozen=True, slots=True)
class Source:
    """A plan at a moment, without one now; `has_links` says whether links are read, too."""

    plan: Plan
    moment: datetime | None
    has_links: bool = True

    def read(self) -> Rows:
        """Return the rows, in three queries."""
        return read_rows([self])[0]

    def results(self) -> QuerySet[PlannedResult]:
        """Return the planned results; those of one action in their order."""
        return self._rows(PlannedResult).order_by("position", "id")

    def items(self, index: int) -> list[QuerySet[Any]]:
        """Return the queries of tasks, measures and actions; their rows begin with an index."""
        return [
            self._rows(model)
            .annotate(source=Value(index), level=Value(model.__name__), **_ITEM_COLUMNS[model])
            .values_list("source", "level", "id", "parent", *Item._fields[3:])
            for model in (Action, Measure, Task)
        ]

    def links(self, index: int) -> list[QuerySet[Any]]:
        """Return the queries of the links of each kind."""
        return [
            self._links(model)
            .annotate(
                source=Value(index),
                kind=Value(model.__name__),
                place=F(f"{model.owner_field}_id"),
                **_link_columns(model),
            )
            .values_list("source", "kind", "place", "position", "id", *_LINK_COLUMNS)
            for model in (MeasureCode, ActionCode, ActionResource, ActionPartner, ResultProject)
            if self.has_links
        ]

    def _links(self, model: Any) -> QuerySet[Any]:
        owner = model._meta.get_field(model.owner_field).related_model
        return self._all(model).filter(**{f"{model.owner_field}_id__in": self._rows(owner).values("id")})

    def _rows(self, model: type[Model]) -> QuerySet[Any]:
        return self._all(model).filter(plan_id=self.plan.pk)

    def _all(self, model: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.all() if self.moment is None else model.history.as_of(self.moment)
        return rows.order_by()


def read_rows(sources: Sequence[Source]) -> list[Rows]:
    """Return the rows of each of some sources, in three queries for all of them."""
    numbered = list(enumerate(sources))
    items = _together((query for index, source in numbered for query in source.items(index)), "sort_key")
    links = _together((query for index, source in numbered for query in source.links(index)), "position")
    columns = (
        source.results().order_by().annotate(source=Value(index)).values_list("source", *_RESULT_COLUMNS)
        for index, source in numbered
    )
    results = _together(columns, "position")
    return [
        Rows(
            source.plan,
            items=[Item._make(row) for row in items[index]],
            links=[Link._make(row) for row in links[index]],
            results=[PlannedResult.from_db(None, _RESULT_COLUMNS, row) for row in results[index]],
        )
        for index, source in enumerate(sources)
    ]


def _together(queries: Iterable[QuerySet[Any]], order: str) -> dict[int, list[Any]]:
    """Return the ordered rows of all queries, read at once, by the index that they begin with.

    The first query says how values are read, so it has to fill every column.
    """
    first, *others = queries
    rows: dict[int, list[Any]] = defaultdict(list)
    for index, *row in (first.union(*others, all=True) if others else first).order_by(order, "id"):
        rows[index].append(row)
    return rows


_ONLY_OF_ACTIONS = {
    "lead_in": Value(""),
    "links": Value([], JSONField()),
    "owner": Value(None, IntegerField()),
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
_RESULT_COLUMNS = [field.attname for field in PlannedResult._meta.concrete_fields]
_LINK_COLUMNS = ("reference", "written", "name", "title", "code_kind", "direction", "sort_key")


def _link_columns(model: Any) -> dict[str, Any]:
    """Return where the columns that kinds of links share come from in one of them."""
    reference = model.reference_field
    referred = {"reference": F(f"{reference}_id")}
    if reference == "code":
        of_code = {
            "title": F("code__title"),
            "code_kind": F("code__kind"),
            "direction": F("code__direction__code"),
            "sort_key": F("code__sort_key"),
        }
        return {**referred, "written": F("as_written"), "name": F("code__code"), **of_code}
    # The document does not write projects in a column of their own.
    written = Value("") if model is ResultProject else F("as_written")
    empty = dict.fromkeys(("title", "code_kind", "direction", "sort_key"), Value(""))
    return {**referred, "written": written, "name": F(f"{reference}__name"), **empty}
