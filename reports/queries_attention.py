"""What the page “Dėmesio” asks the database beside the tree: who was to report, and who did."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, IntegerField, Model, OuterRef, QuerySet, Value
from django.utils import timezone

from measures.enums import Status
from measures.models import Action, Plan, PlannedResult, Snapshot
from measures.reporting import Commitment, current_period, has_reported, takes_part
from measures.rules import Progress
from measures.tree.reader import moment_of
from measures.tree.states import States

from .rows import AskedPeriod, Owed, Reporting

# How a result stands before anybody has reported on it.
NOTHING = Progress(Status.NOT_STARTED, 0)


def read_reporting(plan: Plan, day: date) -> Reporting:
    """Return who was to report on a day, in three queries.

    The figures are those of `measures.tree.duties` on the tree of the period's last day, or of the day while
    that has not come; a tree of its own for that day would take four queries and far longer.
    """
    periods = _periods_on(plan, day)
    period = current_period(periods, day)
    owed = _owed(plan, period, min(day, period.ends_on)) if period else ()
    return Reporting(bool(periods), period, tuple(owed))


def _periods_on(plan: Plan, day: date) -> list[AskedPeriod]:
    """Return the periods, each closed or open as it was at the end of the day: its snapshots tell."""
    after = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    closings = Snapshot.objects.filter(period=OuterRef("pk"), made_at__lt=after)
    standing = closings.exclude(reopening__reopened_at__lt=after)
    rows = plan.reporting_periods.annotate(was_closed=Exists(standing))
    return [
        AskedPeriod(*row)
        for row in rows.values_list("title", "starts_on", "ends_on", "was_closed").order_by()
    ]


def _owed(plan: Plan, period: AskedPeriod, day: date) -> list[Owed]:
    """Return the actions of the day that owed a report, or had given it, in two queries."""
    states = States.until(plan, day, with_notes=False)
    actions: list[tuple[int, str, str]] = []
    commitments: dict[int, list[Commitment]] = defaultdict(list)
    for pk, action, number, title, first_year in _rows_on(plan, day):
        if pk is None:
            actions.append((action, number, title))
        else:
            commitments[action].append(Commitment(states.progress.get(pk, NOTHING), first_year))
    return [
        Owed(number, title, has_reported(states.last_reports.get(pk), period))
        for pk, number, title in actions
        if takes_part(commitments[pk], states.last_reports.get(pk), period)
    ]


def _rows_on(plan: Plan, day: date) -> list[tuple[Any, ...]]:
    """Return the actions and results of a day: the result's id (None: an action), the action's, and what is
    known of either.
    """
    moment = moment_of(plan, day)
    actions = _all(Action, plan, moment).annotate(
        result=Value(None, IntegerField()), action=F("id"), starts=Value(None, IntegerField())
    )
    results = _all(PlannedResult, plan, moment).annotate(
        result=F("id"), number=Value(""), title=Value(""), sort_key=Value(""), starts=F("first_year")
    )
    rows = actions.values_list("result", "action", "number", "title", "starts", "sort_key").union(
        results.values_list("result", "action_id", "number", "title", "starts", "sort_key"), all=True
    )
    return [row[:-1] for row in rows.order_by("sort_key", "action")]


def _all(model: type[Model], plan: Plan, moment: datetime | None) -> QuerySet[Any]:
    manager: Any = model
    rows: QuerySet[Any] = (manager.objects.all() if moment is None else manager.history.as_of(moment)).filter(
        plan_id=plan.pk
    )
    return rows.order_by()
