"""The figures of a plan: pure arithmetic over finished rows, the same for every page and file.

An action's percent is the mean of its counted results; every higher level and every breakdown is the mean
over its actions. Counts are of planned results, and each result has one standing, so they add up.

`queries_rollup` gives the same figures of a plan's rows as they stand today, without its tree.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from measures import rules
from measures.enums import Schedule, Standing
from measures.rules import Progress
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


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """What the rules say of a planned result on a day; `percent` is None if it is unknown or not counted.

    Facts are told apart by what they are, not by what they say: they are counted by the hundred thousand.
    """

    due_on: date
    standing: Standing
    is_counted: bool
    percent: int | None
    is_due: bool
    is_due_soon: bool

    @classmethod
    def of(cls, progress: Progress, due_on: date, as_of: date) -> "Fact":
        """Apply the rules."""
        schedule = rules.schedule_of(progress, due_on, as_of)
        is_counted = progress.is_counted
        return cls(
            due_on=due_on,
            standing=rules.standing_of(progress, schedule),
            is_counted=is_counted,
            percent=progress.percent if is_counted else None,
            is_due=is_counted and due_on <= as_of,
            is_due_soon=schedule == Schedule.DUE_SOON,
        )

    @classmethod
    def of_row(cls, result: ResultRow, as_of: date) -> "Fact":
        """Take what a finished row of that day says already."""
        is_counted = result.progress.is_counted
        return cls(
            due_on=result.due_on,
            standing=result.standing,
            is_counted=is_counted,
            percent=result.progress.percent if is_counted else None,
            is_due=is_counted and result.due_on <= as_of,
            is_due_soon=result.schedule == Schedule.DUE_SOON,
        )


def summarise(actions: Iterable[ActionRow], as_of: date) -> Summary:
    """Return the figures of the actions."""
    actions = list(actions)
    facts = (Fact.of_row(result, as_of) for action in actions for result in action.results)
    return sum_up([action.percent for action in actions], Counter(facts))


def sum_up(percents: Collection[float | None], facts: Mapping[Fact, int]) -> Summary:
    """Return the figures of actions: the percent of each, and how many results each fact holds for."""
    standings: dict[Standing, int] = {}
    counted = known = due = due_done = due_soon = 0
    for fact, count in facts.items():
        standings[fact.standing] = standings.get(fact.standing, 0) + count
        if fact.is_counted:
            counted += count
        if fact.percent is not None:
            known += count
        if fact.is_due:
            due += count
            due_done += count if fact.standing == Standing.DONE else 0
        if fact.is_due_soon:
            due_soon += count
    late = standings.get(Standing.LATE, 0)
    return Summary(
        actions=len(percents),
        results=sum(standings.values()),
        standings=standings,
        percent=rules.mean(percents),
        counted=counted,
        known=known,
        due=due,
        due_done=due_done,
        due_today=due - due_done - late,
        late=late,
        due_soon=due_soon,
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
    """All figures of a plan as of a day; tasks have their measures as children, directions their codes.

    `due` says how many counted results have their term on each day.
    """

    total: Summary
    tasks: Sequence[Group]
    directions: Sequence[Group]
    years: Sequence[Group]
    due: Mapping[date, int]


WITHOUT_CODE = "be-kodo"
PRIORITIES = "prioritetai"


def roll_up(tree: PlanTree, titles: Mapping[str, str]) -> RollUp:
    """Return all figures; `titles` maps the KRSS2030 directions to their titles, in their order."""
    total = summarise(tree.actions, tree.as_of)
    due = Counter(result.due_on for _action, result in tree.results() if result.progress.is_counted)
    return RollUp(total, by_task(tree), by_direction(tree, titles), by_year(tree), due)


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
        for key in directions_of(action.effective_codes):
            actions.setdefault(key, []).append(action)
    return arrange_directions(titles, by_code(tree), lambda key: summarise(actions.get(key, ()), tree.as_of))


def directions_of(codes: Iterable[CodeRow]) -> set[str]:
    """Return the keys of the directions under which an action with these codes counts."""
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
