"""Everything that the page of one action shows of a past day, finished for its template."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q

from ..enums import PlanState, Standing, Status
from ..journal import Entry, read_journal
from ..models import Action, Plan
from ..tree.reader import head_of, moment_of, read_tree
from ..tree.rows import ActionRow, CodeRow, MeasureRow, NameRow, TaskRow
from .action import ResultView


@dataclass(frozen=True, slots=True)
class Place:
    """An action as it stood on a day, and what it stood under."""

    task: TaskRow
    measure: MeasureRow
    action: ActionRow


def find_place(plan: Plan, day: date, number: str) -> Place | None:
    """Return the action that had the number on a day, or None if there was none; asks four queries."""
    places = (
        Place(task, measure, action)
        for task in read_tree(plan, day).tasks
        for measure in task.measures
        for action in measure.actions
    )
    return next((place for place in places if place.action.number == number), None)


class PastActionPage:
    """One action as it stood on a day; nine queries. It may have moved since, or be gone."""

    def __init__(self, plan: Plan, day: date, place: Place) -> None:
        self.plan, self.day = plan, day
        self.task, self.measure, self.action = place.task, place.measure, place.action
        self.result_views = {row.key: ResultView.of_row(row) for row in place.action.results}

    @property
    def is_default(self) -> bool:
        """Return whether an address need not name the day: a closed plan is shown as of its closing."""
        return self.day == head_of(self.plan).as_of

    @property
    def day_query(self) -> str:
        """Return the end of an address that asks for the same day."""
        return "" if self.is_default else f"?data={self.day.isoformat()}"

    @property
    def status(self) -> Status:
        """Return the action's status, which follows from its results."""
        return self.action.status

    @property
    def percent(self) -> float | None:
        """Return the action's percent, or None if it is unknown."""
        return self.action.percent

    @property
    def due_on(self) -> date | None:
        """Return the last day of the results that were still open."""
        return max((row.due_on for row in self.action.results if row.progress.is_open), default=None)

    @property
    def is_late(self) -> bool:
        """Return whether any result was late."""
        return any(row.standing == Standing.LATE for row in self.action.results)

    @property
    def codes(self) -> tuple[CodeRow, ...]:
        """Return the action's own codes, else its measure's."""
        return self.action.effective_codes

    @property
    def resources(self) -> list[str]:
        """Return the names of the resources."""
        return [_name(row) for row in self.action.resources]

    @property
    def partners(self) -> list[str]:
        """Return the names of the partners."""
        return [_name(row) for row in self.action.partners]

    @property
    def accepts_updates(self) -> bool:
        """Return whether the plan is one in which work goes on."""
        return self.plan.state == PlanState.ACTIVE

    @cached_property
    def journal(self) -> list[Entry]:
        """Return what was reported up to the day, newest first."""
        return [entry for entry in read_journal(self._stored) if entry.reported_on <= self.day]

    @cached_property
    def now(self) -> Action | None:
        """Return the action as it is now, whatever its number; if it is gone, one that has its results."""
        keys = [row.key for row in self.action.results]
        heirs = Q(plan=self.plan, results__key__in=keys)
        found = list(Action.objects.filter(Q(pk=self._stored.pk) | heirs).distinct())
        for action in found:
            action.plan = self.plan
        return next((action for action in found if action.pk == self._stored.pk), next(iter(found), None))

    @cached_property
    def _stored(self) -> Action:
        """Return the row behind the action as history holds it; the journal hangs on its id."""
        moment = moment_of(self.plan, self.day)
        rows = Action.objects.all() if moment is None else Action.history.as_of(moment)
        stored: Action = rows.get(plan_id=self.plan.pk, number=self.action.number)
        return stored


def _name(row: NameRow) -> str:
    """Return the name in the register; what was taken out of it since is named as the plan wrote it."""
    return row.name or row.as_written
