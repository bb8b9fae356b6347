"""Takes back what a work sheet has changed, as long as nothing newer has come upon it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from akr_plan.models import User

from ...enums import ImportKind, PlanState
from ...models import Action, ImportJob, Plan, PlannedResult, ProgressUpdate, ReportingPeriod, save_all
from ...services.progress import closed_message, closed_period
from ...services.withdrawals import withdraw_updates
from .apply import TEXT_FIELDS, Written
from .words import few, field_named


def why_not_undone(plan: Plan, written: Written) -> str:
    """Return why what was written can't be taken back any more, "" if it can."""
    if plan.state != PlanState.ACTIVE:
        return _("Progress can be recorded only in an active plan.")
    if changed := _changed_since(plan, written):
        return _("Others have changed these results since the import: %(keys)s.") % {"keys": few(changed)}
    updates = ProgressUpdate.objects.filter(pk__in=written.updates)
    if updates.standing().count() != len(written.updates):
        return _("Some of the entries that were imported have been withdrawn already.")
    if newer := _newer_entries(written):
        return _("These actions have newer entries than those of the import: %(numbers)s.") % {
            "numbers": few(newer)
        }
    periods = ReportingPeriod.objects.filter(plan=plan)
    closed = [closed_period(day, periods) for day in set(updates.values_list("reported_on", flat=True))]
    return next((closed_message(period) for period in closed if period), "")


def _changed_since(plan: Plan, written: Written) -> list[str]:
    """Return the keys of the results that have another version than they were left with, or are gone."""
    results = PlannedResult.objects.filter(plan=plan, key__in=written.versions)
    stored = dict(results.values_list("key", "version"))
    return [key for key, version in written.versions.items() if stored.get(key) != version]


def _newer_entries(written: Written) -> list[str]:
    """Return the numbers of the actions that have been reported on since."""
    imported = ProgressUpdate.objects.filter(pk__in=written.updates)
    newer = (
        ProgressUpdate.objects.standing()
        .filter(action__in=imported.values("action"), pk__gt=min(written.updates, default=0))
        .exclude(pk__in=written.updates)
    )
    actions = Action.objects.filter(pk__in=newer.values("action"))
    return list(actions.order_by("sort_key").values_list("number", flat=True))


@transaction.atomic
def undo_written(plan: Plan, written: Written, author: User) -> None:
    """Withdraw the entries, and give the plan's own text its earlier values; all of it leaves history.

    Raises PermissionDenied, or ValidationError if it can't be undone any more.
    """
    if written.earlier and not author.has_perm("measures.change_plannedresult"):
        raise PermissionDenied
    updates = ProgressUpdate.objects.filter(pk__in=written.updates)
    # The same locks in the same order as in recording: from here on nothing newer comes between.
    for rows in (
        Action.objects.filter(pk__in=updates.values("action")),
        ReportingPeriod.objects.filter(plan=plan),
        PlannedResult.objects.filter(plan=plan, key__in=written.versions),
    ):
        list(rows.select_for_update().order_by("pk").values_list("pk"))
    if why_not := why_not_undone(plan, written):
        raise ValidationError(why_not)
    withdraw_updates(updates=list(updates), author=author, reason=_("The import was undone."))
    results = list(PlannedResult.objects.filter(plan=plan, key__in=written.earlier))
    for result in results:
        for name, value in written.earlier[result.key].items():
            setattr(result, name, field_named(name).to_python(value))
    save_all(results, TEXT_FIELDS, author=author, reason=_("The import was undone."))
    _pass_versions_on(plan, written)


def _pass_versions_on(plan: Plan, written: Written) -> None:
    """Let earlier imports know the versions that undoing has left, where this import followed on theirs.

    Else these versions, which say nothing new, would keep them from ever being undone.
    """
    stored = dict(
        PlannedResult.objects.filter(plan=plan, key__in=written.began).values_list("key", "version")
    )
    earlier = ImportJob.objects.applied().filter(kind=ImportKind.WORK_SHEET, plan=plan).only("written")
    for job in earlier.select_for_update(of=("self",)):
        left = job.written.get("versions", {})
        again = {key: stored[key] for key, began in written.began.items() if left.get(key) == began}
        if again:
            written_now = {**job.written, "versions": {**left, **again}}
            ImportJob.objects.filter(pk=job.pk).update(written=written_now)
