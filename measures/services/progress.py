"""The one way in which a status changes: a dated entry in the journal.

Pages, imports and bulk commands all come through `record_progress`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akr_plan.models import User

from .. import rules
from ..enums import PlanState, Status
from ..journal import State
from ..models import Action, Evidence, PlannedResult, ProgressUpdate, ResultProgress


@dataclass(frozen=True, slots=True)
class ReportedResult:
    """What somebody reports of one result, and the version of it that he or she was looking at."""

    key: str
    seen_version: int
    status: str
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A result that somebody else changed while this report was being written."""

    stored: PlannedResult
    changed_by: str
    reported: ReportedResult

    @property
    def stored_state(self) -> State:
        """Return what stands in the plan now."""
        return State(self.stored.status, self.stored.percent)

    @property
    def reported_state(self) -> State:
        """Return what was to be written."""
        return State(self.reported.status, self.reported.percent)


class ProgressConflictError(Exception):
    """Nothing was recorded, because others have changed the same results meanwhile."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(_("Somebody else has changed the same results meanwhile."))
        self.conflicts = conflicts


@transaction.atomic
def record_progress(
    *,
    action: Action,
    author: User,
    results: Iterable[ReportedResult],
    comment: str = "",
    correction: str = "",
    link: str = "",
    reported_on: date | None = None,
) -> ProgressUpdate:
    """Record how the results of one action stand on a day (today unless given), all or nothing.

    Results that stand as before leave no line. Raises PermissionDenied, ValidationError (a bad percent or
    day, a plan that is not active, nothing to record) or ProgressConflictError.
    """
    # The lock makes two reports on one action wait for each other.
    action = Action.objects.select_for_update(of=("self",)).select_related("plan").get(pk=action.pk)
    if not action.may_be_updated_by(author):
        raise PermissionDenied
    if action.plan.state != PlanState.ACTIVE:
        raise ValidationError(_("Progress can be recorded only in an active plan."))
    reported_on = reported_on or timezone.localdate()
    stored = {result.key: result for result in action.results.all()}
    changes = _find_changes(stored, results)
    if not (changes or comment or correction or link):
        raise ValidationError(_("Nothing is changed yet: change a status or write what was done."))
    _check_day(action, reported_on)
    update = ProgressUpdate.objects.create(
        plan=action.plan,
        action=action,
        author=author,
        reported_on=reported_on,
        comment=comment,
        correction=correction,
    )
    if link:
        Evidence.objects.create(update=update, link=link)
    for reported in changes:
        _write_line(update, stored[reported.key], reported)
    return update


def _find_changes(
    stored: dict[str, PlannedResult], results: Iterable[ReportedResult]
) -> list[ReportedResult]:
    changes, conflicts = [], []
    for reported in results:
        check_progress(reported.status, reported.percent)
        result = stored.get(reported.key)
        if result is None:
            raise ValidationError(
                _("The result %(key)s is no longer in this action. Open the page again.")
                % {"key": reported.key}
            )
        wanted = (reported.status, rules.percent_for(reported.status, reported.percent))
        if wanted == (result.status, result.percent):
            continue
        if result.version == reported.seen_version:
            changes.append(reported)
        elif wanted != _as_seen(result, reported.seen_version):
            conflicts.append(Conflict(result, _last_author(result), reported))
    if conflicts:
        raise ProgressConflictError(conflicts)
    return changes


def _as_seen(result: PlannedResult, version: int) -> tuple[str, int | None] | None:
    """Return status and percent of the version that the reporter was looking at."""
    seen: tuple[str, int | None] | None = (
        result.history.filter(version=version).values_list("status", "percent").first()
    )
    return seen


def _last_author(result: PlannedResult) -> str:
    newest = result.history.select_related("history_user").latest()
    return str(newest.history_user or "")


def check_progress(status: str, percent: int | None) -> None:
    """Raise ValidationError unless the status exists and the percent is a possible one."""
    if status not in Status.values:
        raise ValidationError(_("There is no status “%(status)s”.") % {"status": status})
    if percent is not None and not 0 <= percent <= 100:
        raise ValidationError(_("The percent has to be from 0 to 100."))


def _check_day(action: Action, reported_on: date) -> None:
    """Refuse days that would turn the order of the journal round."""
    if reported_on > timezone.localdate():
        raise ValidationError({"reported_on": _("This day has not come yet.")})
    newest = action.progress_updates.newest_first().first()
    if newest and reported_on < newest.reported_on:
        message = _("There is a later entry already (%(day)s). Choose that day or a later one.")
        raise ValidationError({"reported_on": message % {"day": date_format(newest.reported_on, "Y-m-d")}})


def _write_line(update: ProgressUpdate, result: PlannedResult, reported: ReportedResult) -> None:
    result.status = reported.status
    result.percent = rules.percent_for(reported.status, reported.percent)
    result._history_user = update.author  # type: ignore[attr-defined] # simple-history reads it
    result._change_reason = _("Progress update")  # type: ignore[attr-defined] # simple-history reads it
    result.save()
    ResultProgress.objects.create(update=update, result=result, status=result.status, percent=result.percent)
