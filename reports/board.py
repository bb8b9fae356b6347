"""What the board's files are made of: finished rows, the same that the pages show."""

from dataclasses import dataclass

from measures.tree.rows import PlanTree

from .attention import Attention
from .changes.rows import Comparison
from .changes.sides import Sides
from .rows import ClosedPeriod, Strategy
from .trend import Trend


@dataclass(frozen=True, slots=True)
class Board:
    """A plan, or a part of it, as of a day, and what changed until then.

    `period` is the closed period that froze it, if it is one; `said` tells in words which part is shown, if
    not the whole.
    """

    tree: PlanTree
    strategy: Strategy
    trend: Trend
    attention: Attention
    comparison: Comparison
    sides: Sides
    said: str = ""

    @property
    def period(self) -> ClosedPeriod | None:
        """Return the closed period that froze the plan, or None if it is shown as of a day."""
        return self.sides.after.period
