"""What each partner, resource and project of a plan carries: pure work on finished rows.

A partner or resource carries whole actions; a project carries those results of an action that are worked
on within it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akr_plan.text import sort_key
from measures.enums import Schedule, Standing
from measures.tree.rows import ActionRow, PlanTree, ResultRow

from .filters.plan_filter import lasting_name
from .rollup import Summary, summarise
from .rows import PartyFacts

BY_LATE = "veluoja"


class PartyKind(TextChoices):
    """Who or what carries a part of the plan; the value names its page, the label the list of all."""

    PARTNER = "partner", gettext_lazy("Partners")
    RESOURCE = "resource", gettext_lazy("Resources")
    PROJECT = "project", gettext_lazy("Projects")

    @property
    def list_page(self) -> str:
        """Return the name of the address of the list."""
        return f"{self.value}s"


@dataclass(frozen=True, slots=True)
class Party:
    """One row of a list: the name, what the register says of it, and the figures of what it carries."""

    name: str
    facts: PartyFacts
    summary: Summary


@dataclass(frozen=True, slots=True)
class PartyList:
    """The partners, resources or projects of a plan; `without` are the actions that name none."""

    kind: PartyKind
    parties: Sequence[Party]
    without: Sequence[ActionRow]

    @property
    def late(self) -> int:
        """Return how many of them carry something late."""
        return sum(party.summary.late > 0 for party in self.parties)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name as the document writes it, and the numbers of the actions where it does."""

    text: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartySheet:
    """All that one partner, resource or project carries, urgent actions and results first."""

    kind: PartyKind
    name: str
    facts: PartyFacts
    summary: Summary
    spellings: Sequence[Spelling]
    actions: Sequence[ActionRow]

    @property
    def results(self) -> int:
        """Return how many planned results are shown."""
        return sum(len(action.results) for action in self.actions)


def check_order(asked: str) -> tuple[bool, list[str]]:
    """Return whether late ones are to come first, and what is wrong with the wish."""
    if asked in ("", BY_LATE):
        return asked == BY_LATE, []
    return False, [_("There is no order “%(value)s”. The list is alphabetical.") % {"value": asked}]


def list_parties(
    tree: PlanTree, kind: PartyKind, facts: Mapping[str, PartyFacts], *, late_first: bool = False
) -> PartyList:
    """Return all that the plan names, in Lithuanian order or by how much of theirs is late."""
    carried: dict[str, list[ActionRow]] = {}
    without = []
    for action in tree.actions:
        parts = _parts(action, kind)
        for name, part in parts.items():
            carried.setdefault(name, []).append(part)
        if not parts:
            without.append(action)
    parties = [
        Party(name, facts.get(name, PartyFacts()), summarise(carried[name], tree.as_of))
        for name in sorted(carried, key=sort_key)
    ]
    if late_first:
        parties.sort(key=lambda party: -party.summary.late)
    # Most of a plan is no project, so that is nothing to point at.
    return PartyList(kind, parties, () if kind == PartyKind.PROJECT else without)


def read_sheet(
    whole: PlanTree, tree: PlanTree, kind: PartyKind, name: str, facts: Mapping[str, PartyFacts]
) -> PartySheet | None:
    """Return what one party carries of a plan, or of a part of it; None if nobody has that name.

    Whether there is such a party is up to the whole plan.
    """
    known = name in facts or any(name in _parts(action, kind) for action in whole.actions)
    if not known:
        return None
    actions = [part for action in tree.actions if (part := _parts(action, kind).get(name))]
    return PartySheet(
        kind=kind,
        name=name,
        facts=facts.get(name, PartyFacts()),
        summary=summarise(actions, tree.as_of),
        spellings=_spellings(actions, kind, name),
        actions=sorted(map(_urgent_first, actions), key=_urgency),
    )


def _parts(action: ActionRow, kind: PartyKind) -> dict[str, ActionRow]:
    """Return which part of an action each partner, resource or project of it carries."""
    if kind == PartyKind.PROJECT:
        names = dict.fromkeys(name for result in action.results for name in result.projects)
        return {lasting_name(name): action.with_results(_within(action.results, name)) for name in names}
    links = action.partners if kind == PartyKind.PARTNER else action.resources
    return {lasting_name(link.name, link.as_written): action for link in links}


def _within(results: Iterable[ResultRow], project: str) -> tuple[ResultRow, ...]:
    return tuple(result for result in results if project in result.projects)


def _urgent_first(action: ActionRow) -> ActionRow:
    return action.with_results(tuple(sorted(action.results, key=_result_urgency)))


def _result_urgency(result: ResultRow) -> int:
    if result.standing == Standing.LATE:
        return 0
    return 1 if result.schedule == Schedule.DUE_SOON else 2


def _urgency(action: ActionRow) -> int:
    return min((_result_urgency(result) for result in action.results), default=2)


def _spellings(actions: Iterable[ActionRow], kind: PartyKind, name: str) -> list[Spelling]:
    """Return how the document writes the name where it does not write it as the register does."""
    if kind == PartyKind.PROJECT:
        return []
    found: dict[str, list[str]] = {}
    for action in actions:
        for link in action.partners if kind == PartyKind.PARTNER else action.resources:
            if link.name == name != link.as_written:
                found.setdefault(link.as_written, []).append(action.number)
    return [Spelling(text, tuple(numbers)) for text, numbers in found.items()]
