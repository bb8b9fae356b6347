"""Tables of a Word document as XML: whole, their rows, and their cells."""

from collections.abc import Iterable, Sequence

from docx.oxml.ns import nsdecls

from .runs import run, styled
from .styles import CELL, HEADING, LINE, SEA

# A row with less text, its markup counted, takes a third of a page at most: it had better stay in one piece.
SHORT = 2500

MERGED, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
EMPTY = styled(CELL)


def whole_table(widths: Sequence[int], rows: str) -> str:
    """Return a table of rows; widths are in twentieths of a point."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 40), ("left", 80), ("bottom", 20), ("right", 80))
    )
    return (
        f'<w:tbl {nsdecls("w", "r")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar>"
        f'<w:tblLook w:firstRow="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def head_row(labels: Sequence[str], widths: Sequence[int]) -> str:
    """Return the row of headings, which stands on every page that the table reaches."""
    heads = (styled(HEADING, run(label)) for label in labels)
    cells = (table_cell(width, head, fill=SEA) for width, head in zip(widths, heads, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def table_row(cells: Iterable[str], size: int) -> str:
    """Return a row, in one piece unless the longest of its texts is as long as `size`, markup counted."""
    whole = "<w:trPr><w:cantSplit/></w:trPr>" if size <= SHORT else ""
    return f"<w:tr>{whole}{''.join(cells)}</w:tr>"


def table_cell(width: int, content: str, merge: str = "", fill: str = "") -> str:
    """Return a cell; it may be merged with those above or below it."""
    size = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    shade = f'<w:shd w:val="clear" w:fill="{fill}"/>' if fill else ""
    return f"<w:tc><w:tcPr>{size}{merge}{shade}</w:tcPr>{content or EMPTY}</w:tc>"
