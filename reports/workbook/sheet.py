"""Writes one sheet of a workbook row by row, in the mode of openpyxl that keeps no row in memory.

openpyxl makes a cell twice before it writes it, and that takes most of the time. So rows and merged ranges
are made here as they stand in the file, and openpyxl does the rest: styles, settings, charts, packing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.xml.functions import Element, SubElement, fromstring

from akr_plan.file_text import MAX_HEIGHT, plain_text

from .styles import FONT, SIZE, Look
from .text import BoldEnd, text_height

Value = str | float | date | BoldEnd | None
Cells = Sequence[tuple[Look, Value]]
# The lines above the tables.
Heading = Sequence[tuple[Look, str]]

_PAPER_A4 = 9
# Excel counts days from here, as of March 1900.
_DAY_0 = date(1899, 12, 30)
# Excel would take a text for a formula once somebody edits the cell, unless it is marked as a text.
_LIKE_FORMULAS = tuple("=+-@'")
# The beginning of a run of bold text.
_BOLD = f'<r><rPr><rFont val="{FONT}"/><b val="1"/><sz val="{SIZE}"/></rPr>'


class SheetWriter:
    """Adds rows to one sheet of a write-only workbook, which wants its settings before the first row."""

    def __init__(
        self,
        workbook: Workbook,
        title: str,
        widths: Sequence[float],
        *,
        frozen_rows: int = 0,
        header: str = "",
        footer: str = "",
    ) -> None:
        self.workbook = workbook
        self.title = title
        self.sheet: Any = workbook.create_sheet(title)
        self.widths = widths
        self.row = 0
        self._styles: dict[tuple[Look, bool], str] = {}
        self._merged: list[str] = []
        self._columns = [get_column_letter(column) for column in range(1, len(widths) + 1)]
        for column, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width
        self.sheet.sheet_view.showGridLines = False
        if frozen_rows:
            self.sheet.freeze_panes = f"A{frozen_rows + 1}"
            self.sheet.print_title_rows = f"{frozen_rows}:{frozen_rows}"
        self._set_page(header, footer)

    def _set_page(self, header: str, footer: str) -> None:
        """Print on A4 lying, as wide as the paper; below each page a text and the page's number."""
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.paperSize = _PAPER_A4
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.sheet.page_margins = PageMargins(
            left=0.4, right=0.4, top=0.6, bottom=0.6, header=0.3, footer=0.3
        )
        texts = self.sheet.HeaderFooter
        texts.oddHeader.center.text = _page_text(header) or None
        texts.oddFooter.left.text = _page_text(footer)
        texts.oddFooter.right.text = "&P / &N"

    def add(self, cells: Iterable[tuple[Look, Value]], *, height: float) -> None:
        """Add a row of this height in points, or of the greatest that Excel has."""
        if not self.row:
            self._begin()
        self.row += 1
        number = str(self.row)
        parts = [f'<row r="{number}" ht="{min(height, MAX_HEIGHT)}" customHeight="1">']
        for column, (look, value) in zip(self._columns, cells, strict=False):
            parts.append(self._cell(column + number, look, value))
        parts.append("</row>")
        self.sheet._rows.send(fromstring("".join(parts)))

    def add_wrapped(self, cells: Cells) -> None:
        """Add a row as high as its texts need."""
        self.add(
            cells,
            height=max(
                text_height(value if isinstance(value, str) else "", width, look)
                for (look, value), width in zip(cells, self.widths, strict=True)
            ),
        )

    def add_space(self, height: float = 12) -> None:
        """Add an empty row."""
        self.add([], height=height)

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
        first, last = self._columns[first_column - 1], self._columns[last_column - 1]
        self._merged.append(f"{first}{first_row}:{last}{last_row}")

    def link(self, column: int, address: str) -> None:
        """Make a cell of the last row lead to a web address."""
        place = f"{self._columns[column - 1]}{self.row}"
        self.sheet._hyperlinks.append(Hyperlink(ref=place, target=address))

    def name_table(self, name: str, head_row: int, *, columns: int = 0) -> None:
        """Give formulas a name for the table that goes from its head to the last row, as wide as the sheet
        unless it has fewer columns.
        """
        corner = f"${get_column_letter(columns or len(self.widths))}${self.row}"
        place = f"{quote_sheetname(self.title)}!$A${head_row}:{corner}"
        self.workbook.defined_names[name] = DefinedName(name, attr_text=place)

    def add_filter(self, head_row: int, first_column: int = 1, last_column: int = 0) -> None:
        """Let people filter the rows from a head to the last row, by all columns or by some."""
        columns = (get_column_letter(column) for column in (first_column, last_column or len(self.widths)))
        first, last = columns
        self.sheet.auto_filter.ref = f"{first}{head_row}:{last}{self.row}"

    def _begin(self) -> None:
        """Let openpyxl write the settings of the sheet, and take rows from here instead of making them."""
        self.sheet._writer = _Writer(self.sheet, self._merged)
        self.sheet._writer.write_top()
        self.sheet._rows = _stream(self.sheet._writer)
        next(self.sheet._rows)

    def _cell(self, place: str, look: Look, value: Value) -> str:
        """Return a cell as it stands in the file. A text stays a text, even one that looks like a formula."""
        text = str(value) if isinstance(value, str | BoldEnd) else ""
        key = (look, text.startswith(_LIKE_FORMULAS))
        start = f'<c r="{place}" s="{self._styles.get(key) or self._new_style(*key)}"'
        if isinstance(value, BoldEnd) and text:
            return (
                f'{start} t="inlineStr"><is><r>{_text(value.text)}</r>{_BOLD}{_text(value.end)}</r></is></c>'
            )
        if text:
            return f'{start} t="inlineStr"><is>{_text(text)}</is></c>'
        if isinstance(value, date):
            return f"{start}><v>{(value - _DAY_0).days}</v></c>"
        if isinstance(value, int | float):
            return f"{start}><v>{value!r}</v></c>"
        return f"{start}/>"

    def _new_style(self, look: Look, is_marked: bool) -> str:
        """Return the number of the style that a look is in the file."""
        if look.name not in self.workbook.named_styles:
            self.workbook.add_named_style(look.style())
        cell = WriteOnlyCell(self.sheet)
        cell.style = look.name
        cell.quotePrefix = is_marked
        style = self._styles[look, is_marked] = str(cell.style_id)
        return style


class _Writer(WorksheetWriter):
    """Takes merged ranges as they stand in the file, where openpyxl makes three objects of each."""

    def __init__(self, sheet: Any, merged: Sequence[str]) -> None:
        super().__init__(sheet)
        self._merged = merged

    def write_merged_cells(self) -> None:
        """Write the ranges."""
        if not self._merged:
            return
        ranges = Element("mergeCells", {"count": str(len(self._merged))})
        for reference in self._merged:
            SubElement(ranges, "mergeCell", {"ref": reference})
        self.xf.send(ranges)


def _stream(writer: Any) -> Iterator[None]:
    """Write the elements that are sent, as openpyxl's own generator does with rows of cells."""
    xf = writer.xf.send(True)
    with xf.element("sheetData"):
        try:
            while True:
                xf.write((yield))
        except GeneratorExit:
            pass
    writer.xf.send(None)


def _text(text: str) -> str:
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<t{space}>{escape(text)}</t>"


def _page_text(text: str) -> str:
    """Return a text for a page's header or footer, where & has a meaning and there is little room."""
    return plain_text(text)[:100].replace("\n", " ").replace("&", "&&")
