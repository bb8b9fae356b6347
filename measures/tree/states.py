"""What the journal says up to a day: statuses, notes, and when each action was last reported on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Max, Value

from ..enums import Status
from ..models import Plan, PlannedResult, ProgressUpdate
from ..rules import Progress
from .rows import Note


@dataclass(frozen=True, slots=True)
class Notes:
    """The newest texts of one sort, by the id of the result, and of the action where they speak of it all."""

    of_results: dict[int, Note] = field(default_factory=dict)
    of_actions: dict[int, Note] = field(default_factory=dict)

    def add(self, note: Note, action: int, result: int | None) -> None:
        """Take a text that is newer than those before; without a changed result it speaks of the action."""
        if result is None:
            self.of_actions[action] = note
        else:
            self.of_results[result] = note

    def on(self, item: PlannedResult) -> Note | None:
        """Return the newest text on the result or on its action as a whole."""
        found = (self.of_results.get(item.pk), self.of_actions.get(item.action_id))
        notes = [note for note in found if note is not None]
        return max(notes, key=lambda note: (note.reported_on, note.update), default=None)


@dataclass(frozen=True, slots=True)
class States:
    """What the journal says, by the id of the result or the action; read in one query."""

    progress: Mapping[int, Progress]
    notes: Notes
    corrections: Notes
    last_reports: Mapping[int, date]

    @classmethod
    def of_today(cls, plan: Plan) -> "States":
        """Read when each action was last reported on; today's statuses stand on the results themselves."""
        newest = ProgressUpdate.objects.filter(plan=plan).standing().order_by().values_list("action_id")
        return cls({}, Notes(), Notes(), dict(newest.annotate(Max("reported_on"))))

    @classmethod
    def until(cls, plan: Plan, day: date | None, *, with_notes: bool) -> "States":
        """Read all that was reported up to a day (None: ever) and not withdrawn since."""
        lines = (
            ProgressUpdate.objects.filter(plan=plan)
            .standing()
            .until(day)
            .annotate(
                **{
                    name: F(field) if with_notes else Value("")
                    for name, field in {"done": "comment", "proposed": "correction"}.items()
                }
            )
            .order_by("reported_on", "lines__id", "id")
            .values_list(
                "id",
                "action_id",
                "reported_on",
                "done",
                "proposed",
                "lines__result_id",
                "lines__status",
                "lines__percent",
            )
        )
        return cls.of(lines)

    @classmethod
    def of(cls, lines: Iterable[tuple[Any, ...]]) -> "States":
        """Sum up lines of the journal, oldest first, of the columns that `until` reads."""
        progress: dict[int, Progress] = {}
        notes, corrections = Notes(), Notes()
        last_reports: dict[int, date] = {}
        for update, action, reported_on, done, proposed, result, status, percent in lines:
            last_reports[action] = reported_on
            if result is not None:
                progress[result] = Progress(status, percent)
            for known, text in ((notes, done), (corrections, proposed)):
                if text:
                    known.add(Note(update, reported_on, text), action, result)
        return cls(progress, notes, corrections, last_reports)

    def progress_of(self, item: PlannedResult) -> Progress:
        """Return status and percent on the day; the condition is a matter of the plan's text."""
        state = self.progress.get(item.pk, Progress(Status.NOT_STARTED, 0))
        return Progress(state.status, state.percent, item.condition_state)
