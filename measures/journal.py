"""The journal of one action, ready to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from .enums import Status
from .models import Action, Evidence, ProgressUpdate, ResultProgress


@dataclass(frozen=True, slots=True)
class State:
    """A status with its percent, in words."""

    status: str
    percent: int | None

    @property
    def label(self) -> str:
        """Return for example „Vykdoma 60 %“; a percent that the status implies is left out."""
        label = str(Status(self.status).label)
        if self.status != Status.IN_PROGRESS or self.percent is None:
            return label
        return f"{label} {self.percent}\N{NO-BREAK SPACE}%"


@dataclass(frozen=True, slots=True)
class Change:
    """What an update changed in one result; `before` is None if the journal says nothing earlier."""

    key: str
    text: str
    before: State | None
    after: State


@dataclass(frozen=True, slots=True)
class Entry:
    """One update with all that belongs to it."""

    author: str
    reported_on: date
    recorded_at: datetime
    comment: str
    correction: str
    changes: tuple[Change, ...]
    evidence: tuple[Evidence, ...]


def read_journal(action: Action) -> list[Entry]:
    """Return the entries of an action, newest first, in three queries."""
    updates = action.progress_updates.newest_first().select_related("author")
    changes = _changes_by_update(
        ResultProgress.objects.filter(update__action=action)
        .select_related("result")
        .order_by("update__reported_on", "id")
    )
    evidence: dict[int, list[Evidence]] = {}
    for document in Evidence.objects.filter(update__action=action):
        evidence.setdefault(document.update_id, []).append(document)
    return [_entry(update, changes.get(update.pk, []), evidence.get(update.pk, [])) for update in updates]


def _changes_by_update(lines: Iterable[ResultProgress]) -> dict[int, list[Change]]:
    """Return the changes of each update; the lines come oldest first."""
    known: dict[int, State] = {}
    changes: dict[int, list[Change]] = {}
    for line in lines:
        after = State(line.status, line.percent)
        change = Change(line.result.key, line.result.text, known.get(line.result_id), after)
        changes.setdefault(line.update_id, []).append(change)
        known[line.result_id] = after
    return changes


def _entry(update: ProgressUpdate, changes: list[Change], evidence: list[Evidence]) -> Entry:
    return Entry(
        author=str(update.author),
        reported_on=update.reported_on,
        recorded_at=update.recorded_at,
        comment=update.comment,
        correction=update.correction,
        changes=tuple(changes),
        evidence=tuple(evidence),
    )
