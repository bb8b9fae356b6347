"""The journal: who reported what of which result, when. Rows are added, never changed or taken away."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..enums import Status
from ..querysets import (
    AppendOnlyQuerySet,
    ProgressUpdateQuerySet,
    ReportingPeriodQuerySet,
    ResultProgressQuerySet,
)
from .base import VersionedModel
from .plan import Action, Plan
from .results import PERCENT_FITS_STATUS, PERCENT_MESSAGE, PlannedResult


class ReportingPeriod(VersionedModel):
    """A stretch of a plan's time for which everybody reports."""

    plan = models.ForeignKey(
        Plan, models.CASCADE, verbose_name=gettext_lazy("action plan"), related_name="reporting_periods"
    )
    title = models.CharField(gettext_lazy("title"), max_length=100)
    starts_on = models.DateField(gettext_lazy("starts on"))
    ends_on = models.DateField(gettext_lazy("ends on"))
    closed_at = models.DateTimeField(gettext_lazy("closed at"), null=True, blank=True, editable=False)

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("reporting period")
        verbose_name_plural = gettext_lazy("reporting periods")
        ordering = ["plan_id", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "title"], name="period_title_unique_in_plan"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="period_dates_in_order",
                violation_error_message=gettext_lazy("The period ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str, str]:
        """Return plan and title."""
        return (*self.plan.natural_key(), self.title)

    def clean(self) -> None:
        """Refuse a period that shares days with another of the plan."""
        if not (self.plan_id and self.starts_on and self.ends_on):
            return
        others = ReportingPeriod.objects.filter(
            plan=self.plan_id, starts_on__lte=self.ends_on, ends_on__gte=self.starts_on
        ).exclude(pk=self.pk)
        if other := others.first():
            raise ValidationError(
                _("These days already belong to the period “%(period)s”.") % {"period": other}
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


def today() -> date:
    """Return the day in Vilnius, as a default that migrations can name."""
    return timezone.localdate()


class ProgressUpdate(AppendOnlyModel):
    """One saving of an action's update form: what was done, by whom, and how it stood on which day.

    The rows of `ResultProgress` under it say which results changed. The journal outlives the action:
    its reference is kept without a constraint, so that past dates can be shown after a deletion.
    """

    plan = models.ForeignKey(
        Plan, models.PROTECT, verbose_name=gettext_lazy("action plan"), related_name="progress_updates"
    )
    action = models.ForeignKey(
        Action,
        models.DO_NOTHING,
        verbose_name=pgettext_lazy("plan", "action"),
        related_name="progress_updates",
        db_constraint=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=gettext_lazy("author"),
        related_name="progress_updates",
    )
    reported_on = models.DateField(
        gettext_lazy("as of"),
        default=today,
        db_index=True,
        help_text=gettext_lazy("The day on which things stood so."),
    )
    recorded_at = models.DateTimeField(gettext_lazy("recorded at"), auto_now_add=True)
    comment = models.TextField(gettext_lazy("what was done"), blank=True)
    correction = models.TextField(gettext_lazy("proposed correction"), blank=True)

    objects: ClassVar[Any] = ProgressUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("progress update")
        verbose_name_plural = gettext_lazy("progress updates")
        ordering = ["-reported_on", "-id"]
        permissions = [
            ("record_own_progress", gettext_lazy("Can record progress of own actions")),
            ("record_any_progress", gettext_lazy("Can record progress of all actions")),
        ]
        indexes = [models.Index(fields=["action", "reported_on", "id"], name="update_by_action")]

    def __str__(self) -> str:
        return f"{self.reported_on:%Y-%m-%d} {self.author}"


class ResultProgress(AppendOnlyModel):
    """Status and percent of one result as of one update."""

    update = models.ForeignKey(ProgressUpdate, models.PROTECT, related_name="lines")
    result = models.ForeignKey(
        PlannedResult,
        models.DO_NOTHING,
        verbose_name=gettext_lazy("planned result"),
        related_name="progress_lines",
        db_constraint=False,
    )
    status = models.CharField(gettext_lazy("status"), max_length=20, choices=Status)
    percent = models.PositiveSmallIntegerField(gettext_lazy("percent"), null=True, blank=True)

    objects: ClassVar[Any] = ResultProgressQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("progress of a result")
        verbose_name_plural = gettext_lazy("progress of results")
        ordering = ["update_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["update", "result"], name="result_once_in_update"),
            models.CheckConstraint(
                condition=PERCENT_FITS_STATUS,
                name="progress_percent_fits_status",
                violation_error_message=PERCENT_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        percent = "" if self.percent is None else f" {self.percent}\N{NO-BREAK SPACE}%"
        return f"{self.get_status_display()}{percent}"


def evidence_storage() -> FileSystemStorage:
    """Return the place of uploaded documents: outside everything that a web server shows."""
    return FileSystemStorage(location=settings.DATA_DIR / "evidence")


def evidence_path(evidence: "Evidence", name: str) -> str:
    """Return a random name, so that nothing of the uploaded one reaches the disk."""
    return uuid.uuid4().hex


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

    class Meta:
        verbose_name = gettext_lazy("supporting document")
        verbose_name_plural = gettext_lazy("supporting documents")
        ordering = ["update_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(link="") & ~Q(file="")) | (~Q(link="") & Q(file="")),
                name="evidence_link_or_file",
                violation_error_message=gettext_lazy("Give either a link or a file."),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.link or str(self.file)
