"""Why parts of a plan document can't be written: what is too long for its field, or out of its bounds."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst

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
from ..document.tree import ActionText, MeasureText, PlanText, ResultText, TaskText


def faults_of(part: Any, *, with_results: bool) -> Iterator[str]:
    """Yield a sentence for each fault of a part, those of an action's results if they come with it."""
    if isinstance(part, PlanText):
        years = {"first_year": part.first_year, "last_year": part.last_year}
        plan = Plan(title=part.title, organisation=part.organisation, goal=part.goal, **years)
        yield from row_faults(plan, "title", "organisation", "goal", "first_year", "last_year")
    elif isinstance(part, TaskText):
        yield from row_faults(Task(number=part.number, title=part.title), "number", "title")
    elif isinstance(part, MeasureText):
        measure = Measure(number=part.number, number_as_written=part.number_as_written, title=part.title)
        yield from row_faults(measure, "number", "number_as_written", "title")
        yield from _wording_faults(MeasureCode, (code.as_written for code in part.codes))
    elif isinstance(part, ActionText):
        yield from row_faults(Action(number=part.number, title=part.title), "number", "title")
        yield from _wording_faults(ActionCode, (code.as_written for code in part.codes))
        yield from _wording_faults(ActionResource, part.resources)
        yield from _wording_faults(ActionPartner, part.partners)
        for result in part.results if with_results else ():
            yield from faults_of(result, with_results=False)
    elif isinstance(part, ResultText):
        row = PlannedResult(
            text=part.text,
            first_year=part.first_year,
            last_year=part.last_year,
            period_text=part.period_text,
        )
        yield from row_faults(row, "text", "first_year", "last_year", "period_text")


def _wording_faults(model: type[Any], wordings: Iterable[str]) -> Iterator[str]:
    for wording in wordings:
        yield from row_faults(model(as_written=wording), "as_written")


def row_faults(row: Any, *fields: str) -> Iterator[str]:
    """Yield what is wrong with some fields of a row; asks no database."""
    exclude = {field.name for field in row._meta.fields} - set(fields)
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            heading = capfirst(str(row._meta.get_field(field).verbose_name))
            yield f"{heading}: {' '.join(messages)}"
