"""What the database holds of the rows of a work sheet, read in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from ...models import Action, Plan, PlannedResult, ProgressUpdate, ReportingPeriod
from ...reporting import current_period, default_day
from ...services.progress import check_day, newest_days
from .sheet import SheetRow, WorkSheet

# The texts that a row may hold beside values, by the fields of the journal that take them.
TEXTS = ("comment", "correction")


@dataclass(frozen=True, slots=True)
class EntryDay:
    """The day as of which an entry of an action would be written, and why it can't be ("" if it can)."""

    day: date
    why_not: str


@dataclass(frozen=True, slots=True)
class StoredRows:
    """The state of the data that a work sheet is compared with.

    results: by key, with the action; days: by the action's id; said: the action's id, the field and the text
    (see `alike`) of what its entries say since the sheet was made; versions: rows of history by the result's
    id, oldest first, from the one that the sheet was made of; only of results that have been changed since.
    """

    results: Mapping[str, PlannedResult]
    days: Mapping[int, EntryDay]
    said: Set[tuple[int, str, str]]
    versions: Mapping[int, Sequence[Any]]


def read_stored_rows(plan: Plan, sheet: WorkSheet) -> StoredRows:
    """Read what is stored of the rows of a sheet.

    Inside a transaction the rows are locked: what was compared stays so until the changes are written.
    """
    found = PlannedResult.objects.filter(plan=plan, key__in={row.key for row in sheet.rows})
    # The locks come in the same order as in recording and closing.
    actions = _read(Action.objects.filter(pk__in=found.values("action")))
    periods = list(_read(ReportingPeriod.objects.filter(plan=plan)).values())
    results = {result.key: result for result in _read(found).values()}
    for result in results.values():
        result.plan, result.action = plan, actions[result.action_id]
    return StoredRows(
        results,
        _entry_days(actions, periods),
        _said(actions, sheet.made_at) if _has_texts(sheet) else frozenset(),
        _versions(results, sheet.rows),
    )


def _read(rows: QuerySet[Any]) -> dict[int, Any]:
    """Return rows by id."""
    if connection.in_atomic_block:
        rows = rows.select_for_update(of=("self",))
    return {row.pk: row for row in rows.order_by("pk")}


def _entry_days(actions: Iterable[int], periods: Sequence[ReportingPeriod]) -> dict[int, EntryDay]:
    """Return the day of each action as `record_reports` would choose it."""
    today = timezone.localdate()
    period, newest = current_period(periods, today), newest_days(actions)
    days = {}
    for action in actions:
        day, why_not = default_day(period, newest.get(action), today), ""
        try:
            check_day(day, newest=newest.get(action), periods=periods, today=today)
        except ValidationError as error:
            why_not = " ".join(error.messages)
        days[action] = EntryDay(day, why_not)
    return days


def _has_texts(sheet: WorkSheet) -> bool:
    return any(row.values.get(name) for row in sheet.rows for name in TEXTS)


def alike(text: str) -> str:
    """Return a text in which blanks of any kind and number are one space; lines stay lines."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _said(actions: Iterable[int], made_at: datetime | None) -> Set[tuple[int, str, str]]:
    """Return the texts of the entries since then: a sheet that comes twice repeats them."""
    updates = ProgressUpdate.objects.standing().filter(action__in=actions)
    if made_at:
        updates = updates.filter(recorded_at__gte=made_at)
    return {
        (action, name, alike(text))
        for action, *texts in updates.values_list("action", *TEXTS)
        for name, text in zip(TEXTS, texts, strict=True)
        if text
    }


def _versions(results: Mapping[str, PlannedResult], rows: Iterable[SheetRow]) -> Mapping[int, Sequence[Any]]:
    """Return the history of the results since the sheet was made, of all that are newer, in one query."""
    seen = {
        result.pk: row.seen_version
        for row in rows
        if (result := results.get(row.key)) and row.seen_version < result.version
    }
    versions: dict[int, list[Any]] = defaultdict(list)
    if seen:
        history = PlannedResult.history.filter(id__in=seen, version__gte=min(seen.values()))
        for version in history.select_related("history_user").order_by("history_id"):
            if version.version >= seen[version.id]:
                versions[version.id].append(version)
    return versions
