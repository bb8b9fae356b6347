"""What a plan names: the tasks, codes, years, people and parties that one can filter by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from measures.tree.rows import PlanTree

from ..rollup import RollUp
from .plan_filter import lasting_name


@dataclass(frozen=True, slots=True)
class Names:
    """What a plan names; `owners` has names by user name, `codes` titles by code (empty for a priority)."""

    tasks: Mapping[str, str]
    codes: Mapping[str, str]
    years: tuple[str, ...]
    owners: Mapping[str, str]
    partners: frozenset[str]
    resources: frozenset[str]
    projects: frozenset[str]

    @classmethod
    def of(cls, tree: PlanTree) -> "Names":
        """Collect what the rows of a whole plan name."""
        actions = tree.actions
        codes = {code.code: code for action in actions for code in action.effective_codes}
        ordered = sorted(codes.values(), key=lambda code: code.sort_key)
        results = [result for action in actions for result in action.results]
        return cls(
            tasks={task.number: task.title for task in tree.tasks},
            codes={code.code: "" if code.is_priority else code.title for code in ordered},
            years=tuple(sorted({str(result.due_on.year) for result in results})),
            owners={row.owner_username: row.owner for row in actions if row.owner_username},
            partners=_names((link.name, link.as_written) for row in actions for link in row.partners),
            resources=_names((link.name, link.as_written) for row in actions for link in row.resources),
            projects=_names((name, "") for result in results for name in result.projects),
        )

    @classmethod
    def of_rollup(
        cls, figures: RollUp, owners: Mapping[str, str], parties: Mapping[str, Iterable[str]]
    ) -> "Names":
        """Collect them from figures, which name all but people (`owners`) and `parties`, by field."""
        codes = [group for direction in figures.directions for group in direction.children]
        return cls(
            tasks={group.number: str(group.title) for group in figures.tasks},
            codes={group.key: str(group.title) if group.number else "" for group in codes},
            years=tuple(group.key for group in figures.years),
            owners=owners,
            **{name: frozenset(found) for name, found in parties.items()},
        )


def _names(links: Iterable[tuple[str, str]]) -> frozenset[str]:
    return frozenset(lasting_name(name, as_written) for name, as_written in links)
