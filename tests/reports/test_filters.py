"""What the address may ask for, and what is said to nonsense."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from measures.enums import Status
from measures.rules import Progress
from reports.filters import PlanFilter, read_day
from reports.filters.choices import FilterBar, choices_of
from reports.filters.names import Names

from .figures import asking
from .make_rows import CODES, make_action_row, make_result_row, make_tree

NOT_STARTED = Progress(Status.NOT_STARTED, 0)
TREE = make_tree(
    [
        [
            make_action_row(
                "1.1.1", (make_result_row("1.1.1", 1, NOT_STARTED, date(2024, 12, 31)),), CODES[:1]
            )
        ],
        [
            make_action_row(
                "2.1.1", (make_result_row("2.1.1", 1, NOT_STARTED, date(2023, 12, 31)),), title="Žemės ūkis"
            )
        ],
    ]
)
CHOICES = choices_of(Names.of(TREE), {"I": "Jūrinė ekonomika"})


@pytest.mark.parametrize(
    "text", ["2024-02-30", "vakar", "2024", "0001-01-01", "99999-01-01", "2024-06-30x", "-1"]
)
def test_nonsense_is_no_day_and_is_explained(text: str) -> None:
    asked = read_day(text)
    assert asked.value is None
    assert asked.error == f"„{text}“ nėra data. Rašykite taip: 2024-06-30. Rodoma šiandienos būklė."


def test_future_is_explained_and_today_is_fine() -> None:
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    assert read_day(today.isoformat()).value == today
    assert read_day(tomorrow.isoformat()).error == f"{tomorrow} dar neatėjo. Rodoma šiandienos būklė."
    assert read_day("") == read_day("")
    assert read_day("").error == ""


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["1.1.1-1", "2.1.1-1"]),
        ({"uzdavinys": "2"}, ["2.1.1-1"]),
        ({"kryptis": "I"}, ["1.1.1-1"]),
        ({"kryptis": "be-kodo"}, ["2.1.1-1"]),
        ({"kodas": "I.1.1.1"}, ["1.1.1-1"]),
        ({"metai": "2023"}, ["2.1.1-1"]),
        ({"padetis": "veluoja"}, ["2.1.1-1"]),
        ({"q": "ZEMES"}, ["2.1.1-1"]),
        ({"q": "ukis zemes"}, ["2.1.1-1"]),
        ({"q": "miskas"}, []),
        ({"uzdavinys": "1", "metai": "2023"}, []),
    ],
)
def test_filter_keeps_what_is_asked_for(asked: dict[str, str], expected: list[str]) -> None:
    checked, errors = asking(**asked).check(CHOICES)
    assert errors == []
    assert [result.key for _action, result in checked.narrow(TREE).results()] == expected


@pytest.mark.parametrize(
    "asked", [{"uzdavinys": "99"}, {"padetis": "<script>"}, {"metai": "1"}, {"kodas": "X"}]
)
def test_unknown_value_filters_nothing_and_is_explained(asked: dict[str, str]) -> None:
    checked, errors = asking(**asked, q="x").check(CHOICES)
    [value] = asked.values()
    assert errors == [f"Pagal „{value}“ filtruoti negalima: tokios reikšmės nėra. Rodoma viskas."]
    assert checked.narrow(TREE) == TREE


def test_bar_says_in_words_what_is_chosen() -> None:
    bar = FilterBar.of(asking(kryptis="I", padetis="veluoja", q="žuvys  ir"), CHOICES)
    assert bar.said == "KRSS2030 kryptis: I. Jūrinė ekonomika; Būsena: Vėluoja; Žodžiai: „žuvys  ir“"
    assert (bar.chosen, bar.text) == (2, "žuvys  ir")
    assert FilterBar.of(PlanFilter(), CHOICES).said == ""


def test_each_value_of_a_field_named_twice_has_to_hold() -> None:
    checked = PlanFilter.read(QueryDict("uzdavinys=1&uzdavinys=2&uzdavinys=1&uzdavinys= &puslapis=3"))
    assert checked.pairs == [("uzdavinys", "1"), ("uzdavinys", "2")]
    assert checked.narrow(TREE).tasks == ()
    fields = [field for field in FilterBar.of(checked, CHOICES).fields if field.name == "uzdavinys"]
    assert [field.chosen for field in fields] == ["1", "2"]
    assert len({field.id for field in fields}) == 2


def test_asking_for_more_keeps_what_was_asked_for() -> None:
    asked = asking(uzdavinys="1").having({"uzdavinys": "2", "metai": "2023", "kodas": ""})
    assert asked.pairs == [("uzdavinys", "1"), ("uzdavinys", "2"), ("metai", "2023")]
    assert asked.having({"uzdavinys": "1"}) == asked
