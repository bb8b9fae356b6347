"""Who made each change of a comparison, and when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

from django.utils import timezone

from ..rows import ADDED, REMOVED, RESULTS, Writing, Writings
from .rows import Change, ChangeKind, Comparison, Level, Signature

Key = tuple[str, str, str]

# What a difference in the parent is called, and the level that the parent is of.
PARENTS: Mapping[str, Level] = {"task": Level.TASK, "measure": Level.MEASURE, "action": Level.ACTION}


def sign(comparison: Comparison, writings: Writings) -> Comparison:
    """Return the comparison with who made each change and when, as far as that is known."""
    groups = {
        kind: [change if change.signature else _signed(change, writings) for change in found]
        for kind, found in comparison.groups.items()
    }
    return replace(comparison, groups=groups)


def _signed(change: Change, writings: Writings) -> Change:
    found = [writing for key in _written(change) for writing in writings.get(key, ())]
    if not found:
        causes = (writings.get(key, ()) for key in _causes(change))
        found = list(next(filter(None, causes), ()))
    return replace(change, signature=signature_of(found)) if found else change


def _written(change: Change) -> Iterator[Key]:
    """Yield where people write what has changed."""
    level, name = change.place.level.value, change.place.name
    if change.kind == ChangeKind.ADDED:
        yield level, name, ADDED
    elif change.kind == ChangeKind.REMOVED:
        yield level, name, REMOVED
    else:
        for difference in change.differences:
            for field in difference.facet.made_of:
                yield level, name, field


def _causes(change: Change) -> Iterator[Key]:
    """Yield what else may have brought the change about, the likeliest first.

    The parent has another number; the row is a new one, or one that took the number over; the action is
    known by its results, and these came from elsewhere; an open term ends with the plan.
    """
    level, name = change.place.level.value, change.place.name
    for difference in change.differences:
        for field in difference.facet.made_of:
            if field in PARENTS:
                yield PARENTS[field].value, difference.after, "number"
                yield PARENTS[field].value, difference.after, ADDED
            if field == "last_year":
                yield Level.PLAN.value, "", "last_year"
    yield level, name, ADDED
    yield level, name, RESULTS


def signature_of(writings: Iterable[Writing]) -> Signature:
    """Return the signature of the last of some writings, with who else had a hand in it."""
    *earlier, last = sorted(writings, key=attrgetter("on", "written_at"))
    written_on = timezone.localtime(last.written_at).date()
    others = {writing.username: writing.who for writing in reversed(earlier)}
    others.pop(last.username, None)
    return Signature(
        who=last.who,
        on=last.on,
        recorded_on=written_on if written_on != last.on else None,
        on_behalf_of=last.on_behalf_of,
        others=tuple(others.values()),
    )
