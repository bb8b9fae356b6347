"""The rows of a comparison: what changed, where, from what to what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import pgettext_lazy

from measures.tree.rows import PlanTree

from ..rollup import Summary

NOTHING = "–"


class ChangeKind(TextChoices):
    """What sort of change it is, in the order in which a meeting wants to hear of them."""

    FINISHED = "finished", pgettext_lazy("change", "Done")
    STARTED = "started", pgettext_lazy("change", "Started")
    PROGRESS = "progress", pgettext_lazy("change", "Progress moved")
    LATE = "late", pgettext_lazy("change", "Became late")
    SLIPPED = "slipped", pgettext_lazy("change", "Term moved later")
    SET_ASIDE = "set_aside", pgettext_lazy("change", "Postponed or cancelled")
    RESUMED = "resumed", pgettext_lazy("change", "Open again")
    CONDITION = "condition", pgettext_lazy("change", "Condition changed")
    ADDED = "added", pgettext_lazy("change", "Added")
    REMOVED = "removed", pgettext_lazy("change", "Removed")
    MOVED = "moved", pgettext_lazy("change", "Moved")
    OWNER = "owner", pgettext_lazy("change", "Owner changed")
    TEXT = "text", pgettext_lazy("change", "Text or term changed")
    REPORTED = "reported", pgettext_lazy("change", "Reported")


class Level(Enum):
    """Which level of the plan a change is about."""

    PLAN = "plan"
    TASK = "task"
    MEASURE = "measure"
    ACTION = "action"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Facet:
    """A thing that can differ: its name, how to take it from a row, and how to write what was taken.

    `made_of` are the fields that people write it in.
    """

    label: str | Promise
    take: Callable[[Any], Any]
    write: Callable[[Any], str]
    made_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing before and after; written down only where it is shown, for a plan can differ in thousands."""

    facet: Facet
    old: Any
    new: Any
    is_compared: bool = True

    @property
    def label(self) -> str | Promise:
        """Return what the thing is called."""
        return self.facet.label

    @property
    def before(self) -> str | None:
        """Return in words how it was, or None where there is nothing to compare with."""
        return self._written(self.old) if self.is_compared else None

    @property
    def after(self) -> str:
        """Return in words how it is."""
        return self._written(self.new)

    def _written(self, taken: Any) -> str:
        return self.facet.write(taken) or NOTHING


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the plan a change is; `number` is that of the action for a result, empty for the plan itself.

    `is_gone` says that the place exists only in the earlier state.
    """

    level: Level
    number: str
    text: str
    key: str = ""
    owner: str = ""
    is_gone: bool = False

    @property
    def name(self) -> str:
        """Return what names it among all of its level: the key of a result, else the number."""
        return self.key or self.number

    @property
    def title(self) -> str:
        """Return its text, with the level where the number alone does not tell."""
        return f"{LEVEL_NAMES[self.level]}: {self.text}" if self.level in LEVEL_NAMES else self.text


LEVEL_NAMES = {
    Level.TASK: pgettext_lazy("plan", "Task"),
    Level.MEASURE: pgettext_lazy("plan", "Measure"),
    Level.ACTION: pgettext_lazy("plan", "Action"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who made a change, and on which day; nobody makes a result late, so `who` is empty then.

    `recorded_on` is the day of writing where a report speaks of another. `others` made the same change
    before, the last of them first.
    """

    who: str
    on: date
    recorded_on: date | None = None
    on_behalf_of: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `note` is what was reported with it, `signature` None if nobody knows who made it."""

    kind: ChangeKind
    place: Place
    differences: tuple[Difference, ...] = ()
    note: str = ""
    signature: Signature | None = None

    @property
    def before(self) -> str:
        """Return how it was, a line for each difference."""
        known = [(difference.label, difference.before) for difference in self.differences]
        return "\n".join(f"{capfirst(str(label))}: {text}" for label, text in known if text is not None)

    @property
    def after(self) -> str:
        """Return how it is, a line for each difference."""
        return "\n".join(f"{capfirst(str(found.label))}: {found.after}" for found in self.differences)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a plan, the figures of each, and what changed by kind (kinds without any left out).

    `is_of_the_same` says whether the figures are those of the same results, so that they may be compared.
    """

    before: PlanTree
    after: PlanTree
    summary_before: Summary
    summary_after: Summary
    groups: Mapping[ChangeKind, Sequence[Change]]
    is_of_the_same: bool = True

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return all changes one after another, as files list them and pages show them."""
        return tuple(change for found in self.groups.values() for change in found)

    def results(self, kind: ChangeKind) -> int:
        """Return how many planned results changed in this way."""
        return sum(change.place.level == Level.RESULT for change in self.groups.get(kind, ()))

    def count(self, kind: ChangeKind) -> int:
        """Return how many changes there are in this way, of any level."""
        return len(self.groups.get(kind, ()))
