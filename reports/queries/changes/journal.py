"""Who changed the progress of results, and who reported on actions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from measures.history.kinds import ACTION, RESULT
from measures.models import Plan, ProgressUpdate

from ...rows import REPORT, STATE, Writing
from .cut import Cut
from .names import Key, Names, People


class Entry(NamedTuple):
    """A report with one of the results that it changed, if any, and how it was withdrawn, if it was."""

    action: int
    result: int | None
    reported_on: date
    recorded_at: datetime
    author: int
    on_behalf_of: int | None
    withdrawn_at: datetime | None
    withdrawn_by: int | None

    def is_made(self, cut: Cut) -> bool:
        """Return whether a state had this report, withdrawn or not."""
        return self.reported_on <= cut.day and _is_by(self.recorded_at, cut.known_at)

    def counts(self, cut: Cut) -> bool:
        """Return whether a state is made of this report, too."""
        is_withdrawn = self.withdrawn_at is not None and _is_by(self.withdrawn_at, cut.known_at)
        return self.is_made(cut) and not is_withdrawn

    def keys(self, names: Names) -> Iterator[Key]:
        """Yield what the report is about."""
        yield from names.keys(ACTION, self.action, REPORT)
        if self.result is not None:
            yield from names.keys(RESULT, self.result, STATE)


ENTRY_COLUMNS = (
    "action_id",
    "lines__result_id",
    "reported_on",
    "recorded_at",
    "author_id",
    "on_behalf_of_id",
    "withdrawal__withdrawn_at",
    "withdrawal__author_id",
)


def _is_by(moment: datetime, limit: datetime | None) -> bool:
    return limit is None or moment <= limit


def read_entries(plan: Plan, before: Cut, after: Cut) -> list[Entry]:
    """Return the reports that may count in one of two states only, once for each result that they changed."""
    differs = Q(reported_on__gt=before.day)
    if before.known_at:
        differs |= Q(recorded_at__gt=before.known_at) | Q(withdrawal__withdrawn_at__gt=before.known_at)
    updates = ProgressUpdate.objects.filter(differs, plan=plan).until(after.day).order_by("reported_on", "id")
    return [Entry._make(row) for row in updates.values_list(*ENTRY_COLUMNS)]


def in_journal(
    entries: Iterable[Entry], before: Cut, after: Cut, names: Names, people: People
) -> Iterator[tuple[Key, Writing]]:
    """Yield who reported on actions and changed results; who withdrew reports, where none came instead."""
    made: dict[Key, list[Writing]] = defaultdict(list)
    withdrawn: dict[Key, list[Writing]] = defaultdict(list)
    for entry in entries:
        if entry.counts(after) and not entry.is_made(before):
            of_kind = made
            writing = people.wrote(entry.author, entry.recorded_at, entry.reported_on, entry.on_behalf_of)
        elif entry.withdrawn_at and entry.withdrawn_by and entry.counts(before) and not entry.counts(after):
            of_kind = withdrawn
            writing = people.wrote(entry.withdrawn_by, entry.withdrawn_at)
        else:
            continue
        for key in entry.keys(names):
            of_kind[key].append(writing)
    for key, writings in {**withdrawn, **made}.items():
        for writing in writings:
            yield key, writing
