"""Brings a filled-in work sheet back: compared with what is stored, written to the journal, taken back."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from akr_plan.models import User

from ...enums import LineKind, PlanState
from ...models import ImportJob, Plan
from ..child import read_in_child
from ..preview import Line, Preview
from ..stored_json import read_stored
from .apply import Written, write_changes
from .compare import ComparedRow, RowChange, compare_sheet
from .sheet import WorkSheet
from .stored import StoredRows, read_stored_rows
from .undo import undo_written, why_not_undone
from .words import few


class WorkSheetImport:
    """The handler of work sheets; see `ImportHandler`."""

    parsed_type = WorkSheet

    def read(self, content: bytes) -> WorkSheet:
        """Return what is in the file. Raises DocumentError if it is no work sheet, or FileRefusedError."""
        sheet: WorkSheet = read_in_child("work_sheet", content)
        return sheet

    def preview(self, job: ImportJob, parsed: WorkSheet) -> Preview:
        """Return what confirming would do now.

        Conflicts are decided by `job.choices["conflicts"]`: by key, "file" or "keep".
        """
        return _compare(job, parsed)[0]

    @transaction.atomic
    def apply(self, job: ImportJob, parsed: WorkSheet, author: User) -> dict[str, Any]:
        """Write what the preview says, and return what `undo` needs.

        Raises ValueError if rows are refused or undecided; PermissionDenied, ProgressConflictError or
        ConflictError if others have changed something since the preview outside of this transaction.
        """
        preview, changes = _compare(job, parsed)
        if preview.is_refused or preview.has_conflicts:
            raise ValueError("Refused rows and conflicts can't be written.")
        return asdict(write_changes(changes, author))

    def why_not_undone(self, job: ImportJob) -> str:
        """Return why the import can't be undone any more, "" if it can."""
        plan = _plan_of(job)
        return why_not_undone(plan, _written(job)) if plan else _deleted()

    def undo(self, job: ImportJob, author: User) -> None:
        """Withdraw the entries and give the plan's own text back its earlier values.

        Raises PermissionDenied, or ValidationError if it can't be undone any more.
        """
        plan = _plan_of(job)
        if plan is None:
            raise ValidationError(_deleted())
        undo_written(plan, _written(job), author)


def _written(job: ImportJob) -> Written:
    written: Written = read_stored(Written, job.written)
    return written


def _plan_of(job: ImportJob) -> Plan | None:
    """Return the plan as it is now, None if it has been deleted."""
    return None if job.plan_id is None else Plan.objects.filter(pk=job.plan_id).first()


def _deleted() -> str:
    return _("The plan of this work sheet has been deleted.")


def _compare(job: ImportJob, sheet: WorkSheet) -> tuple[Preview, list[RowChange]]:
    """Return what is to be done, to be shown and to be written."""
    plan = _plan_of(job)
    why_not = _why_not_at_all(plan, sheet) if plan else _deleted()
    if plan is None or why_not:
        return Preview((*sheet.refused, Line(LineKind.REFUSED, "", reason=why_not))), []
    stored = read_stored_rows(plan, sheet)
    rows = compare_sheet(sheet, stored, choices=job.choices.get("conflicts", {}), owner=job.owner)
    changes = [row.change for row in rows if row.change]
    remarks = (*_repeated(rows), *_days(changes, stored))
    return Preview((*sheet.refused, *(row.line for row in rows)), remarks), changes


def _why_not_at_all(plan: Plan, sheet: WorkSheet) -> str:
    if sheet.plan != plan.slug:
        return _(
            "The work sheet was made of the plan “%(other)s”, not of “%(plan)s”. Choose that plan or another "
            "file."
        ) % {"other": sheet.plan, "plan": plan.slug}
    if plan.state != PlanState.ACTIVE:
        return _("Progress can be recorded only in an active plan.")
    if sheet.made_at and _is_younger(plan, sheet.made_at):
        return _(
            "The work sheet was made on %(day)s, before the plan “%(plan)s” was put in here: it belongs to "
            "an earlier plan with the same short name. Download a new work sheet and type the values there."
        ) % {"day": date_format(localtime(sheet.made_at), "Y-m-d H:i"), "plan": plan.slug}
    return ""


def _is_younger(plan: Plan, made_at: datetime) -> bool:
    """Return whether the plan was put in after this moment, which is rounded down to a second."""
    began = plan.history.order_by("history_id").values_list("history_date", flat=True).first()
    return began is not None and made_at < began.replace(microsecond=0)


def _repeated(rows: Iterable[ComparedRow]) -> tuple[str, ...]:
    """Return in which rows a text is not recorded again; without changes they are not shown at first."""
    repeated = [str(row.repeats) for row in rows if row.repeats]
    message = _(
        "These rows say what the journal says already since the work sheet was made, so their texts are not "
        "recorded again: %(rows)s."
    )
    return (message % {"rows": few(repeated)},) if repeated else ()


def _days(changes: Iterable[RowChange], stored: StoredRows) -> tuple[str, ...]:
    """Return the days of the entries: that of most actions, and today where there is a later one already."""
    days = {stored.days[change.result.action_id].day for change in changes if change.makes_entry}
    words = [
        _("The entries will be dated %(day)s."),
        _("Where an action has a later entry already, the new one will be dated %(day)s."),
    ]
    return tuple(
        text % {"day": date_format(day, "Y-m-d")} for text, day in zip(words, sorted(days), strict=False)
    )
