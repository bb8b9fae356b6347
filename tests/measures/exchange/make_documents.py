"""The plan's own document in other formats, made of its text."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from measures.exchange.document.lines import Row, split_document
from measures.exchange.document.notices import NoticeLog
from measures.exchange.document.text import Block, Span, read_blocks
from measures.exchange.document.tree import COLUMNS

HEAD = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Planas</title></head><body>'


def parts_of(text: str) -> Iterator[list[str]]:
    """Yield the paragraphs (one text) and rows (several) of a document, with their markup."""
    for part in split_document(text):
        cells = part.cells if isinstance(part, Row) else (part.content,)
        yield [cell.text for cell in cells]


def as_page(text: str) -> str:
    """Return the document as a web page with one table."""
    lines, in_table = [HEAD], False
    for texts in parts_of(text):
        is_row = len(texts) > 1
        if is_row and not in_table:
            lines += ["<table>", _row(COLUMNS, "th")]
            in_table = True
        if is_row:
            lines.append(_row(map(_markup, texts), "td"))
        elif in_table and not texts[0].startswith("*"):
            lines.append(f'<tr><td colspan="5"><p>{_markup(texts[0])}</p></td></tr>')
        else:
            lines.append(f"{'</table>' if in_table else ''}<p>{_markup(texts[0])}</p>")
            in_table = False
    return "\n".join([*lines, "</table></body></html>"])


def _row(cells: Iterable[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def _markup(text: str) -> str:
    """Return the markup of a cell as a page has it: its bold, its paragraphs and lines."""
    text = re.sub(r"\*{2,}(.*?)\*{2,}", r"<b>\1</b>", text.strip(), flags=re.DOTALL)
    text = re.sub(r"\n\s*\n", "<p>", text.lstrip("# "))
    # A run of spaces is one space on a page.
    return re.sub(r"\n|(?<=\S) {2,}(?=\S)", "<br>", text)


def as_workbook(text: str, *, parents: str = "blank") -> bytes:
    """Return the document as a sheet; cells of parents are "blank", "merged" or "repeated" in each row."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet
    above: list[CellRichText | str] = ["", ""]
    first_rows = [0, 0]
    is_head_written = False
    for texts in parts_of(text):
        cells = [_rich(_blocks(cell)) for cell in texts]
        if len(cells) > 1 and not is_head_written:
            sheet.append(COLUMNS)
            is_head_written = True
        if parents == "repeated" and any(cells[1:]):
            _repeat(cells, above)
        sheet.append([cell or None for cell in cells])
        if parents == "merged" and any(cells[1:]):
            _merge(sheet, cells, first_rows)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _repeat(cells: list[CellRichText | str], above: list[CellRichText | str]) -> None:
    """Fill blank cells of parents; titles that go on after the end of a page stay as they are."""
    for column in (0, 1):
        if str(cells[column])[:1].isdecimal():
            above[column:] = [cells[column], ""][: 2 - column]
        cells[column] = cells[column] or above[column]


def _merge(sheet: Any, cells: list[CellRichText | str], first_rows: list[int]) -> None:
    """Merge blank cells with the one above; a measure that begins ends the action above, too."""
    row = sheet.max_row
    for column in (0, 1):
        if cells[column] or not first_rows[column] or (column and cells[0]):
            first_rows[column] = row
            continue
        old = f"{'AB'[column]}{first_rows[column]}:{'AB'[column]}{row - 1}"
        if row - 1 > first_rows[column]:
            sheet.unmerge_cells(old)
        sheet.merge_cells(f"{'AB'[column]}{first_rows[column]}:{'AB'[column]}{row}")


def _blocks(text: str) -> list[Block]:
    return read_blocks(Span(1, text), "", NoticeLog())


def _rich(blocks: list[Block]) -> CellRichText | str:
    """Return the words of a cell with what is bold at its end."""
    pieces: list[str | TextBlock] = []
    for number, block in enumerate(blocks):
        text = ("\n" if number else "") + block.text
        start = 0
        for end in (end + bool(number) for end in block.bold_ends):
            cut = max(text.rstrip().rfind(" ", start, end), start)
            pieces += [text[start:cut], TextBlock(InlineFont(b=True), text[cut:end])]
            start = end
        pieces.append(text[start:])
    pieces = [piece for piece in pieces if str(piece)]
    return CellRichText(pieces) if len(pieces) > 1 else "".join(map(str, pieces))
