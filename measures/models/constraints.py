"""A database constraint that Django lacks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy


class SamePlan(models.BaseConstraint):
    """A foreign key over (parent, plan): a row can only hang under a parent of its own plan.

    Django has no foreign keys over several columns; both databases have. The parent's model needs a
    unique constraint over (id, plan).
    """

    default_violation_error_message = gettext_lazy(
        "The parent belongs to another plan. Choose one of this plan."
    )

    def __init__(self, *, parent: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.parent = parent

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the clause that stands in CREATE TABLE."""
        quote = schema_editor.quote_name
        field: Any = model._meta.get_field(self.parent)
        parent_table = quote(field.related_model._meta.db_table)
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote(field.column)}, {quote('plan_id')}) "
            f"REFERENCES {parent_table} ({quote('id')}, {quote('plan_id')}) DEFERRABLE INITIALLY DEFERRED"
        )

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the statement that adds the constraint to a table (PostgreSQL; SQLite makes a new table)."""
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        """Return the statement that takes the constraint away."""
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(
        self, model: type[models.Model], instance: Any, exclude: Any = None, using: str = "default"
    ) -> None:
        """Refuse a parent of another plan with a message instead of a database error."""
        if exclude and self.parent in exclude:
            return
        parent = getattr(instance, self.parent, None)
        if parent is not None and instance.plan_id not in (None, parent.plan_id):
            raise ValidationError({self.parent: self.get_violation_error_message()})

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SamePlan):
            return (self.name, self.parent) == (other.name, other.parent)
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.parent))

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        """Return what a migration writes down."""
        path, _args, kwargs = super().deconstruct()
        return path, (), {**kwargs, "parent": self.parent}
