"""Everything that one person owes in a plan, on one screen, finished for its template."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Max, Q, TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akr_plan.models import User
from akr_plan.text import sort_key

from .. import rules
from ..enums import PlanState, Schedule, Standing, Status
from ..models import Action, Plan, PlannedResult, ProgressDraft, ProgressUpdate, ReportingPeriod
from ..reporting import Commitment, current_period, has_reported, takes_part
from ..tree.duties import Tally


class Urgency(TextChoices):
    """How pressing an action is, the most pressing first."""

    LATE = "late", pgettext_lazy("schedule", "Late")
    DUE_SOON = "due_soon", pgettext_lazy("schedule", "Due soon")
    UNREPORTED = "unreported", _("Not reported for this period yet")
    OTHER = "other", _("Other actions")
    FINISHED = "finished", _("Finished")


@dataclass(frozen=True, slots=True)
class OpenResult:
    """A planned result that is not settled yet, and how it stands to its term."""

    result: PlannedResult
    due_on: date
    schedule: Schedule | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class OwnedAction:
    """An action as a row of the screen; `period` is the one that reports are asked for now.

    `reported_by_its_end` is the day of the newest report that is not later than the period.
    """

    action: Action
    results: Sequence[PlannedResult]
    open_results: Sequence[OpenResult]
    last_reported_on: date | None
    reported_by_its_end: date | None
    period: ReportingPeriod | None
    today: date
    has_draft: bool
    may_be_updated: bool

    @property
    def status(self) -> Status:
        """Return the status, which follows from the results."""
        return rules.action_status(result.progress for result in self.results)

    @property
    def percent(self) -> float | None:
        """Return the percent, or None if it is unknown."""
        return rules.action_percent(result.progress for result in self.results)

    @property
    def due_on(self) -> date | None:
        """Return the nearest term of what is open; what is counted comes first."""
        counted = [item.due_on for item in self.open_results if item.schedule]
        return min(counted or [item.due_on for item in self.open_results], default=None)

    @property
    def days_since_report(self) -> int | None:
        """Return the number of days since the newest report, or None if there is none."""
        return (self.today - self.last_reported_on).days if self.last_reported_on else None

    @property
    def is_reported(self) -> bool:
        """Return whether the newest report is of this period; where there are no periods, of today."""
        if self.period is None:
            return self.last_reported_on == self.today
        return has_reported(self.reported_by_its_end, self.period)

    @property
    def is_counted(self) -> bool:
        """Return whether the action counts among those to be reported for this period, done or not."""
        commitments = [Commitment(result.progress, result.first_year) for result in self.results]
        return self.period is not None and takes_part(commitments, self.reported_by_its_end, self.period)

    @property
    def offers_nothing_new(self) -> bool:
        """Return whether “nothing new” would be news: something is open and not reported."""
        return self.may_be_updated and bool(self.open_results) and not self.is_reported

    @property
    def urgency(self) -> Urgency:
        """Return the group that the action belongs to."""
        schedules = {item.schedule for item in self.open_results}
        if Schedule.LATE in schedules:
            return Urgency.LATE
        if Schedule.DUE_SOON in schedules:
            return Urgency.DUE_SOON
        if self.is_counted and not self.is_reported:
            return Urgency.UNREPORTED
        return Urgency.OTHER if self.open_results else Urgency.FINISHED


@dataclass(frozen=True, slots=True)
class Owner:
    """A person who owns actions, and how many of them have been reported for this period."""

    username: str
    name: str
    tally: Tally
    is_shown: bool


class MyActions:
    """The actions that one person owns in a plan, as somebody sees them; always five queries."""

    def __init__(self, *, plan: Plan, owner: User, reader: User) -> None:
        self.plan, self.owner, self.reader = plan, owner, reader
        self.today = timezone.localdate()
        self.is_own = owner == reader
        self.sees_everybody = reader.has_perm("measures.record_any_progress")

    def get_absolute_url(self) -> str:
        """Return the address of the screen."""
        if self.is_own:
            return reverse("measures:my_actions", args=[self.plan.slug])
        return reverse("measures:owner_actions", args=[self.plan.slug, self.owner.username])

    @property
    def accepts_updates(self) -> bool:
        """Return whether the plan is one in which work goes on."""
        return self.plan.state == PlanState.ACTIVE

    @cached_property
    def period(self) -> ReportingPeriod | None:
        """Return the period that reports are asked for now."""
        return current_period(self.plan.reporting_periods.all(), self.today)

    @cached_property
    def _rows(self) -> dict[int, list[OwnedAction]]:
        """Return the actions of each owner that the reader may see here, by the owner's id."""
        actions = Action.objects.filter(plan=self.plan, owner__isnull=False).select_related("owner")
        if not self.sees_everybody:
            actions = actions.owned_by(self.owner)
        updates = ProgressUpdate.objects.standing().filter(plan=self.plan).order_by()
        in_time = Q(reported_on__lte=self.period.ends_on) if self.period else Q()
        newest = {
            action: (day, day_in_time)
            for action, day, day_in_time in updates.values_list("action").annotate(
                Max("reported_on"), in_time=Max("reported_on", filter=in_time)
            )
        }
        drafts = set(
            ProgressDraft.objects.filter(author=self.reader, action__plan=self.plan).values_list(
                "action_id", flat=True
            )
        )
        rows = defaultdict(list)
        for action in actions.order_by("sort_key").prefetch_related("results"):
            action.plan = self.plan
            rows[action.owner_id].append(
                self._row(action, *newest.get(action.pk, (None, None)), has_draft=action.pk in drafts)
            )
        return rows

    def _row(
        self,
        action: Action,
        last_reported_on: date | None,
        reported_by_its_end: date | None,
        *,
        has_draft: bool,
    ) -> OwnedAction:
        results = sorted(action.results.all(), key=lambda result: (result.position, result.pk))
        return OwnedAction(
            action=action,
            results=results,
            open_results=[self._open_result(result) for result in results if result.progress.is_open],
            last_reported_on=last_reported_on,
            reported_by_its_end=reported_by_its_end,
            period=self.period,
            today=self.today,
            has_draft=has_draft,
            may_be_updated=self.accepts_updates and action.may_be_updated_by(self.reader),
        )

    def _open_result(self, result: PlannedResult) -> OpenResult:
        due_on = rules.due_on(
            deadline=result.deadline, last_year=result.last_year, plan_last_year=self.plan.last_year
        )
        schedule = rules.schedule_of(result.progress, due_on, self.today)
        return OpenResult(result, due_on, schedule, rules.standing_of(result.progress, schedule))

    @property
    def rows(self) -> list[OwnedAction]:
        """Return the owner's actions in the order of the plan."""
        return self._rows.get(self.owner.pk, [])

    def row(self, number: str) -> OwnedAction | None:
        """Return the owner's action with this number."""
        return next((row for row in self.rows if row.action.number == number), None)

    @property
    def groups(self) -> list[tuple[Urgency, list[OwnedAction]]]:
        """Return the actions by urgency; in each group the nearest terms come first."""
        groups = defaultdict(list)
        for row in sorted(self.rows, key=lambda row: row.due_on or date.max):
            groups[row.urgency].append(row)
        return [(urgency, groups[urgency]) for urgency in Urgency if urgency in groups]

    @property
    def tally(self) -> Tally:
        """Return how many of the owner's actions have been reported for this period."""
        return _tally(self.rows)

    @property
    def owners(self) -> list[Owner]:
        """Return everybody whose screen the reader may open, in Lithuanian order."""
        if not self.sees_everybody:
            return []
        owners = [(rows[0].action.owner, rows) for rows in self._rows.values()]
        return [
            Owner(owner.username, str(owner), _tally(rows), owner == self.owner)
            for owner, rows in sorted(owners, key=lambda item: sort_key(str(item[0])))
            if owner
        ]


def _tally(rows: Iterable[OwnedAction]) -> Tally:
    answers = [row.is_reported for row in rows if row.is_counted]
    return Tally(sum(answers), len(answers))


def owes_reports(user: User, plan: Plan) -> bool:
    """Return whether the user has actions in the plan whose progress is his or hers to record now."""
    if plan.state != PlanState.ACTIVE:
        return False
    owned = Action.objects.filter(plan=plan).owned_by(user).first()
    return owned is not None and owned.may_be_updated_by(user)
