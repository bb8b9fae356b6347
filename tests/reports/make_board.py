"""A board's finished rows for tests of files: from a tree alone, or read from the database."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from measures.models import Plan
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree
from reports.attention import Attention
from reports.board import Board
from reports.board_reader import read_board, sides_of
from reports.changes.compare import compare
from reports.changes.sides import Side, Sides
from reports.queries import closed_periods
from reports.queries_strategy import read_strategy
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
    tree = read_tree(plan, values.get("day"), with_notes=True)
    sides = sides_of(tree, None, closed_periods(plan), values.get("since", ""))
    return read_board(plan, tree, read_strategy(), sides)
