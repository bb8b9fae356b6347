"""The part of a comparison that a filter asks for: rows of either state, none added or removed by cutting."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from measures.enums import Status
from measures.rules import Progress
from measures.tree.rows import ActionRow, NameRow, PlanTree
from reports.changes.compare import compare
from reports.changes.part import choices_in, part_of, shown_in
from reports.changes.rows import Comparison
from reports.filters import PlanFilter
from reports.rollup import summarise
from tests.reports.changes.trees import result, tree_of
from tests.reports.figures import asking
from tests.reports.make_rows import AS_OF, make_action_row

LATER = date(2024, 9, 30)
DUE = date(2024, 5, 31)
DONE = Progress(Status.DONE, 100, "")
ULA: dict[str, Any] = {"owner": "Ula", "owner_username": "ula"}
ADAS: dict[str, Any] = {"owner": "Adas", "owner_username": "adas"}


def shown(part: Comparison) -> dict[str, list[str]]:
    return {kind.value: [change.place.name for change in found] for kind, found in part.groups.items()}


def changed(before: PlanTree, after: PlanTree, **asked: str) -> dict[str, list[str]]:
    return shown(part_of(compare(before, after), asking(**asked)))


def moved_to(number: str, action: ActionRow) -> ActionRow:
    rows = tuple(replace(row, action_number=number) for row in action.results)
    return replace(action, number=number, results=rows, task_number=number[0])


def test_without_a_filter_the_comparison_is_whole() -> None:
    before = tree_of(make_action_row("1.1.1", (result(),)))
    whole = compare(before, replace(before, title="Kitas"))
    assert part_of(whole, PlanFilter()) is whole
    assert changed(before, replace(before, title="Kitas"), uzdavinys="1") == {}


def test_what_was_late_and_is_done_is_a_change_of_the_late() -> None:
    late = result(due=DUE)
    done = replace(result(due=DUE, status=Status.DONE, as_of=LATER))
    other = result(index=2)
    before = tree_of(make_action_row("1.1.1", (late, other)))
    after = tree_of(make_action_row("1.1.1", (done, replace(other, progress=DONE))), as_of=LATER)
    assert changed(before, after) == {"finished": ["1.1.1-1", "1.1.1-2"]}
    assert changed(before, after, padetis="veluoja") == {"finished": ["1.1.1-1"]}
    part = part_of(compare(before, after), asking(padetis="veluoja"))
    assert (part.summary_before.results, part.summary_after.results, part.is_of_the_same) == (1, 0, False)
    assert shown_in(compare(before, after), part) == "1 iš 2 planuojamų rezultatų"


def test_what_changes_hands_has_changed_for_both() -> None:
    before = tree_of(make_action_row("1.1.1", (result(),), **ULA))
    after = tree_of(make_action_row("1.1.1", (replace(result(), progress=DONE),), **ADAS))
    everything = {"finished": ["1.1.1-1"], "owner": ["1.1.1"]}
    for name in ("ula", "adas"):
        assert changed(before, after, atsakingas=name) == everything
    assert changed(before, after, atsakingas="ona") == {}


def test_result_that_moves_out_of_the_part_has_moved() -> None:
    stays, moves, other = result("1.1.1"), result("1.1.1", 2), result("2.1.1")
    before = tree_of(
        make_action_row("1.1.1", (stays, moves), **ULA), make_action_row("2.1.1", (other,), **ADAS)
    )
    there = replace(moves, action_number="2.1.1")
    after = tree_of(
        make_action_row("1.1.1", (stays,), **ULA), make_action_row("2.1.1", (other, there), **ADAS)
    )
    for asked in ({"atsakingas": "ula"}, {"atsakingas": "adas"}, {"uzdavinys": "1"}, {"uzdavinys": "2"}):
        assert changed(before, after, **asked) == {"moved": ["1.1.1-2"]}


def test_action_that_moves_to_another_task_has_moved_in_both() -> None:
    first, second = make_action_row("1.1.1", (result("1.1.1"),)), make_action_row("2.1.1", (result("2.1.1"),))
    third = make_action_row("1.1.2", (result("1.1.2"),), title="Trečias")
    before, after = tree_of(first, third, second), tree_of(first, second, moved_to("2.1.2", third))
    for task in "12":
        assert changed(before, after, uzdavinys=task) == {"moved": ["2.1.2"]}


def test_another_action_of_the_same_number_is_not_in_the_part() -> None:
    first = make_action_row("1.1.1", (result("1.1.1"),), **ULA, title="Pirmas")
    second = make_action_row("1.1.2", (result("1.1.2"),), **ADAS, title="Antras")
    swapped = tree_of(
        replace(moved_to("1.1.1", second), lead_in="Kitaip"),
        replace(moved_to("1.1.2", first), lead_in="Kita"),
    )
    whole = tree_of(first, second)
    assert changed(whole, swapped, atsakingas="ula") == {"text": ["1.1.2"], "moved": ["1.1.2"]}
    assert changed(whole, swapped, atsakingas="adas") == {"text": ["1.1.1"], "moved": ["1.1.1"]}


def test_what_is_added_and_removed_in_the_part() -> None:
    first, second = make_action_row("1.1.1", (result("1.1.1"),)), make_action_row("2.1.1", (result("2.1.1"),))
    names = ["2", "2.1", "2.1.1", "2.1.1-1"]
    for kind, pair in (
        ("added", (tree_of(first), tree_of(first, second))),
        ("removed", (tree_of(first, second), tree_of(first))),
    ):
        assert changed(*pair, uzdavinys="2") == {kind: names}
        assert changed(*pair, uzdavinys="1") == {}


def test_figures_are_those_of_what_is_asked_for_in_each_state() -> None:
    rows = (result(due=DUE), result(index=2, due=LATER))
    before = tree_of(make_action_row("1.1.1", rows), make_action_row("2.1.1", (result("2.1.1"),)))
    after = replace(before, as_of=LATER)
    part = part_of(compare(before, after), asking(uzdavinys="1"))
    assert part.summary_before == summarise(before.tasks[0].actions, AS_OF)
    assert part.summary_after == summarise(before.tasks[0].actions, LATER)
    assert part.is_of_the_same


@pytest.mark.parametrize("name", ["Buvęs", "Esantis"])
def test_choices_are_what_either_state_names(name: str) -> None:
    before, after = (
        tree_of(make_action_row(f"{n}.1.1", (result(f"{n}.1.1"),), partners=(NameRow(named, named),)))
        for n, named in enumerate(("Buvęs", "Esantis"), start=1)
    )
    choices = choices_in(before, after, {})
    assert name in choices["partneris"]
    assert list(choices["uzdavinys"]) == ["1", "2"]
