"""Which two states an address asks for."""

from datetime import date

import pytest
import time_machine

from reports.changes.sides import Side, read_sides
from reports.rows import ClosedPeriod

TODAY = date(2024, 8, 15)
FIRST = ClosedPeriod("2024 m. I ketvirtis", date(2024, 1, 1), date(2024, 3, 31))
SECOND = ClosedPeriod("2024 m. II ketvirtis", date(2024, 4, 1), date(2024, 6, 30))


@pytest.fixture(autouse=True)
def _on_that_day():
    with time_machine.travel("2024-08-15 12:00:00+03:00", tick=False):
        yield


def test_default_is_the_last_closed_period_until_today() -> None:
    sides = read_sides({}, [FIRST, SECOND], TODAY)
    assert (sides.before, sides.after, sides.errors) == (Side(SECOND.ends_on, SECOND), Side(TODAY), [])


def test_default_without_a_closed_period_is_90_days() -> None:
    assert read_sides({}, [], TODAY).before == Side(date(2024, 5, 17))


def test_days_and_periods_can_be_mixed() -> None:
    asked = {"nuo": "laikotarpis-2024-01-01", "iki": "2024-08-01"}
    sides = read_sides(asked, [FIRST, SECOND], TODAY)
    assert (sides.before, sides.after) == (Side(FIRST.ends_on, FIRST), Side(date(2024, 8, 1)))
    assert (sides.before.label, sides.after.label) == ("2024 m. I ketvirtis (2024-03-31)", "2024-08-01")


def test_default_lies_before_the_day_that_is_asked_for() -> None:
    periods = [FIRST, SECOND]
    assert read_sides({"iki": "2024-06-30"}, periods, TODAY).before == Side(FIRST.ends_on, FIRST)
    assert read_sides({"iki": FIRST.address}, periods, TODAY).before == Side(date(2024, 1, 1))
    assert read_sides({"nuo": "vakar", "iki": "2024-03-30"}, periods, TODAY).before == Side(
        date(2023, 12, 31)
    )


@pytest.mark.parametrize(
    "text",
    [
        "vakar",
        "2024-13-01",
        "2024-08-16",
        "0001-01-01",
        "laikotarpis-2024-07-01",
        "laikotarpis-",
        "laikotarpis-2024-01-01 ",
        "x" * 5_000,
        "\0",
    ],
)
def test_nonsense_is_named_and_the_default_is_shown(text: str) -> None:
    for name in ("nuo", "iki"):
        sides = read_sides({name: text}, [FIRST, SECOND], TODAY)
        assert (sides.before, sides.after) == (Side(SECOND.ends_on, SECOND), Side(TODAY))
        [error] = sides.errors
        assert f"„{text}“ nėra nei diena iki šiandien, nei uždarytas laikotarpis. Rodoma: " in error


def test_turned_round_days_change_places() -> None:
    sides = read_sides({"nuo": "2024-06-30", "iki": "2024-01-31"}, [], TODAY)
    assert (sides.before.day, sides.after.day) == (date(2024, 1, 31), date(2024, 6, 30))
    assert sides.errors == ["Pirmoji diena buvo vėlesnė už antrąją, todėl jos sukeistos vietomis."]
