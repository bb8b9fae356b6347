"""Planned results: the smallest unit of the plan, and the only place where status lives."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from .. import rules
from ..enums import ConditionState, Status
from ..querysets import PlannedResultQuerySet
from ..validators import validate_lines, validate_links, validate_year
from .base import VersionedModel
from .constraints import SamePlan
from .plan import Action, Plan

# A check that comes out NULL passes in SQL, so "is not null" has to be said.
PERCENT_FITS_STATUS = (
    Q(status=Status.NOT_STARTED, percent=0, percent__isnull=False)
    | Q(status=Status.DONE, percent=100, percent__isnull=False)
    | (Q(status=Status.IN_PROGRESS) & (Q(percent=None) | Q(percent__gte=0, percent__lte=100)))
    | Q(status__in=[Status.POSTPONED, Status.CANCELLED], percent=None)
)
PERCENT_MESSAGE = gettext_lazy(
    "The percent is from 0 to 100 and typed only while in progress: not started is 0, done is 100."
)


class PlannedResult(VersionedModel):
    """A planned activity or result: the smallest unit, and the only place where status lives.

    Status and percent repeat the newest entry of the journal; only `services.progress` writes them.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name=gettext_lazy("action plan"), editable=False)
    action = models.ForeignKey(
        Action, models.CASCADE, verbose_name=pgettext_lazy("plan", "action"), related_name="results"
    )
    key = models.CharField(
        gettext_lazy("key"),
        max_length=30,
        blank=True,
        help_text=gettext_lazy(
            "Stays the same wherever the result moves. Left empty, it is made from the action's number."
        ),
    )
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=1)
    text = models.TextField(gettext_lazy("text"))
    sub_items = models.JSONField(
        gettext_lazy("sub-items"), default=list, blank=True, validators=[validate_lines]
    )
    links = models.JSONField(gettext_lazy("links"), default=list, blank=True, validators=[validate_links])
    first_year = models.PositiveSmallIntegerField(
        gettext_lazy("first year"), null=True, blank=True, validators=validate_year
    )
    last_year = models.PositiveSmallIntegerField(
        gettext_lazy("last year"),
        null=True,
        blank=True,
        validators=validate_year,
        help_text=gettext_lazy("Empty: open-ended."),
    )
    period_text = models.CharField(gettext_lazy("period as written"), max_length=50, blank=True)
    deadline = models.DateField(
        gettext_lazy("deadline"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Only if it differs from the end of the last year."),
    )
    condition = models.TextField(
        gettext_lazy("condition"),
        blank=True,
        help_text=gettext_lazy("On what the result depends: a grant, a decision, need."),
    )
    condition_state = models.CharField(
        gettext_lazy("state of the condition"), max_length=10, choices=ConditionState, blank=True
    )
    status = models.CharField(
        gettext_lazy("status"), max_length=20, choices=Status, default=Status.NOT_STARTED, editable=False
    )
    percent = models.PositiveSmallIntegerField(
        gettext_lazy("percent"), null=True, blank=True, default=0, editable=False
    )
    projects: Any = models.ManyToManyField(
        "Project", through="ResultProject", verbose_name=gettext_lazy("projects"), related_name="results"
    )

    objects = PlannedResultQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("planned result")
        verbose_name_plural = gettext_lazy("planned results")
        ordering = ["plan_id", "action__sort_key", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="result_key_unique_in_plan"),
            SamePlan(parent="action", name="result_same_plan_as_action"),
            models.CheckConstraint(
                condition=PERCENT_FITS_STATUS,
                name="result_percent_fits_status",
                violation_error_message=PERCENT_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(first_year=None) | Q(last_year=None) | Q(first_year__lte=F("last_year")),
                name="result_years_in_order",
                violation_error_message=gettext_lazy("The last year is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(condition="", condition_state="")
                | (~Q(condition="") & Q(condition_state__in=ConditionState.values)),
                name="result_condition_has_state",
                violation_error_message=gettext_lazy(
                    "A condition needs a state, and a state needs a condition."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.text}"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Fill plan and key in before anything is compared with them."""
        self._adopt_plan()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Take plan and key from the action where they are missing."""
        self._adopt_plan()
        super().save(*args, **kwargs)

    def _adopt_plan(self) -> None:
        if getattr(self, "action", None) is None:
            return
        if self.plan_id is None:
            self.plan_id = self.action.plan_id
        if not self.key:
            self.key = self._free_key()

    def _free_key(self) -> str:
        """Return the first key of the form 1.2.1-3 that no result of the plan has, nor ever had."""
        prefix = f"{self.action.number}-"
        used = set(
            type(self)
            .history.filter(plan_id=self.plan_id, key__startswith=prefix)
            .values_list("key", flat=True)
        )
        ordinal = 1
        while f"{prefix}{ordinal}" in used:
            ordinal += 1
        return f"{prefix}{ordinal}"

    @property
    def progress(self) -> rules.Progress:
        """Return what is known of the result now, for the functions in `rules`."""
        return rules.Progress(self.status, self.percent, self.condition_state)

    @property
    def due_on(self) -> date:
        """Return the day by which the result is to be done; costs a query where the plan is not fetched."""
        return rules.due_on(
            deadline=self.deadline, last_year=self.last_year, plan_last_year=self.plan.last_year
        )

    @property
    def years(self) -> str:
        """Return the years as people write them: 2023, 2023–2024, 2024–, or nothing."""
        if self.first_year is None or self.first_year == self.last_year:
            return str(self.first_year or self.last_year or "")
        return f"{self.first_year}–{self.last_year or ''}"

    def natural_key(self) -> tuple[str, str]:
        """Return plan and key."""
        return (*self.plan.natural_key(), self.key)
