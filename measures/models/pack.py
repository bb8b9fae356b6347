"""Packs for the members' meeting: which were made, by whom, of what, and the files as they were made."""

import hashlib
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from ..enums import PackFileKind, PackState, PackStep
from ..querysets import PackQuerySet
from .base import AppendOnlyModel
from .plan import Plan
from .private_files import PrivateStorage, random_name

LONGEST_QUERY = 2000
# Who makes a pack says every few seconds that it is alive. After so long a silence it is taken for dead.
SILENCE = timedelta(seconds=60)


class Pack(AppendOnlyModel):
    """The plan as Excel, Word and PDF, made at one go of the same rows.

    A row is written when somebody asks for a pack; after that only how the making goes may change, and
    nothing once it is finished or failed. `query` asks for the same as the address of a page would.
    """

    plan = models.ForeignKey(
        Plan, models.PROTECT, verbose_name=gettext_lazy("action plan"), related_name="packs"
    )
    number = models.PositiveIntegerField(
        gettext_lazy("number"), help_text=gettext_lazy("Counted from 1 in each plan.")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=gettext_lazy("made by"), related_name="+"
    )
    made_at = models.DateTimeField(gettext_lazy("made at"), default=timezone.now)
    as_of = models.DateField(gettext_lazy("as of"))
    period_title = models.CharField(gettext_lazy("closed period"), max_length=100, blank=True)
    period_starts_on = models.DateField(gettext_lazy("starts on"), null=True, blank=True)
    period_ends_on = models.DateField(gettext_lazy("ends on"), null=True, blank=True)
    since = models.CharField(gettext_lazy("changes since"), max_length=150)
    said = models.TextField(
        gettext_lazy("what is shown"), blank=True, help_text=gettext_lazy("Empty: the whole plan.")
    )
    query = models.CharField(gettext_lazy("address"), max_length=LONGEST_QUERY)
    state = models.CharField(
        gettext_lazy("state"), max_length=20, choices=PackState, default=PackState.MAKING
    )
    step = models.PositiveSmallIntegerField(gettext_lazy("step"), choices=PackStep, default=PackStep.ROWS)
    alive_at = models.DateTimeField(gettext_lazy("last sign of life"), default=timezone.now)
    failure = models.TextField(gettext_lazy("why it failed"), blank=True)

    objects: ClassVar[Any] = PackQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("pack for the meeting")
        verbose_name_plural = gettext_lazy("packs for the meeting")
        ordering = ["plan_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="pack_number_unique_in_plan"),
            models.CheckConstraint(
                condition=Q(period_title="", period_starts_on=None, period_ends_on=None)
                | (~Q(period_title="") & Q(period_starts_on__isnull=False, period_ends_on__isnull=False)),
                name="pack_period_described",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.slug} #{self.number}"

    @property
    def is_finished(self) -> bool:
        """Return whether its files can be downloaded."""
        return self.state == PackState.FINISHED

    @property
    def is_failed(self) -> bool:
        """Return whether it could not be made, or who makes it has fallen silent."""
        is_silent = self.state == PackState.MAKING and self.alive_at < timezone.now() - SILENCE
        return is_silent or self.state == PackState.FAILED


def pack_storage() -> PrivateStorage:
    """Return the place of the files."""
    return PrivateStorage("packs")


class PackFile(AppendOnlyModel):
    """One file of a pack, byte for byte as it was made."""

    pack = models.ForeignKey(
        Pack, models.PROTECT, verbose_name=gettext_lazy("pack for the meeting"), related_name="files"
    )
    kind = models.CharField(gettext_lazy("kind"), max_length=10, choices=PackFileKind)
    name = models.CharField(gettext_lazy("file name"), max_length=200)
    size = models.PositiveIntegerField(gettext_lazy("size"), help_text=gettext_lazy("In bytes."))
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.FileField(gettext_lazy("file"), storage=pack_storage, upload_to=random_name)

    class Meta:
        verbose_name = gettext_lazy("file of a pack")
        verbose_name_plural = gettext_lazy("files of packs")
        # Excel, Word, PDF: the order in which they are made.
        ordering = ["pack_id", "id"]
        constraints = [models.UniqueConstraint(fields=["pack", "kind"], name="pack_file_once")]

    def __str__(self) -> str:
        return self.name

    def read(self) -> bytes | None:
        """Return the content; None if it is not what was made. Raises OSError if there is none."""
        with self.file.open("rb") as stream:
            content: bytes = stream.read()
        return content if hashlib.sha256(content).hexdigest() == self.sha256 else None
