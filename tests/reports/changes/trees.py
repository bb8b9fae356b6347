"""Small plans for tests of comparison, and how to change one thing in them."""

from dataclasses import replace
from datetime import date
from typing import Any

from measures import rules
from measures.enums import Status
from measures.rules import Progress
from measures.tree.rows import ActionRow, MeasureRow, PlanTree, ResultRow, TaskRow
from tests.reports.make_rows import AS_OF, CODES, make_action_row, make_result_row, make_tree

END = date(2024, 12, 31)


def result(
    number: str = "1.1.1",
    index: int = 1,
    *,
    status: str = Status.IN_PROGRESS,
    percent: int | None = None,
    due: date = END,
    as_of: date = AS_OF,
    condition_state: str = "",
    **values: Any,
) -> ResultRow:
    """Return a planned result of an action."""
    progress = Progress(status, rules.percent_for(status, percent), condition_state)
    return replace(make_result_row(number, index, progress, due, as_of), **values)


def tree_of(*actions: ActionRow, as_of: date = AS_OF, **values: Any) -> PlanTree:
    """Return a plan with these actions, in measures and tasks that their numbers name."""
    tasks: dict[str, dict[str, list[ActionRow]]] = {}
    for action in actions:
        measure = action.number.rpartition(".")[0]
        tasks.setdefault(action.task_number, {}).setdefault(measure, []).append(action)
    return replace(
        make_tree([], as_of),
        tasks=tuple(
            TaskRow(
                number,
                f"Uždavinys {number}",
                tuple(
                    MeasureRow(m, f"{m}.", f"Priemonė {m}", (), tuple(rows)) for m, rows in measures.items()
                ),
            )
            for number, measures in tasks.items()
        ),
        **values,
    )


def plan_with(*results: ResultRow, as_of: date = AS_OF, **values: Any) -> PlanTree:
    """Return a plan with one action that has these results."""
    return tree_of(make_action_row("1.1.1", results, CODES[:1], **values), as_of=as_of)


def edit(tree: PlanTree, level: type, **values: Any) -> PlanTree:
    """Return the plan with other values in its first row of a level."""
    if level is PlanTree:
        return replace(tree, **values)
    task = tree.tasks[0]
    measure = task.measures[0]
    action = measure.actions[0]
    if level is ResultRow:
        action = replace(action, results=(replace(action.results[0], **values), *action.results[1:]))
    if level is ActionRow:
        action = replace(action, **values)
    measure = replace(measure, actions=(action, *measure.actions[1:]))
    if level is MeasureRow:
        measure = replace(measure, **values)
    task = replace(task, measures=(measure, *task.measures[1:]))
    if level is TaskRow:
        task = replace(task, **values)
    return replace(tree, tasks=(task, *tree.tasks[1:]))
