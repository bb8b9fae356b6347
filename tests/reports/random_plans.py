"""Random plans with random journals, written into the database in a few statements."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Model
from hypothesis import strategies as st

from akr_plan.models import User
from measures import rules
from measures.enums import CodeKind, ConditionState, PlanState, Status
from measures.models import (
    Action,
    ActionCode,
    Measure,
    MeasureCode,
    Plan,
    PlannedResult,
    ProgressUpdate,
    ResultProgress,
    Task,
    Withdrawal,
)
from tests.make import make_code, make_plan

# Each after those that it refers to.
MODELS: tuple[Any, ...] = (
    Task,
    Measure,
    MeasureCode,
    Action,
    ActionCode,
    PlannedResult,
    ProgressUpdate,
    ResultProgress,
    Withdrawal,
)
CODES = ("I.1.1.1", "II.1.1.1", "II.1.2.1.1", "Atviras regionas")


@dataclass(frozen=True)
class Report:
    """What was reported of a result so many days ago."""

    days_ago: int
    status: Status
    percent: int | None
    is_withdrawn: bool


@dataclass(frozen=True)
class Result:
    """A planned result; its own deadline is so many days from today."""

    last_year: int | None
    deadline_in: int | None
    condition_state: str
    reports: list[Report]


@dataclass(frozen=True)
class Branch:
    """A measure with its actions, or an action with its results."""

    codes: list[str]
    below: list[Any]


@dataclass(frozen=True)
class RandomPlan:
    """The measures of each task, and the day on which all is looked at."""

    today: date
    tasks: list[list[Branch]]


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Draw one line of the journal."""
    status = draw(st.sampled_from(Status))
    percent = rules.percent_for(status, draw(st.none() | st.integers(0, 100)))
    return Report(draw(st.integers(0, 400)), status, percent, draw(st.booleans()))


results = st.builds(
    Result,
    st.sampled_from([None, 2023, 2024]),
    st.none() | st.sampled_from([-1, 0, 1, 90, 91]) | st.integers(-400, 400),
    st.sampled_from(["", "", *ConditionState]),
    st.lists(reports(), max_size=3),
)
codes = st.lists(st.sampled_from(CODES), unique=True, max_size=3)
actions = st.builds(Branch, codes, st.lists(results, max_size=4))
measures = st.builds(Branch, codes, st.lists(actions, max_size=3))
days = st.dates(date(2023, 1, 1), date(2025, 12, 31)) | st.sampled_from(
    [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31)]
)
plans = st.builds(RandomPlan, days, st.lists(st.lists(measures, max_size=2), max_size=3))


def write(drawn: RandomPlan, author: User) -> Plan:
    """Write a plan with one statement for each table; every other action has an owner.

    It is a draft: its text is then the same on every day, and only the journal tells days apart.
    """
    plan = make_plan(state=PlanState.DRAFT)
    codes = {code: make_code(code, **_kind(code)) for code in CODES}
    rows: dict[type[Model], list[Any]] = defaultdict(list)

    def add(row: Any) -> Any:
        rows[type(row)].append(row)
        return row

    for task_number, measures in enumerate(drawn.tasks, start=1):
        task = add(Task(plan=plan, **_named(str(task_number))))
        for position, branch in enumerate(measures, start=1):
            measure = add(Measure(plan=plan, task=task, **_named(f"{task.number}.{position}")))
            for code in branch.codes:
                add(MeasureCode(measure=measure, code=codes[code]))
            for n, twig in enumerate(branch.below, start=1):
                owner = author if n % 2 else None
                named = _named(f"{measure.number}.{n}")
                action = add(Action(plan=plan, measure=measure, owner=owner, **named))
                for code in twig.codes:
                    add(ActionCode(action=action, code=codes[code]))
                for index, result in enumerate(twig.below, start=1):
                    for row in _rows_of_result(action, index, result, drawn.today, author):
                        add(row)
    for model in MODELS:
        model.objects.bulk_create(rows[model])
    return plan


def _rows_of_result(action: Action, index: int, drawn: Result, today: date, author: User) -> Iterator[Model]:
    """Yield a planned result, which stands as the last report on it says, with the journal."""
    reports = sorted(drawn.reports, key=lambda report: -report.days_ago)
    standing = [report for report in reports if not report.is_withdrawn]
    result = PlannedResult(
        plan=action.plan,
        action=action,
        key=f"{action.number}-{index}",
        position=index,
        text=f"Rezultatas {index}",
        last_year=drawn.last_year,
        deadline=None if drawn.deadline_in is None else today + timedelta(days=drawn.deadline_in),
        condition="sąlyga" if drawn.condition_state else "",
        condition_state=drawn.condition_state,
        status=standing[-1].status if standing else Status.NOT_STARTED,
        percent=standing[-1].percent if standing else 0,
    )
    yield result
    for report in reports:
        day = today - timedelta(days=report.days_ago)
        update = ProgressUpdate(plan=action.plan, action=action, author=author, reported_on=day)
        yield update
        yield ResultProgress(update=update, result=result, status=report.status, percent=report.percent)
        if report.is_withdrawn:
            yield Withdrawal(update=update, author=author, reason="Klaida")


def _named(number: str) -> dict[str, str]:
    return {"number": number, "sort_key": number, "title": f"Pavadinimas {number}"}


def _kind(code: str) -> dict[str, Any]:
    return {} if "." in code else {"kind": CodeKind.PRIORITY}
