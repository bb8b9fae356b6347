"""Who changed a plan between two of its states, read from the journal and from the tables of history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from measures.models import Plan
from measures.tree.rows import Person

from ...rows import Writing, Writings
from .cut import Cut
from .journal import ENTRY_COLUMNS, Entry, in_journal, read_entries
from .names import Key, Names, People
from .text import in_text, read_versions

__all__ = ["ENTRY_COLUMNS", "Cut", "Entry", "Names", "read_writings"]


def read_writings(
    plan: Plan,
    before: Cut,
    after: Cut,
    *,
    names: Names | None = None,
    entries: Iterable[Entry] | None = None,
    people: Mapping[int, Person] | None = None,
) -> Writings:
    """Return what was written of each field of each row between two states.

    That takes one query, and one each for the names of the later state's rows and for the entries of the
    journal that may count in one of them only, where these are not known. `people` are accounts as they were
    called then; those that are not among them have their names of today.
    """
    versions, accounts = read_versions(plan, before, after)
    signing = People({**accounts, **(people or {})})
    names = names or Names.read(plan, after.text_at)
    entries = read_entries(plan, before, after) if entries is None else entries
    found: dict[Key, list[Writing]] = defaultdict(list)
    for key, writing in in_journal(entries, before, after, names, signing):
        found[key].append(writing)
    for key, version in in_text(versions, names):
        found[key].append(signing.wrote(version.author, version.written_at))
    return found
