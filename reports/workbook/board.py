"""The board's workbook: the document's own table with status and progress, and the sheets around it.

Opening openpyxl takes a tenth of a second, so views import this module only where they need it.
"""

from datetime import datetime
from typing import BinaryIO

from openpyxl import Workbook

from measures.tree.rows import PlanHead

from ..board import Board
from .about import write_about_sheet
from .attention import write_attention_sheet
from .changes import write_changes_sheet
from .heading import as_of_line, made_line, set_properties
from .plan import write_plan_sheet
from .strategy import write_strategy_sheet
from .summary import write_summary_sheet


def board_file_name(tree: PlanHead) -> str:
    """Return a name for the file: veiklos-planas-2023-2024_bukle-2024-12-31.xlsx."""
    return f"veiklos-planas-{tree.slug}_bukle-{tree.as_of.isoformat()}.xlsx"


def write_board_workbook(board: Board, *, made_by: str, made_at: datetime, stream: BinaryIO) -> None:
    """Write the workbook as an .xlsx file, in the active language; `made_at` is aware."""
    workbook = Workbook(write_only=True)
    title = f"{board.tree.title} – {as_of_line(board.tree, board.period)}"
    set_properties(workbook, title, made_by=made_by, made_at=made_at)
    made = made_line(made_by, made_at)
    write_summary_sheet(workbook, board, made)
    write_plan_sheet(workbook, board)
    write_strategy_sheet(workbook, board)
    write_attention_sheet(workbook, board)
    write_changes_sheet(workbook, board)
    write_about_sheet(workbook, board, made_by, made_at)
    workbook.save(stream)
