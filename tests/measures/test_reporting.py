"""Who owes a report for which period."""

from dataclasses import dataclass
from datetime import date

import pytest

from measures.enums import PeriodState, Status
from measures.reporting import (
    Commitment,
    current_period,
    default_day,
    has_reported,
    is_expected,
    state_of,
    takes_part,
)
from measures.rules import Progress


@dataclass(frozen=True)
class Quarter:
    starts_on: date
    ends_on: date
    is_closed: bool = False


def quarters(*closed: int) -> list[Quarter]:
    """Return the quarters of 2024, some of them closed."""
    ends = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]
    return [
        Quarter(date(2024, 3 * n - 2, 1), end, is_closed=n in closed) for n, end in enumerate(ends, start=1)
    ]


@pytest.mark.parametrize(
    ("closed", "today", "expected"),
    [
        ((), date(2023, 12, 31), None),
        ((), date(2024, 1, 1), 1),
        ((), date(2024, 3, 31), 1),
        ((), date(2024, 4, 1), 1),
        ((1,), date(2024, 4, 1), 2),
        # 45 days after its end people have gone on to the next one.
        ((), date(2024, 5, 15), 1),
        ((), date(2024, 5, 16), 2),
        ((2,), date(2024, 6, 30), None),
        ((1, 2), date(2024, 6, 30), None),
        ((2,), date(2024, 7, 1), 3),
        # After the plan's end the last period stays until it is closed.
        ((), date(2026, 11, 23), 4),
        ((4,), date(2026, 11, 23), None),
    ],
)
def test_current_period(closed: tuple[int, ...], today: date, expected: int | None) -> None:
    found = current_period(quarters(*closed), today)
    assert found == (quarters(*closed)[expected - 1] if expected else None)


def test_order_of_the_periods_does_not_matter() -> None:
    assert current_period(reversed(quarters()), date(2024, 8, 20)) == quarters()[2]


@pytest.mark.parametrize(
    ("newest", "today", "expected"),
    [
        (None, date(2024, 2, 10), date(2024, 2, 10)),
        (None, date(2024, 4, 5), date(2024, 3, 31)),
        (date(2024, 3, 31), date(2024, 4, 5), date(2024, 3, 31)),
        (date(2024, 4, 2), date(2024, 4, 5), date(2024, 4, 5)),
    ],
)
def test_default_day(newest: date | None, today: date, expected: date) -> None:
    assert default_day(quarters()[0], newest, today) == expected


def test_default_day_without_a_period_is_today() -> None:
    assert default_day(None, None, date(2024, 4, 5)) == date(2024, 4, 5)


@pytest.mark.parametrize(
    ("status", "first_year", "expected"),
    [
        (Status.NOT_STARTED, 2024, True),
        (Status.IN_PROGRESS, None, True),
        (Status.NOT_STARTED, 2025, False),
        (Status.DONE, 2024, False),
        (Status.CANCELLED, 2024, False),
        (Status.POSTPONED, 2024, False),
    ],
)
def test_report_is_owed_for_open_work_that_has_begun(
    status: str, first_year: int | None, expected: bool
) -> None:
    done = Commitment(Progress(Status.DONE, 100), 2023)
    work = Commitment(Progress(status, None), first_year)
    assert is_expected([done, work], date(2024, 3, 31)) is expected


def test_report_counts_from_the_first_day_of_the_period() -> None:
    period = quarters()[1]
    days = (None, date(2024, 3, 31), date(2024, 4, 1), date(2024, 7, 1))
    assert [has_reported(day, period) for day in days] == [False, False, True, True]


def test_state_follows_from_the_day_and_the_closing() -> None:
    period = quarters()[1]
    days = (date(2024, 3, 31), date(2024, 4, 1), date(2024, 6, 30), date(2024, 7, 1))
    states = [PeriodState.UPCOMING, PeriodState.RUNNING, PeriodState.RUNNING, PeriodState.OVER]
    assert [state_of(period, day) for day in days] == states
    assert {state_of(quarters(2)[1], day) for day in days} == {PeriodState.CLOSED}


@pytest.mark.parametrize(
    ("status", "reported_on", "expected"),
    [
        (Status.IN_PROGRESS, None, True),
        (Status.DONE, date(2024, 6, 30), True),
        (Status.DONE, date(2024, 3, 31), False),
    ],
)
def test_who_reported_takes_part_even_if_nothing_is_left_to_do(
    status: str, reported_on: date | None, expected: bool
) -> None:
    work = [Commitment(Progress(status, None), 2023)]
    assert takes_part(work, reported_on, quarters()[1]) is expected
