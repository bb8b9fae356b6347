"""Documents that back an update: links, and files kept under random names outside the web root."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from ..enums import FileType
from .base import AppendOnlyModel
from .private_files import PrivateStorage, random_name
from .progress import ProgressUpdate


def evidence_storage() -> PrivateStorage:
    """Return the place of uploaded documents."""
    return PrivateStorage("evidence")


def evidence_path(evidence: "Evidence", name: str) -> str:
    """Return a random name, so that nothing of the uploaded one reaches the disk."""
    return random_name(evidence, name)


class Evidence(AppendOnlyModel):
    """A document that backs an update: a link, or a file."""

    update = models.ForeignKey(
        ProgressUpdate, models.PROTECT, verbose_name=gettext_lazy("progress update"), related_name="evidence"
    )
    title = models.CharField(gettext_lazy("title"), max_length=200, blank=True)
    link = models.URLField(gettext_lazy("link"), max_length=1000, blank=True)
    file = models.FileField(
        gettext_lazy("file"), storage=evidence_storage, upload_to=evidence_path, blank=True
    )
    file_type = models.CharField(gettext_lazy("file type"), max_length=10, choices=FileType, blank=True)
    size = models.PositiveIntegerField(
        gettext_lazy("size"), null=True, blank=True, help_text=gettext_lazy("In bytes.")
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    class Meta:
        verbose_name = gettext_lazy("supporting document")
        verbose_name_plural = gettext_lazy("supporting documents")
        ordering = ["update_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(link="") & ~Q(file="")) | (~Q(link="") & Q(file="")),
                name="evidence_link_or_file",
                violation_error_message=gettext_lazy("Give either a link or a file."),
            ),
            models.CheckConstraint(
                condition=Q(file="", file_type="", size=None, sha256="")
                | (~Q(file="") & Q(file_type__in=FileType.values, size__isnull=False) & ~Q(sha256="")),
                name="evidence_file_described",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.link or str(self.file)

    def get_absolute_url(self) -> str:
        """Return the link, or the address at which the file is handed out; its random name stands there."""
        return self.link or reverse("measures:evidence", args=[uuid.UUID(self.file.name)])
