"""The document's five columns with status and progress: what stands in the cells of the plan's PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from akr_plan.templatetags.plan_text import percent
from measures.tree.rows import ActionRow, CodeRow, MeasureRow, NameRow, PlanTree, ResultRow, TaskRow

from ..plan_words import TASK, mention
from .words import Words, linked


@dataclass(frozen=True, slots=True)
class ResultCells:
    """A planned result: text, sub-items and period of the document, and how it stands."""

    text: Sequence[Words]
    sub_items: Sequence[Sequence[Words]]
    period: str
    standing: str
    label: str
    percent: str


@dataclass(frozen=True, slots=True)
class ActionCells:
    """An action; `lead_in` stands before its results."""

    title: Sequence[Words]
    lead_in: Sequence[Words]
    results: Sequence[ResultCells]
    resources: Sequence[str]
    partners: Sequence[str]


@dataclass(frozen=True, slots=True)
class MeasureCells:
    """A measure with its actions."""

    title: str
    actions: Sequence[ActionCells]


@dataclass(frozen=True, slots=True)
class Band:
    """A task: a line across the table, and its measures."""

    title: str
    measures: Sequence[MeasureCells]


def plan_bands(tree: PlanTree) -> list[Band]:
    """Return the whole table."""
    return [_band(task) for task in tree.tasks]


def _band(task: TaskRow) -> Band:
    return Band(f"{task.number} {TASK}: {task.title}", [_measure(row) for row in task.measures])


def _measure(measure: MeasureRow) -> MeasureCells:
    title = f"{measure.number_as_written} {measure.title}"
    return MeasureCells(title + _codes(title, measure.codes), [_action(row) for row in measure.actions])


def _action(action: ActionRow) -> ActionCells:
    title = f"{action.number}. {action.title}"
    before, lead_in = linked([title, action.lead_in], action.links)
    return ActionCells(
        title=[*before, Words(_codes(title, action.codes))],
        lead_in=lead_in if any(words.text.strip() for words in lead_in) else [],
        results=[_result(row) for row in action.results],
        resources=_names(action.resources),
        partners=_names(action.partners),
    )


def _result(result: ResultRow) -> ResultCells:
    text, *sub_items = linked([result.text, *result.sub_items], result.links)
    return ResultCells(
        text=text,
        sub_items=sub_items,
        period=result.period_text,
        standing=result.standing.value,
        label=str(result.standing.label),
        percent=percent(result.percent),
    )


def _codes(title: str, codes: Iterable[CodeRow]) -> str:
    """Return the codes in parentheses, except those that the title already names."""
    mentions = [words for code in codes if (words := mention(code)) not in title]
    return f" ({', '.join(mentions)})" if mentions else ""


def _names(names: Iterable[NameRow]) -> list[str]:
    return [row.as_written for row in names]
