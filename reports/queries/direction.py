"""What the reports on directions ask the journal for; it hands out finished days."""

from datetime import date

from measures.enums import Status
from measures.models import Plan, ResultProgress
from measures.tree.reader import moment_of
from measures.tree.rows import PlanTree
from measures.tree.source import Source


def read_finished_days(plan: Plan, tree: PlanTree) -> dict[str, date]:
    """Return on which day each result that is done was reported as done, by its key, in two queries.

    It is the day of the first of those reports that no later one contradicts.
    """
    # Who has been deleted since still counts on the day of the tree, so ids have to be those of that day.
    moment = None if tree.is_today else moment_of(plan, tree.as_of)
    keys = dict(Source(plan, moment).results().values_list("id", "key"))
    lines = ResultProgress.objects.filter(update__plan=plan).until(tree.as_of).standing()
    ordered = lines.order_by("update__reported_on", "id")
    days: dict[int, date] = {}
    for result, day, status in ordered.values_list("result_id", "update__reported_on", "status"):
        if status == Status.DONE:
            days.setdefault(result, day)
        else:
            days.pop(result, None)
    return {keys[result]: day for result, day in days.items() if result in keys}
