"""What the dashboard shows, finished for its template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from measures.enums import Standing
from measures.tree.rows import PlanTree

from .rollup import RollUp, roll_up
from .rows import LateRow

LATE_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures of a plan as of a day, and the results that are late the longest."""

    figures: RollUp
    late: Sequence[LateRow]

    @classmethod
    def of(cls, tree: PlanTree, titles: Mapping[str, str]) -> "Dashboard":
        """Work the figures out; `titles` maps the KRSS2030 directions to their titles, in their order."""
        late = [
            LateRow(action.number, result.text, result.due_on, action.owner, action.last_reported_on)
            for action, result in tree.results()
            if result.standing == Standing.LATE
        ]
        return cls(roll_up(tree, titles), sorted(late, key=lambda row: row.due_on)[:LATE_SHOWN])
