"""Plans as documents say them, for tests of their import, and what tests look at."""

from dataclasses import replace
from typing import Any

from django.db import transaction

from akr_plan.models import User
from measures.enums import ImportKind, LineKind
from measures.exchange.document.reader import read_document
from measures.exchange.document.tree import (
    ActionText,
    DocumentReading,
    MeasureText,
    PlanText,
    ResultText,
    TaskText,
)
from measures.exchange.fixtures import AKR_DOCUMENT
from measures.exchange.plan_text.handlers import PlanTextImport
from measures.exchange.plan_text.writer import known_names
from measures.exchange.preview import Line, Preview
from measures.models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    ImportJob,
    Measure,
    MeasureCode,
    Partner,
    PartnerAlias,
    Plan,
    PlannedResult,
    Resource,
    ResultProject,
    StrategyCode,
    Task,
)

TREE_MODELS = (
    *(Plan, Task, Measure, Action, PlannedResult),
    *(MeasureCode, ActionCode, ActionPartner, ActionResource, ResultProject),
)
REGISTER_MODELS = (Partner, PartnerAlias, Resource, StrategyCode)


def job_for(kind: ImportKind, author: User, plan: Plan | None = None, **choices: Any) -> ImportJob:
    return ImportJob(kind=kind, owner=author, plan=plan, choices=choices)


def reading_of(text: PlanText) -> DocumentReading:
    return DocumentReading(text, ())


def real_text() -> PlanText:
    known = known_names(Partner), known_names(Resource)
    return read_document(AKR_DOCUMENT.read_text(encoding="utf-8"), *known).plan


def compared(plan: Plan, text: PlanText, author: User, **choices: Any) -> Preview:
    return PlanTextImport().preview(job_for(ImportKind.PLAN_TEXT, author, plan, **choices), reading_of(text))


def counted(preview: Preview) -> dict[LineKind, int]:
    return {kind: number for kind, number in preview.counts.items() if number}


def touched(preview: Preview) -> list[Line]:
    return [line for line in preview.lines if line.kind not in (LineKind.UNCHANGED, LineKind.MISSING)]


def apply(handler: Any, job: ImportJob, text: PlanText, author: User) -> None:
    """Write what a preview in the same transaction shows."""
    with transaction.atomic():
        job.stamp = handler.preview(job, reading_of(text)).stamp
        job.written = handler.apply(job, reading_of(text), author)


def undo(handler: Any, job: ImportJob, author: User) -> None:
    assert handler.why_not_undone(job) == ""
    with transaction.atomic():
        handler.undo(job, author)


def state_of(*models: Any) -> dict[str, list[dict[str, Any]]]:
    """Return all rows but their versions, which only ever grow."""
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name != "version"}
            for row in model.objects.order_by("pk").values()
        ]
        for model in models
    }


def plain(**values: Any) -> PlanText:
    """Return a plan of one action."""
    action = ActionText(
        "1.1.1",
        "Veiksmas 1.1.1",
        results=(ResultText("Rezultatas 1", (), 2023, 2024, "2023–2024"),),
        partners=("Palangos miestas",),
    )
    action = replace(action, **values)
    measure = MeasureText("1.1", "1.1.", "Priemonė 1.1", (), (action,))
    return PlanText(
        "KLAIPĖDOS REGIONAS",
        "VEIKLOS PLANAS 2023-2024 M.",
        "Tikslas",
        2023,
        2024,
        (TaskText("1", "Uždavinys 1", (measure,)),),
    )


def with_actions(text: PlanText, change: Any) -> PlanText:
    """Return the plan with what `change` makes of each measure's actions."""
    return replace(
        text,
        tasks=tuple(
            replace(task, measures=tuple(replace(m, actions=change(m.actions)) for m in task.measures))
            for task in text.tasks
        ),
    )


def with_action(text: PlanText, number: str, **values: Any) -> PlanText:
    """Return the plan with one action otherwise."""

    def change(actions: tuple[ActionText, ...]) -> tuple[ActionText, ...]:
        return tuple(replace(a, **values) if a.number == number else a for a in actions)

    return with_actions(text, change)


def actions_of(text: PlanText) -> dict[str, ActionText]:
    return {
        action.number: action
        for task in text.tasks
        for measure in task.measures
        for action in measure.actions
    }
