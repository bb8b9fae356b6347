"""The plan tree: plan → task → measure → action → planned result."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..enums import PlanState
from ..querysets import ActionQuerySet, PlanItemQuerySet, PlanQuerySet
from ..validators import (
    number_sort_key,
    validate_action_number,
    validate_links,
    validate_measure_number,
    validate_slug,
    validate_task_number,
    validate_year,
)
from .base import VersionedModel
from .constraints import SamePlan


class Plan(VersionedModel):
    """An action plan of the association for some years."""

    slug = models.CharField(
        gettext_lazy("short name"),
        max_length=50,
        unique=True,
        validators=[validate_slug],
        help_text=gettext_lazy("Stands in addresses and commands, for example 2023-2024."),
    )
    title = models.CharField(gettext_lazy("title"), max_length=300)
    organisation = models.CharField(gettext_lazy("organisation"), max_length=300, blank=True)
    goal = models.TextField(pgettext_lazy("plan", "goal"))
    first_year = models.PositiveSmallIntegerField(gettext_lazy("first year"), validators=validate_year)
    last_year = models.PositiveSmallIntegerField(gettext_lazy("last year"), validators=validate_year)
    state = models.CharField(
        pgettext_lazy("plan", "state"), max_length=10, choices=PlanState, default=PlanState.DRAFT
    )
    adopted_at = models.DateTimeField(
        gettext_lazy("adopted at"),
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy(
            "From here on each change of the text is kept by date; before it the text stands as it was here."
        ),
    )
    closed_at = models.DateTimeField(
        gettext_lazy("closed at"),
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("Pages show the plan as it stood at this moment, unless a day is chosen."),
    )
    is_sample = models.BooleanField(
        gettext_lazy("sample data"),
        default=False,
        editable=False,
        help_text=gettext_lazy("Made up, to try the program out."),
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("action plan")
        verbose_name_plural = gettext_lazy("action plans")
        ordering = ["-first_year", "slug"]
        permissions = [("export_plan", gettext_lazy("Can download the plan as files"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_year__lte=F("last_year")),
                name="plan_years_in_order",
                violation_error_message=gettext_lazy("The last year is before the first."),
            ),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.years})"

    @property
    def years(self) -> str:
        """Return the years as people write them: 2023–2024, or 2025."""
        if self.first_year == self.last_year:
            return str(self.first_year)
        return f"{self.first_year}–{self.last_year}"

    @property
    def ends_on(self) -> date:
        """Return the last day of the plan."""
        return date(self.last_year, 12, 31)

    @property
    def closed_on(self) -> date | None:
        """Return the day of the plan's closing, or None while it is open."""
        return timezone.localdate(self.closed_at) if self.closed_at else None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note when the plan becomes active (from then on its text is complete) and when it is closed."""
        if self.state != PlanState.DRAFT and self.adopted_at is None:
            self.adopted_at = timezone.now()
        if self.state != PlanState.CLOSED:
            self.closed_at = None
        elif self.closed_at is None:
            self.closed_at = timezone.now()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a short name under whose address another page stands."""
        super().clean()
        try:
            page = resolve(f"/{self.slug}/")
        except Resolver404:
            # Not a short name at all, which is said of the field.
            return
        if page.url_name != "dashboard":
            raise ValidationError(
                {"slug": _("A page of the program has this name already. Choose another short name.")}
            )

    def natural_key(self) -> tuple[str]:
        """Return the short name."""
        return (self.slug,)

    def get_absolute_url(self) -> str:
        """Return the address of the plan's page."""
        return reverse("reports:plan", args=[self.slug])


class PlanItem(VersionedModel):
    """A numbered row of the plan. The number is the key that people and files use."""

    parent_field = ""

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name=gettext_lazy("action plan"), editable=False)
    sort_key = models.CharField(max_length=50, editable=False)

    objects: ClassVar[Any] = PlanItemQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["plan_id", "sort_key"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"  # type: ignore[attr-defined] # every subclass has both

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Take the plan over from the parent before anything is compared with it."""
        self._adopt_plan()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a number that does not begin with the parent's."""
        parent = getattr(self, self.parent_field, None) if self.parent_field else None
        number = self.number  # type: ignore[attr-defined] # every subclass has one
        if parent and number and not number.startswith(f"{parent.number}."):
            raise ValidationError(
                {"number": _("The number has to begin with %(parent)s.") % {"parent": f"{parent.number}."}}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep plan and sort key in step with parent and number."""
        self._adopt_plan()
        self.sort_key = number_sort_key(self.number)  # type: ignore[attr-defined] # every subclass has one
        super().save(*args, **kwargs)

    def _adopt_plan(self) -> None:
        if self.parent_field and self.plan_id is None:
            parent = getattr(self, self.parent_field, None)
            if parent is not None:
                self.plan_id = parent.plan_id

    def natural_key(self) -> tuple[str, str]:
        """Return plan and number."""
        return (*self.plan.natural_key(), self.number)  # type: ignore[attr-defined] # every subclass has one


class Task(PlanItem):
    """A task (uždavinys): the top level of the plan."""

    plan = models.ForeignKey(
        Plan, models.CASCADE, verbose_name=gettext_lazy("action plan"), related_name="tasks"
    )
    number = models.CharField(
        pgettext_lazy("plan", "number"), max_length=20, validators=[validate_task_number]
    )
    title = models.CharField(gettext_lazy("title"), max_length=1000)

    class Meta(PlanItem.Meta):
        verbose_name = pgettext_lazy("plan", "task")
        verbose_name_plural = pgettext_lazy("plan", "tasks")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="task_number_unique_in_plan"),
            models.UniqueConstraint(fields=["id", "plan"], name="task_of_plan"),
        ]


class Measure(PlanItem):
    """A measure (priemonė)."""

    parent_field = "task"

    task = models.ForeignKey(
        Task, models.CASCADE, verbose_name=pgettext_lazy("plan", "task"), related_name="measures"
    )
    number = models.CharField(
        pgettext_lazy("plan", "number"), max_length=20, validators=[validate_measure_number]
    )
    number_as_written = models.CharField(
        gettext_lazy("number as written"),
        max_length=20,
        blank=True,
        help_text=gettext_lazy(
            "As the document has it, even a slip such as 6.. – shown in the document's copy only."
        ),
    )
    title = models.CharField(gettext_lazy("title"), max_length=1000)
    codes: Any = models.ManyToManyField(
        "StrategyCode",
        through="MeasureCode",
        verbose_name=gettext_lazy("KRSS2030 codes"),
        related_name="measures",
    )

    class Meta(PlanItem.Meta):
        verbose_name = pgettext_lazy("plan", "measure")
        verbose_name_plural = pgettext_lazy("plan", "measures")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="measure_number_unique_in_plan"),
            models.UniqueConstraint(fields=["id", "plan"], name="measure_of_plan"),
            SamePlan(parent="task", name="measure_same_plan_as_task"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the number as documents do unless the document had it otherwise."""
        self.number_as_written = self.number_as_written or f"{self.number}."
        super().save(*args, **kwargs)


class Action(PlanItem):
    """An action (veiksmas): what one person answers for. Its status follows from its results."""

    parent_field = "measure"

    measure = models.ForeignKey(
        Measure, models.CASCADE, verbose_name=pgettext_lazy("plan", "measure"), related_name="actions"
    )
    number = models.CharField(
        pgettext_lazy("plan", "number"), max_length=20, validators=[validate_action_number]
    )
    title = models.CharField(gettext_lazy("title"), max_length=1000)
    lead_in = models.TextField(
        gettext_lazy("lead-in"),
        blank=True,
        help_text=gettext_lazy("What the third column says before the first result."),
    )
    links = models.JSONField(gettext_lazy("links"), default=list, blank=True, validators=[validate_links])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=gettext_lazy("owner"),
        related_name="owned_actions",
        null=True,
        blank=True,
        help_text=gettext_lazy("The person who reports how the action is going."),
    )
    codes: Any = models.ManyToManyField(
        "StrategyCode",
        through="ActionCode",
        verbose_name=gettext_lazy("KRSS2030 codes"),
        related_name="actions",
    )
    resources: Any = models.ManyToManyField(
        "Resource", through="ActionResource", verbose_name=gettext_lazy("resources"), related_name="actions"
    )
    partners: Any = models.ManyToManyField(
        "Partner", through="ActionPartner", verbose_name=gettext_lazy("partners"), related_name="actions"
    )

    objects: ClassVar[Any] = ActionQuerySet.as_manager()

    class Meta(PlanItem.Meta):
        verbose_name = pgettext_lazy("plan", "action")
        verbose_name_plural = pgettext_lazy("plan", "actions")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="action_number_unique_in_plan"),
            models.UniqueConstraint(fields=["id", "plan"], name="action_of_plan"),
            SamePlan(parent="measure", name="action_same_plan_as_measure"),
        ]

    def get_absolute_url(self) -> str:
        """Return the address of the action's page; costs a query where the plan is not fetched."""
        return reverse("measures:action", args=[self.plan.slug, self.number])

    def may_be_updated_by(self, user: Any) -> bool:
        """Return whether the user may record progress here: everybody's, or the user's own."""
        if user.has_perm("measures.record_any_progress"):
            return True
        return self.owner_id == user.pk and bool(user.has_perm("measures.record_own_progress"))
