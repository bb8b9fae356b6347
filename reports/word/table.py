"""The plan's table in a Word document: five columns as the document has them, or ten with progress.

The XML is written as text. python-docx looks a cell up by going through all of the table, and a thousand
actions would take minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from measures.exchange.document.styles import PROGRESS_COLUMNS, Role
from measures.tree.rows import ActionRow, MeasureRow, PlanTree, ResultRow, TaskRow

from ..plan_words import DOCUMENT_COLUMNS, TASK
from ..workbook.styles import STANDINGS
from .cells import CellWriter
from .grid import EMPTY, GOES_ON, MERGED, head_row, table_cell, table_row, whole_table
from .runs import Relate, paragraph, run
from .styles import SEA_SOFT

# In twentieths of a point; both add up to the width of the page's text.
WIDTHS = (2700, 3000, 5500, 1900, 2298)
WIDTHS_WITH_PROGRESS = (1650, 1750, 2950, 1200, 1450, 1100, 1000, 1298, 1800, 1200)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell that covers the lines from `first` to before `stop` of a measure."""

    column: int
    first: int
    stop: int
    content: str
    fill: str = ""


def plan_table(tree: PlanTree, *, with_progress: bool, relate: Relate) -> str:
    """Return the table as XML; `relate` makes a relationship of a web address."""
    widths = WIDTHS_WITH_PROGRESS if with_progress else WIDTHS
    writer = _TableWriter(CellWriter(tree, relate), widths, with_progress)
    rows = "".join(writer.rows(tree))
    return whole_table(widths, rows)


@dataclass(frozen=True, slots=True)
class _TableWriter:
    """Writes the rows: one for each action, or with progress one for each planned result."""

    cells: CellWriter
    widths: tuple[int, ...]
    with_progress: bool

    def rows(self, tree: PlanTree) -> Iterator[str]:
        yield head_row((*DOCUMENT_COLUMNS, *(PROGRESS_COLUMNS if self.with_progress else ())), self.widths)
        for task in tree.tasks:
            yield self._band(task)
            for measure in task.measures:
                yield from self._measure_rows(measure)

    def _band(self, task: TaskRow) -> str:
        content = paragraph(Role.TASK, run(f"{task.number} {TASK}: {task.title}"))
        width = f'<w:tcW w:w="{sum(self.widths)}" w:type="dxa"/><w:gridSpan w:val="{len(self.widths)}"/>'
        cell = f'<w:tc><w:tcPr>{width}<w:shd w:val="clear" w:fill="{SEA_SOFT}"/></w:tcPr>{content}</w:tc>'
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"

    def _measure_rows(self, measure: MeasureRow) -> Iterator[str]:
        """Yield the rows of a measure; one without actions still takes a row."""
        cells: list[_Cell] = []
        line = 0
        for action in measure.actions:
            added = list(self._action_cells(action, line))
            line = max(cell.stop for cell in added)
            cells += added
        lines = max(1, line)
        cells.append(_Cell(0, 0, lines, self.cells.measure(measure)))
        rows: list[dict[int, str]] = [{} for _line in range(lines)]
        for cell in cells:
            merge = (MERGED, GOES_ON) if cell.stop - cell.first > 1 else ("", "")
            rows[cell.first][cell.column] = self._cell(cell.column, cell.content, merge[0], cell.fill)
            for below in range(cell.first + 1, cell.stop):
                rows[below][cell.column] = self._cell(cell.column, EMPTY, merge[1], cell.fill)
        sizes = [0] * lines
        for cell in cells:
            if cell.stop - cell.first == 1:
                sizes[cell.first] = max(sizes[cell.first], len(cell.content))
        for row, size in zip(rows, sizes, strict=True):
            yield self._row(row, size)

    def _row(self, row: dict[int, str], size: int) -> str:
        cells = (row.get(column) or self._cell(column, EMPTY) for column in range(len(self.widths)))
        return table_row(cells, size)

    def _action_cells(self, action: ActionRow, first: int) -> Iterator[_Cell]:
        texts = self.cells.results(action)
        texts = texts if self.with_progress else ["".join(texts)]
        stop = first + len(texts)
        yield _Cell(1, first, stop, self.cells.action(action))
        for line, text in enumerate(texts, start=first):
            yield _Cell(2, line, line + 1, text)
        yield _Cell(3, first, stop, self.cells.names(action.resources))
        yield _Cell(4, first, stop, self.cells.names(action.partners, ";"))
        if self.with_progress:
            yield from self._progress_cells(action, first)
            yield _Cell(7, first, stop, _said(action.owner))
            yield _Cell(9, first, stop, _said(self.cells.correction(action)))

    def _progress_cells(self, action: ActionRow, first: int) -> Iterator[_Cell]:
        """Yield status and percent of each result, and once for those reported together what was done."""
        for line, result in enumerate(action.results, start=first):
            look = STANDINGS[result.standing]
            settings = f'<w:b/><w:color w:val="{look.colour}"/>'
            label = paragraph(Role.PROGRESS, run(str(result.standing.label), settings=settings))
            yield _Cell(5, line, line + 1, label, look.fill)
            yield _Cell(6, line, line + 1, _said("–" if result.percent is None else str(result.percent)))
        for _update, group in groupby(action.results, key=lambda result: result.note and result.note.update):
            together = list(group)
            yield _Cell(8, first, first + len(together), _said(_note(together[0])))
            first += len(together)

    def _cell(self, column: int, content: str, merge: str = "", fill: str = "") -> str:
        return table_cell(self.widths[column], content, merge, fill)


def _note(result: ResultRow) -> str:
    return f"{result.note.reported_on.isoformat()}: {result.note.text}" if result.note else ""


def _said(text: str) -> str:
    return paragraph(Role.PROGRESS, run(text))
