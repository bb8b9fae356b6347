"""The figures of a plan as it stands today, from the few columns that they need and without its tree.

The rows come by the hundred thousand, so they are counted as they come: by measure and own codes, and by
year. All breakdowns are sums of these; what each result says follows from `measures.rules` as everywhere.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, ExtractDay, ExtractMonth, ExtractYear

from measures import rules
from measures.enums import ConditionState, Status
from measures.models import Action, Plan, PlannedResult, ProgressUpdate, Task
from measures.rules import Progress
from measures.tree.reader import full_name

from ..rollup import (
    Fact,
    Group,
    RollUp,
    Summary,
    arrange_directions,
    code_group,
    directions_of,
    sum_up,
    year_group,
)
from ..rows import LateRow, Strategy

ROWS_AT_ONCE = 5000
_FACT_COLUMNS = ("last_year", "deadline", "status", "condition_state", "percent")


class _Facts(dict[tuple[Any, ...], Fact]):
    """The facts by the columns that they follow from: many results say the same."""

    def __init__(self, plan: Plan, today: date) -> None:
        super().__init__()
        self.plan_last_year = plan.last_year
        self.today = today

    def __missing__(self, columns: tuple[Any, ...]) -> Fact:
        last_year, deadline, status, condition_state, percent = columns
        due_on = rules.due_on(deadline=deadline, last_year=last_year, plan_last_year=self.plan_last_year)
        self[columns] = Fact.of(Progress(status, percent, condition_state), due_on, self.today)
        return self[columns]


@dataclass(slots=True)
class _Share:
    """Some of the actions: the percent of each, and the facts of all their results."""

    percents: list[float | None] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def add(self, facts: Sequence[Fact]) -> None:
        """Add an action with these of its results."""
        self.percents.append(rules.mean([fact.percent for fact in facts]))
        self.facts.extend(facts)


class _Measure(NamedTuple):
    """A row of the plan's outline; `codes` are those that actions without codes of their own count for."""

    id: int
    number: str
    title: str
    codes: tuple[int, ...]


_Outline = Sequence[tuple[str, str, Sequence[_Measure]]]
# By measure and the action's own codes.
_Places = Mapping[tuple[int, tuple[int, ...]], _Share]


def read_rollup(plan: Plan, strategy: Strategy, today: date) -> RollUp:
    """Return what `rollup.roll_up` says of the plan as it stands today, in two queries."""
    outline = _read_outline(plan)
    places, years = _read_shares(plan, today)
    return RollUp(
        total=_summary(places.values()),
        tasks=_by_task(outline, places),
        directions=_by_direction(outline, places, strategy),
        years=[year_group(str(year), _summary([share])) for year, share in sorted(years.items())],
        due=_due_by_day(places.values()),
    )


def _read_outline(plan: Plan) -> _Outline:
    """Return number, title and measures of each task."""
    rows = (
        Task.objects.filter(plan=plan)
        .order_by("sort_key", "id", "measures__sort_key", "measures__id")
        .values_list(
            "number",
            "title",
            "measures__id",
            "measures__number",
            "measures__title",
            "measures__code_links__code_id",
        )
    )
    outline = []
    for (number, title), of_task in groupby(rows, itemgetter(0, 1)):
        measures = [
            _Measure(pk, name, text, tuple(row[5] for row in of_measure if row[5]))
            for (pk, name, text), of_measure in groupby(of_task, itemgetter(2, 3, 4))
            if pk
        ]
        outline.append((number, title, measures))
    return outline


def _read_shares(plan: Plan, today: date) -> tuple[_Places, Mapping[int, _Share]]:
    """Count the actions and their results by place and by the year in which the results' terms end."""
    facts_by_columns = _Facts(plan, today)
    places: dict[tuple[int, tuple[int, ...]], _Share] = defaultdict(_Share)
    years: dict[int, _Share] = defaultdict(_Share)
    rows = (
        Action.objects.filter(plan=plan)
        .order_by("id")
        .values_list(
            "id", "measure_id", "code_links__code_id", *(f"results__{name}" for name in _FACT_COLUMNS)
        )
    )
    for _id, of_action in groupby(rows.iterator(ROWS_AT_ONCE), itemgetter(0)):
        each = list(of_action)
        _id, measure, code, *_columns = each[0]
        # With several codes each result comes once for each of them; one without a status is no result.
        facts = [facts_by_columns[row[3:]] for row in each if row[2] == code and row[5]]
        codes = () if code is None else tuple({row[2]: None for row in each})
        places[measure, codes].add(facts)
        of_year: dict[int, list[Fact]] = {}
        for fact in facts:
            of_year.setdefault(fact.due_on.year, []).append(fact)
        for year, facts in of_year.items():
            years[year].add(facts)
    return places, years


def _summary(shares: Iterable[_Share]) -> Summary:
    shares = list(shares)
    facts = Counter(chain.from_iterable(share.facts for share in shares))
    return sum_up(list(chain.from_iterable(share.percents for share in shares)), facts)


def _due_by_day(shares: Iterable[_Share]) -> Mapping[date, int]:
    facts = chain.from_iterable(share.facts for share in shares)
    return Counter(fact.due_on for fact in facts if fact.is_counted)


def _by_task(outline: _Outline, places: _Places) -> list[Group]:
    """Return the groups of the tasks, with those of their measures as children."""
    shares: dict[int, list[_Share]] = defaultdict(list)
    for (measure, _codes), share in places.items():
        shares[measure].append(share)
    return [
        Group(
            number,
            number,
            title,
            _summary(chain.from_iterable(shares[measure.id] for measure in measures)),
            [Group(row.number, row.number, row.title, _summary(shares[row.id])) for row in measures],
        )
        for number, title, measures in outline
    ]


def _by_direction(outline: _Outline, places: _Places, strategy: Strategy) -> list[Group]:
    """Return the groups of the directions, with those of their codes as children."""
    rows = {strategy.code_ids[row.code]: row for row in strategy.codes}
    of_measure = {measure.id: measure.codes for _number, _title, measures in outline for measure in measures}
    by_code: dict[str, list[_Share]] = defaultdict(list)
    by_direction: dict[str, list[_Share]] = defaultdict(list)
    for (measure, own), share in places.items():
        codes = [rows[pk] for pk in own or of_measure[measure]]
        for code in codes:
            by_code[code.code].append(share)
        for key in directions_of(codes):
            by_direction[key].append(share)
    groups = [
        (code_group(row, _summary(by_code[row.code])), row) for row in strategy.codes if row.code in by_code
    ]
    return arrange_directions(strategy.titles, groups, lambda key: _summary(by_direction[key]))


def late_results(plan: Plan, today: date, count: int) -> list[LateRow]:
    """Return the results that are late today, those that are late the longest first, in one query."""
    newest = (
        ProgressUpdate.objects.standing()
        .filter(action=OuterRef("action"))
        .order_by("-reported_on")
        .values("reported_on")[:1]
    )
    rows = (
        PlannedResult.objects.annotate(
            term_year=Coalesce("last_year", plan.last_year), newest=Subquery(newest)
        )
        .filter(
            Q(deadline__lt=today) | Q(deadline=None, term_year__lt=today.year),
            plan=plan,
            status__in=set(Status) - rules.SETTLED,
            condition_state__in={"", *ConditionState} - rules.WAITING,
        )
        .order_by(
            Coalesce(ExtractYear("deadline"), "term_year"),
            Coalesce(ExtractMonth("deadline"), 12),
            Coalesce(ExtractDay("deadline"), 31),
            "action__measure__task__sort_key",
            "action__measure__sort_key",
            "action__sort_key",
            "position",
            "id",
        )
    )
    owner = ("action__owner__first_name", "action__owner__last_name", "action__owner__username")
    return [
        LateRow(
            action_number=number,
            text=text,
            due_on=rules.due_on(deadline=deadline, last_year=last_year, plan_last_year=plan.last_year),
            owner=full_name(*names),
            last_reported_on=reported_on,
        )
        for number, text, deadline, last_year, reported_on, *names in rows.values_list(
            "action__number", "text", "deadline", "last_year", "newest", *owner
        )[:count]
    ]
