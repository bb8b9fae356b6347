"""What each partner, resource and project of a plan carries: pure work on finished rows.

A partner or resource carries whole actions; a project carries those results of an action that are worked
on within it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akr_plan.text import sort_key
from measures.enums import Schedule, Standing
from measures.tree.rows import ActionRow, PlanTree, ResultRow

from .filters import ResultFilter, filter_options
from .rollup import Summary, summarise
from .rows import PartyFacts

BY_LATE = "veluoja"
FILTERS = ("padetis", "terminas", "pazanga")


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
    """All that one partner, resource or project carries; `actions` are those asked for, urgent ones first.

    `chosen` says in words what is asked for, and is empty where everything is.
    """

    kind: PartyKind
    name: str
    facts: PartyFacts
    summary: Summary
    spellings: Sequence[Spelling]
    actions: Sequence[ActionRow]
    asked: ResultFilter
    chosen: str

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
    tree: PlanTree, kind: PartyKind, name: str, facts: Mapping[str, PartyFacts], asked: Mapping[str, str]
) -> tuple[PartySheet | None, list[str]]:
    """Return what one party carries, and what is wrong with the filter; None if nobody has that name."""
    actions = [part for action in tree.actions if (part := _parts(action, kind).get(name))]
    if not actions and name not in facts:
        return None, []
    carried = _with_actions(tree, actions)
    options = filter_options(carried, {})
    chosen = ResultFilter.read({field: asked.get(field, "") for field in FILTERS})
    chosen, errors = chosen.check(options)
    sheet = PartySheet(
        kind=kind,
        name=name,
        facts=facts.get(name, PartyFacts()),
        summary=summarise(actions, tree.as_of),
        spellings=_spellings(actions, kind, name),
        actions=sorted(_shown(carried, chosen), key=_urgency),
        asked=chosen,
        chosen=", ".join(options[field][value] for field, value in chosen.values.items()),
    )
    return sheet, errors


def _parts(action: ActionRow, kind: PartyKind) -> dict[str, ActionRow]:
    """Return which part of an action each partner, resource or project of it carries."""
    if kind == PartyKind.PROJECT:
        names = dict.fromkeys(name for result in action.results for name in result.projects)
        return {_lasting(name): action.with_results(_within(action.results, name)) for name in names}
    links = action.partners if kind == PartyKind.PARTNER else action.resources
    return {_lasting(link.name, link.as_written): action for link in links}


def _lasting(name: str, as_written: str = "") -> str:
    """Return the name; on a past day one may be named that has been taken out of the register since."""
    return name or as_written or _("Removed from the register")


def _within(results: Iterable[ResultRow], project: str) -> tuple[ResultRow, ...]:
    return tuple(result for result in results if project in result.projects)


def _with_actions(tree: PlanTree, actions: Sequence[ActionRow]) -> PlanTree:
    """Return the plan as if it had these actions only."""
    own = {action.number: action for action in actions}
    tasks = []
    for task in tree.tasks:
        measures = tuple(
            replace(measure, actions=tuple(own[row.number] for row in measure.actions if row.number in own))
            for measure in task.measures
        )
        tasks.append(replace(task, measures=measures))
    return replace(tree, tasks=tuple(tasks))


def _shown(tree: PlanTree, asked: ResultFilter) -> list[ActionRow]:
    """Return the actions with the results that are asked for, urgent results first."""
    found: dict[str, list[ResultRow]] = {}
    for action, result in asked.apply(tree):
        found.setdefault(action.number, []).append(result)
    return [
        action.with_results(tuple(sorted(found.get(action.number, ()), key=_result_urgency)))
        for action in tree.actions
        # An action without results is carried too, though no filter can ask for it.
        if action.number in found or not asked.values
    ]


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
