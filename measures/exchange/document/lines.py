"""Put the lines of a plan document together to paragraphs and table rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from measures.exchange.document.text import Passage, Span
from measures.exchange.document.tree import COLUMNS

TASK_HEADING = re.compile(
    r"#*\s*(?P<first>uždavinys\s+)?(?P<number>[0-9]{1,3})"
    r"(?(first)(?!\.?[0-9])|\.?\s*uždavinys\b)\s*[:.–—-]?\s*(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
GOAL_LABEL = re.compile(r"tikslas\s*:\s*", re.IGNORECASE)

_MARKUP = re.compile(r"(?:<[^<>\t]*>|\*\*|\s)+")
_NUMBER_START = re.compile(r"[0-9]{1,3}\.")
_FOOTNOTE_START = re.compile(r"\*(?!\*)")
_HEADING_START = re.compile(r"Priemonė\b", re.IGNORECASE)
# Other bodies word their headings otherwise; two of them together are no row of a plan.
_HEADING_WORDS = tuple(
    re.compile(rf"(?:\D{{0,30}}\W)?{word}", re.IGNORECASE) for word in ("priemon", "veiksm")
)
# What the heading of a column has among its words, in the order of the columns.
_COLUMN_WORDS = tuple(
    re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for words in (
        "priemon",
        "veiksm",
        "rezultat|veikl|rodikl",
        "resurs|ištekl|lėš|finans|šaltin",
        "institucij|partner|vykdytoj|atsaking",
    )
)
_RULE = re.compile(r"[\s–—-]+")
_LAST_TAB = len(COLUMNS) - 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text outside the table."""

    content: Span | Passage


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; its number of cells is what the document has, not what it should have."""

    cells: tuple[Span | Passage, ...]

    @property
    def line(self) -> int:
        return self.cells[0].line


def split_document(text: str) -> Iterator[Paragraph | Row]:
    """Yield paragraphs and rows in their order, without heading rows, rules and empty lines."""
    group: _Group | None = None
    in_table = False
    for number, line in enumerate(text.split("\n"), start=1):
        if group and not group.goes_on_with(line):
            yield from group.finish()
            group = None
        if group:
            group.add(line)
        elif line.strip():
            start = _without_markup(line)
            is_task = TASK_HEADING.match(start) is not None
            in_table = in_table or is_task or "\t" in line
            is_row = "\t" in line or (in_table and not is_task and _NUMBER_START.match(start) is not None)
            group = _Group(number, is_row, in_table, [line], line.count("\t"))
    if group:
        yield from group.finish()


@dataclass(slots=True)
class _Group:
    """Physical lines that belong together."""

    line: int
    is_row: bool
    in_table: bool
    lines: list[str] = field(default_factory=list)
    tabs: int = 0

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.tabs += line.count("\t")

    def goes_on_with(self, line: str) -> bool:
        if _starts_paragraph(line, self.in_table):
            return False
        return self._row_goes_on_with(line) if self.is_row else self._paragraph_goes_on_with(line)

    def finish(self) -> Iterator[Paragraph | Row]:
        text = "\n".join(self.lines)
        if not self.is_row:
            yield Paragraph(Span(self.line, text))
            return
        cells = []
        line = self.line
        for cell in text.split("\t"):
            cells.append(Span(line, cell))
            line += cell.count("\n")
        labels = [_without_markup(cell) for cell in text.split("\t")]
        # Headings in another order come as a row, which is refused: the cells would go astray.
        is_head = len(self.lines) == 1 and len(labels) == len(COLUMNS) and is_heading(labels)
        is_head = is_head and all(map(_may_stand_at, labels, range(len(COLUMNS))))
        if not is_head and not all(_RULE.fullmatch(cell.text) for cell in cells):
            yield Row(tuple(cells))

    def _row_goes_on_with(self, line: str) -> bool:
        """Say whether the line belongs to a cell of this row.

        A row that is short of columns must not swallow the next one, which begins with a number or a tab.
        """
        has_tabs, has_number = "\t" in line, _NUMBER_START.match(_without_markup(line)) is not None
        if line.startswith("\t") or (has_tabs and has_number):
            return False
        if self.tabs == _LAST_TAB:
            return bool(line.strip()) and not has_tabs and not has_number
        if not line.strip():
            return self.tabs > 0
        return self.tabs + line.count("\t") <= _LAST_TAB

    def _paragraph_goes_on_with(self, line: str) -> bool:
        if not line.strip() or "\t" in line or _is_title(self.lines[0]):
            return False
        return not (self.in_table and _NUMBER_START.match(_without_markup(line)))


def _starts_paragraph(line: str, in_table: bool) -> bool:
    """Say whether the line cannot but open a paragraph of its own."""
    start = _without_markup(line)
    if TASK_HEADING.match(start) or _is_title(line):
        return True
    return bool(_FOOTNOTE_START.match(line) if in_table else GOAL_LABEL.match(start))


def _is_title(line: str) -> bool:
    return line.lstrip().startswith("#")


def is_heading(labels: Sequence[str]) -> bool:
    """Say whether the cells of a row, free of markup, are the headings of the five columns (and more)."""
    if len(labels) < len(COLUMNS) or not all(label.strip() for label in labels):
        return False
    in_other_words = all(word.match(label) for word, label in zip(_HEADING_WORDS, labels, strict=False))
    return _HEADING_START.match(labels[0]) is not None or in_other_words


def columns_named(label: str) -> list[int]:
    """Return the columns, from 0, that a heading may mean by its words; none if it is not known."""
    return [column for column, words in enumerate(_COLUMN_WORDS) if words.search(label)]


def _may_stand_at(label: str, column: int) -> bool:
    named = columns_named(label)
    return len(named) != 1 or named == [column]


def _without_markup(line: str) -> str:
    """Return the line from its first character that is not markup."""
    match = _MARKUP.match(line)
    return line[match.end() :] if match else line
