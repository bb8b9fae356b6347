"""The journal of a plan, read once: how it stood on any day, as it was known at any moment."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from measures.models import Plan, ProgressUpdate
from measures.tree.states import States

from ..trend import Changes
from .changes import ENTRY_COLUMNS, Cut, Entry


class Line(NamedTuple):
    """A report with one of the results that it changed, if any, in the columns of `States.of`."""

    update: int
    action: int
    reported_on: date
    done: str
    proposed: str
    result: int | None
    status: str | None
    percent: int | None


COLUMNS = (
    "id",
    "action_id",
    "reported_on",
    "comment",
    "correction",
    "lines__result_id",
    "lines__status",
    "lines__percent",
)


@dataclass(frozen=True, slots=True)
class Journal:
    """All reports up to a day, the withdrawn ones too, oldest first."""

    rows: Sequence[tuple[Line, Entry]]

    def states(self, cut: Cut) -> States:
        """Return how it stood in a state."""
        return States.of(self._counting(cut))

    def changes(self, cut: Cut, ids: Collection[int]) -> Changes:
        """Return what a state knows of each of these results, oldest first."""
        changes: dict[int, list[tuple[date, str]]] = defaultdict(list)
        for line in self._counting(cut):
            if line.result in ids and line.result and line.status:
                changes[line.result].append((line.reported_on, line.status))
        return changes

    def entries(self) -> list[Entry]:
        """Return the reports in the order of their days and of their writing."""
        ordered = sorted(self.rows, key=lambda row: (row[0].reported_on, row[0].update))
        return [entry for _line, entry in ordered]

    def _counting(self, cut: Cut) -> Iterator[Line]:
        return (line for line, entry in self.rows if entry.counts(cut))


def read_journal(plan: Plan, until: date) -> Journal:
    """Return the journal up to a day, in one query."""
    updates = ProgressUpdate.objects.filter(plan=plan).until(until)
    rows = updates.order_by("reported_on", "lines__id", "id").values_list(*COLUMNS, *ENTRY_COLUMNS)
    end = len(COLUMNS)
    return Journal([(Line._make(row[:end]), Entry._make(row[end:])) for row in rows])
