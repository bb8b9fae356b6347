"""What an import is going to do, row by row: one value is shown, kept, and compared before it is done."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ..enums import LineKind


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value before and after, in words as a page shows them; "" is nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file, or one part of a document.

    place: where in the file it stands, in words („Darbo lentelė“, 12 eilutė);
    subject: the number or key in the plan (1.2.1-2), "" if there is none;
    title: what the row is about, as people know it;
    changes: in a conflict what stands in the program (old) and in the file (new);
    reason: why the row is refused, or what else is to be known; one sentence or more.
    versions: of the database rows that the line was compared with, by a name of the handler's choice: they
    make previews of different states differ.
    is_decidable: a decision on the page can lift the refusal; the file itself may stay as it is.
    """

    kind: LineKind
    place: str
    subject: str = ""
    title: str = ""
    changes: tuple[FieldChange, ...] = ()
    reason: str = ""
    versions: tuple[tuple[str, int], ...] = ()
    is_decidable: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """All lines in the order of the file, and what else has to be known before confirming."""

    lines: tuple[Line, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[LineKind, int]:
        """Return how many lines there are of each kind."""
        return Counter(line.kind for line in self.lines)

    @property
    def is_refused(self) -> bool:
        """Return whether the file has to be corrected first: imports are all or nothing."""
        return self.counts[LineKind.REFUSED] > 0

    @property
    def is_decidable(self) -> bool:
        """Return whether all that is refused can be put right by decisions, without another file."""
        refused = [line for line in self.lines if line.kind == LineKind.REFUSED]
        return bool(refused) and all(line.is_decidable for line in refused)

    @property
    def has_conflicts(self) -> bool:
        """Return whether somebody has to decide first."""
        return self.counts[LineKind.CONFLICT] > 0

    @property
    def changes_something(self) -> bool:
        """Return whether confirming would write anything."""
        return self.counts[LineKind.ADDED] + self.counts[LineKind.CHANGED] > 0

    @property
    def may_be_confirmed(self) -> bool:
        """Return whether this can be done as it stands here."""
        return self.changes_something and not (self.is_refused or self.has_conflicts)

    @property
    def stamp(self) -> str:
        """Return a SHA-256 of all of it: two previews with the same stamp do the same to the same data."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
