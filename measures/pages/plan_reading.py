"""A plan document beside what was understood of it, place by place, finished for its template."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..exchange.document.tree import (
    ACTION_COLUMN,
    COLUMNS,
    MEASURE_COLUMN,
    RESOURCE_COLUMN,
    RESULT_COLUMN,
    ActionText,
    DocumentReading,
    MeasureText,
    ResultText,
    TaskText,
)
from ..exchange.plan_text.compare import in_words
from ..exchange.plan_text.lines import label


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing that was understood; its details are label and words."""

    label: str
    text: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One place of the document.

    line: 0 if it is not known; column: of the table, "" outside of it; number: in the plan;
    source: the lines of its words as the document has them; warnings: what was not read as it was written.
    """

    line: int
    column: str
    number: str
    source: tuple[str, ...]
    understood: tuple[Understood, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskReading:
    """A task with the places that belong to it."""

    number: str
    title: str
    rows: tuple[ReadingRow, ...]

    @property
    def warned(self) -> int:
        """Return how many warnings there are in it."""
        return sum(len(row.warnings) for row in self.rows)


class PlanReadingPage:
    """All places of a document; asks no database."""

    def __init__(self, reading: DocumentReading) -> None:
        self.plan = reading.plan
        self._warnings: dict[tuple[str, str], list[str]] = defaultdict(list)
        for notice in reading.warnings:
            self._warnings[notice.place.number, notice.place.column].append(notice.message)

    @cached_property
    def head(self) -> tuple[Understood, ...]:
        """Return what stands above the table."""
        fields = ("organisation", "title", "years", "goal")
        said = ((field, in_words(self.plan, field)) for field in fields)
        return tuple(Understood(label(field), words) for field, words in said if words)

    @cached_property
    def tasks(self) -> tuple[TaskReading, ...]:
        """Return the tasks in the order of the document."""
        return tuple(
            TaskReading(task.number, task.title, tuple(self._task_rows(task))) for task in self.plan.tasks
        )

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Return what was not read as it was written, and stands at none of the places."""
        shown = {(row.number, row.column) for task in self.tasks for row in task.rows}
        others = (messages for place, messages in self._warnings.items() if place not in shown)
        return tuple(message for messages in others for message in messages)

    def _task_rows(self, task: TaskText) -> Iterator[ReadingRow]:
        understood = Understood(pgettext("plan", "Task"), f"{task.number}. {task.title}")
        yield self._row(task.line, "", task.number, task.title, [understood])
        for measure in task.measures:
            yield self._measure_row(measure)
            for action in measure.actions:
                yield from self._action_rows(action)

    def _measure_row(self, measure: MeasureText) -> ReadingRow:
        source = measure.cell or f"{measure.number_as_written} {measure.title}"
        title = Understood(
            capfirst(pgettext("plan", "measure")),
            f"{measure.number}. {measure.title}",
            _details(measure, "codes"),
        )
        return self._row(measure.line, MEASURE_COLUMN, measure.number, source, [title])

    def _action_rows(self, action: ActionText) -> Iterator[ReadingRow]:
        title = Understood(
            capfirst(pgettext("plan", "action")),
            f"{action.number}. {action.title}",
            _details(action, "codes", "links"),
        )
        lead_in = [Understood(label("lead_in"), action.lead_in)] if action.lead_in else []
        understood = {
            ACTION_COLUMN: [title],
            RESULT_COLUMN: [*lead_in, *_results(action)],
            RESOURCE_COLUMN: [Understood(capfirst(_("resource")), name) for name in action.resources],
        }
        partners = [Understood(capfirst(_("partner")), name) for name in action.partners]
        columns = COLUMNS[1:]
        cells = action.cells if len(action.cells) == len(columns) else ("",) * len(columns)
        for column, cell in zip(columns, cells, strict=True):
            found = understood.get(column, partners)
            if cell or found or (action.number, column) in self._warnings:
                yield self._row(action.line, column, action.number, cell, found)

    def _row(self, line: int, column: str, number: str, source: str, found: list[Understood]) -> ReadingRow:
        lines = tuple(text for text in map(str.strip, source.splitlines()) if text)
        warnings = tuple(self._warnings.get((number, column), ()))
        return ReadingRow(line, column, number, lines, tuple(found), warnings)


def _results(action: ActionText) -> Iterator[Understood]:
    for number, result in enumerate(action.results, start=1):
        heading = _("Result %(number)d") % {"number": number}
        yield Understood(heading, result.text, _details(result, "sub_items", "period", "condition", "links"))


def _details(part: MeasureText | ActionText | ResultText, *fields: str) -> tuple[tuple[str, str], ...]:
    said = ((label(field), in_words(part, field)) for field in fields)
    return tuple((heading, words) for heading, words in said if words)
