"""Imports: which file, whose, what was previewed, and what became of it."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from ..enums import ImportKind, ImportState
from ..querysets import ImportJobQuerySet
from .base import AppendOnlyModel
from .plan import Plan
from .private_files import PrivateStorage, random_name


def import_storage() -> PrivateStorage:
    """Return the place of uploaded files."""
    return PrivateStorage("imports")


class ImportJob(AppendOnlyModel):
    """A file on its way into the data: uploaded, previewed, confirmed once by its owner, and kept.

    parsed: what was read in the file; choices: what the owner decided about conflicts and new names;
    preview and its stamp: what confirming does, row by row, and the state of the data that it was compared
    with; written: what undoing needs. All of them are JSON of the handler's dataclasses.
    """

    code = models.UUIDField(gettext_lazy("code"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(gettext_lazy("kind"), max_length=20, choices=ImportKind)
    plan = models.ForeignKey(
        Plan,
        models.SET_NULL,
        verbose_name=gettext_lazy("action plan"),
        related_name="imports",
        null=True,
        blank=True,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=gettext_lazy("uploaded by"), related_name="+"
    )
    uploaded_at = models.DateTimeField(gettext_lazy("uploaded at"), auto_now_add=True)
    file = models.FileField(gettext_lazy("file"), storage=import_storage, upload_to=random_name)
    file_name = models.CharField(gettext_lazy("file name"), max_length=200)
    size = models.PositiveIntegerField(gettext_lazy("size"), help_text=gettext_lazy("In bytes."))
    sha256 = models.CharField("SHA-256", max_length=64)
    parsed = models.JSONField(gettext_lazy("what was read"))
    choices = models.JSONField(gettext_lazy("decisions"), default=dict)
    preview = models.JSONField(gettext_lazy("what it does"))
    stamp = models.CharField(gettext_lazy("state of the data"), max_length=64)
    state = models.CharField(gettext_lazy("state"), max_length=20, choices=ImportState)
    written = models.JSONField(gettext_lazy("what was written"), default=dict)
    backup = models.CharField(gettext_lazy("backup point"), max_length=200, blank=True)
    applied_at = models.DateTimeField(gettext_lazy("applied at"), null=True, blank=True)
    undone_at = models.DateTimeField(gettext_lazy("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=gettext_lazy("undone by"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects: ClassVar[Any] = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("import")
        verbose_name_plural = gettext_lazy("imports")
        ordering = ["-uploaded_at", "-id"]
        permissions = [("import_data", gettext_lazy("Can import plans and work sheets"))]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_known"),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Return the address of its preview and outcome."""
        return reverse("measures:import_job", args=[self.code])
