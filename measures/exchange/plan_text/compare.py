"""Compares the text of a plan with that of its document: what the document says otherwise or in addition.

Missing is never deletion: what only the plan has stays. Where a document can't say something, or says the
same in another way (a period that stands later in the list), the plan's own wording stays as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import chain
from typing import Any

from ..document.items import condition_in
from ..document.numbers import read_mention
from ..document.periods import years_of
from ..document.text import collapse
from ..document.tree import ActionText, CodeMention, Link, MeasureText, PlanText, ResultText, TaskText
from .result_matching import match_results, settle_positions

Part = PlanText | TaskText | MeasureText | ActionText | ResultText

# What is compared of each part, in the order in which it is told.
FIELDS: dict[type[Any], tuple[str, ...]] = {
    PlanText: ("organisation", "title", "goal", "years"),
    TaskText: ("title",),
    MeasureText: ("number_as_written", "title", "codes"),
    ActionText: ("title", "codes", "lead_in", "links", "resources", "partners"),
    ResultText: ("text", "sub_items", "period", "condition", "links"),
}


class Standing(Enum):
    """How a part of the plan and of its document stand to each other."""

    ADDED = auto()
    CHANGED = auto()
    SAME = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a part, by the name in `FIELDS` or "position", before and after in words; "" is nothing."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of the plan beside the same part of its document.

    number: its own, a result has that of its action, the plan none;
    old: as it is in the plan, None if it is new;
    new: as it is going to be, None if the document lacks it (a result may have to make room all the same);
    index: of a result that the plan has, among those of its action; position: that it is going to have;
    is_within_added: whether it comes with a new part above it.
    """

    number: str
    old: Part | None
    new: Part | None
    changes: tuple[Change, ...] = ()
    index: int | None = None
    position: int = 0
    is_within_added: bool = False

    @property
    def part(self) -> Any:
        """Return what it is about, the new wording if there is one."""
        return self.old if self.new is None else self.new

    @property
    def standing(self) -> Standing:
        """Return how the two stand to each other."""
        if self.old is None:
            return Standing.ADDED
        if self.changes:
            return Standing.CHANGED
        return Standing.MISSING if self.new is None else Standing.SAME


def compare_plans(
    old: PlanText, new: PlanText, positions: Mapping[str, Sequence[int]] | None = None
) -> tuple[Difference, ...]:
    """Return all parts in the order of the document; what it lacks stands at the end of its level.

    positions: of the plan's results by the number of their action, from 1 upwards if not given.
    """
    return tuple(_Comparison(old, new, positions or {}).differences())


def new_parts(new: PlanText) -> tuple[Difference, ...]:
    """Return all parts of a plan that does not exist yet, in the order of the document."""
    below = chain.from_iterable(_added(task, is_within_added=True) for task in new.tasks)
    return (Difference("", None, new), *below)


def difference(number: str, old: Part, new: Part) -> Difference:
    """Return what two wordings of one part differ in; white space makes no difference."""
    told = [(name, in_words(old, name), in_words(new, name)) for name in FIELDS[type(new)]]
    changes = tuple(Change(*field) for field in told if collapse(field[1]) != collapse(field[2]))
    return Difference(number, old, new, changes)


def in_words(part: Part, field: str) -> str:
    """Return what a field of a part says, in words."""
    if field == "years":
        return span(part.first_year, part.last_year)  # type: ignore[union-attr] # only plans have this field
    if field == "period":
        return _period_in_words(part)  # type: ignore[arg-type] # only results have this field
    value = getattr(part, field)
    if field == "sub_items":
        return " ".join(f"○ {item}" for item in value)
    if isinstance(value, str):
        return value
    return "; ".join(map(_item_in_words, value))


def _item_in_words(item: str | Link | CodeMention) -> str:
    if isinstance(item, Link):
        return f"{item.text} ({item.href})"
    if isinstance(item, CodeMention):
        return item.as_written or item.code
    return item


def span(first_year: int | None, last_year: int | None) -> str:
    """Return years as people write them: 2023, 2023–2024, 2024–, or nothing."""
    if first_year is None or first_year == last_year:
        return str(first_year or last_year or "")
    return f"{first_year}–{last_year or ''}"


def _period_in_words(result: ResultText) -> str:
    years, written = span(result.first_year, result.last_year), result.period_text
    if not written or collapse(written) == years:
        return years
    return f"{years} ({written})" if years else written


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Walks both plans; parts are the same if they have the same number, results if they are alike."""

    old: PlanText
    new: PlanText
    positions: Mapping[str, Sequence[int]]

    def differences(self) -> Iterator[Difference]:
        settled = replace(
            self.new,
            organisation=self.new.organisation or self.old.organisation,
            goal=self.new.goal or self.old.goal,
        )
        yield difference("", self.old, settled)
        yield from self._level(self.old.tasks, self.new.tasks)

    def _level(self, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Difference]:
        before = {part.number: part for part in old}
        for part in new:
            if earlier := before.pop(part.number, None):
                yield difference(part.number, earlier, _settled(earlier, part))
                yield from self._below(earlier, part)
            else:
                yield from _added(part)
        for part in before.values():
            yield from _missing(part)

    def _below(self, old: Any, new: Any) -> Iterator[Difference]:
        if isinstance(new, ActionText):
            yield from self._results(old, new)
        else:
            yield from self._level(_children(old), _children(new))

    def _results(self, old: ActionText, new: ActionText) -> Iterator[Difference]:
        pairs = match_results([r.text for r in old.results], [r.text for r in new.results])
        places = self.positions.get(old.number) or range(1, len(old.results) + 1)
        conditions = _told_conditions(old)
        order = settle_positions([before for before, _after in pairs], places)
        for (before, after), position in zip(pairs, order, strict=True):
            later = None if after is None else new.results[after]
            if before is None:
                yield Difference(new.number, None, later, position=position)
                continue
            earlier = old.results[before]
            found = Difference(new.number, earlier, None)
            if later:
                settled = self._settled_result(earlier, later, conditions[before])
                found = difference(new.number, earlier, settled)
            moved = Change("position", str(places[before]), str(position))
            changes = found.changes if position == places[before] else (*found.changes, moved)
            yield replace(found, changes=changes, index=before, position=position)

    def _settled_result(self, old: ResultText, new: ResultText, told: str) -> ResultText:
        """Return the new wording, with the old where the document says nothing else.

        told: the condition that the plan's own words tell; the plan may know better.
        """
        settled = replace(
            new,
            condition=old.condition if new.condition == told else new.condition,
            links=new.links or old.links,
        )
        years = (old.first_year, old.last_year)
        if (new.first_year, new.last_year) != years:
            return settled
        is_proper = years_of(collapse(old.period_text), self.old.first_year, self.old.last_year) == years
        if old.period_text and new.period_text and is_proper:
            return settled
        return replace(settled, period_text=old.period_text)


def _children(part: TaskText | MeasureText) -> tuple[MeasureText, ...] | tuple[ActionText, ...]:
    return part.measures if isinstance(part, TaskText) else part.actions


def _added(part: Any, *, is_within_added: bool = False) -> Iterator[Difference]:
    """Yield a new part and all below it; the results of a new action come with it."""
    yield Difference(part.number, None, part, is_within_added=is_within_added)
    if not isinstance(part, ActionText):
        yield from chain.from_iterable(_added(child, is_within_added=True) for child in _children(part))


def _missing(part: Any) -> Iterator[Difference]:
    """Yield a part that the document lacks and all below it; the results of an action go with it."""
    yield Difference(part.number, part, None)
    if not isinstance(part, ActionText):
        yield from chain.from_iterable(map(_missing, _children(part)))


def _settled(old: Any, new: Any) -> Any:
    """Return the new wording, with the old where the document says nothing else."""
    if isinstance(new, MeasureText):
        return replace(new, codes=_settled_codes(old.codes, new.codes))
    if isinstance(new, ActionText):
        return replace(new, codes=_settled_codes(old.codes, new.codes), links=new.links or old.links)
    return new


def _settled_codes(old: Sequence[CodeMention], new: Sequence[CodeMention]) -> tuple[CodeMention, ...]:
    """Return the new codes in their order; wordings that can't be read in a document, and priorities stay."""
    unreadable = {code.code: code for code in old if code.kind != "priority" and not _is_readable(code)}
    numbered = [unreadable.get(code.code, code) for code in new if code.kind != "priority"]
    priorities = {code.code: code for code in (*old, *new) if code.kind == "priority"}
    return (*numbered, *priorities.values())


def _is_readable(code: CodeMention) -> bool:
    read = read_mention(collapse(code.as_written))
    return read is not None and read.code == code.code and not {",", ";"} & set(code.as_written)


def _told_conditions(action: ActionText) -> list[str]:
    """Return the condition that the words of each result tell: its own, its action's, or that of its list."""
    conditions: list[str] = []
    of_action, of_list = condition_in(action.title), ""
    listed: tuple[int | None, int | None] | None = None
    for result in reversed(action.results):
        own, years = condition_in(result.text), (result.first_year, result.last_year)
        is_listed = listed is not None and not result.period_text and years == listed
        conditions.append(own or of_action or (of_list if is_listed else ""))
        if not is_listed and (result.period_text or any(years)):
            listed, of_list = years, own
    return conditions[::-1]
