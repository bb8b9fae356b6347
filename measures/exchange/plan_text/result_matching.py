"""Which planned result of a document is which of the plan: they have no number, so their words tell."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from ..document.text import collapse

# Two texts of which less is alike are two results, not one that was reworded.
LEAST_ALIKE = 0.6
# Beginnings tell; comparing long texts letter by letter takes too long.
LONGEST = 300
# Where more pairs would have to be compared, only those of the same place are.
MOST_PAIRS = 400

Pair = tuple[int | None, int | None]


def match_results(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the indexes of old and new texts that belong together, None where one has no counterpart.

    Equal texts belong together, of the others those that are most alike. The order is that of the new texts;
    an old one without a counterpart stays after the one that it stood after.
    """
    before, after = [collapse(text) for text in old], [collapse(text) for text in new]
    found = _equal(before, after)
    _add_alike(found, before, after)
    matched = set(found.values())
    pairs: list[Pair] = [(found.get(index), index) for index in range(len(new))]
    for index in range(len(old)):
        if index not in matched:
            previous = next((place for place, pair in enumerate(pairs) if pair[0] == index - 1), -1)
            place = previous + 1 if index and previous >= 0 else 0
            pairs.insert(place, (index, None))
    return pairs


def _equal(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return the old index of each new text that the plan has word for word; doubles in their order."""
    places: dict[str, list[int]] = {}
    for index, text in enumerate(old):
        places.setdefault(text, []).append(index)
    return {index: places[text].pop(0) for index, text in enumerate(new) if places.get(text)}


def _add_alike(found: dict[int, int], old: Sequence[str], new: Sequence[str]) -> None:
    """Add the pairs of the rest that are alike enough, the most alike first, else in their order."""
    rest_old = [index for index in range(len(old)) if index not in set(found.values())]
    rest_new = [index for index in range(len(new)) if index not in found]
    pairs = [(before, after) for after in rest_new for before in rest_old]
    if len(pairs) > MOST_PAIRS:
        pairs = list(zip(rest_old, rest_new, strict=False))
    alike = [(_likeness(old[before], new[after]), before, after) for before, after in pairs]
    taken: set[int] = set()
    for likeness, before, after in sorted(alike, key=lambda pair: -pair[0]):
        if likeness >= LEAST_ALIKE and before not in taken and after not in found:
            found[after] = before
            taken.add(before)


def _likeness(one: str, other: str) -> float:
    """Return how much of two texts is alike, from 0 to 1; 0 where it is surely too little."""
    matcher = SequenceMatcher(None, one[:LONGEST], other[:LONGEST], autojunk=False)
    if matcher.real_quick_ratio() < LEAST_ALIKE or matcher.quick_ratio() < LEAST_ALIKE:
        return 0.0
    return matcher.ratio()


def settle_positions(order: Sequence[int | None], positions: Sequence[int]) -> list[int]:
    """Return the position of each result in a new order, so that few of those that exist are moved.

    order: the index of each among the existing ones, None for a new one; positions: of the existing ones,
    not decreasing. Rows of one position stand in the order in which they came.
    """
    settled: list[int] = []
    last, last_stayed = -1, -1
    for index in order:
        place = 0 if index is None else positions[index]
        is_after = place > last or (place == last and -1 < last_stayed < (index or 0))
        stays = index is not None and is_after
        last = place if stays else max(last, 0) + 1
        last_stayed = index if stays and index is not None else -1
        settled.append(last)
    return settled
