"""What a workbook says of itself: the lines above its tables, and its properties."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook

from akr_plan.file_text import plain_text
from measures.tree.rows import PlanHead

from ..board import Board
from ..plan_words import GOAL
from ..sentences import as_of_line as as_of_line
from .sheet import Heading
from .styles import BANNER, REMARK, SENTENCE, TITLE, Look


def made_line(made_by: str, made_at: datetime) -> str:
    """Return who made the file and when."""
    moment = date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT")
    return _("Made by %(name)s, %(moment)s") % {"name": made_by, "moment": moment}


def sample_mark(tree: PlanHead) -> str:
    """Return what marks sample data, or nothing."""
    return _("Sample data") if tree.is_sample else ""


def plan_heading(board: Board) -> Heading:
    """Return the lines above the document's own table."""
    tree = board.tree
    return heading_of(
        (BANNER, sample_mark(tree)),
        (REMARK, tree.organisation),
        (TITLE, tree.title),
        (SENTENCE, f"{GOAL}: {tree.goal}"),
        (SENTENCE, as_of_line(tree, board.period)),
        (SENTENCE, shown_line(board.said)),
    )


def sheet_heading(board: Board, title: str, *lines: str) -> Heading:
    """Return the lines above the table of another sheet, with what it says in sentences."""
    tree = board.tree
    return heading_of(
        (BANNER, sample_mark(tree)),
        (TITLE, title),
        (SENTENCE, f"{tree.title} · {as_of_line(tree, board.period)}"),
        (SENTENCE, shown_line(board.said)),
        *((SENTENCE, line) for line in lines),
    )


def heading_of(*lines: tuple[Look, str]) -> Heading:
    """Return the lines that say something."""
    return [(look, text) for look, text in lines if text]


def shown_line(said: str) -> str:
    """Return which part of the plan is shown, or nothing if the whole is."""
    return _("Shown: %(what)s") % {"what": said} if said else ""


def set_properties(workbook: Workbook, title: str, *, made_by: str, made_at: datetime) -> None:
    """Write the properties of the document; `made_at` is aware."""
    properties = workbook.properties
    properties.title = plain_text(title)
    properties.creator = properties.lastModifiedBy = plain_text(made_by)
    properties.language = get_language()
    properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)
