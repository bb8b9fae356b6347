"""The words by which plans tell the years of a planned result, and years that are none of its period."""

import pytest
from django.utils.translation import override

from measures.exchange.document.items import ResultReader
from measures.exchange.document.notices import NoticeLog
from measures.exchange.document.periods import years_of
from measures.exchange.document.reader import read_document
from measures.exchange.document.styles import Role
from measures.exchange.document.text import Block
from measures.exchange.document.tree import ResultText
from tests.measures.exchange.test_other_bodies import as_text, read

FORMS = [
    ("2026 m.", (2026, 2026)),
    ("2026 m", (2026, 2026)),
    ("2026m.", (2026, 2026)),
    ("2026\N{NO-BREAK SPACE}m.", (2026, 2026)),
    ("2026 m.;", (2026, 2026)),
    ("2026 m.,", (2026, 2026)),
    ("2026 metai", (2026, 2026)),
    ("2026 metais.", (2026, 2026)),
    ("2025–2026 m.", (2025, 2026)),
    ("2025-2026 m.;", (2025, 2026)),
    ("2025–2026 metams", (2025, 2026)),
    ("2025 m. – 2026 m.", (2025, 2026)),
    ("2025 m.–2026 m.", (2025, 2026)),
    ("(2025–2026)", (2025, 2026)),
    ("(2025–2026 m.);", (2025, 2026)),
    ("(2026 m.).", (2026, 2026)),
    ("2025/2026", (2025, 2026)),
    ("2025 / 2026 m.", (2025, 2026)),
    ("2025 ir 2026", (2025, 2026)),
    ("2025 m. ir 2026 m.", (2025, 2026)),
    ("nuo 2025 m. iki 2027 m.", (2025, 2027)),
    ("2025 iki 2027 m.", (2025, 2027)),
    ("nuo 2026 m.", (2026, None)),
    ("Nuo 2026", (2026, None)),
    ("2026 m. –", (2026, None)),
    ("iki 2026 m.", (None, 2026)),
    ("iki 2026", (None, 2026)),
    ("iki 2026-06-30;", (None, 2026)),
    ("(iki 2026 m.)", (None, 2026)),
]


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def warnings_of(cell: str) -> list[tuple[str, str]]:
    return [(notice.code, notice.text) for notice in read_document(as_text(cell).decode()).warnings]


def years(cell: str) -> list[tuple[str, int | None, int | None]]:
    return [(result.text, result.first_year, result.last_year) for result in read(cell).results]


@pytest.mark.parametrize(("written", "told"), FORMS)
def test_years_in_lithuanian_words(written: str, told: tuple[int | None, int | None]) -> None:
    words = " ".join(written.split())
    assert read(f"– Parengta {written}").results == (ResultText("Parengta", (), *told, words),)
    assert years_of(words, 2025, 2027) == told


@pytest.mark.parametrize(("written", "told"), FORMS)
def test_years_in_words_hold_for_the_list_before_them(
    written: str, told: tuple[int | None, int | None]
) -> None:
    """An item takes the period below it, but never instead of its own."""
    cell = f"<p>– A</p><p>– B {written}</p><p>– C 2027</p>"
    assert years(cell) == [("A", *told), ("B", *told), ("C", 2027, 2027)]


@pytest.mark.parametrize("between", [" – ", "; – ", "<br>– ", "<br>- "])
def test_item_after_years_in_words(between: str) -> None:
    assert years(f"– A 2026 m.{between}B 2027") == [("A", 2026, 2026), ("B", 2027, 2027)]


@pytest.mark.parametrize(
    "end",
    [
        "2026 m. I ketvirtį",
        "2026 m. rudenį",
        "2026-06-30",
        "(2026)",
        "2026 m. birželio 30 d.",
        "2026 pabaiga",
    ],
)
def test_years_that_are_not_understood_take_no_period_from_below(end: str) -> None:
    cell = f"<p>– A</p><p>– B {end}</p><p>– C 2027</p>"
    assert years(cell) == [("A", None, None), (f"B {end}", None, None), ("C", 2027, 2027)]
    assert warnings_of(cell) == [("years-not-read", f"B {end}"), ("period-missing", "A")]


def test_warning_quotes_the_years() -> None:
    (warning,) = read_document(as_text("– B 2026 m. rudenį").decode()).warnings
    assert warning.message == (
        "Line 9, 1.1.1: the years in “B 2026 m. rudenį” were not understood; "
        "the planned result has no period. Write them like this: 2023–2024."
    )


@pytest.mark.parametrize("words", ["Takas – 1500 m.", "Takas – 15000 m.", "Krizės pamokos (KRSS2030)"])
def test_what_is_no_year_takes_the_period_from_below(words: str) -> None:
    assert years(f"<p>– {words}</p><p>– C 2027</p>") == [(words, 2027, 2027), ("C", 2027, 2027)]


def test_day_of_a_period_is_told() -> None:
    assert warnings_of("– Parengta iki 2026-06-30") == [("period-day", "iki 2026-06-30")]


def test_style_of_a_word_document_tells_more_than_the_words() -> None:
    log = NoticeLog()
    blocks = [
        Block(1, "Pagal programą „Europa 2030“", role=Role.LISTED_ITEM),
        Block(2, "Parengta", role=Role.ITEM, period="2026 m."),
    ]
    cell = ResultReader("1.1.1", 2025, 2027, log).read(blocks, "Veiksmas")
    assert [(result.first_year, result.period_text) for result in cell.results] == [
        (2026, ""),
        (2026, "2026 m."),
    ]
    assert log.warnings == []
