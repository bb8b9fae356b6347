"""Everything that the page of one action shows, finished for its template."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Max
from django.utils import timezone

from .. import rules
from ..enums import ConditionState, PlanState, Schedule, Standing, Status
from ..journal import Entry, read_journal
from ..models import Action, PlannedResult, ReportingPeriod, StrategyCode
from ..reporting import current_period, default_day
from ..tree.rows import ResultRow


@dataclass(frozen=True, slots=True)
class ResultView:
    """A planned result with the words that describe it: today's from its table, a past day's from a row."""

    result: PlannedResult | ResultRow
    standing: Standing
    schedule: Schedule | None
    due_on: date
    condition_label: str
    projects: tuple[str, ...]

    @classmethod
    def of_row(cls, row: ResultRow) -> "ResultView":
        """Return what is shown of a result as it stood on the day of its tree."""
        return cls(row, row.standing, row.schedule, row.due_on, row.condition_label, row.projects)

    @property
    def status(self) -> Status:
        """Return the status."""
        return Status(self.result.status)

    @property
    def shows_condition(self) -> bool:
        """Return whether the condition still matters."""
        return bool(self.result.condition) and self.status != Status.DONE


class ActionPage:
    """One action with its results, references and journal; ten queries, whatever their number."""

    def __init__(self, action: Action) -> None:
        self.action = action
        self.today = timezone.localdate()

    @cached_property
    def results(self) -> list[PlannedResult]:
        """Return the results in their order, each with its projects."""
        results = list(
            self.action.results.order_by("position", "id").prefetch_related("project_links__project")
        )
        for result in results:
            result.plan = self.action.plan
        return results

    @cached_property
    def result_views(self) -> dict[str, ResultView]:
        """Return what is shown of each result, by key."""
        return {result.key: self._view(result) for result in self.results}

    def _view(self, result: PlannedResult) -> ResultView:
        schedule = rules.schedule_of(result.progress, result.due_on, self.today)
        return ResultView(
            result=result,
            standing=rules.standing_of(result.progress, schedule),
            schedule=schedule,
            due_on=result.due_on,
            condition_label=str(ConditionState(result.condition_state).label)
            if result.condition_state
            else "",
            projects=tuple(link.project.name for link in result.project_links.all()),
        )

    @property
    def status(self) -> Status:
        """Return the action's status, which follows from its results."""
        return rules.action_status(result.progress for result in self.results)

    @property
    def percent(self) -> float | None:
        """Return the action's percent, or None if it is unknown."""
        return rules.action_percent(result.progress for result in self.results)

    @property
    def due_on(self) -> date | None:
        """Return the last day of the results that are still open."""
        return max((result.due_on for result in self.results if result.progress.is_open), default=None)

    @property
    def is_late(self) -> bool:
        """Return whether any result is late."""
        return any(view.standing == Standing.LATE for view in self.result_views.values())

    @cached_property
    def codes(self) -> list[StrategyCode]:
        """Return the action's own codes, else its measure's."""
        own = [link.code for link in self.action.code_links.select_related("code")]
        return own or [link.code for link in self.action.measure.code_links.select_related("code")]

    @cached_property
    def resources(self) -> list[str]:
        """Return the names of the resources."""
        return [link.resource.name for link in self.action.resource_links.select_related("resource")]

    @cached_property
    def partners(self) -> list[str]:
        """Return the names of the partners."""
        return [link.partner.name for link in self.action.partner_links.select_related("partner")]

    @cached_property
    def journal(self) -> list[Entry]:
        """Return the journal, newest first."""
        return read_journal(self.action)

    @cached_property
    def last_reported_on(self) -> date | None:
        """Return the day of the newest report that stands, or None if there is none."""
        newest: date | None = self.action.progress_updates.standing().aggregate(day=Max("reported_on"))["day"]
        return newest

    @property
    def days_since_report(self) -> int | None:
        """Return the number of days since the newest report, or None if there is none."""
        return (self.today - self.last_reported_on).days if self.last_reported_on else None

    @cached_property
    def periods(self) -> list[ReportingPeriod]:
        """Return the plan's reporting periods."""
        return list(self.action.plan.reporting_periods.all())

    @property
    def report_day(self) -> date:
        """Return the day as of which a report is written unless its author says otherwise."""
        return default_day(current_period(self.periods, self.today), self.last_reported_on, self.today)

    def period_of(self, day: date) -> ReportingPeriod | None:
        """Return the period that a day belongs to."""
        return next((period for period in self.periods if period.starts_on <= day <= period.ends_on), None)

    @property
    def accepts_updates(self) -> bool:
        """Return whether the plan is one in which work goes on."""
        return self.action.plan.state == PlanState.ACTIVE
