"""The sheet with the figures of the plan; all of them come from `rollup`, so that pages show the same."""

from collections.abc import Iterable, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from akr_plan.file_text import plain_text
from measures.enums import Standing
from measures.tree.rows import PlanTree

from .. import rollup
from ..board import Board
from ..rollup import Group, Summary
from ..sentences import headline, progress_line
from ..trend import Trend
from .charts import CHARTS_HEIGHT, Table, add_standings_chart, add_trend_chart
from .heading import plan_heading, sample_mark
from .sheet import SheetWriter, Value
from .styles import (
    BODY,
    BODY_BOLD,
    DAY,
    HEAD,
    HEAD_NUMBER,
    NUMBER,
    NUMBER_BOLD,
    PERCENT,
    PERCENT_BOLD,
    REMARK,
    SENTENCE,
    STANDING_HEADS,
    SUBTITLE,
    Look,
)
from .text import text_height

# Number, title, results, one column for each standing, progress.
WIDTHS = (12, 60, 10, *(11 for _standing in Standing), 11)
FIRST_STANDING = 4
# In the list of what is late: the owner takes the room of all standings.
OWNER_COLUMN, OWNER_COLUMNS = FIRST_STANDING, len(Standing)
# In the table of the trend.
DONE_COLUMN, DUE_COLUMN = 3, 4


def write_summary_sheet(workbook: Workbook, board: Board, made: str) -> None:
    """Add the sheet: the headline, charts, the breakdowns that they show, and the list of what is late."""
    tree, titles = board.tree, board.strategy.titles
    writer = SheetWriter(
        workbook, pgettext("sheet", "Summary"), WIDTHS, header=sample_mark(tree), footer=tree.title
    )
    writer.add_heading([*plan_heading(board), (REMARK, plain_text(made))])
    total = rollup.summarise(tree.actions, tree.as_of)
    writer.add_across(SUBTITLE, headline(total))
    writer.add_across(SENTENCE, progress_line(total))
    writer.add_space(CHARTS_HEIGHT)
    charts_row = writer.row
    by_task = _write_groups(
        writer, "Pagal_uzdavinius", _("By task"), pgettext("plan", "Task"), rollup.by_task(tree), total
    )
    by_direction = rollup.by_direction(tree, titles)
    _write_groups(writer, "Pagal_kryptis", _("By KRSS2030 direction"), _("Direction"), by_direction)
    by_code = [group for group, _code in rollup.by_code(tree)]
    label = _("KRSS2030 measure or action")
    _write_groups(writer, "Pagal_kodus", _("By KRSS2030 code"), label, by_code)
    _write_groups(writer, "Pagal_metus", _("By year of the term"), _("Year"), rollup.by_year(tree))
    _write_late(writer, tree)
    trend = _write_trend(writer, board.trend)
    add_standings_chart(charts_row, by_task, FIRST_STANDING)
    add_trend_chart(charts_row, trend, DONE_COLUMN, DUE_COLUMN)


def _write_groups(
    writer: SheetWriter,
    name: str,
    title: str,
    label: str,
    groups: Iterable[Group],
    total: Summary | None = None,
) -> Table:
    """Write one table: a row for each group and, if given, the total; return where the groups are."""
    writer.add_space()
    writer.add_across(SUBTITLE, title)
    writer.add_wrapped(
        [
            (HEAD, _("No.")),
            (HEAD, label),
            (HEAD_NUMBER, _("Results")),
            *((STANDING_HEADS[standing], str(standing.label)) for standing in Standing),
            (HEAD_NUMBER, _("Progress")),
        ]
    )
    head_row = writer.row
    for group in groups:
        _write_figures(writer, group.number, str(group.title), group.summary)
    table = Table(writer.sheet, head_row, writer.row)
    if total:
        _write_figures(writer, "", _("The whole plan"), total, is_total=True)
    writer.name_table(name, head_row)
    return table


def _write_figures(
    writer: SheetWriter, number: str, title: str, summary: Summary, *, is_total: bool = False
) -> None:
    text, figure, percent = (BODY_BOLD, NUMBER_BOLD, PERCENT_BOLD) if is_total else (BODY, NUMBER, PERCENT)
    writer.add_wrapped(
        [
            (text, plain_text(number)),
            (text, plain_text(title)),
            (figure, summary.results),
            *((figure, summary.count(standing)) for standing in Standing),
            (percent, None if summary.percent is None else summary.percent / 100),
        ]
    )


def _write_trend(writer: SheetWriter, trend: Trend) -> Table:
    """Write how many results were done by each day, and how many had their term; return where."""
    writer.add_space()
    writer.add_across(SUBTITLE, _("Trend"))
    heads: list[tuple[Look, Value]] = [
        (HEAD, _("Day")),
        (HEAD, _("Month")),
        (HEAD_NUMBER, pgettext("count", "Done")),
        (HEAD_NUMBER, pgettext("count", "Term come")),
    ]
    writer.add(heads, height=text_height(str(heads[3][1]), WIDTHS[3], HEAD_NUMBER))
    head_row = writer.row
    for point in trend.points:
        text, figure = (BODY_BOLD, NUMBER_BOLD) if point.day == trend.as_of else (BODY, NUMBER)
        month = plain_text(date_format(point.day, "YEAR_MONTH_FORMAT"))
        writer.add(
            [(DAY, point.day), (text, month), (figure, point.done), (figure, point.due)],
            height=text_height(month, WIDTHS[1], text),
        )
    writer.name_table("Eiga", head_row, columns=DUE_COLUMN)
    return Table(writer.sheet, head_row, writer.row)


def _write_late(writer: SheetWriter, tree: PlanTree) -> None:
    """Write the list of the late results, those that are late the longest first."""
    writer.add_space()
    writer.add_across(SUBTITLE, _("Late results"))
    late = [(action, result) for action, result in tree.results() if result.standing == Standing.LATE]
    if not late:
        writer.add_across(SENTENCE, _("Nothing is late."))
        return
    titles = [_("No."), _("Planned result"), _("Term"), _("Owner"), *[None] * (OWNER_COLUMNS - 1)]
    _add_late(writer, [*((HEAD, title) for title in titles), (HEAD_NUMBER, _("Progress"))])
    head_row = writer.row
    for action, result in sorted(late, key=lambda pair: pair[1].due_on):
        owner = [plain_text(action.owner or _("no owner")), *[None] * (OWNER_COLUMNS - 1)]
        cells: list[tuple[Look, Value]] = [
            (BODY, action.number),
            (BODY, plain_text(result.text)),
            (DAY, result.due_on),
            *((BODY, text) for text in owner),
            (PERCENT, None if result.percent is None else result.percent / 100),
        ]
        _add_late(writer, cells)
    writer.name_table("Veluojantys", head_row)


def _add_late(writer: SheetWriter, cells: Sequence[tuple[Look, Value]]) -> None:
    """Add a row of the list, as high as its second column needs; the owner stands in merged columns."""
    look, text = cells[1]
    writer.add(cells, height=text_height(str(text), WIDTHS[1], look))
    writer.merge(writer.row, writer.row, OWNER_COLUMN, OWNER_COLUMN + OWNER_COLUMNS - 1)
