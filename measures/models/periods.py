"""Reporting periods, and what each froze when it was closed."""

import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..querysets import ReportingPeriodQuerySet, SnapshotQuerySet
from .base import AppendOnlyModel, VersionedModel
from .plan import Plan


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
        permissions = [
            ("close_period", gettext_lazy("Can close reporting periods")),
            ("reopen_period", gettext_lazy("Can reopen reporting periods")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["plan", "title"], name="period_title_unique_in_plan"),
            models.UniqueConstraint(fields=["plan", "starts_on"], name="period_start_unique_in_plan"),
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

    @property
    def is_closed(self) -> bool:
        """Return whether the period is closed: its snapshot stands, and it takes no more reports."""
        return self.closed_at is not None

    def get_absolute_url(self) -> str:
        """Return the address of the period's page; its first day names it."""
        return reverse("measures:period", args=[self.plan.slug, self.starts_on.isoformat()])

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


class Snapshot(AppendOnlyModel):
    """The plan as a closed period froze it, names and figures included.

    `content` is written and read by `measures.tree.frozen`; it refers to no other row, so renaming, moving
    or deleting anything later changes nothing in it.
    """

    period = models.ForeignKey(
        ReportingPeriod,
        models.PROTECT,
        verbose_name=gettext_lazy("reporting period"),
        related_name="snapshots",
    )
    as_of = models.DateField(gettext_lazy("as of"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=gettext_lazy("closed by"), related_name="+"
    )
    made_at = models.DateTimeField(gettext_lazy("closed at"), auto_now_add=True)
    content = models.TextField(gettext_lazy("content"))
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)

    objects: ClassVar[Any] = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("snapshot")
        verbose_name_plural = gettext_lazy("snapshots")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.period} {self.as_of:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Seal the content."""
        self.sha256 = self.digest()
        super().save(*args, **kwargs)

    def digest(self) -> str:
        """Return the SHA-256 of the content as it is now; `sha256` holds that of the day it was made."""
        return hashlib.sha256(self.content.encode()).hexdigest()


class Reopening(AppendOnlyModel):
    """Undoes the closing that made a snapshot; the snapshot stays to be seen."""

    snapshot = models.OneToOneField(
        Snapshot, models.PROTECT, verbose_name=gettext_lazy("snapshot"), related_name="reopening"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=gettext_lazy("author"), related_name="+"
    )
    reason = models.TextField(gettext_lazy("reason"))
    reopened_at = models.DateTimeField(gettext_lazy("reopened at"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("reopening")
        verbose_name_plural = gettext_lazy("reopenings")
        ordering = ["reopened_at"]

    def __str__(self) -> str:
        return f"{self.snapshot.period} {self.reopened_at:%Y-%m-%d}"
