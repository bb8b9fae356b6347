"""Figures against a slow, plain computation that shares no code with them."""

from datetime import date

from hypothesis import given

from measures.enums import ConditionState, Standing, Status
from measures.rules import Progress
from measures.tree.rows import PlanTree
from reports.charts import stacked_bar
from reports.filters.words import (
    COUNTED,
    DUE,
    DUE_SOON,
    DUE_TODAY,
    KNOWN,
    NOT_COUNTED,
    STANDINGS,
)
from reports.rollup import by_code, by_direction, by_task, by_year, summarise

from .figures import asking
from .make_rows import AS_OF, make_action_row, make_result_row, make_tree, trees

DIRECTIONS = {"I": "Pirma", "II": "Antra", "III": "Trečia"}
END_2023, END_2024 = date(2023, 12, 31), date(2024, 12, 31)


def plain_figures(tree: PlanTree) -> dict[str, float | int | None]:
    """Compute the headline figures step by step, straight from the definitions."""
    due = done = late = counted = known = soon = 0
    action_percents = []
    for task in tree.tasks:
        for measure in task.measures:
            for action in measure.actions:
                percents = []
                for result in action.results:
                    status, state = result.progress.status, result.progress.condition_state
                    waits = state in ("pending", "failed") and status != "done"
                    if status in ("postponed", "cancelled") or waits:
                        continue
                    counted += 1
                    if result.progress.percent is not None:
                        known += 1
                        percents.append(result.progress.percent)
                    if result.due_on <= tree.as_of:
                        due += 1
                        done += status == "done"
                        late += status != "done" and result.due_on < tree.as_of
                    if status != "done" and 0 <= (result.due_on - tree.as_of).days <= 90:
                        soon += 1
                if percents:
                    action_percents.append(sum(percents) / len(percents))
    percent = sum(action_percents) / len(action_percents) if action_percents else None
    return {
        "due": due,
        "done": done,
        "late": late,
        "counted": counted,
        "known": known,
        "soon": soon,
        "percent": percent,
    }


@given(trees())
def test_figures_equal_the_plain_computation(tree: PlanTree) -> None:
    summary = summarise(tree.actions, tree.as_of)
    assert plain_figures(tree) == {
        "due": summary.due,
        "done": summary.due_done,
        "late": summary.late,
        "counted": summary.counted,
        "known": summary.known,
        "soon": summary.due_soon,
        "percent": summary.percent,
    }
    assert summary.due == summary.due_done + summary.late + summary.due_today


@given(trees())
def test_totals_of_the_breakdowns_agree(tree: PlanTree) -> None:
    total = summarise(tree.actions, tree.as_of)
    for groups in (by_task(tree), by_year(tree)):
        assert sum(group.summary.results for group in groups) == total.results
        for standing in Standing:
            assert sum(group.summary.count(standing) for group in groups) == total.count(standing)
    assert sum(total.standings.values()) == total.results


@given(trees())
def test_every_result_is_in_a_direction_a_priority_or_without_code(tree: PlanTree) -> None:
    total = summarise(tree.actions, tree.as_of)
    groups = by_direction(tree, DIRECTIONS)
    assert sum(group.summary.results for group in groups) >= total.results
    without = next(group for group in groups if group.key == "be-kodo")
    assert without.summary.results == sum(
        len(action.results) for action in tree.actions if not action.effective_codes
    )


@given(trees())
def test_every_figure_counts_the_rows_of_its_link(tree: PlanTree) -> None:
    def count(**asked: str) -> int:
        return sum(1 for _row in asking(**asked).narrow(tree).results())

    total = summarise(tree.actions, tree.as_of)
    assert count() == total.results
    assert count(terminas=DUE) == total.due
    assert count(terminas=DUE, padetis="ivykdyta") == total.due_done
    assert count(terminas=DUE_TODAY) == total.due_today
    assert count(terminas=DUE_SOON) == total.due_soon
    assert count(pazanga=COUNTED) == total.counted
    assert count(pazanga=KNOWN) == total.known
    assert count(pazanga=NOT_COUNTED) == total.not_counted
    for standing, word in STANDINGS.items():
        assert count(padetis=word) == total.count(standing)
    for name, groups in {
        "uzdavinys": by_task(tree),
        "kryptis": by_direction(tree, DIRECTIONS),
        "metai": by_year(tree),
        "kodas": [group for group, _code in by_code(tree)],
    }.items():
        for group in groups:
            assert count(**{name: group.key}) == group.summary.results
            assert count(**{name: group.key, "padetis": "veluoja"}) == group.summary.late


@given(trees())
def test_bar_fills_its_width(tree: PlanTree) -> None:
    summary = summarise(tree.actions, tree.as_of)
    segments = stacked_bar(summary)
    assert sum(segment.count for segment in segments) == summary.results
    if segments:
        assert abs(sum(float(segment.width.rstrip("%")) for segment in segments) - 100) < 0.01


def test_example_that_managers_read() -> None:
    done = Progress(Status.DONE, 100)
    half = Progress(Status.IN_PROGRESS, 50)
    waiting = Progress(Status.NOT_STARTED, 0, ConditionState.PENDING)
    unknown = Progress(Status.IN_PROGRESS, None)
    tree = make_tree(
        [
            [
                make_action_row(
                    "1.1.1",
                    (
                        make_result_row("1.1.1", 1, done, END_2023),
                        make_result_row("1.1.1", 2, half, END_2023),
                    ),
                ),
                make_action_row("1.1.2", (make_result_row("1.1.2", 1, waiting, END_2023),)),
            ],
            [make_action_row("2.1.1", (make_result_row("2.1.1", 1, unknown, END_2024),))],
        ]
    )
    summary = summarise(tree.actions, AS_OF)
    # 1.1.1 is the mean of 100 and 50; 1.1.2 waits and 2.1.1 is unknown, so neither is zero.
    assert summary.percent == 75
    assert (summary.due, summary.due_done, summary.late) == (2, 1, 1)
    assert (summary.known, summary.counted, summary.not_counted) == (2, 3, 1)
