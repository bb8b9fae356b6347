"""The figures of a plan: pure arithmetic over finished rows, the same for every page and file.

An action's percent is the mean of its counted results; every higher level and every breakdown is the mean
over its actions. Counts are of planned results, and each result has one standing, so they add up.

`rollup_sql` works the same figures out in the database where today's are asked for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from measures import rules
from measures.enums import Schedule, Standing, Status
from measures.tree.rows import ActionRow, CodeRow, PlanTree, ResultRow


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of some actions as of a day."""

    actions: int
    results: int
    standings: dict[Standing, int]
    percent: float | None
    counted: int
    known: int
    due: int
    due_done: int
    due_today: int
    late: int
    due_soon: int

    def count(self, standing: Standing) -> int:
        """Return how many results have this standing."""
        return self.standings.get(standing, 0)

    @property
    def not_counted(self) -> int:
        """Return how many results are left out: postponed, cancelled, waiting for a condition."""
        return self.results - self.counted

    @property
    def due_done_share(self) -> float | None:
        """Return which percent of the results that were due is done, or None if none was due."""
        return 100 * self.due_done / self.due if self.due else None


def is_due(result: ResultRow, as_of: date) -> bool:
    """Return whether the result was to be done by the day: it counts, and its term ends no later."""
    return result.progress.is_counted and result.due_on <= as_of


def summarise(actions: Iterable[ActionRow], as_of: date) -> Summary:
    """Return the figures of the actions."""
    actions = list(actions)
    results = [result for action in actions for result in action.results]
    counted = [result for result in results if result.progress.is_counted]
    due = [result for result in counted if is_due(result, as_of)]
    standings: dict[Standing, int] = {}
    for result in results:
        standings[result.standing] = standings.get(result.standing, 0) + 1
    late = standings.get(Standing.LATE, 0)
    due_done = sum(result.status == Status.DONE for result in due)
    return Summary(
        actions=len(actions),
        results=len(results),
        standings=standings,
        percent=rules.mean(action.percent for action in actions),
        counted=len(counted),
        known=sum(result.percent is not None for result in counted),
        due=len(due),
        due_done=due_done,
        due_today=len(due) - due_done - late,
        late=late,
        due_soon=sum(result.schedule == Schedule.DUE_SOON for result in results),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a breakdown: `key` names it in addresses, `number` is what people see before the title."""

    key: str
    number: str
    title: str | Promise
    summary: Summary
    children: Sequence["Group"] = field(default=())


@dataclass(frozen=True, slots=True)
class RollUp:
    """All figures of a plan as of a day; tasks have their measures as children, directions their codes."""

    total: Summary
    tasks: Sequence[Group]
    directions: Sequence[Group]
    years: Sequence[Group]


WITHOUT_CODE = "be-kodo"
PRIORITIES = "prioritetai"


def roll_up(tree: PlanTree, titles: Mapping[str, str]) -> RollUp:
    """Return all figures; `titles` maps the KRSS2030 directions to their titles, in their order."""
    total = summarise(tree.actions, tree.as_of)
    return RollUp(total, by_task(tree), by_direction(tree, titles), by_year(tree))


def by_task(tree: PlanTree) -> list[Group]:
    """Return the figures of each task, with those of its measures as children, as the document has them."""
    return [
        Group(
            task.number,
            task.number,
            task.title,
            summarise(task.actions, tree.as_of),
            [
                Group(row.number, row.number, row.title, summarise(row.actions, tree.as_of))
                for row in task.measures
            ],
        )
        for task in tree.tasks
    ]


def by_direction(tree: PlanTree, titles: Mapping[str, str]) -> list[Group]:
    """Return the figures of each KRSS2030 direction, with those of its codes as children.

    An action with codes of two directions counts in both.
    """
    actions: dict[str, list[ActionRow]] = {}
    for action in tree.actions:
        for key in _directions_of(action):
            actions.setdefault(key, []).append(action)
    return arrange_directions(titles, by_code(tree), lambda key: summarise(actions.get(key, ()), tree.as_of))


def _directions_of(action: ActionRow) -> set[str]:
    codes = action.effective_codes
    return {PRIORITIES if code.is_priority else code.direction for code in codes} or {WITHOUT_CODE}


def arrange_directions(
    titles: Mapping[str, str],
    codes: Iterable[tuple[Group, CodeRow]],
    summary_of: Callable[[str], Summary],
) -> list[Group]:
    """Return the groups of the directions in their order, each with those of its codes.

    Horizontal priorities and actions without any code come last.
    """
    children: dict[str, list[Group]] = {}
    for group, code in codes:
        children.setdefault(PRIORITIES if code.is_priority else code.direction, []).append(group)
    labels: dict[str, str | Promise] = {
        **titles,
        PRIORITIES: _("Horizontal priorities"),
        WITHOUT_CODE: _("Without a KRSS2030 code"),
    }
    return [
        Group(key, key if key in titles else "", label, summary_of(key), children.get(key, ()))
        for key, label in labels.items()
    ]


def by_code(tree: PlanTree) -> list[tuple[Group, CodeRow]]:
    """Return the figures of each code that an action carries, in the order of the strategy."""
    actions: dict[str, list[ActionRow]] = {}
    rows: dict[str, CodeRow] = {}
    for action in tree.actions:
        for code in action.effective_codes:
            rows.setdefault(code.code, code)
            actions.setdefault(code.code, []).append(action)
    ordered = sorted(rows.values(), key=lambda code: code.sort_key)
    return [(code_group(code, summarise(actions[code.code], tree.as_of)), code) for code in ordered]


def code_group(code: CodeRow, summary: Summary) -> Group:
    """Return the row of a code; a horizontal priority has no number."""
    return Group(code.code, "" if code.is_priority else code.code, code.title, summary)


def by_year(tree: PlanTree) -> list[Group]:
    """Return the figures of the results whose term ends in each year; an action counts with those alone."""
    years = sorted({result.due_on.year for _action, result in tree.results()})
    return [year_group(str(year), summarise(_due_in(tree, year), tree.as_of)) for year in years]


def year_group(year: str, summary: Summary) -> Group:
    """Return the row of a year."""
    return Group(year, "", year, summary)


def _due_in(tree: PlanTree, year: int) -> Iterable[ActionRow]:
    for action in tree.actions:
        if results := tuple(result for result in action.results if result.due_on.year == year):
            yield action.with_results(results)
