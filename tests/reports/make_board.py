"""A board's finished rows for tests of files: from a tree alone, or read from the database."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from measures.models import Plan
from measures.tree.rows import PlanTree
from reports import board_reader
from reports.attention import Attention
from reports.board import Board
from reports.changes.compare import compare
from reports.changes.sides import Side, Sides
from reports.queries.periods import read_periods
from reports.rows import Reporting, Strategy
from reports.trend import Trend


def make_board(tree: PlanTree, *, directions: Mapping[str, str] | None = None, **values: Any) -> Board:
    """Return a board on which nothing has changed and nobody was to report, of values given otherwise."""
    due = Counter(result.due_on for _action, result in tree.results())
    defaults: dict[str, Any] = {
        "strategy": Strategy(directions or {"I": "Jūrinė ekonomika"}, (), {}),
        "trend": Trend.of(tree, {}, due),
        "attention": Attention.of(tree, Reporting(False, None, ())),
        "comparison": compare(tree, tree),
        "sides": Sides(Side(tree.as_of), Side(tree.as_of)),
    }
    return Board(tree, **(defaults | values))


def read_whole_board(plan: Plan, **values: Any) -> Board:
    """Return the board of a whole plan, by default as of today."""
    return board_reader.read_whole_board(plan, values.get("day"), read_periods(plan), values.get("since", ""))
