"""The journal: who reported what of which result, when. Rows are added, never changed or taken away."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..enums import Status
from ..querysets import ProgressUpdateQuerySet, ResultProgressQuerySet
from .base import AppendOnlyModel
from .plan import Action, Plan
from .results import PERCENT_FITS_STATUS, PERCENT_MESSAGE, PlannedResult


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
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=gettext_lazy("on behalf of"),
        related_name="+",
        null=True,
        blank=True,
        help_text=gettext_lazy("The owner of the action, where somebody else reported."),
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
    nothing_new = models.BooleanField(
        gettext_lazy("nothing new"),
        default=False,
        help_text=gettext_lazy("Reported that nothing has changed: this counts as a report."),
    )

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


class Withdrawal(AppendOnlyModel):
    """Takes a mistaken update back: it stays to be seen, but counts no more."""

    update = models.OneToOneField(
        ProgressUpdate,
        models.PROTECT,
        verbose_name=gettext_lazy("progress update"),
        related_name="withdrawal",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=gettext_lazy("author"), related_name="+"
    )
    reason = models.TextField(gettext_lazy("reason"))
    withdrawn_at = models.DateTimeField(gettext_lazy("withdrawn at"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("withdrawal")
        verbose_name_plural = gettext_lazy("withdrawals")
        ordering = ["withdrawn_at"]

    def __str__(self) -> str:
        return f"{self.withdrawn_at:%Y-%m-%d} {self.author}"


class ProgressDraft(models.Model):
    """What somebody has typed into an update form but not saved; theirs alone, and gone once it is saved."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    action = models.ForeignKey(Action, models.CASCADE, related_name="drafts")
    data = models.JSONField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = gettext_lazy("draft")
        verbose_name_plural = gettext_lazy("drafts")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["author", "action"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.action.number} {self.author}"
