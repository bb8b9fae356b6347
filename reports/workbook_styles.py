"""How the cells of a workbook look, which text they can hold, and how high its rows have to be."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from measures.enums import Standing

Value = str | float | date | CellRichText | None

# Excel's own limits, in UTF-16 units and points.
MAX_TEXT = 32_767
MAX_HEIGHT = 409

FONT, SIZE = "Calibri", 10
INK, LINE, SEA, SEA_SOFT = "14212B", "B7C3CB", "0B5C7A", "E3EFF4"
PERCENT_FORMAT = "0\\\N{NO-BREAK SPACE}%"
DATE_FORMAT = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a cell looks. Each look is made once and used again, which is what keeps writing fast."""

    bold: bool = False
    size: float = SIZE
    colour: str = INK
    fill: str = ""
    align: str = "left"
    number_format: str = "General"
    is_boxed: bool = True

    @property
    def is_indented(self) -> bool:
        """Return whether the text keeps off the border: figures would touch the next column's text."""
        return self.align == "right"


# The lines above the tables.
Heading = Sequence[tuple[Look, str]]

TITLE = Look(bold=True, size=16, is_boxed=False)
SUBTITLE = Look(bold=True, size=12, colour=SEA, is_boxed=False)
SENTENCE = Look(size=11, is_boxed=False)
REMARK = Look(colour="52616D", is_boxed=False)
BANNER = Look(bold=True, size=11, colour="6D4E0C", fill="F7EFDC", is_boxed=False)
HEAD = Look(bold=True, colour="FFFFFF", fill=SEA)
HEAD_NUMBER = Look(bold=True, colour="FFFFFF", fill=SEA, align="right")
BAND = Look(bold=True, size=11, fill=SEA_SOFT)
BODY = Look()
BODY_BOLD = Look(bold=True)
NUMBER = Look(align="right")
NUMBER_BOLD = Look(bold=True, align="right")
PERCENT = Look(align="right", number_format=PERCENT_FORMAT)
PERCENT_BOLD = Look(bold=True, align="right", number_format=PERCENT_FORMAT)
DAY = Look(number_format=DATE_FORMAT)

# Fill and text of each standing; every pair has a contrast of more than 4.5 : 1.
STANDINGS = {
    Standing.DONE: Look(bold=True, fill="E3F3E9", colour="14603A"),
    Standing.IN_PROGRESS: Look(bold=True, fill="E3EFF9", colour="1A5788"),
    Standing.LATE: Look(bold=True, fill="FBE9E7", colour="9C2018"),
    Standing.CONDITIONAL: Look(bold=True, fill="EFEAF8", colour="553A92"),
    Standing.POSTPONED: Look(bold=True, fill="F7EFDC", colour="6D4E0C"),
    Standing.CANCELLED: Look(bold=True, fill="ECECEE", colour="50545A"),
    Standing.NOT_STARTED: Look(bold=True, fill="EAEEF1", colour="46535E"),
}

_BOLD = InlineFont(rFont=FONT, sz=SIZE, b=True)
_PAPER_A4 = 9
# A column is as wide as so many digits of 11 points. In Lithuanian text of 10 points a letter of Calibri,
# Arial or DejaVu Sans takes 0.75–0.8 of that on average: 1.3 letters would fit, and the rest is for caution.
_CHARACTERS_PER_WIDTH = 1.2
_CAPITAL_WIDTH, _BOLD_WIDTH = 1.3, 1.1
_NOT_IN_XML = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c]")
# Excel reads _x0041_ as the letter A, so an underscore that would begin such a code is written as a code.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def plain_text(text: str) -> str:
    """Return the text as Excel can hold it: � for what XML forbids, and cut visibly if it is too long."""
    text = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", _LINE_ENDS.sub("\n", text))
    return _shortened(_ESCAPE.sub("_x005F_", text))


def _shortened(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return text
    return units[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def text_with_bold_end(text: str, end: str) -> str | CellRichText:
    """Return the text with a bold end; too long a text is cut and has none."""
    text, end = plain_text(text), plain_text(end)
    whole = _shortened(text + end)
    return CellRichText(text, TextBlock(_BOLD, end)) if whole == text + end else whole


def text_height(text: str, width: float, look: Look = BODY) -> int:
    """Return the height in points that the wrapped text needs in a column of this width, rather too much."""
    room = (width - (3 if look.is_indented else 1)) * _CHARACTERS_PER_WIDTH * SIZE / look.size
    return math.ceil(_line_count(text, room / (_BOLD_WIDTH if look.bold else 1)) * look.size * 1.3 + 4)


def _line_count(text: str, room: float) -> int:
    """Count the lines of the text, wrapped between words.

    A character is taken to be as wide as its UTF-8 form is long: that of other alphabets is wider indeed,
    and a Lithuanian letter with a diacritic comes out a little too wide, as do most small letters.
    """
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used: float = 0
        for word in paragraph.split(" "):
            size: float = len(word) * _CAPITAL_WIDTH if word.isupper() else len(word.encode())
            if used and used + size > room:
                lines += 1
                used = 0
            if size > room:
                filled = math.ceil(size / room) - 1
                lines += filled
                size -= filled * room
            used += size + 1
    return lines


class SheetWriter:
    """Adds rows to one sheet of a write-only workbook, which wants its settings before the first row.

    There is one cell for each look; it takes each value just before it is written.
    """

    def __init__(
        self, workbook: Workbook, title: str, widths: Sequence[float], *, frozen_rows: int = 0
    ) -> None:
        self.title = title
        self.sheet = workbook.create_sheet(title)
        self.widths = widths
        self.row = 0
        self._cells: dict[Look, Cell] = {}
        for column, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width
        self.sheet.sheet_view.showGridLines = False
        if frozen_rows:
            self.sheet.freeze_panes = f"A{frozen_rows + 1}"
            self.sheet.print_title_rows = f"{frozen_rows}:{frozen_rows}"
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.paperSize = _PAPER_A4
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.sheet.page_margins = PageMargins(
            left=0.4, right=0.4, top=0.6, bottom=0.6, header=0.3, footer=0.3
        )

    def set_page_texts(self, *, header: str, footer: str) -> None:
        """Print a header, and below each page a text and the page's number."""
        texts = self.sheet.HeaderFooter
        texts.oddHeader.center.text = _page_text(header) or None
        texts.oddFooter.left.text = _page_text(footer)
        texts.oddFooter.right.text = "&P / &N"

    def add(self, cells: Iterable[tuple[Look, Value]], *, height: float) -> None:
        """Add a row of this height in points, or of the greatest that Excel has."""
        self.row += 1
        self.sheet.row_dimensions[self.row].height = min(height, MAX_HEIGHT)
        self.sheet.append(self._filled(look, value) for look, value in cells)

    def add_wrapped(self, cells: Sequence[tuple[Look, Value]]) -> None:
        """Add a row as high as its texts need."""
        self.add(
            cells,
            height=max(
                text_height(value if isinstance(value, str) else "", width, look)
                for (look, value), width in zip(cells, self.widths, strict=True)
            ),
        )

    def add_space(self) -> None:
        """Add an empty row."""
        self.add([], height=12)

    def add_heading(self, heading: Heading) -> None:
        """Add the lines that stand above the tables."""
        for look, text in heading:
            self.add_across(look, text)

    def add_across(self, look: Look, text: str) -> None:
        """Add a row of one text over all columns."""
        text = plain_text(text)
        height = text_height(text, sum(self.widths), look)
        self.add([(look, text), *((look, None) for _ in self.widths[1:])], height=height)
        self.merge(self.row, self.row, 1, len(self.widths))

    def merge(self, first_row: int, last_row: int, first_column: int, last_column: int) -> None:
        """Make one cell of a range; unlike `merge_cells` this does not compare it with all others."""
        self.sheet.merged_cells.ranges.add(
            CellRange(min_row=first_row, max_row=last_row, min_col=first_column, max_col=last_column)
        )

    def _filled(self, look: Look, value: Value) -> Cell:
        """Return the cell of a look with a value. A text stays a text, even one that looks like a formula."""
        cell = self._cells.get(look) or self._new_cell(look)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        return cell

    def _new_cell(self, look: Look) -> Cell:
        cell = self._cells[look] = WriteOnlyCell(self.sheet)
        cell.font = Font(name=FONT, size=look.size, bold=look.bold, color=look.colour)
        cell.alignment = Alignment(
            horizontal=look.align, vertical="top", wrap_text=True, indent=int(look.is_indented)
        )
        cell.number_format = look.number_format
        if look.fill:
            cell.fill = PatternFill("solid", start_color=look.fill)
        if look.is_boxed:
            side = Side(style="thin", color=LINE)
            cell.border = Border(left=side, right=side, top=side, bottom=side)
        return cell


def _page_text(text: str) -> str:
    """Return a text for a page's header or footer, where & has a meaning and there is little room."""
    return plain_text(text)[:100].replace("\n", " ").replace("&", "&&")
