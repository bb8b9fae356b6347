"""The plan's tree as text that outlives every later change, and back again.

Format 1 had the tree only; since format 2 the text also has the title of the period, and what everything was
called that history and the journal refer to. Texts of both formats can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from ..models import Snapshot
from .rows import Glossary, PlanTree

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class DamagedSnapshotError(ValueError):
    """The text is not what was frozen, or not a frozen plan at all."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A tree, the title of the period that froze it, and the names of then.

    What is written has the newest format: raise its number when rows change so that older texts no longer
    fit. A text of format 1 has neither title nor names.
    """

    tree: PlanTree
    period: str
    glossary: Glossary
    format: Literal[2] = 2


@dataclass(frozen=True, slots=True)
class FrozenTree:
    """What format 1 had."""

    format: Literal[1]
    tree: PlanTree
    period: Literal[""] = ""
    glossary: None = None


def freeze(frozen: Frozen) -> str:
    """Return all of it as JSON; its rows refer to no row of the database."""
    return _adapter().dump_json(frozen).decode()


def thaw(content: str) -> Frozen | FrozenTree:
    """Return what was frozen, equal in every part; raises DamagedSnapshotError."""
    try:
        return _adapter().validate_json(content)
    except ValueError as error:
        raise DamagedSnapshotError(str(error)) from error


def read_snapshot(snapshot: Snapshot) -> PlanTree:
    """Return the plan as a closed period froze it; raises DamagedSnapshotError if it was touched since."""
    return read_frozen(snapshot).tree


def read_frozen(snapshot: Snapshot) -> Frozen | FrozenTree:
    """Return all that a closed period froze; raises DamagedSnapshotError if it was touched since."""
    if snapshot.digest() != snapshot.sha256:
        raise DamagedSnapshotError(f"SHA-256 {snapshot.digest()} instead of {snapshot.sha256}")
    return thaw(snapshot.content)


@cache
def _adapter() -> TypeAdapter[Frozen | FrozenTree]:
    # pydantic takes 0.1 s to import: only who closes a period or looks at a closed one waits for it.
    from pydantic import TypeAdapter

    return TypeAdapter(Frozen | FrozenTree)
