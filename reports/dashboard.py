"""What the dashboard shows, finished for its template."""

from collections.abc import Sequence
from dataclasses import dataclass

from measures.enums import Standing
from measures.tree.rows import ActionRow, PlanTree, ResultRow

from .rollup import Group, Summary, by_direction, by_task, by_year, summarise

LATE_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures of a plan as of a day."""

    tree: PlanTree
    total: Summary
    tasks: Sequence[Group]
    directions: Sequence[Group]
    years: Sequence[Group]
    late: Sequence[tuple[ActionRow, ResultRow]]

    @classmethod
    def of(cls, tree: PlanTree, directions: dict[str, str]) -> "Dashboard":
        """Work the figures out."""
        late = [(action, result) for action, result in tree.results() if result.standing == Standing.LATE]
        return cls(
            tree=tree,
            total=summarise(tree.actions, tree.as_of),
            tasks=by_task(tree),
            directions=by_direction(tree, directions),
            years=by_year(tree),
            late=sorted(late, key=lambda pair: pair[1].due_on),
        )

    @property
    def late_shown(self) -> Sequence[tuple[ActionRow, ResultRow]]:
        """Return the results that are late the longest."""
        return self.late[:LATE_SHOWN]
