"""Puts rows in again that were written before: hundreds of tests begin with the same plan."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection

from akr_plan.models import User

APPS = ("akr_plan", "measures")
_copies: dict[Hashable, list["Copy"]] = {}


@dataclass(frozen=True)
class Copy:
    """The rows of one table as they were written, ids included; `ids` are the least and the greatest."""

    table: str
    key: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    @property
    def ids(self) -> tuple[int, int]:
        place = self.columns.index(self.key)
        return min(row[place] for row in self.rows), max(row[place] for row in self.rows)


def write_or_copy(name: str, write: Callable[[], object]) -> None:
    """Call `write`, which makes rows and changes none, or put in again what it made before.

    Only where the database has as many rows as then, the same groups and the same account of the program, and
    none of the ids is taken. What `write` did with another clock needs another name.
    """
    before = _read_sizes()
    program = User.objects.filter(username="programa").values_list("pk").first()
    state = (name, program, *Group.objects.values_list("pk", "name"), *_counts(before))
    kept = _copies.get(state)
    if kept and not any(before[copy.table][0] and _is_taken(copy) for copy in kept):
        for copy in kept:
            _insert(copy)
        return
    write()
    made = (_copy(table, key, before[table][1]) for table, key in _tables())
    _copies[state] = [copy for copy in made if copy]


def _tables() -> Iterator[tuple[str, str]]:
    """Return the tables of the program with their primary keys, those that others refer to first."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            yield model._meta.db_table, model._meta.pk.column


def _read_sizes() -> dict[str, tuple[int, int]]:
    """Return the number of rows and the greatest id of each table."""
    parts = [f"SELECT '{table}', COUNT(*), COALESCE(MAX({key}), 0) FROM {table}" for table, key in _tables()]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {table: (count, highest) for table, count, highest in cursor.fetchall()}


def _counts(sizes: dict[str, tuple[int, int]]) -> Iterator[tuple[str, int]]:
    return ((table, count) for table, (count, _highest) in sizes.items())


def _copy(table: str, key: str, highest: int) -> Copy | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {key} > %s ORDER BY {key}", [highest])
        rows = cursor.fetchall()
        return Copy(table, key, [column[0] for column in cursor.description], rows) if rows else None


def _is_taken(copy: Copy) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {copy.table} WHERE {copy.key} BETWEEN %s AND %s", copy.ids)
        return bool(cursor.fetchone()[0])


def _insert(copy: Copy) -> None:
    columns = ", ".join(connection.ops.quote_name(name) for name in copy.columns)
    row = f"({', '.join(['%s'] * len(copy.columns))})"
    at_once = (connection.features.max_query_params or 10_000) // len(copy.columns)
    with connection.cursor() as cursor:
        for start in range(0, len(copy.rows), at_once):
            rows = copy.rows[start : start + at_once]
            values = [value for values in rows for value in values]
            cursor.execute(
                f"INSERT INTO {copy.table} ({columns}) VALUES {', '.join([row] * len(rows))}", values
            )
