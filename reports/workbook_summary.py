"""The sheet with the figures of the plan; all of them come from `rollup`, so that pages show the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from measures.enums import Standing
from measures.tree.rows import PlanTree

from . import rollup
from .rollup import Group, Summary
from .sentences import headline, progress_line
from .workbook_styles import (
    BODY,
    BODY_BOLD,
    DAY,
    HEAD,
    HEAD_NUMBER,
    NUMBER,
    NUMBER_BOLD,
    PERCENT,
    PERCENT_BOLD,
    SENTENCE,
    STANDINGS,
    SUBTITLE,
    Heading,
    Look,
    SheetWriter,
    Value,
    plain_text,
    text_height,
)

# Number, title, results, one column for each standing, progress.
WIDTHS = (12, 60, 10, *(11 for _standing in Standing), 11)
# In the list of what is late: the owner takes the room of all standings.
OWNER_COLUMN, OWNER_COLUMNS = 4, len(Standing)
STANDING_HEADS = {standing: replace(look, align="right") for standing, look in STANDINGS.items()}


def write_summary_sheet(
    workbook: Workbook, tree: PlanTree, directions: Mapping[str, str], heading: Heading
) -> None:
    """Add the sheet: the headline, the breakdowns, and the list of what is late."""
    writer = SheetWriter(workbook, pgettext("sheet", "Summary"), WIDTHS)
    writer.set_page_texts(header=_("Sample data") if tree.is_sample else "", footer=tree.title)
    writer.add_heading(heading)
    total = rollup.summarise(tree.actions, tree.as_of)
    writer.add_across(SUBTITLE, headline(total))
    writer.add_across(SENTENCE, progress_line(total))
    _write_groups(writer, _("By task"), pgettext("plan", "Task"), rollup.by_task(tree), total)
    by_direction = rollup.by_direction(tree, directions)
    _write_groups(writer, _("By KRSS2030 direction"), _("Direction"), by_direction)
    by_code = [group for group, _code in rollup.by_code(tree)]
    _write_groups(writer, _("By KRSS2030 code"), _("KRSS2030 measure or action"), by_code)
    _write_groups(writer, _("By year of the term"), _("Year"), rollup.by_year(tree))
    _write_late(writer, tree)


def _write_groups(
    writer: SheetWriter, title: str, label: str, groups: Iterable[Group], total: Summary | None = None
) -> None:
    """Write one table: a row for each group and, if given, the total."""
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
    for group in groups:
        _write_figures(writer, group.number, str(group.title), group.summary)
    if total:
        _write_figures(writer, "", _("The whole plan"), total, is_total=True)


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


def _add_late(writer: SheetWriter, cells: Sequence[tuple[Look, Value]]) -> None:
    """Add a row of the list, as high as its second column needs; the owner stands in merged columns."""
    look, text = cells[1]
    writer.add(cells, height=text_height(str(text), WIDTHS[1], look))
    writer.merge(writer.row, writer.row, OWNER_COLUMN, OWNER_COLUMN + OWNER_COLUMNS - 1)
