"""What all editable models share: a version that no writer can overlook, and history."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.models import HistoricalRecords


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

    history = HistoricalRecords(inherit=True)

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
