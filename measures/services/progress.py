"""The one way in which a status changes: a dated entry in the journal.

Pages, imports and bulk commands all come through `record_reports`; `record_progress` is its short form for
one action.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akr_plan.models import User

from .. import rules
from ..enums import PlanState, Status
from ..evidence.files import EvidenceFile
from ..journal import State
from ..models import (
    Action,
    Evidence,
    PlannedResult,
    ProgressUpdate,
    ReportingPeriod,
    ResultProgress,
    save_all,
)
from ..reporting import current_period, default_day

STATUSES = frozenset(Status.values)


@dataclass(frozen=True, slots=True)
class ReportedResult:
    """What somebody reports of one result, and the version of it that he or she was looking at."""

    key: str
    seen_version: int
    status: str
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class ActionReport:
    """What somebody reports of one action; `reported_on` is chosen by `reporting.default_day` if left out."""

    action: Action
    results: Sequence[ReportedResult] = ()
    comment: str = ""
    correction: str = ""
    link: str = ""
    files: Sequence[EvidenceFile] = ()
    nothing_new: bool = False
    reported_on: date | None = None

    @property
    def says_something(self) -> bool:
        """Return whether the report is one even if no result changes."""
        return bool(self.comment or self.correction or self.link or self.files or self.nothing_new)


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


def record_progress(
    *,
    action: Action,
    author: User,
    results: Iterable[ReportedResult] = (),
    comment: str = "",
    correction: str = "",
    link: str = "",
    files: Sequence[EvidenceFile] = (),
    nothing_new: bool = False,
    reported_on: date | None = None,
) -> ProgressUpdate:
    """Record how the results of one action stand; see `record_reports`."""
    report = ActionReport(
        action, tuple(results), comment, correction, link, tuple(files), nothing_new, reported_on
    )
    return record_reports(reports=[report], author=author)[0]


def record_reports(*, reports: Sequence[ActionReport], author: User) -> list[ProgressUpdate]:
    """Record reports, all or nothing, in a constant number of statements.

    An action may have several reports, written in their order, as long as no result is in two of them.
    Results that stand as before leave no line. Raises PermissionDenied, ValidationError (a bad percent or
    day, a plan that is not active, a closed period, nothing to record) or ProgressConflictError.
    """
    keys = [(report.action.pk, key) for report in reports for key in {item.key for item in report.results}]
    if len(set(keys)) < len(keys):
        raise ValueError("One report for each result.")
    saved_files: list[FieldFile] = []
    try:
        with transaction.atomic():
            return _Recording(reports, author, saved_files).write()
    except BaseException:
        # The database forgets them by itself, the disk doesn't.
        for file in saved_files:
            file.storage.delete(str(file.name))
        raise


class _Recording:
    """One call of `record_reports`, inside its transaction."""

    def __init__(self, reports: Sequence[ActionReport], author: User, saved_files: list[FieldFile]) -> None:
        self.reports, self.author, self.saved_files = reports, author, saved_files
        self.today = timezone.localdate()
        ids = {report.action.pk for report in reports}
        # The locks make two reports on one action wait for each other, and a closing wait for both.
        self.actions = {
            action.pk: action
            for action in Action.objects.select_for_update(of=("self",))
            .filter(pk__in=ids)
            .prefetch_related("plan")
            .order_by("pk")
        }
        self.periods = defaultdict(list)
        plan_ids = {action.plan_id for action in self.actions.values()}
        for period in ReportingPeriod.objects.select_for_update().filter(plan__in=plan_ids).order_by("pk"):
            self.periods[period.plan_id].append(period)
        self.stored: dict[int, dict[str, PlannedResult]] = defaultdict(dict)
        for result in PlannedResult.objects.select_for_update().filter(action__in=ids).order_by("pk"):
            self.stored[result.action_id][result.key] = result
        self.newest_days = newest_days(ids)

    def write(self) -> list[ProgressUpdate]:
        for action_id in {report.action.pk for report in self.reports}:
            self._check(self.actions.get(action_id))
        changes = self._find_changes()
        days = [self._day(report) for report in self.reports]
        for report, changed in zip(self.reports, changes, strict=True):
            if not (changed or report.says_something):
                raise ValidationError(_("Nothing is changed yet: change a status or write what was done."))
        updates = ProgressUpdate.objects.bulk_create(
            self._update(report, day) for report, day in zip(self.reports, days, strict=True)
        )
        for update, report in zip(updates, self.reports, strict=True):
            self._write_evidence(update, report)
        self._write_lines(updates, changes)
        return list(updates)

    def _check(self, action: Action | None) -> None:
        """Refuse authors and plans that may not report."""
        if action is None or not action.may_be_updated_by(self.author):
            raise PermissionDenied
        if action.plan.state != PlanState.ACTIVE:
            raise ValidationError(_("Progress can be recorded only in an active plan."))

    def _day(self, report: ActionReport) -> date:
        """Return the day as of which a report is; what others did meanwhile is told before it is refused."""
        action = self.actions[report.action.pk]
        newest = self.newest_days.get(action.pk)
        periods = self.periods[action.plan_id]
        day = report.reported_on or default_day(current_period(periods, self.today), newest, self.today)
        check_day(day, newest=newest, periods=periods, today=self.today)
        return day

    def _find_changes(self) -> list[list[ReportedResult]]:
        """Return the reported results of each report that differ from what is stored."""
        changes, conflicts = [], []
        for report in self.reports:
            changed, clashing = _compare(self.stored[report.action.pk], report.results)
            changes.append(changed)
            conflicts += clashing
        if conflicts:
            raise ProgressConflictError(conflicts)
        return changes

    def _update(self, report: ActionReport, day: date) -> ProgressUpdate:
        action = self.actions[report.action.pk]
        return ProgressUpdate(
            plan_id=action.plan_id,
            action_id=action.pk,
            author_id=self.author.pk,
            on_behalf_of_id=action.owner_id if action.owner_id != self.author.pk else None,
            reported_on=day,
            comment=report.comment,
            correction=report.correction,
            nothing_new=report.nothing_new,
        )

    def _write_evidence(self, update: ProgressUpdate, report: ActionReport) -> None:
        if report.link:
            Evidence.objects.create(update=update, link=report.link)
        for file in report.files:
            evidence = Evidence(
                update=update,
                title=file.title,
                file_type=file.file_type,
                size=file.size,
                sha256=file.sha256,
            )
            evidence.file.save(file.title, file.content, save=False)
            self.saved_files.append(evidence.file)
            evidence.save()

    def _write_lines(
        self, updates: Sequence[ProgressUpdate], changes: Sequence[Sequence[ReportedResult]]
    ) -> None:
        lines, results = [], []
        for update, changed in zip(updates, changes, strict=True):
            for reported in changed:
                result = self.stored[update.action_id][reported.key]
                result.status = reported.status
                result.percent = rules.percent_for(reported.status, reported.percent)
                results.append(result)
                lines.append(
                    ResultProgress(
                        update_id=update.pk,
                        result_id=result.pk,
                        status=result.status,
                        percent=result.percent,
                    )
                )
        save_all(results, ["status", "percent"], author=self.author, reason=_("Progress update"))
        ResultProgress.objects.bulk_create(lines)


def _compare(
    stored: dict[str, PlannedResult], results: Iterable[ReportedResult]
) -> tuple[list[ReportedResult], list[Conflict]]:
    """Return what is to be changed, and what somebody else has changed meanwhile."""
    changes, conflicts = {}, []
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
            changes[reported.key] = reported
        elif wanted != _as_seen(result, reported.seen_version):
            conflicts.append(Conflict(result, _last_author(result), reported))
    return list(changes.values()), conflicts


def _as_seen(result: PlannedResult, version: int) -> tuple[str, int | None] | None:
    """Return status and percent of the version that the reporter was looking at."""
    seen: tuple[str, int | None] | None = (
        result.history.filter(version=version).values_list("status", "percent").first()
    )
    return seen


def _last_author(result: PlannedResult) -> str:
    return str(result.history.select_related("history_user").latest().history_user)


def check_progress(status: str, percent: int | None) -> None:
    """Raise ValidationError unless the status exists and the percent is a possible one."""
    if status not in STATUSES:
        raise ValidationError(_("There is no status “%(status)s”.") % {"status": status})
    if percent is not None and not 0 <= percent <= 100:
        raise ValidationError(_("The percent has to be from 0 to 100."))


def newest_days(action_ids: Iterable[int]) -> dict[int, date]:
    """Return the day of the newest standing report of each of these actions that has any, in one query."""
    updates = ProgressUpdate.objects.standing().filter(action__in=action_ids)
    return dict(updates.order_by().values_list("action").annotate(Max("reported_on")))


def check_day(day: date, *, newest: date | None, periods: Iterable[ReportingPeriod], today: date) -> None:
    """Refuse days that would turn the order of the journal round, or that belong to a closed period."""
    message = ""
    if day > today:
        message = _("This day has not come yet.")
    elif newest and day < newest:
        message = _("There is a later entry already (%(day)s). Choose that day or a later one.") % {
            "day": date_format(newest, "Y-m-d")
        }
    elif closed := closed_period(day, periods):
        message = closed_message(closed)
    if message:
        raise ValidationError({"reported_on": message})


def closed_period(day: date, periods: Iterable[ReportingPeriod]) -> ReportingPeriod | None:
    """Return the closed period that a day belongs to, if there is one."""
    return next((p for p in periods if p.is_closed and p.starts_on <= day <= p.ends_on), None)


def closed_message(period: ReportingPeriod) -> str:
    """Return what to do about a period that is closed."""
    return _(
        "The period “%(period)s” is closed (up to %(day)s). Choose a later day, or ask an administrator to "
        "reopen the period."
    ) % {"period": period, "day": date_format(period.ends_on, "Y-m-d")}
