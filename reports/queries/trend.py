"""What the trend asks the journal for; it hands out finished figures."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import connection
from django.db.models import Q

from measures.enums import Status
from measures.models import Plan, ResultProgress
from measures.tree.reader import head_of, moment_of
from measures.tree.rows import PlanTree
from measures.tree.source import Source

from ..trend import Changes, Trend, finished_by_day
from .changes import Cut

# By how many more results of today's plan were done after each day, as standing entries of the journal say.
FINISHED_SQL = """
WITH line AS (
    SELECT entry.reported_on, entry.result_done - LAG(entry.result_done, 1, 0) OVER (
            PARTITION BY entry.result_id ORDER BY entry.reported_on, entry.id
        ) AS more
    FROM (
        SELECT line.id, line.result_id, report.reported_on,
            CASE WHEN line.status = %(done)s THEN 1 ELSE 0 END AS result_done
        FROM measures_resultprogress AS line
            JOIN measures_progressupdate AS report ON report.id = line.update_id
            JOIN measures_plannedresult AS result ON result.id = line.result_id
            LEFT JOIN measures_withdrawal AS withdrawal ON withdrawal.update_id = report.id
        WHERE report.plan_id = %(plan)s AND report.reported_on <= %(today)s AND withdrawal.id IS NULL
    ) AS entry
)
SELECT CAST(reported_on AS VARCHAR(10)), SUM(more)
FROM line
WHERE more <> 0
GROUP BY reported_on
"""


def read_trend(plan: Plan, tree: PlanTree, frozen: Cut | None = None) -> Trend:
    """Return how the results of a tree came to be done, in two queries; it may be a part of the plan.

    `frozen` is the cut of the closed period that froze the tree, if one did.
    """
    # Who has been deleted since still counts on the day of the tree, so ids have to be those of that day.
    moment = None if tree.is_today else moment_of(plan, tree.as_of)
    source = Source(plan, frozen.text_at if frozen else moment)
    ids = ids_of(tree, dict(source.results().values_list("id", "key")))
    known_at = frozen.known_at if frozen else None
    return trend_of(tree, _read_changes(plan, tree.as_of, known_at, ids))


def ids_of(tree: PlanTree, keys: Mapping[int, str]) -> set[int]:
    """Return the ids of the results of a tree; `keys` has those of the whole plan on its day."""
    wanted = {result.key for _action, result in tree.results()}
    return {pk for pk, key in keys.items() if key in wanted}


def trend_of(tree: PlanTree, changes: Changes) -> Trend:
    """Return how the results of a tree came to be done, of what the journal says of them."""
    due = Counter(result.due_on for _action, result in tree.results() if result.progress.is_counted)
    return Trend.of(tree, finished_by_day(changes), due)


def _read_changes(plan: Plan, until: date, known_at: datetime | None, ids: Collection[int]) -> Changes:
    """Return what the journal says of each of these results up to a day, oldest first: as it is known now,
    or as it was known at a moment.
    """
    changes: dict[int, list[tuple[date, str]]] = defaultdict(list)
    lines = ResultProgress.objects.filter(update__plan=plan).until(until)
    if known_at:
        stood = Q(update__withdrawal=None) | Q(update__withdrawal__withdrawn_at__gt=known_at)
        lines = lines.filter(stood, update__recorded_at__lte=known_at)
    else:
        lines = lines.standing()
    ordered = lines.order_by("update__reported_on", "id")
    for result, day, status in ordered.values_list("result_id", "update__reported_on", "status"):
        if result in ids:
            changes[result].append((day, status))
    return changes


def read_trend_today(plan: Plan, today: date, due: Mapping[date, int]) -> Trend:
    """Return the same for the whole plan as it stands today, in one query and without its tree.

    `due` says how many counted results have their term on each day, as the roll-up has it.
    """
    with connection.cursor() as cursor:
        cursor.execute(FINISHED_SQL, {"done": Status.DONE.value, "plan": plan.pk, "today": today.isoformat()})
        finished = {date.fromisoformat(day): int(more) for day, more in cursor}
    return Trend.of(head_of(plan, today), finished, due)
