"""What both databases need to handle Lithuanian: order (`lt`), case-blind LIKE, search without diacritics.

`Collate("name", "lt")` sorts rightly on both: on PostgreSQL a migration makes the collation through ICU,
on SQLite each new connection gets it here. Columns do not carry it, so other programs can open the file.
"""

import re
import sqlite3
from functools import lru_cache
from typing import Any

from django.db.models import CharField, Lookup, TextField
from django.db.models.functions import Collate

from . import text

# PostgreSQL folds by table; wide enough for the names of partners around the Baltic Sea.
_FOLDED_LETTERS = {
    character: text.fold(character)
    for character in map(chr, range(0xDF, 0x180))
    if character.islower() and len(text.fold(character)) == 1 and text.fold(character) != character
}


def register_sqlite_functions(connection: Any, **kwargs: Any) -> None:
    """Give a new SQLite connection the `lt` collation, a Unicode LIKE and `lt_fold()`."""
    if connection.vendor != "sqlite":
        return
    raw: sqlite3.Connection = connection.connection
    # Django would write rows in batches of 999 values; it takes many times more in one statement.
    connection.features.max_query_params = raw.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    raw.create_collation("lt", text.compare)
    for argument_count in (2, 3):
        raw.create_function("like", argument_count, like, deterministic=True)
    raw.create_function("lt_fold", 1, lambda value: value and text.fold(str(value)), deterministic=True)


def like(pattern: str | None, value: Any, escape: str = "") -> bool | None:
    """SQL's `value LIKE pattern ESCAPE escape`, blind to case in every alphabet, not in ASCII alone."""
    if pattern is None or value is None:
        return None
    return _like_expression(str(pattern), escape).fullmatch(str(value).casefold()) is not None


@lru_cache(maxsize=512)
def _like_expression(pattern: str, escape: str) -> re.Pattern[str]:
    wildcards = {"%": ".*", "_": "."}
    parts, characters = [], iter(pattern)
    for character in characters:
        if escape and character == escape:
            parts.append(re.escape(next(characters, escape).casefold()))
        else:
            parts.append(wildcards.get(character) or re.escape(character.casefold()))
    return re.compile("".join(parts), re.DOTALL)


@CharField.register_lookup
@TextField.register_lookup
class FoldedContains(Lookup):
    """`title__folded="silute"` finds „Šilutė“: contains, whatever the case and the diacritics."""

    lookup_name = "folded"
    prepare_rhs = True

    def get_prep_lookup(self) -> str:
        """Fold what is looked for, and take its wildcards as plain characters."""
        escaped = re.sub(r"([\\%_])", r"\\\1", text.fold(str(self.rhs)))
        return f"%{escaped}%"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the condition in the dialect of the connection."""
        column, column_parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            column = f'TRANSLATE(LOWER({column} COLLATE "und-x-icu"), %s, %s)'
            letters = [*_FOLDED_LETTERS], [*_FOLDED_LETTERS.values()]
            parameters = [*column_parameters, "".join(letters[0]), "".join(letters[1])]
        else:
            column, parameters = f"lt_fold({column})", [*column_parameters]
        return f"{column} LIKE %s ESCAPE '\\'", [*parameters, self.rhs]


def in_lithuanian_order(field: str) -> Collate:
    """Return an expression to order by: `Partner.objects.order_by(in_lithuanian_order("name"))`."""
    return Collate(field, "lt")
