"""What was closed, and what the last pack showed: as it is known now, and as it was at a moment."""

from datetime import UTC, date, datetime

from reports.queries.periods import Closing, Periods, Shown


def at(day: int) -> datetime:
    return datetime(2024, 8, day, 12, tzinfo=UTC)


FIRST = ("I", date(2024, 1, 1), date(2024, 3, 31))
SECOND = ("II", date(2024, 4, 1), date(2024, 6, 30))
# The first was closed on the 2nd, reopened on the 10th and closed again on the 11th; the second once.
PERIODS = Periods(
    [
        Closing(*FIRST, at(11), at(2), at(10)),
        Closing(*FIRST, at(11), at(11), None),
        Closing(*SECOND, at(5), at(5), None),
    ],
    [Shown(date(2024, 1, 1), date(2024, 3, 31), at(3)), Shown(None, date(2024, 5, 1), at(12))],
)


def test_what_was_closed_at_a_moment_is_told_with_the_closing_of_then() -> None:
    assert [(period.title, period.closed_at) for period in PERIODS.closed()] == [("I", at(11)), ("II", at(5))]
    assert [(period.title, period.closed_at) for period in PERIODS.closed(at(6))] == [
        ("I", at(2)),
        ("II", at(5)),
    ]
    assert [period.title for period in PERIODS.closed(datetime(2024, 8, 10, 20, tzinfo=UTC))] == ["II"]
    assert PERIODS.closed(at(1)) == []


def test_each_period_is_closed_or_open_as_at_the_end_of_the_day() -> None:
    assert [(period.title, period.is_closed) for period in PERIODS.on(date(2024, 8, 10))] == [
        ("I", False),
        ("II", True),
    ]
    assert [period.is_closed for period in PERIODS.on(date(2024, 8, 2))] == [True, False]


def test_last_pack_before_a_day_is_that_of_a_moment() -> None:
    assert PERIODS.last_shown(date(2024, 6, 30)) == "2024-05-01"
    assert PERIODS.last_shown(date(2024, 6, 30), at(6)) == "laikotarpis-2024-01-01"
    assert PERIODS.last_shown(date(2024, 6, 30), at(2)) == ""
    assert PERIODS.last_shown(date(2024, 3, 31)) == ""


def test_day_stands_in_for_a_period_that_is_open_again() -> None:
    reopened = Periods([Closing(*FIRST, None, at(2), at(10))], PERIODS.packs[:1])
    assert reopened.last_shown(date(2024, 6, 30)) == "2024-03-31"
    assert reopened.last_shown(date(2024, 6, 30), at(6)) == "laikotarpis-2024-01-01"
