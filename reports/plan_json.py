"""The plan with its progress as JSON, in the format that docs/plan-json.md describes."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from measures.tree.rows import ActionRow, CodeRow, LinkRow, MeasureRow, NameRow, PlanTree, ResultRow

FORMAT = "akr-plan/1"


class TextStream(Protocol):
    """Whatever takes text: a file, a response, a command's output."""

    def write(self, text: str, /) -> object:
        """Take a piece of text."""


def write_plan_json(tree: PlanTree, stream: TextStream) -> None:
    """Write the plan as readable JSON with its letters as they are; a file is to be opened as UTF-8."""
    stream.write(json.dumps(plan_as_json(tree), ensure_ascii=False, indent=2) + "\n")


def plan_file_name(tree: PlanTree) -> str:
    """Return a name for the file: veiklos-planas-2023-2024_bukle-2024-12-31.json."""
    return f"veiklos-planas-{tree.slug}_bukle-{tree.as_of.isoformat()}.json"


def plan_as_json(tree: PlanTree) -> dict[str, Any]:
    """Return the plan in values that JSON knows, in the order of the document."""
    return {
        "format": FORMAT,
        "as_of": tree.as_of.isoformat(),
        "plan": {
            "slug": tree.slug,
            "organisation": tree.organisation,
            "title": tree.title,
            "goal": tree.goal,
            "first_year": tree.first_year,
            "last_year": tree.last_year,
        },
        "tasks": [
            {
                "number": task.number,
                "title": task.title,
                "measures": [_measure(measure) for measure in task.measures],
            }
            for task in tree.tasks
        ],
    }


def _measure(measure: MeasureRow) -> dict[str, Any]:
    return {
        "number": measure.number,
        "number_as_written": measure.number_as_written,
        "title": measure.title,
        "codes": _codes(measure.codes),
        "horizontal_priorities": _priorities(measure.codes),
        "actions": [_action(action) for action in measure.actions],
    }


def _action(action: ActionRow) -> dict[str, Any]:
    percent = action.percent
    return {
        "number": action.number,
        "title": action.title,
        "lead_in": action.lead_in,
        "links": _links(action.links),
        "codes": _codes(action.codes),
        "horizontal_priorities": _priorities(action.codes),
        "owner": action.owner_username or None,
        "status": action.status.value,
        "percent": None if percent is None else round(percent, 1),
        "resources": _names(action.resources),
        "partners": _names(action.partners),
        "results": [_result(result) for result in action.results],
    }


def _result(result: ResultRow) -> dict[str, Any]:
    return {
        "key": result.key,
        "text": result.text,
        "sub_items": list(result.sub_items),
        "first_year": result.first_year,
        "last_year": result.last_year,
        "period_text": result.period_text,
        "condition": result.condition,
        "condition_state": result.progress.condition_state or None,
        "projects": list(result.projects),
        "links": _links(result.links),
        "status": result.status.value,
        "percent": result.percent,
        "schedule": result.schedule.value if result.schedule else None,
    }


def _codes(codes: Iterable[CodeRow]) -> list[dict[str, str]]:
    return [
        {"code": code.code, "kind": str(code.kind), "as_written": code.as_written}
        for code in codes
        if not code.is_priority
    ]


def _priorities(codes: Iterable[CodeRow]) -> list[str]:
    return [code.code for code in codes if code.is_priority]


def _names(names: Iterable[NameRow]) -> list[dict[str, str]]:
    return [{"name": name.name, "as_written": name.as_written} for name in names]


def _links(links: Sequence[LinkRow]) -> list[dict[str, str]]:
    return [{"text": link.text, "href": link.href} for link in links]
