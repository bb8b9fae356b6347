"""The finished, typed rows that pages and files are made of; nothing here asks the database.

Percents are floats 0–100 where they are means and whole numbers on a result; None means unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from .. import rules
from ..enums import CodeKind, ConditionState, Schedule, Standing, Status
from ..rules import Progress


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A KRSS2030 code as it hangs on a measure or an action; `direction` is empty for a priority."""

    code: str
    title: str
    kind: str
    direction: str
    as_written: str
    sort_key: str

    @property
    def is_priority(self) -> bool:
        """Return whether this is a horizontal priority, which has a name instead of a number."""
        return self.kind == CodeKind.PRIORITY


@dataclass(frozen=True, slots=True)
class NameRow:
    """A resource or partner: its name in the register, and as the plan writes it."""

    name: str
    as_written: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A hyperlink of the document."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Note:
    """A text of the newest report that has one; `update` tells whether two results share one note."""

    update: int
    reported_on: date
    text: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A planned result as it stood on a day; `note` says what was done, `correction` what was proposed.

    Snapshots that were frozen before there were corrections have none.
    """

    key: str
    action_number: str
    text: str
    sub_items: tuple[str, ...]
    links: tuple[LinkRow, ...]
    first_year: int | None
    last_year: int | None
    years: str
    period_text: str
    due_on: date
    condition: str
    progress: Progress
    schedule: Schedule | None
    standing: Standing
    projects: tuple[str, ...]
    note: Note | None
    correction: Note | None = None

    @property
    def status(self) -> Status:
        """Return the status."""
        return Status(self.progress.status)

    @property
    def percent(self) -> int | None:
        """Return the percent, or None if it is unknown."""
        return self.progress.percent

    @property
    def condition_label(self) -> str:
        """Return in a word what became of the condition."""
        state = self.progress.condition_state
        return str(ConditionState(state).label) if state else ""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with its results; `effective_codes` are its own codes, else its measure's.

    `last_reported_on` is the day of the newest report up to the day of the tree, None if there is none.
    """

    number: str
    title: str
    lead_in: str
    task_number: str
    owner: str
    owner_username: str
    codes: tuple[CodeRow, ...]
    effective_codes: tuple[CodeRow, ...]
    links: tuple[LinkRow, ...]
    resources: tuple[NameRow, ...]
    partners: tuple[NameRow, ...]
    results: tuple[ResultRow, ...]
    last_reported_on: date | None

    @property
    def status(self) -> Status:
        """Return the status, which follows from the results."""
        return rules.action_status(result.progress for result in self.results)

    @property
    def percent(self) -> float | None:
        """Return the mean of the counted results whose percent is known."""
        return rules.action_percent(result.progress for result in self.results)

    def with_results(self, results: tuple[ResultRow, ...]) -> "ActionRow":
        """Return the action as if it had these results only."""
        return replace(self, results=results)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure with its actions."""

    number: str
    number_as_written: str
    title: str
    codes: tuple[CodeRow, ...]
    actions: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task with its measures."""

    number: str
    title: str
    measures: tuple[MeasureRow, ...]

    @property
    def actions(self) -> tuple[ActionRow, ...]:
        """Return the actions of all measures."""
        return tuple(action for measure in self.measures for action in measure.actions)


@dataclass(frozen=True, slots=True)
class Person:
    """An account: how pages call it, and its user name."""

    name: str
    username: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """What accounts, registers and the strategy were called at one moment, by id; directions by their number.

    A closed period keeps it beside its tree: what history tells of the time before gets the names of then.
    """

    people: dict[int, Person]
    partners: dict[int, str]
    resources: dict[int, str]
    projects: dict[int, str]
    codes: dict[int, CodeRow]
    directions: dict[str, str]


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A plan without its rows, seen as of a day; `is_today` says whether that is now."""

    slug: str
    title: str
    organisation: str
    goal: str
    first_year: int
    last_year: int
    years: str
    is_sample: bool
    as_of: date
    is_today: bool


@dataclass(frozen=True, slots=True)
class PlanTree(PlanHead):
    """A whole plan as it stood on `as_of`."""

    tasks: tuple[TaskRow, ...]

    @property
    def actions(self) -> tuple[ActionRow, ...]:
        """Return all actions in the order of the document."""
        return tuple(action for task in self.tasks for action in task.actions)

    def results(self) -> Iterator[tuple[ActionRow, ResultRow]]:
        """Yield each planned result with its action, in the order of the document."""
        for action in self.actions:
            for result in action.results:
                yield action, result
