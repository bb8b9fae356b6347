"""What the journal says up to a day: statuses, notes, and when each action was last reported on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Max, Value

from ..enums import Status
from ..models import Plan, PlannedResult, ProgressUpdate
from ..rules import Progress
from .rows import Note


@dataclass(frozen=True, slots=True)
class States:
    """What the journal says, by the id of the result or the action; read in one query."""

    progress: Mapping[int, Progress]
    notes: Mapping[int, Note]
    action_notes: Mapping[int, Note]
    last_reports: Mapping[int, date]

    @classmethod
    def of_today(cls, plan: Plan) -> "States":
        """Read when each action was last reported on; today's statuses stand on the results themselves."""
        newest = ProgressUpdate.objects.filter(plan=plan).standing().order_by().values_list("action_id")
        return cls({}, {}, {}, dict(newest.annotate(Max("reported_on"))))

    @classmethod
    def until(cls, plan: Plan, day: date | None, *, with_notes: bool) -> "States":
        """Read all that was reported up to a day (None: ever) and not withdrawn since."""
        progress: dict[int, Progress] = {}
        notes: dict[int, Note] = {}
        action_notes: dict[int, Note] = {}
        last_reports: dict[int, date] = {}
        lines = (
            ProgressUpdate.objects.filter(plan=plan)
            .standing()
            .until(day)
            .annotate(said=F("comment") if with_notes else Value(""))
            .order_by("reported_on", "lines__id", "id")
            .values_list(
                "id",
                "action_id",
                "reported_on",
                "said",
                "lines__result_id",
                "lines__status",
                "lines__percent",
            )
        )
        for update, action, reported_on, comment, result, status, percent in lines:
            last_reports[action] = reported_on
            note = Note(update, reported_on, comment) if comment else None
            if result is not None:
                progress[result] = Progress(status, percent)
                if note:
                    notes[result] = note
            elif note:
                # A note without a changed result speaks of the whole action.
                action_notes[action] = note
        return cls(progress, notes, action_notes, last_reports)

    def progress_of(self, item: PlannedResult) -> Progress:
        """Return status and percent on the day; the condition is a matter of the plan's text."""
        state = self.progress.get(item.pk, Progress(Status.NOT_STARTED, 0))
        return Progress(state.status, state.percent, item.condition_state)

    def note_on(self, item: PlannedResult) -> Note | None:
        """Return the newest note on the result or on its action as a whole."""
        notes = [
            note
            for note in (self.notes.get(item.pk), self.action_notes.get(item.action_id))
            if note is not None
        ]
        return max(notes, key=lambda note: (note.reported_on, note.update), default=None)
