"""The text of a plan against that of its document, without a database."""

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.exchange.document.tree import (
    ActionText,
    CodeMention,
    Link,
    MeasureText,
    PlanText,
    ResultText,
    TaskText,
)
from measures.exchange.plan_text.compare import Change, Standing, compare_plans, new_parts
from measures.exchange.plan_text.result_matching import match_results, settle_positions

RESULT = ResultText("Parengta tvarka", (), 2023, 2024, "2023–2024")
ACTION = ActionText("1.1.1", "Parengti tvarką", results=(RESULT,))


def plan(*actions: ActionText, **values: Any) -> PlanText:
    measure = MeasureText("1.1", "1.1.", "Priemonė", (), actions or (ACTION,))
    text = PlanText("AKR", "PLANAS 2023-2024 M.", "Tikslas", 2023, 2024, (TaskText("1", "Jūra", (measure,)),))
    return replace(text, **values)


def changes(old: PlanText, new: PlanText) -> dict[str, tuple[Change, ...]]:
    return {found.number: found.changes for found in compare_plans(old, new) if found.changes}


def of_result(old: ResultText, new: ResultText) -> list[Change]:
    before, after = (plan(replace(ACTION, results=(result,))) for result in (old, new))
    return [change for found in compare_plans(before, after) for change in found.changes]


class TestFields:
    def test_equal_plans(self) -> None:
        assert {found.standing for found in compare_plans(plan(), plan())} == {Standing.SAME}

    def test_head(self) -> None:
        new = plan(title="KITAS PLANAS", last_year=2026, organisation="", goal="")
        # What a plan always has is not taken away by a document that does not say it.
        assert changes(plan(), new) == {
            "": (
                Change("title", "PLANAS 2023-2024 M.", "KITAS PLANAS"),
                Change("years", "2023–2024", "2023–2026"),
            )
        }

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            # Wording counts only where both sides have one that means these years.
            (("2023–2024", 2023, 2024), ("2023-2024", 2023, 2024), ("2023–2024", "2023–2024 (2023-2024)")),
            (("", 2023, 2024), ("2023–2024", 2023, 2024), None),
            (("2023–2024", 2023, 2024), ("", 2023, 2024), None),
            (("2023", 2024, 2025), ("2024–2025", 2024, 2025), None),
            (("2023–2024", 2023, 2024), ("2024", 2024, 2024), ("2023–2024", "2024")),
            (("2024–", 2024, None), ("", None, None), ("2024–", "")),
            (("", None, None), ("2024", 2024, 2024), ("", "2024")),
        ],
    )
    def test_period(self, old: Any, new: Any, told: Any) -> None:
        before, after = (
            replace(RESULT, period_text=text, first_year=first, last_year=last)
            for text, first, last in (old, new)
        )
        assert of_result(before, after) == ([Change("period", *told)] if told else [])

    @pytest.mark.parametrize(
        ("text", "known", "read", "told"),
        [
            # The document's words tell a condition; the plan may know better.
            ("Pirkti (esant poreikiui)", "esant poreikiui", "esant poreikiui", None),
            ("Pirkti (esant poreikiui)", "", "esant poreikiui", None),
            ("Pirkti (esant poreikiui)", "jei prireiks", "esant poreikiui", None),
            ("Pirkti", "jei prireiks", "", None),
            ("Pirkti", "jei prireiks", "esant poreikiui", ("jei prireiks", "esant poreikiui")),
            ("Pirkti (esant poreikiui)", "esant poreikiui", "", ("esant poreikiui", "")),
        ],
    )
    def test_condition(self, text: str, known: str, read: str, told: Any) -> None:
        before, after = (replace(RESULT, text=text, condition=words) for words in (known, read))
        assert of_result(before, after) == ([Change("condition", *told)] if told else [])

    def test_condition_of_a_list_is_that_of_its_last_result(self) -> None:
        first = replace(RESULT, text="Pirmas", period_text="")
        last = replace(RESULT, text="Antras (gavus finansavimą)", condition="gavus finansavimą")
        read = replace(first, condition="gavus finansavimą")
        assert (
            changes(plan(replace(ACTION, results=(first, last))), plan(replace(ACTION, results=(read, last))))
            == {}
        )

    def test_links_that_a_document_can_not_say_stay(self) -> None:
        link = Link("čia", "https://a.lt")
        assert of_result(replace(RESULT, links=(link,)), RESULT) == []
        assert of_result(RESULT, replace(RESULT, links=(link,))) == [
            Change("links", "", "čia (https://a.lt)")
        ]

    def test_codes(self) -> None:
        def code(name: str, wording: str, kind: Any = "action") -> CodeMention:
            return CodeMention(name, kind, wording)

        proper = code("I.1.1.1.1", "KRSS2030 I.1.1.1.1. veiksmas")
        for old, new, told in (
            ((code("I.1.1.1.1", ""),), (proper,), None),
            ((code("I.1.1.1.1", "kažkoks kodas"),), (proper,), None),
            ((proper,), (code("I.1.1.1.1", "I.1.1.1.1."),), (proper.as_written, "I.1.1.1.1.")),
            ((proper,), (), (proper.as_written, "")),
            ((code("Ugdantis regionas", "", "priority"),), (), None),
            ((), (code("Ugdantis regionas", "", "priority"),), ("", "Ugdantis regionas")),
        ):
            before, after = (plan(replace(ACTION, codes=codes)) for codes in (old, new))
            expected = {"1.1.1": (Change("codes", *told),)} if told else {}
            assert changes(before, after) == expected


class TestRows:
    def test_added_and_missing_rows(self) -> None:
        other = replace(ACTION, number="1.1.2")
        standings = {f.number: f.standing for f in compare_plans(plan(ACTION), plan(other)) if f.number}
        assert standings == {
            **{"1": Standing.SAME, "1.1": Standing.SAME, "1.1.2": Standing.ADDED},
            "1.1.1": Standing.MISSING,
        }

    def test_rows_below_a_new_one_come_with_it(self) -> None:
        found = new_parts(plan())
        assert [(f.number, f.is_within_added) for f in found] == [
            ("", False),
            *(("1", True), ("1.1", True), ("1.1.1", True)),
        ]
        task = TaskText("2", "Nauja", (MeasureText("2.1", "2.1.", "Priemonė", (), (ACTION,)),))
        below = compare_plans(plan(), plan(tasks=(*plan().tasks, task)))
        added = [(f.number, f.is_within_added) for f in below if f.standing is Standing.ADDED]
        assert added == [("2", False), ("2.1", True), ("1.1.1", True)]


class TestMatching:
    @pytest.mark.parametrize(
        ("old", "new", "pairs"),
        [
            (["a b", "c"], ["a  b", "c"], [(0, 0), (1, 1)]),
            (["vienas", "kitas"], ["kitas", "vienas"], [(1, 0), (0, 1)]),
            (["tas pats", "tas pats"], ["tas pats", "tas pats"], [(0, 0), (1, 1)]),
            (["Parengta tvarka", "x"], ["x", "Parengta nauja tvarka"], [(1, 0), (0, 1)]),
            (["visai kas"], ["nieko bendro"], [(0, None), (None, 0)]),
            (["pirmas", "antras dalykas", "trečias"], ["pirmas", "trečias"], [(0, 0), (1, None), (2, 1)]),
            ([], ["naujas"], [(None, 0)]),
        ],
    )
    def test_pairs(self, old: list[str], new: list[str], pairs: Any) -> None:
        assert match_results(old, new) == pairs

    @given(
        st.lists(st.text("abc ", max_size=6), max_size=6), st.lists(st.text("abc ", max_size=6), max_size=6)
    )
    def test_every_text_is_in_one_pair(self, old: list[str], new: list[str]) -> None:
        pairs = match_results(old, new)
        assert sorted(o for o, _n in pairs if o is not None) == list(range(len(old)))
        assert [n for _o, n in pairs if n is not None] == list(range(len(new)))
        assert (None, None) not in pairs

    def test_many_long_texts_take_little_time(self) -> None:
        """The worst texts there are: long, alike everywhere, and none of them the same."""
        old = [f"{n} " + "ilgas tekstas " * 300 for n in range(200)]
        begin = time.process_time()
        assert len(match_results(old, [text + "x" for text in old])) == 200
        assert time.process_time() - begin < 3

    @pytest.mark.parametrize(
        ("order", "positions", "settled"),
        [
            ([0, 1, 2], [1, 2, 3], [1, 2, 3]),
            ([0, 1], [1, 1], [1, 1]),
            ([0, 1], [0, 7], [0, 7]),
            ([0, 1, None], [1, 2], [1, 2, 3]),
            ([0, None, 1], [1, 2], [1, 2, 3]),
            ([0, None, 1], [1, 5], [1, 2, 5]),
            ([1, 0, 2], [1, 2, 3], [2, 3, 4]),
            ([None], [], [1]),
        ],
    )
    def test_positions(self, order: Any, positions: list[int], settled: list[int]) -> None:
        assert settle_positions(order, positions) == settled
