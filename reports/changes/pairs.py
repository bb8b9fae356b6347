"""Which row of one state of a plan is which row of the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
    """Match actions, which have no key: they are known by number, title and results together.

    An action that kept its number, and its title or a result, is itself. Of the rest, those of one title that
    share a result belong together, then those that share the most results: such an action has got another
    number. At last the number alone decides.
    """
    new_numbers = _new_numbers(before, after)
    return match({new_numbers.get(number, f"-{number}"): row for number, row in before.items()}, after)


def _new_numbers(before: Mapping[str, ActionRow], after: Mapping[str, ActionRow]) -> dict[str, str]:
    """Return the later number of each action that there still is."""
    homes = {result.key: action.number for action in after.values() for result in action.results}
    shared = Counter(
        (action.number, homes[result.key])
        for action in before.values()
        for result in action.results
        if result.key in homes
    )
    shared.update({(number, number): 0 for number in before if number in after})

    def likeness(pair: tuple[str, str]) -> tuple[bool, bool, bool, int]:
        is_kept, is_titled = pair[0] == pair[1], before[pair[0]].title == after[pair[1]].title
        is_alone = not shared[pair] and not is_titled
        return not is_kept or is_alone, is_alone, not is_titled, -shared[pair]

    new_numbers: dict[str, str] = {}
    taken = set()
    for old, new in sorted(shared, key=likeness):
        if old not in new_numbers and new not in taken:
            new_numbers[old] = new
            taken.add(new)
    return new_numbers
