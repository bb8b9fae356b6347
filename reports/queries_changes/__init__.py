"""Who changed a plan between two of its states, read from the journal and from the tables of history."""

from collections import defaultdict

from measures.models import Plan

from ..rows import Writing, Writings
from .cut import Cut
from .journal import in_journal, read_entries
from .names import Key, Names, People
from .text import in_text, read_versions

__all__ = ["Cut", "read_writings"]


def read_writings(plan: Plan, before: Cut, after: Cut) -> Writings:
    """Return what was written of each field of each row between two states, in four queries."""
    people = People()
    names = Names(plan, after.text_at)
    found: dict[Key, list[Writing]] = defaultdict(list)
    for key, writing in in_journal(read_entries(plan, before, after), before, after, names, people):
        found[key].append(writing)
    for key, version in in_text(read_versions(plan, before, after), names):
        found[key].append(people.wrote(version.author, version.written_at))
    return found
