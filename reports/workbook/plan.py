"""The sheet with the plan: the document's five columns in its own order and words, then how things stand."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from akr_plan.file_text import MAX_HEIGHT, plain_text
from measures.tree.rows import ActionRow, CodeRow, LinkRow, MeasureRow, NameRow, Note, ResultRow

from ..board import Board
from ..plan_words import DOCUMENT_COLUMNS, TASK, is_web_address, mention
from .heading import plan_heading, sample_mark
from .sheet import SheetWriter, Value
from .styles import BAND, BODY, BODY_BOLD, HEAD, PERCENT, STANDINGS, Look
from .text import text_height, text_with_bold_end

MEASURE, ACTION, RESULT, RESOURCES, PARTNERS, STANDING, PROGRESS, OWNER, NOTE, CORRECTION = range(10)
WIDTHS = (24, 25, 44, 16, 21, 12, 10, 15, 30, 24)
# The name by which formulas can speak of the whole table.
TABLE_NAME = "Plano_lentele"


def write_plan_sheet(workbook: Workbook, board: Board) -> None:
    """Add the sheet; its rows above the table and the table's head stay in view.

    Rows can be filtered by what no cell is merged for: status and progress.
    """
    tree, heading = board.tree, plan_heading(board)
    head_row = len(heading) + 1
    writer = SheetWriter(
        workbook,
        pgettext("sheet", "Plan"),
        WIDTHS,
        frozen_rows=head_row,
        header=sample_mark(tree),
        footer=tree.title,
    )
    writer.add_heading(heading)
    labels = [
        *DOCUMENT_COLUMNS,
        _("Status"),
        _("Progress"),
        _("Owner"),
        _("What was done"),
        _("Proposed correction"),
    ]
    writer.add_wrapped([(HEAD, label) for label in labels])
    for task in tree.tasks:
        writer.add_across(BAND, f"{task.number} {TASK}: {task.title}")
        for measure in task.measures:
            _write_blocks(writer, list(_measure_blocks(measure)))
    writer.add_filter(head_row, STANDING + 1, PROGRESS + 1)
    writer.name_table(TABLE_NAME, head_row)


@dataclass(frozen=True, slots=True)
class _Block:
    """One cell of the table, which covers the lines from `first` to before `stop` of a measure.

    A line is a planned result; it takes one row of the sheet, or more if its text is too high for one.
    """

    column: int
    first: int
    stop: int
    value: Value
    look: Look = BODY

    @property
    def height(self) -> int:
        """Return the height in points that the value needs."""
        text = "" if self.column == PROGRESS else str(self.value)
        return text_height(text, WIDTHS[self.column], self.look)


def _measure_blocks(measure: MeasureRow) -> Iterator[_Block]:
    """Yield the cells of a measure; what has no results, or no actions, still takes a line."""
    line = 0
    for action in measure.actions:
        stop = line + max(1, len(action.results))
        yield from _action_blocks(action, line, stop)
        line = stop
    text = _with_codes(f"{measure.number_as_written} {measure.title}", measure.codes)
    yield _Block(MEASURE, 0, max(1, line), plain_text(text), BODY_BOLD)


def _action_blocks(action: ActionRow, first: int, stop: int) -> Iterator[_Block]:
    text = _with_addresses(_with_codes(f"{action.number}. {action.title}", action.codes), action.links)
    yield _Block(ACTION, first, stop, plain_text(text))
    yield _Block(RESOURCES, first, stop, plain_text("\n".join(_names(action.resources))))
    yield _Block(PARTNERS, first, stop, plain_text(";\n".join(_names(action.partners))))
    yield _Block(OWNER, first, stop, plain_text(action.owner or _("no owner")))
    if not action.results:
        yield _Block(RESULT, first, stop, plain_text(action.lead_in))
    for line, result in enumerate(action.results, start=first):
        lead_in = action.lead_in if line == first else ""
        yield _Block(RESULT, line, line + 1, _result_text(result, lead_in))
        label = plain_text(str(result.standing.label))
        yield _Block(STANDING, line, line + 1, label, STANDINGS[result.standing])
        percent = None if result.percent is None else result.percent / 100
        yield _Block(PROGRESS, line, line + 1, percent, PERCENT)
    yield from _note_blocks(NOTE, [result.note for result in action.results], first)
    yield from _note_blocks(CORRECTION, [result.correction for result in action.results], first)


def _note_blocks(column: int, notes: Iterable[Note | None], first: int) -> Iterator[_Block]:
    """Yield what was done, or proposed: once for neighbours that were reported together."""
    for _update, group in groupby(notes, key=lambda note: note and note.update):
        together = list(group)
        note = together[0]
        if note:
            text = plain_text(f"{note.reported_on.isoformat()}: {note.text}")
            yield _Block(column, first, first + len(together), text)
        first += len(together)


def _result_text(result: ResultRow, lead_in: str) -> Value:
    """Return the text as the document has it: dash, sub-items, and the period in bold at the end."""
    lines = [lead_in, f"– {result.text}", *(f"o {item}" for item in result.sub_items)]
    text = _with_addresses("\n".join(line for line in lines if line), result.links)
    if not result.period_text:
        return plain_text(text)
    return text_with_bold_end(text + ("\n" if result.sub_items else " "), result.period_text)


def _with_codes(text: str, codes: Iterable[CodeRow]) -> str:
    """Return the text with its codes in parentheses, except those that it already names."""
    mentions = [words for code in codes if (words := mention(code)) not in text]
    return f"{text} ({', '.join(mentions)})" if mentions else text


def _names(names: Iterable[NameRow]) -> Iterator[str]:
    return (name.as_written for name in names)


def _with_addresses(text: str, links: Iterable[LinkRow]) -> str:
    """Return the text with the web address of each link after its words.

    A hyperlink would cover the whole cell and be lost on paper, and LibreOffice would not wrap its text.
    Documents also have links that lead nowhere: these are only words.
    """
    for link in links:
        if link.href in text or not is_web_address(link.href):
            continue
        start = text.find(link.text) if link.text else -1
        end = len(text) if start < 0 else start + len(link.text)
        text = f"{text[:end]} ({link.href}){text[end:]}"
    return text


def _write_blocks(writer: SheetWriter, blocks: list[_Block]) -> None:
    """Write the rows of a measure and merge the cells that cover several of them."""
    heights = _line_heights(blocks)
    rows_of_line = [math.ceil(height / MAX_HEIGHT) for height in heights]
    top = list(accumulate(rows_of_line, initial=writer.row + 1))
    starting: list[list[_Block]] = [[] for _line in heights]
    looks = [[BODY] * len(WIDTHS) for _line in heights]
    for block in blocks:
        starting[block.first].append(block)
        for line in range(block.first, block.stop):
            looks[line][block.column] = block.look
        if top[block.stop] - top[block.first] > 1:
            column = block.column + 1
            writer.merge(top[block.first], top[block.stop] - 1, column, column)
    for line, height in enumerate(heights):
        height = math.ceil(height / rows_of_line[line])
        values: list[Value] = [None] * len(WIDTHS)
        for block in starting[line]:
            values[block.column] = block.value
        writer.add(zip(looks[line], values, strict=True), height=height)
        for _row in range(1, rows_of_line[line]):
            writer.add(((look, None) for look in looks[line]), height=height)


def _line_heights(blocks: Iterable[_Block]) -> list[int]:
    """Return the heights of the lines, such that merged texts fit too.

    Excel fits rows to their texts by itself, but not to those of merged cells.
    """
    by_size = sorted(blocks, key=lambda block: block.stop - block.first)
    heights = [0] * by_size[-1].stop
    for block in by_size:
        missing = block.height - sum(heights[block.first : block.stop])
        if missing > 0:
            share = math.ceil(missing / (block.stop - block.first))
            for line in range(block.first, block.stop):
                heights[line] += share
    return heights
