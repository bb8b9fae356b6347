"""How the plan carries the strategy KRSS2030: pure arithmetic over finished rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise

from measures.enums import CodeKind, Standing
from measures.tree.rows import ActionRow, CodeRow, PlanTree

from .rollup import WITHOUT_CODE, Group, Summary, by_direction, summarise


class Shown(Enum):
    """Which codes are listed, by the word in the address."""

    ALL = ""
    CARRIED = "su-veiksmais"
    MISSING = "be-veiksmu"

    @classmethod
    def read(cls, text: str) -> "Shown | None":
        """Return what the address asks for, or None if it is no choice."""
        return next((shown for shown in cls if shown.value == text), None)


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A code with the figures of the actions that count for it.

    `parts` are the codes of its own actions that the plan carries, if it does not carry the code itself.
    """

    code: CodeRow
    summary: Summary
    parts: tuple[str, ...]

    @property
    def is_carried(self) -> bool:
        """Return whether an action of the plan counts for the code."""
        return self.summary.actions > 0

    @property
    def kind_label(self) -> str:
        """Return in a word what the code names."""
        return str(CodeKind(self.code.kind).label)


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """A direction, or the horizontal priorities: its figures, and the codes to list."""

    key: str
    number: str
    title: str | Promise
    summary: Summary
    known: int
    carried: int
    lines: tuple[CodeLine, ...]


@dataclass(frozen=True, slots=True)
class StrategyReport:
    """The strategy as the plan carries it; horizontal priorities have a group, but are no codes."""

    groups: tuple[CodeGroup, ...]
    shown: Shown
    known: int
    carried: int
    without_code: tuple[ActionRow, ...]

    @classmethod
    def of(
        cls,
        tree: PlanTree,
        directions: Mapping[str, str],
        codes: Sequence[CodeRow],
        shown: Shown = Shown.ALL,
    ) -> "StrategyReport":
        """Work the figures out; `directions` are the titles by Roman number, `codes` all that are known."""
        groups = [group for group in by_direction(tree, directions) if group.key != WITHOUT_CODE]
        summaries = {child.key: child.summary for group in groups for child in group.children}
        nothing = summarise((), tree.as_of)
        lines = [
            CodeLine(code, summaries.get(code.code, nothing), _carried_parts(code, summaries))
            for code in all_codes(tree, codes)
        ]
        numbered = [line for line in lines if not line.code.is_priority]
        return cls(
            groups=tuple(_code_group(group, lines, shown) for group in groups),
            shown=shown,
            known=len(numbered),
            carried=sum(line.is_carried for line in numbered),
            without_code=tuple(action for action in tree.actions if not action.effective_codes),
        )

    @property
    def missing(self) -> int:
        """Return how many codes no action counts for."""
        return self.known - self.carried


def all_codes(tree: PlanTree, codes: Iterable[CodeRow]) -> list[CodeRow]:
    """Return the codes that are known and those that the plan carried on its day, in the strategy's order."""
    carried = {code.code: code for action in tree.actions for code in action.effective_codes}
    # The title is today's: it names the place in the strategy, not what was planned.
    rows = {**carried, **{code.code: code for code in codes}}
    return sorted(rows.values(), key=lambda code: code.sort_key)


def _carried_parts(code: CodeRow, summaries: Mapping[str, Summary]) -> tuple[str, ...]:
    if code.is_priority or code.code in summaries:
        return ()
    return tuple(part for part in summaries if part.startswith(f"{code.code}."))


def _code_group(group: Group, lines: Iterable[CodeLine], shown: Shown) -> CodeGroup:
    own = [line for line in lines if line.code.direction == group.number]
    return CodeGroup(
        key=group.key,
        number=group.number,
        title=group.title,
        summary=group.summary,
        known=len(own),
        carried=sum(line.is_carried for line in own),
        lines=tuple(
            line for line in own if shown is Shown.ALL or line.is_carried is (shown is Shown.CARRIED)
        ),
    )


@dataclass(frozen=True, slots=True)
class CarryingAction:
    """An action that counts for a code."""

    row: ActionRow
    is_late: bool


@dataclass(frozen=True, slots=True)
class CodeReport:
    """One code with the actions that count for it, those with late results first."""

    line: CodeLine
    group_key: str
    direction: str
    actions: tuple[CarryingAction, ...]

    @classmethod
    def of(
        cls, tree: PlanTree, directions: Mapping[str, str], codes: Sequence[CodeRow], code: str
    ) -> "CodeReport | None":
        """Work the figures of a code out; None if it is neither known nor carried."""
        groups = StrategyReport.of(tree, directions, codes).groups
        found = [(group, line) for group in groups for line in group.lines if line.code.code == code]
        if not found:
            return None
        [(group, line)] = found
        actions = [
            CarryingAction(action, any(result.standing == Standing.LATE for result in action.results))
            for action in tree.actions
            if any(carried.code == code for carried in action.effective_codes)
        ]
        return cls(
            line=line,
            group_key=group.key,
            direction=directions.get(line.code.direction, ""),
            actions=tuple(sorted(actions, key=lambda action: not action.is_late)),
        )
