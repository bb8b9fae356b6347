"""Statements that write many rows at once, many times faster than Django's own ways of doing so.

Each joins the table with a list of values; Django would compile all columns of all rows, or a CASE for each.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from akr_plan.models import User


def update_as_read(rows: Sequence[Any], fields: Sequence[str]) -> int:
    """Write some fields of rows of one model, and count their version up, where it is the one that was read.

    Returns how many rows were written.
    """
    return sum(_update(batch, fields) for batch in _batches(rows, len(fields) + 2))


def _batches(rows: Sequence[Any], width: int) -> Iterator[Sequence[Any]]:
    """Split rows of so many values so that a statement takes them."""
    size = (connection.features.max_query_params or len(rows) * width) // width
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _update(rows: Sequence[Any], names: Sequence[str]) -> int:
    meta = rows[0]._meta
    fields = [meta.pk, meta.get_field("version"), *(meta.get_field(name) for name in names)]
    quote = connection.ops.quote_name
    table, key, version = (quote(name) for name in (meta.db_table, fields[0].column, fields[1].column))
    # Both databases call the columns of a list of values column1, column2 and so on.
    news = [f"{quote(field.column)} = v.column{number}" for number, field in enumerate(fields[2:], start=3)]
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields
    ]
    one_row = f"({', '.join(map(_mark, fields))})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {', '.join([f'{version} = {table}.{version} + 1', *news])} "  # noqa: S608 - names of the models' own columns
            f"FROM (VALUES {', '.join([one_row] * len(rows))}) AS v "
            f"WHERE {table}.{key} = v.column1 AND {table}.{version} = v.column2",
            values,
        )
        return int(cursor.rowcount)


def _mark(field: Any) -> str:
    """Return the place of a value; PostgreSQL has to be told what it is where no column tells."""
    return f"CAST(%s AS {field.cast_db_type(connection)})" if connection.vendor == "postgresql" else "%s"


def copy_into_history(rows: Sequence[Any], *, author: User, reason: str) -> None:
    """Add what the database holds of rows of one model to their history, as changed by the author now."""
    model = type(rows[0])
    table = model.history.model
    written = {
        "history_date": timezone.now(),
        "history_type": "~",
        "history_user": author.pk,
        "history_change_reason": reason,
    }
    fields = [table._meta.get_field(name) for name in written]
    values = [
        f.get_db_prep_save(value, connection) for f, value in zip(fields, written.values(), strict=True)
    ]
    quote = connection.ops.quote_name
    copied, added = (", ".join(quote(f.column) for f in group) for group in (table.tracked_fields, fields))
    key = quote(model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(table._meta.db_table)} ({copied}, {added}) "  # noqa: S608 - the same
            f"SELECT {copied}, %s, %s, %s, %s FROM {quote(model._meta.db_table)} "
            f"WHERE {key} IN ({', '.join(['%s'] * len(rows))}) ORDER BY {key}",
            [*values, *(row.pk for row in rows)],
        )
