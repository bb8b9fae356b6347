"""Taking a mistaken report back: it stays in the journal, marked, and counts no more."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from akr_plan.models import User

from ..enums import PlanState, Status
from ..journal import State
from ..models import (
    Action,
    PlannedResult,
    ProgressUpdate,
    ReportingPeriod,
    ResultProgress,
    Withdrawal,
    save_all,
)
from .progress import closed_message, closed_period


def may_withdraw(*, author_id: int, action: Action | None, user: User) -> bool:
    """Return whether a user may take a report back: its author, while he or she reports on the action.

    The action is None if it is gone.
    """
    if user.has_perm("measures.record_any_progress"):
        return True
    return author_id == user.pk and action is not None and action.may_be_updated_by(user)


@transaction.atomic
def withdraw_update(*, update: ProgressUpdate, author: User, reason: str) -> Withdrawal:
    """Withdraw a report; its results go back to what the rest of the journal says of them.

    Raises PermissionDenied or ValidationError (no reason, withdrawn already, a closed period, a plan that is
    not active).
    """
    # The same locks in the same order as recording, so that both wait for each other and for a closing.
    action = Action.objects.select_for_update().filter(pk=update.action_id).first()
    periods = list(ReportingPeriod.objects.select_for_update().filter(plan=update.plan_id).order_by("pk"))
    if not may_withdraw(author_id=update.author_id, action=action, user=author):
        raise PermissionDenied
    if update.plan.state != PlanState.ACTIVE:
        raise ValidationError(_("Progress can be recorded only in an active plan."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the entry is withdrawn.")})
    if Withdrawal.objects.filter(update=update).exists():
        raise ValidationError(_("The entry is withdrawn already."))
    if closed := closed_period(update.reported_on, periods):
        raise ValidationError(closed_message(closed))
    withdrawal = Withdrawal.objects.create(update=update, author=author, reason=reason.strip())
    _restore_results(update, author)
    return withdrawal


def _restore_results(update: ProgressUpdate, author: User) -> None:
    results = PlannedResult.objects.select_for_update().filter(progress_lines__update=update).order_by("pk")
    known = newest_states(list(results))
    changed = []
    for result in results:
        state = known.get(result.pk, State(Status.NOT_STARTED, 0))
        if state != State(result.status, result.percent):
            result.status, result.percent = state.status, state.percent
            changed.append(result)
    save_all(changed, ["status", "percent"], author=author, reason=_("Progress update withdrawn"))


def newest_states(results: list[PlannedResult]) -> dict[int, State]:
    """Return what the standing entries of the journal last said of each result, by its id."""
    lines = ResultProgress.objects.standing().filter(result__in=[result.pk for result in results])
    ordered = lines.order_by("update__reported_on", "update_id").values_list("result", "status", "percent")
    return {result: State(status, percent) for result, status, percent in ordered}
