"""Reads a plan from the database as its document would say it, together with the rows that say so."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    Measure,
    MeasureCode,
    Plan,
    PlannedResult,
    Task,
)
from ..document.tree import ActionText, CodeMention, Link, MeasureText, PlanText, ResultText, TaskText

LINKS = (MeasureCode, ActionCode, ActionResource, ActionPartner)


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan's text and its rows: by number; results and links by the number of what they belong to.

    The results of an action and the links of one place are in their order, as in `text`.
    """

    plan: Plan
    text: PlanText
    tasks: dict[str, Task]
    measures: dict[str, Measure]
    actions: dict[str, Action]
    results: dict[str, list[PlannedResult]]
    links: dict[tuple[type[Any], str], list[Any]]

    @property
    def positions(self) -> dict[str, list[int]]:
        """Return the positions of the results by the number of their action."""
        return {number: [result.position for result in rows] for number, rows in self.results.items()}

    def links_of(self, model: type[Any], number: str) -> list[Any]:
        """Return the links of a kind that a measure or an action has."""
        return self.links.get((model, number), [])


def read_stored_plan(plan: Plan) -> StoredPlan:
    """Return a plan as it is now, in eight queries.

    A name stands as it was written; several spellings of one partner or resource stand in one text, with
    semicolons between them. A code that was never written has no wording. What is added to the plan between
    two of the queries may be left out.
    """
    tasks = {task.number: task for task in Task.objects.filter(plan=plan)}
    measures = {measure.number: measure for measure in Measure.objects.filter(plan=plan)}
    actions = {action.number: action for action in Action.objects.filter(plan=plan)}
    numbers = {action.pk: action.number for action in actions.values()}
    results = defaultdict(list)
    for result in PlannedResult.objects.filter(plan=plan).order_by("position", "id"):
        if number := numbers.get(result.action_id):
            results[number].append(result)
    links = defaultdict(list)
    for model in LINKS:
        for link in _links(model, plan):
            links[model, getattr(link, model.owner_field).number].append(link)
    head = PlanText(plan.organisation, plan.title, plan.goal, plan.first_year, plan.last_year, ())
    stored = StoredPlan(plan, head, tasks, measures, actions, dict(results), dict(links))
    return replace(stored, text=replace(head, tasks=_tasks(stored)))


def _links(model: Any, plan: Plan) -> Sequence[Any]:
    rows = model.objects.filter(**{f"{model.owner_field}__plan": plan})
    found: Sequence[Any] = rows.select_related(model.owner_field, model.reference_field).order_by(
        "position", "id"
    )
    return found


def _tasks(stored: StoredPlan) -> tuple[TaskText, ...]:
    actions = defaultdict(list)
    for action in stored.actions.values():
        actions[action.measure_id].append(_action_text(stored, action))
    measures = defaultdict(list)
    for measure in stored.measures.values():
        measures[measure.task_id].append(
            MeasureText(
                measure.number,
                measure.number_as_written,
                measure.title,
                _mentions(stored.links_of(MeasureCode, measure.number)),
                tuple(actions[measure.pk]),
            )
        )
    return tuple(
        TaskText(task.number, task.title, tuple(measures[task.pk])) for task in stored.tasks.values()
    )


def _action_text(stored: StoredPlan, action: Action) -> ActionText:
    number = action.number
    return ActionText(
        number=number,
        title=action.title,
        lead_in=action.lead_in,
        codes=_mentions(stored.links_of(ActionCode, number)),
        links=_hyperlinks(action.links),
        results=tuple(map(_result_text, stored.results.get(number, ()))),
        resources=tuple(map(wording, stored.links_of(ActionResource, number))),
        partners=tuple(map(wording, stored.links_of(ActionPartner, number))),
    )


def _result_text(result: PlannedResult) -> ResultText:
    return ResultText(
        text=result.text,
        sub_items=tuple(result.sub_items),
        first_year=result.first_year,
        last_year=result.last_year,
        period_text=result.period_text,
        condition=result.condition,
        links=_hyperlinks(result.links),
    )


def wording(link: Any) -> str:
    """Return how the document writes a partner or resource, its spellings with semicolons between them."""
    return "; ".join(spellings(link))


def spellings(link: Any) -> list[str]:
    """Return the spellings of a partner or resource in one cell."""
    reference = getattr(link, link.reference_field)
    written = (" ".join(name.split()) for name in (link.as_written or reference.name).split(";"))
    return [name for name in written if name] or [reference.name]


def _mentions(links: Sequence[Any]) -> tuple[CodeMention, ...]:
    """Return the codes; priorities come last, as in documents."""
    codes = (CodeMention(link.code.code, link.code.kind, link.as_written) for link in links)
    return tuple(sorted(codes, key=lambda code: code.kind == "priority"))


def _hyperlinks(links: Sequence[dict[str, str]]) -> tuple[Link, ...]:
    return tuple(Link(link["text"], link["href"]) for link in links)
