"""What the page “Dėmesio” asks the database beside the tree: who was to report, and who did."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import F, IntegerField, Model, QuerySet, Value

from measures.enums import Status
from measures.models import Action, Plan, PlannedResult
from measures.reporting import Commitment, current_period, has_reported, takes_part
from measures.rules import Progress
from measures.tree.reader import moment_of
from measures.tree.source import Rows
from measures.tree.states import States

from ..rows import AskedPeriod, Owed, Reporting
from .periods import read_periods

# How a result stands before anybody has reported on it.
NOTHING = Progress(Status.NOT_STARTED, 0)


def read_reporting(plan: Plan, day: date) -> Reporting:
    """Return who was to report on a day, in three queries.

    The figures are those of `measures.tree.duties` on the tree of the period's last day, or of the day while
    that has not come; a tree of its own for that day would take four queries and far longer.
    """
    periods = read_periods(plan).on(day)
    period = current_period(periods, day)
    if period is None:
        return Reporting(bool(periods), None, ())
    until = min(day, period.ends_on)
    states = States.until(plan, until, with_notes=False)
    return reporting_of(period, _rows_on(plan, until), states)


def reporting_of(period: AskedPeriod, rows: Iterable[tuple[Any, ...]], states: States) -> Reporting:
    """Return who was to report for a period, of the rows and the journal of its last day.

    Each row has the id of a result (None: an action), that of its action, number, title and first year.
    """
    actions: list[tuple[int, str, str]] = []
    commitments: dict[int, list[Commitment]] = defaultdict(list)
    for pk, action, number, title, first_year in rows:
        if pk is None:
            actions.append((action, number, title))
        else:
            commitments[action].append(Commitment(states.progress.get(pk, NOTHING), first_year))
    owed = [
        Owed(number, title, has_reported(states.last_reports.get(pk), period))
        for pk, number, title in actions
        if takes_part(commitments[pk], states.last_reports.get(pk), period)
    ]
    return Reporting(has_periods=True, period=period, owed=tuple(owed))


def reporting_rows(rows: Rows) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a moment as `reporting_of` takes them."""
    for item in rows.items:
        if item.level == Action.__name__:
            yield None, item.id, item.number, item.title, None
    for result in rows.results:
        yield result.pk, result.action_id, "", "", result.first_year


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
