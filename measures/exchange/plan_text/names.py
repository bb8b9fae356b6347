"""Which rows of the registers the names of a document mean: by name, by alias, or by what was decided."""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from akr_plan.text import fold

from ...models import ActionPartner, ActionResource, Partner, PartnerAlias, Resource, ResourceAlias
from ..document.tree import ActionText, CodeMention, MeasureText, PlanText
from .name_matching import close_names
from .stored import StoredPlan, spellings
from .writer import PlanWriter, Registers, each_once, merged, single_names

# By the names that decisions use: the field of an action, the link, the register and its other spellings.
REGISTERS: dict[str, tuple[str, type[Any], type[Any], type[Any]]] = {
    "partner": ("partners", ActionPartner, Partner, PartnerAlias),
    "resource": ("resources", ActionResource, Resource, ResourceAlias),
}

# Each is compared with the whole register; nobody decides about more of them one by one.
MOST_COMPARED = 300


@dataclass(frozen=True, slots=True)
class NameProposal:
    """A name that no register has, and existing names that it may be another spelling of.

    register: "partner" or "resource"; candidates: closest first, never none.
    """

    register: str
    name: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """That a new name is another spelling of an existing row, None if there is no row of that name."""

    register: str
    name: str
    existing: str
    row: Any | None


class DocumentNames:
    """The names of a document beside the registers; what was decided counts as if it were an alias already.

    `decisions` are by register and new name; those about names that are not new here count for nothing. In a
    plan that exists, a name also means what it has meant in the same action so far.
    """

    def __init__(
        self,
        text: PlanText,
        registers: Registers,
        decisions: Mapping[str, Mapping[str, str]],
        stored: StoredPlan | None = None,
    ) -> None:
        self.text, self.registers, self.stored = text, registers, stored
        self.known: dict[str, dict[str, Any]] = {
            "partner": registers.partners,
            "resource": registers.resources,
        }
        self.decisions = list(self._decide(decisions))

    def _decide(self, decisions: Mapping[str, Mapping[str, str]]) -> Iterator[Decision]:
        for register in REGISTERS:
            chosen = decisions.get(register, {})
            for name in self.new_names(register):
                if existing := chosen.get(name, ""):
                    row = self.known[register].get(existing)
                    yield Decision(register, name, existing, row)
                    if row is not None:
                        self.known[register][name] = row

    def named_alike(self, decision: Decision) -> Any | None:
        """Return another row whose very name a decision would make a spelling, None if there is none."""
        rows = self.known[decision.register].values()
        return next((r for r in rows if r != decision.row and fold(r.name) == fold(decision.name)), None)

    def new_names(self, register: str) -> list[str]:
        """Return the names that mean no row yet, in the order of the document."""
        names = (
            name
            for action in actions_of(self.text)
            for name in getattr(action, REGISTERS[register][0])
            if name not in self.rows_in(register, action.number)
        )
        return list(dict.fromkeys(names))

    def proposals(self) -> list[NameProposal]:
        """Return the new names that are close to existing ones; decided ones are not new any more."""
        proposals = (
            NameProposal(register, name, close_names(name, self._existing(register)))
            for register in REGISTERS
            for name in self.new_names(register)[:MOST_COMPARED]
        )
        return [proposal for proposal in proposals if proposal.candidates]

    def _existing(self, register: str) -> list[str]:
        """Return every name of a register; those of spellings would propose the same row twice."""
        return list(dict.fromkeys(row.name for row in self.known[register].values()))

    def rows_in(self, register: str, number: str) -> Mapping[str, Any]:
        """Return the rows of a register by the names that mean them in an action."""
        known, link_model = self.known[register], REGISTERS[register][1]
        links = self.stored.links_of(link_model, number) if self.stored else []
        own = {name: getattr(link, link.reference_field) for link in links for name in spellings(link)}
        return ChainMap(own, known) if own else known

    def meant(self, register: str, action: ActionText) -> list[tuple[str, Any | None]]:
        """Return each name that an action has with the row it means, None for one that is new."""
        rows = self.rows_in(register, action.number)
        return [(name, rows.get(name)) for name in single_names(getattr(action, REGISTERS[register][0]))]

    def settled_text(self) -> PlanText:
        """Return the document with the spellings of one row in one text, and with priorities as codes."""
        tasks = (
            replace(task, measures=tuple(map(self._settled_measure, task.measures)))
            for task in self.text.tasks
        )
        return replace(self.text, tasks=tuple(tasks))

    def _settled_measure(self, measure: MeasureText) -> MeasureText:
        actions = tuple(map(self._settled_action, measure.actions))
        return replace(measure, codes=self._settled_codes(measure), actions=actions)

    def _settled_action(self, action: ActionText) -> ActionText:
        names: dict[str, Any] = {
            field: tuple(
                words for _row, words in merged(getattr(action, field), self.rows_in(register, action.number))
            )
            for register, (field, *_models) in REGISTERS.items()
        }
        return replace(action, codes=self._settled_codes(action), **names)

    def _settled_codes(self, part: MeasureText | ActionText) -> tuple[CodeMention, ...]:
        mentioned = {code.code for code in part.codes}
        named = (
            CodeMention(priority.code, "priority", "")
            for priority in self.registers.priorities_in(part.title)
            if priority.code not in mentioned
        )
        return (*each_once(part.codes), *named)

    def write_decisions(self, writer: PlanWriter) -> None:
        """Keep what was decided as other spellings of the existing rows. Raises ValidationError."""
        for decision in self.decisions:
            alias_model = REGISTERS[decision.register][3]
            alias = alias_model(name=decision.name, **{decision.register: decision.row})
            alias.full_clean()
            writer.add(alias)


def actions_of(text: PlanText) -> Iterable[ActionText]:
    """Return all actions in the order of the document."""
    return (action for task in text.tasks for measure in task.measures for action in measure.actions)
