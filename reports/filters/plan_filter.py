"""Cuts the part out of a plan that the address asks for; every page and file shows what is left.

Values add up: a result is asked for if each value holds, also where a field is named twice. So the address
behind a figure is that of its page and one value more, and lists exactly the rows that the figure counts.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from akr_plan.text import fold
from measures.enums import ConditionState, Schedule, Status
from measures.tree.rows import ActionRow, MeasureRow, NameRow, PlanTree, ResultRow, TaskRow

from ..rollup import PRIORITIES, WITHOUT_CODE, is_due
from . import words

Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which part of a plan is asked for, by the fields in `words`; without any value the whole plan."""

    values: Values = field(default_factory=dict)

    @classmethod
    def read(cls, parameters: MultiValueDict[str, str]) -> "PlanFilter":
        """Take what the address says, right or wrong; what it says twice counts once."""
        read = {
            name: tuple(dict.fromkeys(filter(None, map(str.strip, parameters.getlist(name)))))
            for name in words.FIELDS
        }
        return cls({name: values for name, values in read.items() if values})

    def __bool__(self) -> bool:
        """Return whether anything is asked for at all."""
        return bool(self.values)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return names and values as they stand in an address."""
        return [(name, value) for name, values in self.values.items() for value in values]

    def having(self, more: Mapping[str, str]) -> "PlanFilter":
        """Return the filter that asks for these values as well."""
        values = dict(self.values)
        for name, value in more.items():
            if value:
                values[name] = tuple(dict.fromkeys([*values.get(name, ()), value]))
        return PlanFilter(values)

    def check(self, choices: Mapping[str, Mapping[str, str]]) -> tuple["PlanFilter", list[str]]:
        """Return the filter; or, if a value is no choice, one that asks for everything, and why."""
        errors = [
            _("There is no “%(value)s” to filter by. Everything is shown.") % {"value": value}
            for name, value in self.pairs
            if name in choices and value not in choices[name]
        ]
        return (PlanFilter() if errors else self), errors

    def narrow(self, tree: PlanTree) -> PlanTree:
        """Return the plan with nothing but what is asked for."""
        return restrict(tree, self.found(tree)) if self else tree

    def found(self, tree: PlanTree) -> "Found":
        """Return what is asked for."""
        matcher = _Matcher(self, tree.as_of)
        found = Found(set(), set())
        for action in tree.actions:
            if not matcher.wants_action(action):
                continue
            keys = {result.key for result in action.results if matcher.wants_result(action, result)}
            found.results.update(keys)
            # An action without results is asked for as well, unless by what only results have.
            if keys or (not action.results and matcher.wants_bare(action)):
                found.actions.add(action.number)
        return found


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of actions and the keys of results that are asked for."""

    actions: set[str]
    results: set[str]


def restrict(tree: PlanTree, found: Found) -> PlanTree:
    """Return the plan with nothing but these actions and results, and what they belong to."""
    return replace(tree, tasks=tuple(_tasks(tree.tasks, found)))


def _tasks(tasks: Iterable[TaskRow], found: Found) -> Iterator[TaskRow]:
    for task in tasks:
        if measures := tuple(_measures(task.measures, found)):
            yield replace(task, measures=measures)


def _measures(measures: Iterable[MeasureRow], found: Found) -> Iterator[MeasureRow]:
    for measure in measures:
        actions = [action for action in measure.actions if action.number in found.actions]
        if actions:
            yield replace(measure, actions=tuple(_cut(action, found.results) for action in actions))


def _cut(action: ActionRow, keys: Collection[str]) -> ActionRow:
    results = tuple(result for result in action.results if result.key in keys)
    return action if len(results) == len(action.results) else action.with_results(results)


class _Matcher:
    """Tells which actions and results a filter asks for as of a day."""

    def __init__(self, asked: PlanFilter, as_of: date) -> None:
        self.as_of = as_of
        self.of_actions = [
            (_ACTION_TESTS[name], value) for name, value in asked.pairs if name in _ACTION_TESTS
        ]
        self.of_results = [
            (_RESULT_TESTS[name], value) for name, value in asked.pairs if name in _RESULT_TESTS
        ]
        self.words = [word for text in asked.values.get(words.TEXT, ()) for word in fold(text).split()]

    def wants_action(self, action: ActionRow) -> bool:
        return all(test(action, value) for test, value in self.of_actions)

    def wants_result(self, action: ActionRow, result: ResultRow) -> bool:
        if not all(test(result, value, self.as_of) for test, value in self.of_results):
            return False
        return self._contains(action, (result.text, *result.sub_items))

    def wants_bare(self, action: ActionRow) -> bool:
        return not self.of_results and self._contains(action, ())

    def _contains(self, action: ActionRow, texts: tuple[str, ...]) -> bool:
        if not self.words:
            return True
        names = (link.as_written for link in (*action.resources, *action.partners))
        text = fold(" ".join((action.number, action.title, action.lead_in, action.owner, *names, *texts)))
        return all(word in text for word in self.words)


def _has_direction(action: ActionRow, value: str) -> bool:
    codes = action.effective_codes
    if value == WITHOUT_CODE:
        return not codes
    return any(code.is_priority if value == PRIORITIES else code.direction == value for code in codes)


def _is_named(links: Iterable[NameRow], value: str, nobody: str) -> bool:
    names = {lasting_name(link.name, link.as_written) for link in links}
    return not names if value == nobody else value in names


def lasting_name(name: str, as_written: str = "") -> str:
    """Return the name; on a past day one may be named that has been taken out of the register since."""
    return name or as_written or _("Removed from the register")


def _is_owned(action: ActionRow, value: str) -> bool:
    return action.owner_username == ("" if value == words.WITHOUT_OWNER else value)


def _has_term(result: ResultRow, value: str, as_of: date) -> bool:
    if value == words.DUE_SOON:
        return result.schedule == Schedule.DUE_SOON
    if not is_due(result, as_of):
        return False
    return value == words.DUE or (result.due_on == as_of and result.status != Status.DONE)


def _has_progress(result: ResultRow, value: str, as_of: date) -> bool:
    if value == words.NOT_COUNTED:
        return not result.progress.is_counted
    return result.progress.is_counted and (value != words.KNOWN or result.percent is not None)


def _has_condition(result: ResultRow, value: str, as_of: date) -> bool:
    state = result.progress.condition_state
    if not state or value == words.WITHOUT_CONDITION:
        return not state and value == words.WITHOUT_CONDITION
    return words.CONDITIONS[ConditionState(state)] == value


def _has_project(result: ResultRow, value: str, as_of: date) -> bool:
    if value == words.WITHOUT_PROJECT:
        return not result.projects
    return value in map(lasting_name, result.projects)


_ACTION_TESTS: dict[str, Callable[[ActionRow, str], bool]] = {
    words.TASK: lambda action, value: action.task_number == value,
    words.DIRECTION: _has_direction,
    words.CODE: lambda action, value: any(code.code == value for code in action.effective_codes),
    words.OWNER: _is_owned,
    words.PARTNER: lambda action, value: _is_named(action.partners, value, words.WITHOUT_PARTNER),
    words.RESOURCE: lambda action, value: _is_named(action.resources, value, words.WITHOUT_RESOURCE),
}
_RESULT_TESTS: dict[str, Callable[[ResultRow, str, date], bool]] = {
    words.YEAR: lambda result, value, as_of: str(result.due_on.year) == value,
    words.STANDING: lambda result, value, as_of: words.STANDINGS[result.standing] == value,
    words.TERM: _has_term,
    words.PROGRESS: _has_progress,
    words.CONDITION: _has_condition,
    words.PROJECT: _has_project,
}
