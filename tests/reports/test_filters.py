"""What the address may ask for, and what is said to nonsense."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from measures.enums import Status
from measures.rules import Progress
from reports.filters import ResultFilter, filter_fields, filter_options, read_day

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
OPTIONS = filter_options(TREE, {"I": "Jūrinė ekonomika"})


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
    checked, errors = ResultFilter.read(asked).check(OPTIONS)
    assert errors == []
    assert [result.key for _action, result in checked.apply(TREE)] == expected


@pytest.mark.parametrize(
    "asked", [{"uzdavinys": "99"}, {"padetis": "<script>"}, {"metai": "1"}, {"kodas": "X"}]
)
def test_unknown_value_filters_nothing_and_is_explained(asked: dict[str, str]) -> None:
    checked, errors = ResultFilter.read(asked).check(OPTIONS)
    [value] = asked.values()
    assert errors == [f"Pagal „{value}“ filtruoti negalima: tokios reikšmės nėra. Rodoma viskas."]
    assert len(list(checked.apply(TREE))) == 2


def test_fields_say_in_words_what_is_chosen() -> None:
    fields = filter_fields(ResultFilter(kryptis="I", padetis="veluoja"), OPTIONS)
    chosen = {field.label: field.chosen_label for field in fields if field.chosen}
    assert chosen == {"KRSS2030 kryptis": "I. Jūrinė ekonomika", "Būsena": "Vėluoja"}
