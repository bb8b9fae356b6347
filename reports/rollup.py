"""The figures of a plan: pure arithmetic over finished rows, the same for every page and file.

An action's percent is the mean of its counted results; every higher level and every breakdown is the mean
over its actions. Counts are of planned results, and each result has one standing, so they add up.
"""

from collections.abc import Callable, Iterable, Sequence
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


WITHOUT_CODE = "be-kodo"
PRIORITIES = "prioritetai"


def by_task(tree: PlanTree) -> list[Group]:
    """Return the figures of each task, in the order of the document."""
    return [
        Group(task.number, task.number, task.title, summarise(task.actions, tree.as_of))
        for task in tree.tasks
    ]


def by_direction(tree: PlanTree, titles: dict[str, str]) -> list[Group]:
    """Return the figures of each KRSS2030 direction, with those of its codes as children.

    `titles` maps the directions to their titles, in their order. Horizontal priorities and actions without
    any code come last; an action with codes of two directions counts in both.
    """
    codes = by_code(tree)
    groups = [
        _group(
            tree,
            key=code,
            number=code,
            title=title,
            belongs=_of_direction(code),
            children=[group for group, code_row in codes if code_row.direction == code],
        )
        for code, title in titles.items()
    ]
    groups.append(
        _group(
            tree,
            key=PRIORITIES,
            number="",
            title=_("Horizontal priorities"),
            belongs=lambda row: any(item.is_priority for item in row.effective_codes),
            children=[group for group, code_row in codes if code_row.is_priority],
        )
    )
    groups.append(
        _group(
            tree,
            key=WITHOUT_CODE,
            number="",
            title=_("Without a KRSS2030 code"),
            belongs=lambda row: not row.effective_codes,
        )
    )
    return groups


def _of_direction(code: str) -> Callable[[ActionRow], bool]:
    return lambda row: any(item.direction == code for item in row.effective_codes)


def by_code(tree: PlanTree) -> list[tuple[Group, CodeRow]]:
    """Return the figures of each code that an action carries, in the order of the strategy."""
    actions: dict[str, list[ActionRow]] = {}
    rows: dict[str, CodeRow] = {}
    for action in tree.actions:
        for code in action.effective_codes:
            rows.setdefault(code.code, code)
            actions.setdefault(code.code, []).append(action)
    ordered = sorted(rows.values(), key=lambda code: code.sort_key)
    return [
        (
            Group(
                code.code,
                "" if code.is_priority else code.code,
                code.title,
                summarise(actions[code.code], tree.as_of),
            ),
            code,
        )
        for code in ordered
    ]


def by_year(tree: PlanTree) -> list[Group]:
    """Return the figures of the results whose term ends in each year; an action counts with those alone."""
    years = sorted({result.due_on.year for _action, result in tree.results()})
    return [Group(str(year), "", str(year), summarise(_due_in(tree, year), tree.as_of)) for year in years]


def _due_in(tree: PlanTree, year: int) -> Iterable[ActionRow]:
    for action in tree.actions:
        if results := tuple(result for result in action.results if result.due_on.year == year):
            yield action.with_results(results)


def _group(
    tree: PlanTree,
    *,
    key: str,
    number: str,
    title: str | Promise,
    belongs: Callable[[ActionRow], bool],
    children: Sequence[Group] = (),
) -> Group:
    actions = [action for action in tree.actions if belongs(action)]
    return Group(key, number, title, summarise(actions, tree.as_of), children)
