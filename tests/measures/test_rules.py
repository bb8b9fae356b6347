"""The arithmetic of progress, by example and by property."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures import rules
from measures.enums import ConditionState, Schedule, Standing, Status
from measures.rules import Progress

DONE = Progress(Status.DONE, 100)
HALF = Progress(Status.IN_PROGRESS, 50)
UNKNOWN = Progress(Status.IN_PROGRESS, None)
NOT_STARTED = Progress(Status.NOT_STARTED, 0)
POSTPONED = Progress(Status.POSTPONED, None)
CANCELLED = Progress(Status.CANCELLED, None)
WAITING = Progress(Status.NOT_STARTED, 0, ConditionState.PENDING)
FAILED = Progress(Status.NOT_STARTED, 0, ConditionState.FAILED)
MET = Progress(Status.NOT_STARTED, 0, ConditionState.MET)
DONE_WHILE_WAITING = Progress(Status.DONE, 100, ConditionState.PENDING)
DUE = date(2024, 12, 31)


@pytest.mark.parametrize(
    ("progress", "is_counted"),
    [
        (DONE, True),
        (HALF, True),
        (UNKNOWN, True),
        (NOT_STARTED, True),
        (MET, True),
        (DONE_WHILE_WAITING, True),
        (POSTPONED, False),
        (CANCELLED, False),
        (WAITING, False),
        (FAILED, False),
    ],
)
def test_what_counts(progress: Progress, is_counted: bool) -> None:
    assert progress.is_counted is is_counted


@pytest.mark.parametrize(
    ("deadline", "last_year", "expected"),
    [
        (None, 2023, date(2023, 12, 31)),
        (None, None, date(2024, 12, 31)),
        (date(2023, 5, 1), 2023, date(2023, 5, 1)),
    ],
)
def test_term_is_own_deadline_else_end_of_last_year_else_end_of_plan(
    deadline: date | None, last_year: int | None, expected: date
) -> None:
    assert rules.due_on(deadline=deadline, last_year=last_year, plan_last_year=2024) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2024, 10, 1), Schedule.ON_TIME),
        (date(2024, 10, 2), Schedule.DUE_SOON),
        (date(2024, 12, 31), Schedule.DUE_SOON),
        (date(2025, 1, 1), Schedule.LATE),
    ],
)
def test_schedule_turns_on_the_day(today: date, expected: Schedule) -> None:
    assert rules.schedule_of(HALF, DUE, today) == expected


@pytest.mark.parametrize("progress", [DONE, POSTPONED, CANCELLED, WAITING, FAILED])
def test_settled_and_conditional_are_never_late(progress: Progress) -> None:
    assert rules.schedule_of(progress, DUE, date(2030, 1, 1)) is None


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([DONE, DONE], Status.DONE),
        ([DONE, CANCELLED, WAITING], Status.DONE),
        ([DONE, NOT_STARTED], Status.IN_PROGRESS),
        ([UNKNOWN], Status.IN_PROGRESS),
        ([NOT_STARTED, POSTPONED], Status.NOT_STARTED),
        ([CANCELLED, CANCELLED], Status.CANCELLED),
        ([CANCELLED, POSTPONED], Status.POSTPONED),
        ([WAITING], Status.NOT_STARTED),
        ([], Status.NOT_STARTED),
    ],
)
def test_action_status_follows_from_results(results: list[Progress], expected: Status) -> None:
    assert rules.action_status(results) == expected


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([DONE, NOT_STARTED], 50),
        ([HALF, UNKNOWN], 50),
        ([UNKNOWN], None),
        ([DONE, POSTPONED, WAITING], 100),
        ([CANCELLED], None),
        ([], None),
    ],
)
def test_unknown_is_not_zero(results: list[Progress], expected: float | None) -> None:
    assert rules.action_percent(results) == expected


def test_typed_percent_holds_only_in_progress() -> None:
    typed = {status: rules.percent_for(status, 40) for status in Status}
    assert typed == {
        Status.NOT_STARTED: 0,
        Status.IN_PROGRESS: 40,
        Status.DONE: 100,
        Status.POSTPONED: None,
        Status.CANCELLED: None,
    }


@st.composite
def progresses(draw: st.DrawFn) -> Progress:
    status = draw(st.sampled_from(Status))
    typed = draw(st.none() | st.integers(0, 100))
    return Progress(status, rules.percent_for(status, typed), draw(st.sampled_from(["", *ConditionState])))


@given(progresses(), st.dates(date(2022, 1, 1), date(2026, 1, 1)))
def test_standing_is_consistent(progress: Progress, today: date) -> None:
    schedule = rules.schedule_of(progress, DUE, today)
    standing = rules.standing_of(progress, schedule)
    assert (standing == Standing.LATE) == (schedule == Schedule.LATE)
    assert (standing == Standing.DONE) == (progress.status == Status.DONE)
    if standing in {Standing.CONDITIONAL, Standing.POSTPONED, Standing.CANCELLED}:
        assert not progress.is_counted


@given(st.lists(progresses()))
def test_percent_lies_between_the_known_extremes(results: list[Progress]) -> None:
    known = [result.percent for result in results if result.is_counted and result.percent is not None]
    percent = rules.action_percent(results)
    if percent is None:
        assert known == []
    else:
        assert min(known) <= percent <= max(known)
