"""How the figures of a plan come about, shown on an action of that very plan: pure work on finished rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import floatformat

from measures import rules
from measures.enums import Status
from measures.tree.rows import ActionRow, PlanTree, ResultRow, TaskRow

# A longer sum says nothing that its total does not.
MAX_TERMS = 12
# What a result gives that is not counted; None is what one gives whose percent is unknown.
OUT = -1


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with what it is made of: the values that are known, and how many are not."""

    values: tuple[float, ...]
    unknown: int

    @classmethod
    def of(cls, values: Iterable[float | None]) -> "Mean":
        """Sort out what is known."""
        values = list(values)
        known = tuple(value for value in values if value is not None)
        return cls(known, len(values) - len(known))

    @property
    def percent(self) -> float | None:
        """Return the mean, or None if nothing is known."""
        return rules.mean(self.values)

    @property
    def arithmetic(self) -> str:
        """Return the calculation as one would write it: (100 + 40 + 0) / 3 = 47 %; nothing if none is known.

        A long sum is written as its total. What is shown with one decimal is not rounded for the result.
        """
        if not self.values:
            return ""
        terms = [floatformat(value, "-1g") for value in self.values]
        total = " + ".join(terms) if len(terms) <= MAX_TERMS else floatformat(sum(self.values), "-1g")
        left = f"({total})" if 1 < len(terms) <= MAX_TERMS else total
        return f"{left} / {len(terms)} = {floatformat(self.percent, 0)}\N{NO-BREAK SPACE}%"


@dataclass(frozen=True, slots=True)
class Example:
    """An action of the plan, with what its results give to its percent, and so on up to the plan."""

    action: ActionRow
    task: TaskRow
    of_action: Mean
    of_task: Mean
    of_plan: Mean

    @classmethod
    def of(cls, tree: PlanTree) -> "Example | None":
        """Choose the action whose results give the most different things, then most of them, then the first.

        None if the plan has no action with a result.
        """
        places = [(task, action) for task in tree.tasks for action in task.actions if action.results]
        if not places:
            return None
        task, action = max(places, key=lambda place: _variety(place[1].results))
        return cls(
            action=action,
            task=task,
            of_action=Mean.of(result.percent for result in action.results if result.progress.is_counted),
            of_task=Mean.of(row.percent for row in task.actions),
            of_plan=Mean.of(row.percent for row in tree.actions),
        )


def _variety(results: Sequence[ResultRow]) -> tuple[int, int, int]:
    """Return how many different things the results give to the mean, how many give a percent, and how many
    there are.
    """
    given = [(result.progress.is_counted, result.percent) for result in results]
    different = {percent if is_counted else OUT for is_counted, percent in given}
    return (
        len(different),
        sum(is_counted and percent is not None for is_counted, percent in given),
        len(given),
    )


@dataclass(frozen=True, slots=True)
class StatusRule:
    """A status with the percent that goes with it: a fixed one, one that people type, or none."""

    status: Status
    percent: int | None
    is_typed: bool


def status_rules() -> list[StatusRule]:
    """Return every status with its percent."""
    return [
        StatusRule(status, rules.FIXED_PERCENT.get(status), status not in rules.FIXED_PERCENT)
        for status in Status
    ]
