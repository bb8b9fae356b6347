"""The sheet that shows how the plan carries the strategy KRSS2030: its codes by direction, with coverage."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from openpyxl import Workbook

from akr_plan.file_text import plain_text
from akr_plan.text import sentence

from ..board import Board
from ..rollup import Summary
from ..strategy import CodeGroup, CodeLine, StrategyReport
from .heading import sample_mark, sheet_heading
from .sheet import Cells, SheetWriter
from .styles import (
    BODY,
    BODY_BOLD,
    HEAD,
    HEAD_NUMBER,
    NUMBER,
    NUMBER_BOLD,
    PERCENT,
    PERCENT_BOLD,
    SENTENCE,
    SUBTITLE,
    Look,
)
from .text import text_height

# Direction, code, title, kind, coverage, actions, results, due, of these done, late, progress.
WIDTHS = (10, 15, 62, 14, 34, 10, 10, 10, 12, 10, 11)
# In the list of the actions without a code: the title takes the room of the columns before.
OWNER_COLUMN = 5


def write_strategy_sheet(workbook: Workbook, board: Board) -> None:
    """Add the sheet: each direction with its codes, then the actions without a code."""
    strategy = board.strategy
    report = StrategyReport.of(board.tree, strategy.titles, strategy.codes)
    heading = sheet_heading(board, _("KRSS2030"), coverage(report))
    writer = SheetWriter(
        workbook,
        _("KRSS2030"),
        WIDTHS,
        frozen_rows=len(heading) + 1,
        header=sample_mark(board.tree),
        footer=board.tree.title,
    )
    writer.add_heading(heading)
    _write_head(writer)
    head_row = writer.row
    for group in report.groups:
        writer.add_wrapped(_group_cells(group))
        for line in group.lines:
            writer.add_wrapped(_line_cells(group, line))
    writer.add_filter(head_row)
    writer.name_table("KRSS2030_kodai", head_row)
    _write_without_code(writer, report)


def coverage(report: StrategyReport) -> str:
    """Return how many codes have actions, and how many actions have no code."""
    carried = ngettext(
        "%(carried)s of %(n)s KRSS2030 code known has actions in the plan",
        "%(carried)s of %(n)s KRSS2030 codes known have actions in the plan",
        report.known,
    )
    count = len(report.without_code)
    without = ngettext("%(n)s action has no code.", "%(n)s actions have no code.", count) % {"n": count}
    end = without if count else _("every action has a code.")
    return f"{carried % {'carried': report.carried, 'n': report.known}}, {end}"


def _write_head(writer: SheetWriter) -> None:
    writer.add_wrapped(
        [
            (HEAD, _("Direction")),
            (HEAD, _("Code")),
            (HEAD, _("Title")),
            (HEAD, _("Kind")),
            (HEAD, pgettext("strategy", "Coverage")),
            (HEAD_NUMBER, _("Actions")),
            (HEAD_NUMBER, _("Results")),
            (HEAD_NUMBER, pgettext("count", "Due")),
            (HEAD_NUMBER, _("of these done")),
            (HEAD_NUMBER, pgettext("count", "Late")),
            (HEAD_NUMBER, _("Progress")),
        ]
    )


def _group_cells(group: CodeGroup) -> Cells:
    """Return the row of a whole direction, or of the horizontal priorities."""
    return [
        (BODY_BOLD, plain_text(group.number)),
        (BODY_BOLD, None),
        (BODY_BOLD, plain_text(sentence(str(group.title)))),
        (BODY_BOLD, None),
        (BODY_BOLD, _carried_of(group)),
        *_figures(group.summary, is_bold=True),
    ]


def _line_cells(group: CodeGroup, line: CodeLine) -> Cells:
    """Return the row of a code; one that the plan does not carry has no figures."""
    return [
        (BODY, plain_text(group.number)),
        (BODY, None if line.code.is_priority else plain_text(line.code.code)),
        (BODY, plain_text(sentence(line.code.title))),
        (BODY, plain_text(line.kind_label)),
        (BODY, plain_text(_covered(line))),
        *(_figures(line.summary) if line.is_carried else [(BODY, None)] * 6),
    ]


def _figures(summary: Summary, *, is_bold: bool = False) -> Cells:
    figure, percent = (NUMBER_BOLD, PERCENT_BOLD) if is_bold else (NUMBER, PERCENT)
    counts = (summary.actions, summary.results, summary.due, summary.due_done, summary.late)
    return [
        *((figure, count) for count in counts),
        (percent, None if summary.percent is None else summary.percent / 100),
    ]


def _carried_of(group: CodeGroup) -> str:
    """Return how many codes of a direction, or how many priorities, the plan carries."""
    if not group.known:
        return _("No code of this direction is known here.")
    text = (
        ngettext(
            "%(carried)s of %(n)s code has actions", "%(carried)s of %(n)s codes have actions", group.known
        )
        if group.number
        else ngettext(
            "%(carried)s of %(n)s priority has actions",
            "%(carried)s of %(n)s priorities have actions",
            group.known,
        )
    )
    return text % {"carried": group.carried, "n": group.known}


def _covered(line: CodeLine) -> str:
    """Return in words whether the plan carries a code, or only parts of it."""
    if line.is_carried:
        return _("With actions in the plan")
    missing = _("No actions in the plan")
    return (
        f"{missing}. {_('The plan has its parts only:')} {', '.join(line.parts)}" if line.parts else missing
    )


def _write_without_code(writer: SheetWriter, report: StrategyReport) -> None:
    writer.add_space()
    writer.add_across(SUBTITLE, _("Actions without a code"))
    if not report.without_code:
        writer.add_across(SENTENCE, _("Every action of the plan has a code."))
        return
    _add_without_code(writer, HEAD, _("No."), pgettext("plan", "Action"), _("Owner"))
    head_row = writer.row
    for action in report.without_code:
        _add_without_code(writer, BODY, action.number, action.title, action.owner or _("no owner"))
    writer.name_table("Veiksmai_be_kodo", head_row, columns=OWNER_COLUMN)


def _add_without_code(writer: SheetWriter, look: Look, number: str, title: str, owner: str) -> None:
    """Add a row of that list; the title stands in merged columns."""
    texts = [plain_text(number), plain_text(title), None, None, plain_text(owner)]
    height = text_height(plain_text(title), sum(WIDTHS[1 : OWNER_COLUMN - 1]), look)
    writer.add([(look, text) for text in texts], height=height)
    writer.merge(writer.row, writer.row, 2, OWNER_COLUMN - 1)
