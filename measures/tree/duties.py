"""Who was to report for a period, and who did: the same for open periods and for frozen ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from akr_plan.text import sort_key

from ..reporting import Commitment, Period, has_reported, takes_part
from .rows import ActionRow, PlanTree


@dataclass(frozen=True, slots=True)
class Tally:
    """How many actions reported, of how many that were to."""

    reported: int
    expected: int

    @property
    def missing(self) -> int:
        """Return how many have not reported."""
        return self.expected - self.reported


@dataclass(frozen=True, slots=True)
class Duty:
    """An action that owes a report, or has given it."""

    action: ActionRow
    is_reported: bool


@dataclass(frozen=True, slots=True)
class OwnerDuties:
    """All that one person owes; `owner` is empty for the actions that nobody answers for."""

    owner: str
    duties: Sequence[Duty]

    @property
    def tally(self) -> Tally:
        """Return how many of these actions reported."""
        return tally_of(self.duties)

    @property
    def missing(self) -> list[ActionRow]:
        """Return the actions that have not reported."""
        return [duty.action for duty in self.duties if not duty.is_reported]


def duties_in(tree: PlanTree, period: Period) -> list[Duty]:
    """Return who was to report for a period, in the order of the document.

    The tree is that of the period's last day, or of today while that has not come.
    """
    duties = []
    for action in tree.actions:
        commitments = [Commitment(result.progress, result.first_year) for result in action.results]
        if takes_part(commitments, action.last_reported_on, period):
            duties.append(Duty(action, has_reported(action.last_reported_on, period)))
    return duties


def tally_of(duties: Iterable[Duty]) -> Tally:
    """Return how many reported."""
    answers = [duty.is_reported for duty in duties]
    return Tally(sum(answers), len(answers))


def by_owner(duties: Iterable[Duty]) -> list[OwnerDuties]:
    """Return the duties of each person: first who still owes something, then by name; nobody's come last."""
    people: dict[tuple[str, str], list[Duty]] = {}
    for duty in duties:
        people.setdefault((duty.action.owner, duty.action.owner_username), []).append(duty)
    groups = [OwnerDuties(owner, own) for (owner, _username), own in people.items()]
    return sorted(groups, key=lambda group: (not group.missing, not group.owner, sort_key(group.owner)))
