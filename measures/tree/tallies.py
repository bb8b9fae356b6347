"""How many actions reported for each period of a plan, without reading a tree for each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from ..enums import PeriodState, Status
from ..models import Action, Plan, PlannedResult, ProgressUpdate, ReportingPeriod, ResultProgress, Snapshot
from ..reporting import Commitment, has_reported, state_of, takes_part
from ..rules import Progress
from .duties import Tally, duties_in, tally_of
from .frozen import DamagedSnapshotError, read_snapshot
from .reader import moment_of


def read_tallies(plan: Plan, periods: Sequence[ReportingPeriod], today: date) -> dict[int, Tally]:
    """Return the figures of the periods that have begun, by id, in five queries.

    A closed period has those that it froze; one whose snapshot is damaged has none.
    """
    begun = [p for p in periods if state_of(p, today) in (PeriodState.RUNNING, PeriodState.OVER)]
    tallies = _frozen_tallies(period for period in periods if period.is_closed)
    if begun:
        past = _Past(plan)
        tallies |= {period.pk: past.tally(period, today) for period in begun}
    return tallies


def _frozen_tallies(periods: Iterable[ReportingPeriod]) -> dict[int, Tally]:
    by_id = {period.pk: period for period in periods}
    tallies = {}
    for snapshot in Snapshot.objects.standing().filter(period__in=by_id):
        try:
            tree = read_snapshot(snapshot)
        except DamagedSnapshotError:
            continue
        tallies[snapshot.period_id] = tally_of(duties_in(tree, by_id[snapshot.period_id]))
    return tallies


class _Past:
    """What was to be reported and what was, on any day, from histories that are read once.

    A tree for each period would say the same in four queries each.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.actions = _versions(Action, plan)
        self.results = _versions(PlannedResult, plan, "action_id", "first_year")
        lines = ResultProgress.objects.standing().filter(update__plan=plan)
        self.statuses = list(
            lines.order_by("update__reported_on", "id").values_list(
                "update__reported_on", "result_id", "status"
            )
        )
        updates = ProgressUpdate.objects.standing().filter(plan=plan)
        self.reports = list(updates.order_by("reported_on").values_list("reported_on", "action_id"))

    def tally(self, period: ReportingPeriod, today: date) -> Tally:
        """Return how many actions reported for a period that has begun."""
        day = min(today, period.ends_on)
        moment = moment_of(self.plan, day)
        statuses = {result: status for on, result, status in self.statuses if on <= day}
        last_reports = {action: on for on, action in self.reports if on <= day}
        commitments = defaultdict(list)
        for result, (action, first_year) in _alive(self.results, moment).items():
            progress = Progress(statuses.get(result, Status.NOT_STARTED), None)
            commitments[action].append(Commitment(progress, first_year))
        answers = [
            has_reported(last_reports.get(action), period)
            for action in _alive(self.actions, moment)
            if takes_part(commitments[action], last_reports.get(action), period)
        ]
        return Tally(sum(answers), len(answers))


def _versions(model: Any, plan: Plan, *fields: str) -> list[tuple[Any, ...]]:
    """Return when, how, which row and what, of each change to the plan's rows, oldest first."""
    history = model.history.filter(plan_id=plan.pk).order_by("history_date", "history_id")
    return list(history.values_list("history_date", "history_type", "id", *fields))


def _alive(versions: Iterable[tuple[Any, ...]], moment: datetime | None) -> dict[int, list[Any]]:
    """Return the values of the rows that were there at a moment (None: now), by id."""
    alive: dict[int, list[Any]] = {}
    for changed_at, how, pk, *values in versions:
        if moment is not None and changed_at > moment:
            break
        if how == "-":
            alive.pop(pk, None)
        else:
            alive[pk] = values
    return alive
