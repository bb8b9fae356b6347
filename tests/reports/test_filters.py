"""What the address may ask for, and what is said to nonsense."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from measures.enums import Status
from measures.rules import Progress
from measures.tree.rows import ActionRow, PlanTree, ResultRow
from reports.filters import PlanFilter, read_day
from reports.filters.choices import FilterBar, choices_of
from reports.filters.names import Names

from .figures import asking
from .make_rows import AS_OF, CODES, make_action_row, make_result_row, make_tree, trees

LABELS = {
    "ivykdyta": "Įvykdyta",
    "vykdoma": "Vykdoma",
    "veluoja": "Vėluoja",
    "salygine": "Priklauso nuo sąlygos",
    "atideta": "Atidėta",
    "atsaukta": "Atšaukta",
    "nepradeta": "Nepradėta",
}
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


def test_unknown_progress_is_counted_but_not_known() -> None:
    known, unknown = Progress(Status.IN_PROGRESS, 40), Progress(Status.IN_PROGRESS, None)
    results = [make_result_row("1.1.1", n, row, AS_OF) for n, row in enumerate((known, unknown), start=1)]
    tree = make_tree([[make_action_row("1.1.1", tuple(results))]])

    def keys(value: str) -> list[str]:
        return [result.key for _action, result in asking(pazanga=value).narrow(tree).results()]

    assert keys("skaiciuojama") == ["1.1.1-1", "1.1.1-2"]
    assert keys("zinoma") == ["1.1.1-1"]
    assert keys("neskaiciuojama") == []


def test_action_without_results_is_found_by_what_actions_have_only() -> None:
    tree = make_tree([[make_action_row("1.1.1", (), title="Uostas", owner_username="ula")]])
    for asked in ({"uzdavinys": "1"}, {"atsakingas": "ula", "q": "uost"}):
        assert asking(**asked).narrow(tree) == tree
    for asked in ({"metai": "2024"}, {"q": "žuvys"}, {"uzdavinys": "1", "salyga": "be-salygos"}):
        assert asking(**asked).narrow(tree).tasks == ()


@st.composite
def asked_of(draw: st.DrawFn, tree: PlanTree) -> PlanFilter:
    """Ask for some values that the tree offers, in any fields, also twice in one."""
    choices = choices_of(Names.of(tree), {"I": "Pirma", "II": "Antra"})
    asked = PlanFilter()
    for name in draw(st.lists(st.sampled_from(sorted(choices)), max_size=3)):
        if choices[name]:
            asked = asked.having({name: draw(st.sampled_from(sorted(choices[name])))})
    return asked


@given(st.data())
def test_asking_for_more_shows_the_same_as_asking_one_after_the_other(data: st.DataObject) -> None:
    tree = data.draw(trees())
    first, second = data.draw(asked_of(tree)), data.draw(asked_of(tree))
    both = first
    for name, value in second.pairs:
        both = both.having({name: value})
    assert both.narrow(tree) == second.narrow(first.narrow(tree))
    shown = {result.key for _action, result in both.narrow(tree).results()}
    assert shown == {
        result.key
        for action, result in tree.results()
        if all(is_wanted(tree, action, result, name, value) for name, value in both.pairs)
    }


def is_wanted(tree: PlanTree, action: ActionRow, result: ResultRow, name: str, value: str) -> bool:
    """Tell plainly whether a planned result has a value: the rules said once more, from the words."""
    status, state = result.progress.status, result.progress.condition_state
    codes = [code.code for code in action.effective_codes]
    directions = [code.direction or "prioritetai" for code in action.effective_codes] or ["be-kodo"]
    is_open = status in ("not_started", "in_progress")
    is_counted = status == "done" or (is_open and state not in ("pending", "failed"))
    days = (result.due_on - tree.as_of).days
    partners = [link.name or link.as_written for link in action.partners] or ["be-partneriu"]
    resources = [link.name or link.as_written for link in action.resources] or ["be-istekliu"]
    has = {
        "uzdavinys": [action.task_number],
        "kryptis": directions,
        "kodas": codes,
        "metai": [str(result.due_on.year)],
        "padetis": [{v: k for k, v in LABELS.items()}[str(result.standing.label)]],
        "terminas": [
            *["suejes"] * (is_counted and days <= 0),
            *["sia-diena"] * (is_counted and is_open and days == 0),
            *["artejantis"] * (is_counted and is_open and 0 <= days <= 90),
        ],
        "pazanga": [
            "skaiciuojama" if is_counted else "neskaiciuojama",
            *["zinoma"] * (is_counted and result.percent is not None),
        ],
        "atsakingas": [action.owner_username or "be-atsakingo"],
        "partneris": partners,
        "isteklius": resources,
        "projektas": list(result.projects) or ["be-projekto"],
        "salyga": [
            {"pending": "laukiama", "met": "tenkinama", "failed": "netenkinama", "": "be-salygos"}[state]
        ],
    }
    return value in has[name]
