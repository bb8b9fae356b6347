"""Which versions of a row changed a field, and which of these changes is the last; asked of the database."""

from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery

from .kinds import Kind


class Differs(Func):
    """Whether two values differ; nothing is a value like any other."""

    arg_joiner = " IS DISTINCT FROM "
    template = "%(expressions)s"
    output_field = BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Say it in the words that older versions of SQLite know, too."""
        return super().as_sql(compiler, connection, arg_joiner=" IS NOT ", **context)


def previous(kind: Kind) -> QuerySet[Any]:
    """Return the version before that of the outer query."""
    rows = kind.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    return rows.order_by("-history_id")[:1]


def that_changed(rows: QuerySet[Any], kind: Kind, attname: str) -> QuerySet[Any]:
    """Keep the versions that changed a field."""
    before = Subquery(previous(kind).values(attname))
    return rows.filter(Differs(F(attname), before), history_type="~")


def is_overtaken(kind: Kind, attname: str) -> Exists:
    """Return whether a later version has another value of a field, or the row is gone."""
    later = kind.history.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    return Exists(later.filter(Differs(F(attname), OuterRef(attname)) | Q(history_type="-")))
