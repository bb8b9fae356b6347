"""The charts of a workbook: Excel draws them from the cells of its tables."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import DateAxis
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumFmt, NumRef, StrRef
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties

from measures.enums import Standing

from ..charts import BAR_ORDER
from .styles import LINE, SEA, STANDING_COLOURS

# Both charts stand beside each other in one row of so many points, which no page break can cut. Each is
# as wide as some columns, counted from 0: centimetres would be other columns in another program.
CHARTS_HEIGHT = 255
_BARS_COLUMNS, _LINES_COLUMNS = (0, 2), (2, 11)
_GAP = 100_000  # 2.8 millimetres
_TITLE_SIZE = 1100  # 11 points
_THICK = 28_575  # 2.25 points, as DrawingML counts them


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table is: its sheet, the row of its head, and its last row."""

    sheet: Any
    head: int
    last: int

    def __bool__(self) -> bool:
        """Return whether anything stands under the head."""
        return self.last > self.head

    def cells(self, column: int) -> Reference:
        """Return the cells of a column without its head."""
        return Reference(self.sheet, column, self.head + 1, column, self.last)

    def series(self, column: int) -> Series:
        """Return the series that a column is, named by the words of its head."""
        head = Reference(self.sheet, column, self.head)
        return Series(
            tx=SeriesLabel(strRef=StrRef(str(head))),
            val=NumDataSource(numRef=NumRef(str(self.cells(column)))),
        )


def add_standings_chart(row: int, table: Table, first_column: int) -> None:
    """Add the bars of a breakdown: one for each of its rows, with a part for each standing."""
    if not table:
        return
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 45
    columns = {standing: first_column + index for index, standing in enumerate(Standing)}
    for standing in BAR_ORDER:
        series = table.series(columns[standing])
        series.graphicalProperties = GraphicalProperties(solidFill=STANDING_COLOURS[standing])
        series.cat = AxDataSource(strRef=StrRef(str(table.cells(1))))
        chart.series.append(series)
    # The first task is on top, as in the table.
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.title = pgettext("plan", "Task")
    chart.y_axis.crosses = "max"
    _place(table.sheet, chart, _("Results by task and status"), row, _BARS_COLUMNS)


def add_trend_chart(row: int, table: Table, done_column: int, due_column: int) -> None:
    """Add the lines of the trend: how many results were done by each day, and how many had their term."""
    chart = LineChart()
    lines = {
        done_column: LineProperties(solidFill=STANDING_COLOURS[Standing.DONE], w=_THICK, prstDash="solid"),
        due_column: LineProperties(solidFill=SEA, w=_THICK, prstDash="dash"),
    }
    for column, line in lines.items():
        series = table.series(column)
        series.graphicalProperties = GraphicalProperties(ln=line)
        series.smooth = False
        series.cat = AxDataSource(numRef=NumRef(str(table.cells(1))))
        chart.series.append(series)
    chart.x_axis = DateAxis(
        crossAx=100, numFmt=NumFmt("yyyy-mm"), baseTimeUnit="days", majorTimeUnit="months"
    )
    chart.x_axis.majorUnit = max(1, (table.last - table.head) // 8)
    chart.y_axis.crossAx = 500
    # Days that have not come have no figure of what is done: the line ends there.
    chart.display_blanks = "gap"
    title = _("Trend: results done and results whose term has come")
    _place(table.sheet, chart, title, row, _LINES_COLUMNS)


def _place(sheet: Any, chart: Any, title: str, row: int, columns: tuple[int, int]) -> None:
    """Put a chart on its sheet, with axes that Excel shows and words under it."""
    chart.title = title
    for paragraph in chart.title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=CharacterProperties(sz=_TITLE_SIZE, b=True))
    chart.legend.position = "b"
    first, stop = columns
    chart.anchor = TwoCellAnchor(
        editAs="oneCell",
        _from=AnchorMarker(col=first, colOff=_GAP if first else 0, row=row - 1),
        to=AnchorMarker(col=stop, row=row),
    )
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
    chart.y_axis.number_format = "0"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINE))
    sheet.add_chart(chart)
