"""What models share: a version that no writer can overlook, history with an author, rows that stay."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django.db import models, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.models import HistoricalRecords

from akr_plan.models import User
from akr_plan.program_account import program_account

from ..querysets import AppendOnlyQuerySet
from .bulk import copy_into_history, update_as_read


def actor(instance: models.Model, request: HttpRequest | None = None, **kwargs: Any) -> User:
    """Return who changes a row: the person signed in, else the program itself; never nobody."""
    return cast(User, request.user) if request else program_account()


class AuthoredHistory(HistoricalRecords):  # type: ignore[misc] # has no types
    """History whose author can't be wiped out: an account that has changed anything can't be deleted."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"get_user": actor, **kwargs})

    def _get_history_user_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super()._get_history_user_fields()
        fields["history_user"].remote_field.on_delete = models.PROTECT
        fields["history_user"].null = False
        return fields


class ConflictError(Exception):
    """Somebody else has saved the row since it was read; nothing was written."""

    def __init__(self, instance: models.Model) -> None:
        super().__init__(_("“%(row)s” has been changed by somebody else meanwhile.") % {"row": instance})
        self.instance = instance


class VersionedModel(models.Model):
    """A row that counts its versions: saving one that is no longer the newest raises `ConflictError`.

    The comparison and the write are one statement in the database, so two writers can't both win.
    Saving costs one query more, and a row of history.
    """

    version = models.PositiveIntegerField(gettext_lazy("version"), default=1, editable=False)

    history = AuthoredHistory(inherit=True)

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, unless the stored version is not the one that was read."""
        if not self._state.adding:
            same = type(self)._default_manager.filter(pk=self.pk, version=self.version)
            if not same.update(version=F("version") + 1):
                raise ConflictError(self)
            self.version += 1
        super().save(*args, **kwargs)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Check constraints over fields that no form holds as well; Django would skip those."""
        shown = {name for name in exclude or () if self._meta.get_field(name).editable}
        super().validate_constraints(exclude=shown)


def save_all(rows: Sequence[VersionedModel], fields: Sequence[str], *, author: User, reason: str) -> None:
    """Save some fields of many rows of one model as `save` would, history included, in a few statements.

    Raises ConflictError if any row is not the newest version; then nothing is written.
    """
    if not rows:
        return
    with transaction.atomic():
        is_whole = update_as_read(rows, fields) == len(rows)
        copy_into_history(rows, author=author, reason=reason)
        transaction.set_rollback(not is_whole)
    if not is_whole:
        raise ConflictError(_first_stale(rows))
    for row in rows:
        row.version += 1


def _first_stale(rows: Sequence[VersionedModel]) -> VersionedModel:
    """Return the first row that is gone or has another version."""
    stored = dict(type(rows[0])._default_manager.in_bulk([row.pk for row in rows]))
    return next(row for row in rows if row.pk not in stored or stored[row.pk].version != row.version)


class LinkModel(VersionedModel):
    """Ties a reference to a place in the plan, with the text as the document writes it."""

    owner_field: ClassVar[str]
    reference_field: ClassVar[str]

    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=1)

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str, str, str]:
        """Return plan, number (or key) and the name (or code) that is referred to."""
        return (
            *getattr(self, self.owner_field).natural_key(),
            *getattr(self, self.reference_field).natural_key(),
        )


class AppendOnlyModel(models.Model):
    """A row that can be added but not changed or deleted, by whatever way."""

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to update."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError(f"{type(self).__name__} is append-only.")
