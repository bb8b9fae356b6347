"""Writes what a work sheet changes: entries of the journal, and the plan's own text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from akr_plan.models import User

from ...models import PlannedResult, save_all
from ...services.progress import ActionReport, ReportedResult, record_reports
from .compare import RowChange
from .sheet import PLAN_FIELDS

# What of the plan's own text a sheet changes; the state of a condition comes and goes with it.
TEXT_FIELDS = (*PLAN_FIELDS, "condition_state")


@dataclass(frozen=True, slots=True)
class Written:
    """What undoing needs.

    updates: ids of the entries; versions: of the results after writing, by key; earlier: the values of the
    plan's own fields before, by key and field, days in ISO form; began: versions before writing, by key.
    """

    updates: list[int] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    earlier: dict[str, dict[str, Any]] = field(default_factory=dict)
    began: dict[str, int] = field(default_factory=dict)


def write_changes(changes: Sequence[RowChange], author: User) -> Written:
    """Write, all or nothing, in a constant number of statements.

    Raises PermissionDenied, ValidationError, ProgressConflictError or ConflictError if others have changed
    something since the comparison.
    """
    updates = record_reports(reports=_reports(changes), author=author)
    changed = [change.result for change in changes if change.progress or change.plan_values]
    began = {result.key: result.version for result in changed}
    earlier, rewritten = {}, []
    for change in changes:
        result = change.result
        if change.progress:
            # As the journal has just written it.
            _set(result, change.progress)
            result.version += 1
        if change.plan_values:
            earlier[result.key] = {name: _plain(getattr(result, name)) for name in change.plan_values}
            _set(result, change.plan_values)
            rewritten.append(result)
    save_all(rewritten, TEXT_FIELDS, author=author, reason=_("Import"))
    versions = {result.key: result.version for result in changed}
    return Written([update.pk for update in updates], versions, earlier, began)


def _reports(changes: Iterable[RowChange]) -> list[ActionReport]:
    """Return a report for each wording within an action; those that name no result come first.

    Without a result a text speaks of the whole action, and later ones on a result go before it.
    """
    groups: dict[tuple[int, str, str], list[RowChange]] = defaultdict(list)
    for change in changes:
        if change.makes_entry:
            texts = change.texts.get("comment", ""), change.texts.get("correction", "")
            groups[(change.result.action_id, *texts)].append(change)
    reports = [
        ActionReport(
            group[0].result.action,
            [
                ReportedResult(change.result.key, change.result.version, **change.progress)
                for change in group
                if change.progress
            ],
            comment,
            correction,
        )
        for (_action, comment, correction), group in groups.items()
    ]
    return sorted(reports, key=lambda report: bool(report.results))


def _set(result: PlannedResult, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(result, name, value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
