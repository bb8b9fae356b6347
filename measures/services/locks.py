"""Locks that keep a whole plan as it is until a transaction ends."""

from django.db import connection

from ..models import Action, Plan, PlannedResult, ReportingPeriod


def lock_plan(plan: Plan) -> None:
    """Keep a plan's actions, periods, results and itself from others, and read `plan` anew.

    Outside a transaction nothing can be kept, and nothing is read. Raises Plan.DoesNotExist.
    """
    if not connection.in_atomic_block:
        return
    # In the order of recording and closing, which therefore wait instead of blocking each other.
    for model in (Action, ReportingPeriod, PlannedResult):
        rows = model._default_manager.filter(plan=plan).select_for_update(of=("self",)).order_by("pk")
        list(rows.values_list("pk"))
    # Rows that refer to the plan may be added meanwhile: only its own values have to stay.
    plan.refresh_from_db(from_queryset=Plan.objects.select_for_update(of=("self",), no_key=True))
