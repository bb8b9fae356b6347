"""Which row of one state of a plan is which row of the other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from measures.tree.rows import ActionRow

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Matched(Generic[Row]):
    """The rows of two states: in both (earlier and later), only in the later one, only in the earlier one."""

    both: Sequence[tuple[Row, Row]]
    added: Sequence[Row]
    removed: Sequence[Row]


def match(before: Mapping[str, Row], after: Mapping[str, Row]) -> Matched[Row]:
    """Match rows that have the same key."""
    return Matched(
        both=[(before[key], row) for key, row in after.items() if key in before],
        added=[row for key, row in after.items() if key not in before],
        removed=[row for key, row in before.items() if key not in after],
    )


def match_actions(before: Mapping[str, ActionRow], after: Mapping[str, ActionRow]) -> Matched[ActionRow]:
    """Match actions, which are known by their results more than by their number.

    An action that kept its number and a result is itself. Of the rest, those that share the most results
    belong together: such an action has got another number. At last the number alone decides.
    """
    new_numbers = _new_numbers(before.values(), after.values())
    return match({new_numbers.get(number, f"-{number}"): row for number, row in before.items()}, after)


def _new_numbers(before: Iterable[ActionRow], after: Iterable[ActionRow]) -> dict[str, str]:
    """Return the later number of each action that there still is."""
    before, after = list(before), list(after)
    homes = {result.key: action.number for action in after for result in action.results}
    shared = Counter(
        (action.number, homes[result.key])
        for action in before
        for result in action.results
        if result.key in homes
    )
    later = {action.number for action in after}
    shared.update({(action.number, action.number): 0 for action in before if action.number in later})
    new_numbers: dict[str, str] = {}
    taken = set()
    for old, new in sorted(shared, key=lambda pair: (pair[0] != pair[1] or not shared[pair], -shared[pair])):
        if old not in new_numbers and new not in taken:
            new_numbers[old] = new
            taken.add(new)
    return new_numbers
