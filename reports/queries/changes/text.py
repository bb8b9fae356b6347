"""Who wrote the text of a plan, its terms and conditions, and what hangs on its rows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import DateTimeField, F, Max, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from akr_plan.models import User
from measures.history.kinds import (
    ACTION,
    ACTION_CODE,
    MEASURE_CODE,
    PARTNER,
    PLAN,
    PROJECT,
    RESOURCE,
    RESULT,
    Kind,
)
from measures.history.scopes import Scope
from measures.models import Plan
from measures.tree.reader import full_name
from measures.tree.rows import Person

from ...rows import ADDED, REMOVED, RESULTS
from .cut import Cut
from .names import LEVELS, Key, Names, union

# The field of its owner that a link is part of.
LINKS = {
    MEASURE_CODE: "codes",
    ACTION_CODE: "codes",
    RESOURCE: "resources",
    PARTNER: "partners",
    PROJECT: "projects",
}
KINDS = {kind.name: kind for kind in (*LEVELS, *LINKS)}
COLUMNS = ("kind", "id", "history_id", "history_date", "history_type", "history_user_id", "fields")
# Accounts are read with the versions, as rows of a kind that no version has.
ACCOUNT = "account"
NOT_COMPARED = frozenset({"id", "plan", "version", "sort_key", "status", "percent"})


class Version(NamedTuple):
    """A version of a row, its fields as text in JSON; `is_new` is one written between the two states."""

    kind: str
    id: int
    written_at: datetime
    how: str
    author: int
    fields: str
    is_new: bool


def read_versions(plan: Plan, before: Cut, after: Cut) -> tuple[list[Version], dict[int, Person]]:
    """Return the versions of all rows that were written to between two states, and the last one before;
    and all accounts by id, read with them.
    """
    now = timezone.now()
    text = before.text_at or now, after.text_at
    known = before.known_at or now, after.known_at
    spans = {name: known if kind is PLAN else text for name, kind in KINDS.items()}
    of_kinds = [_versions(kind, plan, *spans[name]) for name, kind in KINDS.items()]
    people: dict[int, Person] = {}
    versions = []
    rows = union([*of_kinds, _accounts(now)]).order_by("kind", "id", "history_id")
    for kind, pk, _id, written_at, how, author, fields in rows:
        if kind == ACCOUNT:
            names = json.loads(fields)
            people[pk] = Person(full_name(**names), names["username"])
        else:
            is_new = written_at > spans[kind][0]
            versions.append(Version(kind, pk, written_at, how, author, fields, is_new))
    return versions, people


def _accounts(now: datetime) -> QuerySet[Any]:
    """Return the accounts in the columns of versions."""
    names = {name: F(name) for name in ("first_name", "last_name", "username")}
    rows: QuerySet[Any] = User.objects.order_by().annotate(
        kind=Value(ACCOUNT),
        history_id=Value(0),
        history_date=Value(now, DateTimeField()),
        history_type=Value(""),
        history_user_id=F("id"),
        fields=Cast(JSONObject(**names), TextField()),
    )
    return rows.values_list(*COLUMNS)


def _versions(kind: Kind, plan: Plan, start: datetime, end: datetime | None) -> QuerySet[Any]:
    is_new = Q(history_date__gt=start)
    if end is not None:
        is_new &= Q(history_date__lte=end)
    touched = Scope(plan).rows(kind).filter(is_new).values("id")
    earlier = kind.history.filter(id__in=touched, history_date__lte=start).values("id")
    last_before = earlier.annotate(newest=Max("history_id")).values("newest")
    shown = [field for field in kind.model._meta.concrete_fields if field.name not in NOT_COMPARED]
    # Thousands of versions differ in progress only: they are told by their text, without being parsed.
    fields = Cast(JSONObject(**{field.name: F(field.attname) for field in shown}), TextField())
    versions = kind.history.filter(is_new | Q(history_id__in=last_before), id__in=touched)
    named: QuerySet[Any] = versions.annotate(kind=Value(kind.name), fields=fields)
    return named.values_list(*COLUMNS)


@dataclass(frozen=True, slots=True)
class _Written:
    """A version that says something new, and the fields of the row at it."""

    version: Version
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that was written to: its last version before that, None for a new row, and those that differ."""

    kind: Kind
    before: _Written | None
    new: Sequence[_Written]

    @property
    def last(self) -> _Written:
        """Return the newest version."""
        return self.new[-1]

    @property
    def is_gone(self) -> bool:
        """Return whether the row was deleted in the end."""
        return self.last.version.how == "-"

    def writers(self, field: str) -> Iterator[Version]:
        """Yield the versions that wrote a field, or none if it is in the end as it was."""
        if self.before and self.before.values[field] == self.last.values[field]:
            return
        for old, new in pairwise([self.before, *self.new]):
            if new and (old is None or old.values[field] != new.values[field]):
                yield new.version


def in_text(versions: Iterable[Version], names: Names) -> Iterator[tuple[Key, Version]]:
    """Yield who wrote which field of which row; what came and went between the two states is left out."""
    for (name, _pk), found in groupby(versions, attrgetter("kind", "id")):
        first, *others = (_Written(version, json.loads(version.fields)) for version in _that_differ(found))
        is_added = first.version.is_new and first.version.how == "+"
        row = _Row(KINDS[name], None, [first, *others]) if is_added else _Row(KINDS[name], first, others)
        if row.new and not (is_added and row.is_gone):
            yield from _of_link(row, names) if row.kind in LINKS else _of_row(row, names)


def _that_differ(versions: Iterable[Version]) -> Iterator[Version]:
    """Leave out the versions that differ from the one before in progress only."""
    before = None
    for version in versions:
        if before is None or version.how != "~" or version.fields != before.fields:
            yield version
        before = version


def _of_link(row: _Row, names: Names) -> Iterator[tuple[Key, Version]]:
    """Yield who added, changed or took away what hangs on a row."""
    above: Any = row.kind.above
    for key in names.keys(above, row.last.values[row.kind.model.owner_field], LINKS[row.kind]):
        if row.is_gone:
            yield key, row.last.version
        for field in () if row.is_gone else row.last.values:
            for version in row.writers(field):
                yield key, version


def _of_row(row: _Row, names: Names) -> Iterator[tuple[Key, Version]]:
    """Yield who added, changed or deleted a row; a number that it left or took over counts like that, too."""
    level, named_by = LEVELS[row.kind], row.kind.named_by
    old, new = (end.values.get(named_by, "") if end else "" for end in (row.before, row.last))
    if row.is_gone:
        yield (level, old, REMOVED), row.last.version
    elif row.before is None:
        yield (level, new, ADDED), row.new[0].version
    for field in () if row.is_gone else row.last.values:
        for version in row.writers(field):
            yield (level, new, field), version
            if row.before and field == named_by:
                yield (level, old, REMOVED), version
                yield (level, new, ADDED), version
    if row.kind is RESULT:
        yield from _of_move(row, names)


def _of_move(row: _Row, names: Names) -> Iterator[tuple[Key, Version]]:
    """Yield who brought a result to an action or took it away from one."""
    for version in [row.last.version] if row.is_gone else row.writers("action"):
        for end in filter(None, (row.before, row.last)):
            for key in names.keys(ACTION, end.values["action"], RESULTS):
                yield key, version
