"""Comparison of two states of a plan: each difference shows up, under the right heading, and nothing else."""

from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

from measures.enums import ConditionState, Status
from measures.rules import Progress
from measures.tree.rows import (
    ActionRow,
    CodeRow,
    LinkRow,
    MeasureRow,
    NameRow,
    Note,
    PlanTree,
    ResultRow,
    TaskRow,
)
from reports.changes.compare import compare
from reports.changes.rows import Change, ChangeKind, Level
from reports.rollup import summarise
from tests.reports.changes.trees import END, edit, plan_with, result, tree_of
from tests.reports.make_rows import AS_OF, make_action_row, trees

LATER = date(2024, 9, 30)
Row = dict[str, list[tuple[str, list[tuple[str | None, str]]]]]


def changes(before: PlanTree, after: PlanTree) -> list[Change]:
    return [change for found in compare(before, after).groups.values() for change in found]


def shown(before: PlanTree, after: PlanTree) -> Row:
    """Return for each kind what is shown: key of the result (or number), and each difference."""
    return {
        kind.value: [
            (change.place.key or change.place.number, [(d.before, d.after) for d in change.differences])
            for change in found
        ]
        for kind, found in compare(before, after).groups.items()
    }


@pytest.mark.parametrize(
    ("before", "after", "kind", "texts"),
    [
        (Status.IN_PROGRESS, Status.DONE, "finished", ("Vykdoma", "Įvykdyta")),
        (Status.NOT_STARTED, Status.DONE, "finished", ("Nepradėta", "Įvykdyta")),
        (Status.CANCELLED, Status.DONE, "finished", ("Atšaukta", "Įvykdyta")),
        (Status.NOT_STARTED, Status.IN_PROGRESS, "started", ("Nepradėta", "Vykdoma")),
        (Status.IN_PROGRESS, Status.NOT_STARTED, "progress", ("Vykdoma", "Nepradėta")),
        (Status.DONE, Status.IN_PROGRESS, "resumed", ("Įvykdyta", "Vykdoma")),
        (Status.DONE, Status.NOT_STARTED, "resumed", ("Įvykdyta", "Nepradėta")),
        (Status.POSTPONED, Status.IN_PROGRESS, "resumed", ("Atidėta", "Vykdoma")),
        (Status.CANCELLED, Status.NOT_STARTED, "resumed", ("Atšaukta", "Nepradėta")),
        (Status.IN_PROGRESS, Status.POSTPONED, "set_aside", ("Vykdoma", "Atidėta")),
        (Status.DONE, Status.CANCELLED, "set_aside", ("Įvykdyta", "Atšaukta")),
        (Status.POSTPONED, Status.CANCELLED, "set_aside", ("Atidėta", "Atšaukta")),
    ],
)
def test_change_of_status(before: str, after: str, kind: str, texts: tuple[str, str]) -> None:
    assert shown(plan_with(result(status=before)), plan_with(result(status=after))) == {
        kind: [("1.1.1-1", [texts])]
    }


def test_percent_moves_up_and_down_and_becomes_known() -> None:
    steps = [plan_with(result(percent=percent)) for percent in (None, 40, 20)]
    assert [shown(*pair) for pair in pairwise(steps)] == [
        {"progress": [("1.1.1-1", [("Vykdoma", "Vykdoma 40\N{NO-BREAK SPACE}%")])]},
        {"progress": [("1.1.1-1", [("Vykdoma 40\N{NO-BREAK SPACE}%", "Vykdoma 20\N{NO-BREAK SPACE}%")])]},
    ]


def test_becoming_late_shows_the_term_although_nobody_did_anything() -> None:
    due = date(2024, 7, 31)
    before = plan_with(result(due=due))
    after = plan_with(result(due=due, as_of=LATER), as_of=LATER)
    assert shown(before, after) == {"late": [("1.1.1-1", [(None, "2024-07-31")])]}
    assert shown(after, replace(after, as_of=END)) == {}


def test_term_moved_later_slips_and_moved_earlier_is_a_change_of_text() -> None:
    later, earlier = plan_with(result(due=END)), plan_with(result(due=LATER))
    years = {"last_year": 2024, "years": "2024", "period_text": "2024"}
    assert shown(edit(earlier, ResultRow, **years), edit(later, ResultRow, **years)) == {
        "slipped": [("1.1.1-1", [("2024-09-30", "2024-12-31")])]
    }
    assert shown(edit(later, ResultRow, **years), edit(earlier, ResultRow, **years)) == {
        "text": [("1.1.1-1", [("2024-12-31", "2024-09-30")])]
    }


def test_condition_is_met() -> None:
    before = plan_with(result(condition_state=ConditionState.PENDING, condition="gavus lėšų"))
    after = plan_with(result(condition_state=ConditionState.MET, condition="gavus lėšų"))
    assert shown(before, after) == {"condition": [("1.1.1-1", [("Laukiama", "Tenkinama")])]}


def test_new_and_removed_results_come_with_what_is_known_of_them() -> None:
    first, second = result(index=1), result(index=2, percent=30)
    assert shown(plan_with(first), plan_with(first, second)) == {
        "added": [("1.1.1-2", [(None, "Vykdoma 30\N{NO-BREAK SPACE}%"), (None, "2024-12-31")])]
    }
    [removed] = changes(plan_with(first, second), plan_with(first))
    assert (removed.kind, removed.place.key, removed.place.is_gone) == ("removed", "1.1.1-2", True)
    assert removed.place.text == "Rezultatas 2"


def test_new_action_is_listed_with_its_results() -> None:
    first = make_action_row("1.1.1", (result(),))
    second = make_action_row("1.2.1", (result("1.2.1"),))
    without, with_it = tree_of(first), tree_of(first, second)
    for kind, pair in (("added", (without, with_it)), ("removed", (with_it, without))):
        found = [(change.kind, change.place.key or change.place.number) for change in changes(*pair)]
        assert found == [(kind, "1.2"), (kind, "1.2.1"), (kind, "1.2.1-1")]


def test_result_that_moves_keeps_its_key() -> None:
    stays, moves = result("1.1.1", 1), result("1.1.1", 2)
    before = tree_of(make_action_row("1.1.1", (stays, moves)), make_action_row("1.1.2", ()))
    moved = replace(moves, action_number="1.1.2")
    after = tree_of(make_action_row("1.1.1", (stays,)), make_action_row("1.1.2", (moved,)))
    assert shown(before, after) == {"moved": [("1.1.1-2", [("1.1.1", "1.1.2")])]}


def renumbered(action: ActionRow, number: str) -> ActionRow:
    rows = tuple(replace(row, action_number=number) for row in action.results)
    return replace(action, number=number, results=rows, task_number=number[0])


def test_action_with_another_number_is_known_by_its_results() -> None:
    first = make_action_row("1.1.1", (result("1.1.1", 1), result("1.1.1", 2)), title="Pirmas")
    second = make_action_row("1.1.2", (result("1.1.2", 1),), title="Antras")
    swapped = tree_of(renumbered(second, "1.1.1"), renumbered(first, "1.1.2"))
    assert shown(tree_of(first, second), swapped) == {
        "moved": [("1.1.1", [("1.1.2", "1.1.1")]), ("1.1.2", [("1.1.1", "1.1.2")])]
    }
    elsewhere = tree_of(second, renumbered(first, "1.1.3"))
    assert shown(tree_of(first, second), elsewhere) == {"moved": [("1.1.3", [("1.1.1", "1.1.3")])]}


def test_action_that_kept_its_number_and_a_result_is_itself() -> None:
    rows = tuple(result("1.1.1", index) for index in (1, 2, 3))
    away = tuple(replace(row, action_number="1.1.2") for row in rows[1:])
    before = tree_of(make_action_row("1.1.1", rows))
    after = tree_of(make_action_row("1.1.1", rows[:1]), make_action_row("1.1.2", away))
    assert shown(before, after) == {
        "added": [("1.1.2", [])],
        "moved": [("1.1.1-2", [("1.1.1", "1.1.2")]), ("1.1.1-3", [("1.1.1", "1.1.2")])],
    }


def test_action_without_results_is_known_by_its_number() -> None:
    before, after = (tree_of(make_action_row("1.1.1", (), title=title)) for title in ("Buvo", "Yra"))
    assert shown(before, after) == {"text": [("1.1.1", [("Buvo", "Yra")])]}
    other = tree_of(make_action_row("1.1.2", ()))
    assert set(shown(before, other)) == {"added", "removed"}


def test_owner_changes() -> None:
    before = plan_with(result(), owner="Ula Ulaitė", owner_username="ula")
    after = plan_with(result(), owner="", owner_username="")
    assert shown(before, after) == {"owner": [("1.1.1", [("Ula Ulaitė", "be atsakingo asmens")])]}


def test_report_and_its_note_are_shown_also_beside_what_it_changed() -> None:
    old, new = Note(1, date(2024, 3, 31), "Pradėta."), Note(2, date(2024, 6, 28), "Baigta.")
    before = plan_with(result(note=old), result(index=2, note=old), last_reported_on=old.reported_on)
    after = plan_with(
        result(status=Status.DONE, note=new), result(index=2, note=old), last_reported_on=new.reported_on
    )
    found = {change.kind: (change.note, change.differences[0].after) for change in changes(before, after)}
    assert found == {"finished": ("Baigta.", "Įvykdyta"), "reported": ("Baigta.", "2024-06-28")}


def test_old_note_is_not_shown_beside_a_new_change() -> None:
    note = Note(1, date(2024, 3, 31), "Pradėta.")
    before, after = (plan_with(result(percent=percent, note=note)) for percent in (10, 20))
    assert [change.note for change in changes(before, after)] == [""]


def test_moved_result_brings_no_report_to_its_new_action() -> None:
    old, new = Note(1, date(2024, 3, 31), "Pradėta."), Note(2, LATER, "Baigta.")
    stays, moves = result("1.1.2", note=old), result("1.1.1", 2)
    for moved, reported in (
        # It shows what was once said of its new action as a whole, or what was said of itself elsewhere.
        (replace(moves, action_number="1.1.2", note=old), []),
        (replace(moves, action_number="1.1.2", note=new), []),
        (replace(moves, action_number="1.1.2", note=old, progress=Progress(Status.DONE, 100, "")), [""]),
        (
            replace(moves, action_number="1.1.2", note=new, progress=Progress(Status.DONE, 100, "")),
            ["Baigta."],
        ),
    ):
        before = tree_of(make_action_row("1.1.1", (result(), moves)), make_action_row("1.1.2", (stays,)))
        after = tree_of(make_action_row("1.1.1", (result(),)), make_action_row("1.1.2", (stays, moved)))
        found = compare(before, replace(after, as_of=LATER)).groups
        assert [change.note for change in found.get(ChangeKind.FINISHED, ())] == reported
        assert set(found) - {ChangeKind.FINISHED} == {ChangeKind.MOVED}


def test_result_that_was_elsewhere_for_a_while_brings_no_report_back() -> None:
    note, later = Note(1, AS_OF, "Tada."), Note(2, date(2024, 8, 1), "Ten.")
    before, after = plan_with(result(), as_of=AS_OF), plan_with(result(note=later), as_of=LATER)
    assert shown(before, after) == {}
    # But what was entered late, for a day before, or withdrawn since a period was closed, counts.
    assert set(shown(before, plan_with(result(note=note), as_of=LATER))) == {"reported"}
    assert set(shown(plan_with(result(note=note)), plan_with(result(), as_of=LATER))) == {"reported"}


def test_action_of_the_same_number_and_title_is_itself_whatever_its_results() -> None:
    first, second = make_action_row("1.1.1", (result("1.1.1"),)), make_action_row("1.1.2", (result("1.1.2"),))
    came = replace(result("1.1.1"), action_number="1.1.2")
    after = tree_of(replace(first, results=()), replace(second, results=(came,)))
    assert shown(tree_of(first, second), after) == {
        "removed": [("1.1.2-1", [(None, "Vykdoma")])],
        "moved": [("1.1.1-1", [("1.1.1", "1.1.2")])],
    }


def test_action_of_the_same_title_and_a_result_is_itself_wherever_most_results_went() -> None:
    rows = tuple(result("1.1.1", index) for index in (1, 2, 3))
    first, second = make_action_row("1.1.1", rows), make_action_row("1.1.2", (result("1.1.2"),))
    away = tuple(replace(row, action_number="1.1.5") for row in rows[1:])
    after = tree_of(
        renumbered(replace(first, results=rows[:1]), "1.1.4"),
        renumbered(replace(second, results=(*second.results, *away)), "1.1.5"),
    )
    moved = {name for name, _differences in shown(tree_of(first, second), after)["moved"]}
    assert moved == {"1.1.4", "1.1.5", "1.1.1-2", "1.1.1-3"}


def test_figures_are_those_of_the_roll_up() -> None:
    before = plan_with(result(percent=10), result(index=2, due=AS_OF))
    after = plan_with(result(percent=90), result(index=2, due=AS_OF, as_of=LATER), as_of=LATER)
    comparison = compare(before, after)
    assert comparison.summary_before == summarise(before.actions, AS_OF)
    assert comparison.summary_after == summarise(after.actions, LATER)
    assert (comparison.summary_before.late, comparison.summary_after.late) == (0, 1)


# What only follows from other fields, from the place in the tree or from the day, or names the row.
# A correction comes with a report, and snapshots have not always had it.
DERIVED: dict[type, set[str]] = {
    ResultRow: {"key", "action_number", "schedule", "standing", "years", "progress", "correction"},
    ActionRow: {"number", "task_number", "effective_codes", "results"},
    MeasureRow: {"number", "actions"},
    TaskRow: {"number", "measures"},
    PlanTree: {"slug", "years", "as_of", "is_today", "tasks"},
}
OTHER_VALUES: dict[str, Any] = {
    "links": (LinkRow("Kita", "https://example.org/"),),
    "codes": (CodeRow("V.1.1.1", "Kitas", "measure", "V", "", ""),),
    "resources": (NameRow("Kiti", "Kiti"),),
    "partners": (NameRow("Kiti", "Kiti"),),
    "note": Note(9, AS_OF, "Kita"),
    "due_on": date(2024, 11, 30),
    "last_reported_on": AS_OF,
    "first_year": 2021,
    "last_year": 2029,
    "is_sample": True,
    "sub_items": ("kitas",),
    "projects": ("Kitas",),
}
FIELDS = [
    (level, field.name)
    for level, derived in DERIVED.items()
    for field in fields(level)
    if field.name not in derived
]


@pytest.mark.parametrize(("level", "name"), FIELDS)
def test_no_field_changes_in_silence(level: type, name: str) -> None:
    before = plan_with(result(), result(index=2))
    after = edit(before, level, **{name: OTHER_VALUES.get(name, "Kitaip")})
    [change] = changes(before, after)
    places = {
        ResultRow: (Level.RESULT, "1.1.1"),
        ActionRow: (Level.ACTION, "1.1.1"),
        MeasureRow: (Level.MEASURE, "1.1"),
        TaskRow: (Level.TASK, "1"),
        PlanTree: (Level.PLAN, ""),
    }
    # What was reported is told of the action.
    expected = (Level.ACTION, "1.1.1") if name == "note" else places[level]
    assert (change.place.level, change.place.number) == expected
    [difference] = change.differences
    assert difference.before != difference.after


@pytest.mark.parametrize(
    "progress",
    [
        Progress(Status.IN_PROGRESS, 50, ""),
        Progress(Status.POSTPONED, None, ""),
        Progress(Status.IN_PROGRESS, 40, "met"),
    ],
)
def test_no_progress_changes_in_silence(progress: Progress) -> None:
    before = plan_with(result(percent=40))
    assert len(changes(before, edit(before, ResultRow, progress=progress))) == 1


def test_measure_and_action_that_change_their_parent_have_moved() -> None:
    before = tree_of(
        make_action_row("1.1.1", (result("1.1.1"),)),
        make_action_row("1.2.1", (result("1.2.1"),)),
        make_action_row("2.1.1", (result("2.1.1"),)),
    )
    first, second = before.tasks
    kept, moved = first.measures
    after = replace(
        before,
        tasks=(replace(first, measures=(kept,)), replace(second, measures=(*second.measures, moved))),
    )
    assert shown(before, after) == {"moved": [("1.2", [("1", "2")])]}
    into_other = replace(kept, actions=(*kept.actions, *moved.actions))
    after = replace(before, tasks=(replace(first, measures=(into_other, replace(moved, actions=()))), second))
    assert shown(before, after) == {"moved": [("1.2.1", [("1.2", "1.1")])]}


@given(trees())
def test_plan_does_not_differ_from_itself(tree: PlanTree) -> None:
    assert compare(tree, tree).groups == {}


def plain(tree: PlanTree) -> dict[str, Any]:
    """Return all rows of a random plan by name, without what only follows from the rest."""
    rows: dict[str, Any] = {task.number: task.title for task in tree.tasks}
    rows |= {m.number: (task.number, m.title) for task in tree.tasks for m in task.measures}
    for action, row in tree.results():
        rows[row.key] = (action.number, row.progress, *_written(row))
    return rows | {action.number: _written(action) for action in tree.actions}


def _written(row: ResultRow | ActionRow) -> tuple[Any, ...]:
    names = (field.name for field in fields(row) if field.name not in DERIVED[type(row)])
    return tuple(getattr(row, name) for name in names)


@given(trees(), trees())
def test_every_difference_of_two_plans_shows_up_and_nothing_else(before: PlanTree, after: PlanTree) -> None:
    old, new = plain(before), plain(after)
    differing = {name for name in old | new if old.get(name) != new.get(name)}
    found = changes(before, after)
    assert {change.place.key or change.place.number for change in found} == differing
    assert {c.place.key or c.place.number for c in found if c.kind == ChangeKind.ADDED} == new.keys() - old
    assert {c.place.key or c.place.number for c in found if c.kind == ChangeKind.REMOVED} == old.keys() - new


@given(trees(), trees())
def test_looking_back_turns_every_change_round(before: PlanTree, after: PlanTree) -> None:
    there, back = compare(before, after), compare(after, before)
    added, removed = ChangeKind.ADDED, ChangeKind.REMOVED
    assert len(there.groups.get(added, ())) == len(back.groups.get(removed, ()))
    assert len(there.groups.get(removed, ())) == len(back.groups.get(added, ()))
    assert (there.summary_before, there.summary_after) == (back.summary_after, back.summary_before)
