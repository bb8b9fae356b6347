"""The history of a plan or an action in pages, newest first; as many queries for one change as for fifty."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import IntegerField, QuerySet, Subquery, Value
from django.utils.text import capfirst

from akr_plan.models import User

from .changed import is_overtaken, previous
from .filters import HistoryFilter
from .kinds import KINDS, PROGRESS_FIELDS, Kind
from .names import Newest, references
from .scopes import ActionScope, Scope
from .subjects import Subject, subject_of, text_of
from .words import Part, compare, in_words

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after in words; `parts` are both in one text, where that is easier to read."""

    field: str
    label: str
    before: str
    after: str
    parts: tuple[Part, ...]
    can_be_undone: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One saving of one row.

    `event` is + (added), ~ (changed) or - (deleted), `text` what was added or deleted, and `version` the one
    that the row has now.
    """

    history_id: int
    kind: str
    at: datetime
    who: str
    how: str
    subject: Subject
    event: str
    text: str
    changes: tuple[Change, ...]
    is_from_journal: bool
    version: int


def read_page(
    scope: Scope | ActionScope, asked: HistoryFilter, *, number: str | None, reader: User
) -> "Page[Any]":
    """Return a page of entries (the first, if the number is none), with what the reader may undo."""
    page = Paginator(_keys(scope, asked), PER_PAGE).get_page(number)
    page.object_list = _Reader(scope.plan.slug, list(page.object_list), reader).entries()
    return page


def _keys(scope: Scope | ActionScope, asked: HistoryFilter) -> QuerySet[Any]:
    """Return the kinds and ids of what is asked for, newest first: a page is cut out before rows are read."""
    parts = [
        asked.apply(scope.rows(kind), kind)
        .annotate(rank=Value(rank, output_field=IntegerField()))
        .values_list("rank", "history_id", "history_date")
        for rank, kind in enumerate(KINDS)
        if asked.wants(kind)
    ]
    keys: QuerySet[Any] = parts[0].union(*parts[1:], all=True)
    return keys.order_by("-history_date", "-rank", "-history_id")


class _Reader:
    """Turns the keys of one page into entries."""

    def __init__(self, slug: str, keys: Sequence[tuple[int, int, datetime]], reader: User) -> None:
        self.slug, self.keys = slug, keys
        self.undoable = {kind: kind.may_be_undone_by(reader) for kind in KINDS}
        self.rows: dict[tuple[int, int], Any] = {}
        self.before: dict[tuple[int, int], Any] = {}
        for rank in {rank for rank, _history_id, _at in keys}:
            self._read(rank)
        self.newest = Newest(
            wanted
            for key, row in self.rows.items()
            for wanted in references(KINDS[key[0]], [row, self.before[key]])
        )

    def _read(self, rank: int) -> None:
        """Read the rows of one kind, and the version before each."""
        kind = KINDS[rank]
        ids = [history_id for of_rank, history_id, _at in self.keys if of_rank == rank]
        rows = kind.history.filter(history_id__in=ids).select_related("history_user")
        rows = rows.annotate(previous_id=Subquery(previous(kind).values("history_id")))
        if self.undoable[kind]:
            overtaken = {
                f"overtaken_{field.name}": is_overtaken(kind, field.attname) for field in kind.undoable_fields
            }
            rows = rows.annotate(**overtaken)
        self.rows |= {(rank, row.history_id): row for row in rows}
        earlier = [row.previous_id for row in rows]
        before = {row.history_id: row for row in kind.history.filter(history_id__in=earlier)}
        self.before |= {(rank, row.history_id): before.get(row.previous_id) for row in rows}

    def entries(self) -> list[Entry]:
        return [self._entry(rank, self.rows[rank, history_id]) for rank, history_id, _at in self.keys]

    def _entry(self, rank: int, row: Any) -> Entry:
        kind = KINDS[rank]
        before = self.before[rank, row.history_id] if row.history_type == "~" else None
        changes = _changes(kind, before, row, self.newest) if before else ()
        living = self.newest.living(kind.model, row.id)
        is_from_journal = any(change.field in PROGRESS_FIELDS for change in changes)
        return Entry(
            history_id=row.history_id,
            kind=kind.name,
            at=row.history_date,
            who=str(row.history_user),
            how=row.history_change_reason or "",
            subject=subject_of(kind, row, self.newest, self.slug),
            event=row.history_type,
            text="" if row.history_type == "~" else text_of(kind, row, self.newest),
            changes=changes,
            is_from_journal=is_from_journal,
            version=living.version if living else 0,
        )


def describe_change(
    slug: str, kind: Kind, before: Any, after: Any, fields: Collection[str]
) -> tuple[Subject, tuple[Change, ...]]:
    """Return what two versions are about, and in words what differs between them in some fields."""
    newest = Newest(references(kind, [before, after]))
    changes = (change for change in _changes(kind, before, after, newest) if change.field in fields)
    return subject_of(kind, after, newest, slug), tuple(changes)


def _changes(kind: Kind, before: Any, after: Any, newest: Newest) -> tuple[Change, ...]:
    return tuple(
        _change(field, before, after, newest)
        for field in kind.fields
        if getattr(before, field.attname) != getattr(after, field.attname)
    )


def _change(field: Any, before: Any, after: Any, newest: Newest) -> Change:
    old, new = (_in_words(field, getattr(version, field.attname), newest) for version in (before, after))
    return Change(
        field=field.name,
        label=capfirst(field.verbose_name),
        before=old,
        after=new,
        parts=compare(old, new),
        can_be_undone=not getattr(after, f"overtaken_{field.name}", True),
    )


def _in_words(field: Any, value: Any, newest: Newest) -> str:
    if field.is_relation and value is not None:
        return newest.name(field.related_model, value)
    return in_words(field, value)
