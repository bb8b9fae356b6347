"""What the Word document says beside the plan's tree."""

from datetime import date

from measures.models import Plan, ProgressUpdate


def last_corrections(plan: Plan, day: date) -> dict[str, str]:
    """Return what was last proposed to change up to a day, by the keys of the action's results."""
    proposed = (
        ProgressUpdate.objects.filter(plan=plan)
        .standing()
        .until(day)
        .exclude(correction="")
        .order_by("reported_on", "id")
    )
    # Of several, the last one stays.
    return dict(proposed.values_list("action__results__key", "correction"))
