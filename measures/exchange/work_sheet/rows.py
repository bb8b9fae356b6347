"""Reads the rows of a work sheet from the database: the plan as it is now, in four queries."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import pgettext

from ...models import Plan, PlannedResult
from ...tree.reader import head_of, tree_of
from ...tree.rows import ActionRow, PlanTree, ResultRow
from ...tree.source import Source
from ...tree.states import States
from .columns import OutRow, as_typed

NOBODY = "-"


@dataclass(frozen=True, slots=True)
class PlanRows:
    """A plan with what was last reported, and its planned results as they are stored, by key."""

    tree: PlanTree
    stored: Mapping[str, PlannedResult]

    @classmethod
    def of(cls, plan: Plan) -> "PlanRows":
        """Read a plan."""
        rows = Source(plan, None).read()
        states = States.until(plan, None, with_notes=True)
        return cls(tree_of(head_of(plan), rows, states), {result.key: result for result in rows.results})

    def out_rows(self, *, owner: str | None, task: str | None, partner: str | None) -> list[OutRow]:
        """Return the rows of a part in the order of the plan; None asks for all, see `read_out_rows`."""
        return [
            _out_row(action, result, self.stored[result.key])
            for action, result in self.tree.results()
            if owner is None or action.owner_username == ("" if owner == NOBODY else owner)
            if task is None or action.task_number == task
            if partner is None or any(link.name == partner for link in action.partners)
        ]


def read_out_rows(
    plan: Plan, *, owner: str | None = None, task: str | None = None, partner: str | None = None
) -> list[OutRow]:
    """Return the rows of a plan's work sheet.

    `owner` is a user name, or "-" for actions that have none; `task` a number; `partner` a name.
    """
    return PlanRows.of(plan).out_rows(owner=owner, task=task, partner=partner)


def _out_row(action: ActionRow, row: ResultRow, stored: PlannedResult) -> OutRow:
    sub_items = "\n".join(f"• {item}" for item in row.sub_items)
    return OutRow(
        key=row.key,
        version=stored.version,
        number=action.number,
        title=action.title,
        description="\n".join(filter(None, (row.text, sub_items))),
        text=as_typed(row.text),
        sub_items=sub_items,
        period=_period(row, stored),
        first_year=row.first_year,
        last_year=row.last_year,
        deadline=stored.deadline,
        condition=as_typed(row.condition),
        owner=action.owner,
        note=f"{row.note.reported_on.isoformat()}\n{row.note.text}" if row.note else "",
        status=row.progress.status,
        percent=row.percent,
    )


def _period(row: ResultRow, stored: PlannedResult) -> str:
    """Return the period as people write it, and the day if the result has one of its own."""
    day = pgettext("deadline", "by %(day)s") % {"day": stored.deadline.isoformat()} if stored.deadline else ""
    return "\n".join(filter(None, (row.period_text or row.years, day)))
