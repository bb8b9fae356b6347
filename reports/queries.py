"""The only place of the reports that asks the database; it hands out finished rows.

The plan itself comes from `measures.tree`.
"""

from datetime import date

from measures.models import Action, Plan, ProgressUpdate, StrategyDirection

from .rows import UpdateRow


def direction_titles() -> dict[str, str]:
    """Return the titles of the KRSS2030 directions by their Roman numbers, in their order."""
    return dict(StrategyDirection.objects.order_by("sort_key").values_list("code", "title"))


def newest_updates(plan: Plan, until: date, count: int = 6) -> list[UpdateRow]:
    """Return the newest entries of the plan's journal up to a day."""
    updates = ProgressUpdate.objects.filter(plan=plan).until(until).newest_first().select_related("author")
    newest = list(updates[:count])
    action_ids = {update.action_id for update in newest}
    numbers = dict(Action.objects.filter(pk__in=action_ids).values_list("id", "number"))
    return [
        UpdateRow(
            action_number=numbers.get(update.action_id, ""),
            author=str(update.author),
            reported_on=update.reported_on,
            comment=update.comment,
        )
        for update in newest
    ]
