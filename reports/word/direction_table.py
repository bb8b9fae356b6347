"""The table of a code in the Word document of a direction's report: a row for each planned result."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akr_plan.templatetags.plan_text import percent
from measures.exchange.document.styles import Role

from ..direction_report import ReportAction, ReportCode, ReportLine
from ..workbook.styles import STANDINGS
from .grid import EMPTY, GOES_ON, MERGED, head_row, table_cell, table_row, whole_table
from .runs import paragraph, run

# In twentieths of a point; they add up to the width of the page's text.
WIDTHS = (2000, 2600, 1150, 1250, 1550, 2300, 1550, 1400, 1598)
# One report on several results stands in one cell for them: what was done, and what is proposed. The rest is
# in every row, for a row may be the first of a page.
SHARED = frozenset({5, 6})

# The paragraphs of a cell, and its colour.
Content = tuple[str, str]


def direction_table(code: ReportCode) -> str:
    """Return the table as XML."""
    labels = (
        pgettext("plan", "Action"),
        _("Planned result"),
        _("Term"),
        _("Status"),
        _("In time or not"),
        _("What was done"),
        _("Proposed correction"),
        _("Owner"),
        _("Partners"),
    )
    rows = [row for action in code.actions for row in _rows(action)]
    return whole_table(WIDTHS, "".join([head_row(labels, WIDTHS), *rows]))


def _rows(action: ReportAction) -> Iterator[str]:
    """Yield the rows of an action; one without results takes a row too."""
    rows = [_cells(action, line) for line in action.lines] or [_cells(action, None)]
    columns = [_column(index, column) for index, column in enumerate(zip(*rows, strict=True))]
    for row in zip(*columns, strict=True):
        yield table_row([cell for cell, _size in row], max(size for _cell, size in row))


def _cells(action: ReportAction, line: ReportLine | None) -> list[Content]:
    """Return what the cells of a row hold."""
    result = (
        [
            (_said(line.text), ""),
            (_said(line.result.due_on.isoformat()), ""),
            _status(line),
            (_said("\n".join([line.on_time, *([line.done_on.isoformat()] if line.done_on else [])])), ""),
            (_said(line.done), ""),
            (_said(line.correction), ""),
        ]
        if line
        else [(EMPTY, "")] * 6
    )
    return [
        (_said(f"{action.row.number}. {action.title}"), ""),
        *result,
        (_said(action.owner), ""),
        (_said(action.partners), ""),
    ]


def _status(line: ReportLine) -> Content:
    """Return the standing in its colour, and below it the percent."""
    look = STANDINGS[line.result.standing]
    label = paragraph(Role.PROGRESS, run(line.status, settings=f'<w:b/><w:color w:val="{look.colour}"/>'))
    return label + _said(percent(line.result.percent)), look.fill


def _column(index: int, contents: Sequence[Content]) -> Iterator[tuple[str, int]]:
    """Yield the cells of a column, each with how long its text is: that of several rows does not count."""
    width = WIDTHS[index]
    for (content, fill), group in groupby(contents):
        count = len(list(group))
        if count == 1 or index not in SHARED:
            yield from [(table_cell(width, content, fill=fill), len(content))] * count
        else:
            yield table_cell(width, content, MERGED), 0
            yield from [(table_cell(width, EMPTY, GOES_ON), 0)] * (count - 1)


def _said(text: str) -> str:
    return paragraph(Role.PROGRESS, run(text))
