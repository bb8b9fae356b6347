"""The plan's tree as text that outlives every later change, and back again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from ..models import Snapshot
from .rows import PlanTree

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class DamagedSnapshotError(ValueError):
    """The text is not what was frozen, or not a frozen plan at all."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A tree with the number of its format: raise it when rows change so that older texts no longer fit."""

    format: Literal[1]
    tree: PlanTree


def freeze(tree: PlanTree) -> str:
    """Return the whole tree as JSON; it refers to no row of the database."""
    return _adapter().dump_json(Frozen(1, tree)).decode()


def thaw(content: str) -> PlanTree:
    """Return the tree that was frozen, equal in every part; raises DamagedSnapshotError."""
    try:
        return _adapter().validate_json(content).tree
    except ValueError as error:
        raise DamagedSnapshotError(str(error)) from error


def read_snapshot(snapshot: Snapshot) -> PlanTree:
    """Return the plan as a closed period froze it; raises DamagedSnapshotError if it was touched since."""
    if snapshot.digest() != snapshot.sha256:
        raise DamagedSnapshotError(f"SHA-256 {snapshot.digest()} instead of {snapshot.sha256}")
    return thaw(snapshot.content)


@cache
def _adapter() -> TypeAdapter[Frozen]:
    # pydantic takes 0.1 s to import: only who closes a period or looks at a closed one waits for it.
    from pydantic import TypeAdapter

    return TypeAdapter(Frozen)
