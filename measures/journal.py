"""The journal, ready to be shown: the entries of an action, and the states of a plan at any moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from .enums import Status
from .models import Action, Evidence, Plan, ProgressUpdate, ResultProgress


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
class WithdrawnNote:
    """By whom, when and why an entry was taken back."""

    author: str
    withdrawn_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One update with all that belongs to it.

    `ordinal` counts the updates of the action in the order of writing, from 1; it never changes, for none is
    ever taken away. `on_behalf_of` is empty where the owner reported.
    """

    ordinal: int
    author: str
    author_id: int
    on_behalf_of: str
    reported_on: date
    recorded_at: datetime
    comment: str
    correction: str
    nothing_new: bool
    changes: tuple[Change, ...]
    evidence: tuple[Evidence, ...]
    withdrawn: WithdrawnNote | None


def read_journal(action: Action) -> list[Entry]:
    """Return the entries of an action, newest first, in three queries."""
    updates = list(
        action.progress_updates.newest_first().select_related("author", "on_behalf_of", "withdrawal__author")
    )
    ordinals = {pk: ordinal for ordinal, pk in enumerate(sorted(update.pk for update in updates), start=1)}
    changes = _changes_by_update(
        ResultProgress.objects.filter(update__action=action)
        .select_related("result", "update__withdrawal")
        .order_by("update__reported_on", "id")
    )
    evidence: dict[int, list[Evidence]] = {}
    for document in Evidence.objects.filter(update__action=action):
        evidence.setdefault(document.update_id, []).append(document)
    return [
        _entry(update, ordinals[update.pk], changes.get(update.pk, []), evidence.get(update.pk, []))
        for update in updates
    ]


def find_update(action: Action, ordinal: int) -> ProgressUpdate:
    """Return the update of an action that was written as the `ordinal`-th, counting from 1."""
    update: ProgressUpdate = action.progress_updates.order_by("id")[ordinal - 1]
    return update


def states_at(plan: Plan, moment: datetime) -> dict[int, State]:
    """Return how the results stood as the program knew it at a moment, by the result's id, in one query.

    What was recorded, or withdrawn, later does not count, whatever day it speaks of. A result that nobody
    had reported on by then is left out.
    """
    lines = ResultProgress.objects.filter(update__plan=plan).known_at(moment)
    ordered = lines.order_by("update__reported_on", "update_id").values_list("result", "status", "percent")
    return {result: State(status, percent) for result, status, percent in ordered}


def _changes_by_update(lines: Iterable[ResultProgress]) -> dict[int, list[Change]]:
    """Return the changes of each update; the lines come oldest first, and withdrawn ones lead nowhere."""
    known: dict[int, State] = {}
    changes: dict[int, list[Change]] = {}
    for line in lines:
        after = State(line.status, line.percent)
        change = Change(line.result.key, line.result.text, known.get(line.result_id), after)
        changes.setdefault(line.update_id, []).append(change)
        if not hasattr(line.update, "withdrawal"):
            known[line.result_id] = after
    return changes


def _entry(update: ProgressUpdate, ordinal: int, changes: list[Change], evidence: list[Evidence]) -> Entry:
    withdrawal = getattr(update, "withdrawal", None)
    return Entry(
        ordinal=ordinal,
        author=str(update.author),
        author_id=update.author_id,
        on_behalf_of=str(update.on_behalf_of or ""),
        reported_on=update.reported_on,
        recorded_at=update.recorded_at,
        comment=update.comment,
        correction=update.correction,
        nothing_new=update.nothing_new,
        changes=tuple(changes),
        evidence=tuple(evidence),
        withdrawn=withdrawal
        and WithdrawnNote(str(withdrawal.author), withdrawal.withdrawn_at, withdrawal.reason),
    )
