"""The part of a comparison that the address asks for.

Whole plans are compared, and only then the part is cut out: what moved into the part or out of it has moved,
it was neither added nor removed. A change belongs to the part if its row is asked for in either state, so
that what was late before and is done now is among the changes of the late. The figures of each state are
those of what is asked for in that state, as on every other page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from measures.tree.rows import PlanTree

from ..filters import PlanFilter, words
from ..filters.choices import Choices, choices_of, shown_of
from ..filters.names import Names
from ..rollup import summarise
from .pairs import match_actions
from .rows import Change, Comparison, Level

# What a result is asked for by while it lasts: means of it on two days are not those of the same results.
PASSING = frozenset({words.STANDING, words.TERM, words.PROGRESS, words.CONDITION})


def choices_in(before: PlanTree, after: PlanTree, directions: Mapping[str, str]) -> Choices:
    """Return what can be chosen: all that either state names."""
    return choices_of(Names.of(replace(after, tasks=(*before.tasks, *after.tasks))), directions)


def part_of(comparison: Comparison, asked: PlanFilter) -> Comparison:
    """Return the changes of what is asked for in either state, and the figures of what is so in each."""
    if not asked:
        return comparison
    before, after = asked.narrow(comparison.before), asked.narrow(comparison.after)
    gone = set(_names(before))
    there = {*_names(after), *_names(before, _new_numbers(comparison))}
    groups = {kind: [c for c in found if _is_in(c, gone, there)] for kind, found in comparison.groups.items()}
    return replace(
        comparison,
        before=before,
        after=after,
        summary_before=summarise(before.actions, before.as_of),
        summary_after=summarise(after.actions, after.as_of),
        groups={kind: found for kind, found in groups.items() if found},
        is_of_the_same=not PASSING & asked.values.keys(),
    )


def _new_numbers(comparison: Comparison) -> dict[str, str]:
    """Return the later number of each action that is in both states."""
    before, after = (
        {row.number: row for row in tree.actions} for tree in (comparison.before, comparison.after)
    )
    return {old.number: new.number for old, new in match_actions(before, after).both}


def _names(tree: PlanTree, new_numbers: Mapping[str, str] | None = None) -> Iterator[tuple[Level, str]]:
    """Yield what names each row of a tree; its actions by their new numbers, if these are given."""
    for task in tree.tasks:
        yield Level.TASK, task.number
        for measure in task.measures:
            yield Level.MEASURE, measure.number
    for action in tree.actions:
        if new_numbers is None or action.number in new_numbers:
            yield Level.ACTION, new_numbers[action.number] if new_numbers else action.number
        for result in action.results:
            yield Level.RESULT, result.key


def _is_in(change: Change, gone: set[tuple[Level, str]], there: set[tuple[Level, str]]) -> bool:
    """Return whether a change belongs to the part; the plan as a whole belongs to none."""
    return (change.place.level, change.place.name) in (gone if change.place.is_gone else there)


def shown_in(whole: Comparison, part: Comparison) -> str:
    """Return how many of all planned results are shown, those of both states counted once."""
    return shown_of(*(len(_keys(found.before) | _keys(found.after)) for found in (part, whole)))


def _keys(tree: PlanTree) -> set[str]:
    return {result.key for _action, result in tree.results()}
