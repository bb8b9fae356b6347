"""The rows of a comparison: what changed, where, from what to what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from measures.tree.rows import PlanTree

from ..rollup import Summary


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
class Difference:
    """One thing before and after; `before` is None where there is nothing to compare with."""

    label: str | Promise
    before: str | None
    after: str


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


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `note` is what was reported with it."""

    kind: ChangeKind
    place: Place
    differences: tuple[Difference, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a plan, the figures of each, and what changed by kind (kinds without any left out)."""

    before: PlanTree
    after: PlanTree
    summary_before: Summary
    summary_after: Summary
    groups: Mapping[ChangeKind, Sequence[Change]]

    def results(self, kind: ChangeKind) -> int:
        """Return how many planned results changed in this way."""
        return sum(change.place.level == Level.RESULT for change in self.groups.get(kind, ()))
