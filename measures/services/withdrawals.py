"""Taking a mistaken report back: it stays in the journal, marked, and counts no more."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from akr_plan.models import User

from ..enums import PlanState, Status
from ..journal import State
from ..models import (
    Action,
    Plan,
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


def withdraw_update(*, update: ProgressUpdate, author: User, reason: str) -> Withdrawal:
    """Withdraw one report; see `withdraw_updates`."""
    return withdraw_updates(updates=[update], author=author, reason=reason)[0]


@transaction.atomic
def withdraw_updates(*, updates: Sequence[ProgressUpdate], author: User, reason: str) -> list[Withdrawal]:
    """Withdraw reports, all or nothing, in a constant number of statements.

    Their results go back to what the rest of the journal says of them. Raises PermissionDenied or
    ValidationError (no reason, withdrawn already, a closed period, a plan that is not active).
    """
    # The same locks in the same order as recording, so that both wait for each other and for a closing.
    actions = _locked(Action, pk__in={update.action_id for update in updates})
    plans = Plan.objects.in_bulk({update.plan_id for update in updates})
    periods = defaultdict(list)
    for period in _locked(ReportingPeriod, plan__in=plans).values():
        periods[period.plan_id].append(period)
    for update in updates:
        if not may_withdraw(author_id=update.author_id, action=actions.get(update.action_id), user=author):
            raise PermissionDenied
    if any(plan.state != PlanState.ACTIVE for plan in plans.values()):
        raise ValidationError(_("Progress can be recorded only in an active plan."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the entry is withdrawn.")})
    if Withdrawal.objects.filter(update__in=updates).exists():
        raise ValidationError(_("The entry is withdrawn already."))
    for update in updates:
        if closed := closed_period(update.reported_on, periods[update.plan_id]):
            raise ValidationError(closed_message(closed))
    withdrawals: list[Withdrawal] = Withdrawal.objects.bulk_create(
        Withdrawal(update=update, author=author, reason=reason.strip()) for update in updates
    )
    _restore_results(updates, author)
    return withdrawals


def _locked(model: Any, **conditions: Any) -> dict[int, Any]:
    """Return rows by id; nobody else changes them before the transaction ends."""
    return {row.pk: row for row in model.objects.select_for_update().filter(**conditions).order_by("pk")}


def _restore_results(updates: Sequence[ProgressUpdate], author: User) -> None:
    lines = ResultProgress.objects.filter(update__in=updates)
    results = list(_locked(PlannedResult, pk__in=lines.values("result")).values())
    known = newest_states(results)
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
