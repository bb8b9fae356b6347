"""Lay out a plan document as tasks, measures and actions whose cells are still to be read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from measures.exchange.document.lines import GOAL_LABEL, TASK_HEADING, Paragraph, Row
from measures.exchange.document.notices import NoticeLog, Place
from measures.exchange.document.numbers import Number, take_number, task_number
from measures.exchange.document.styles import Role
from measures.exchange.document.text import Block, blocks_of, collapse, has_words, joined, link_list
from measures.exchange.document.tree import (
    ACTION_COLUMN,
    COLUMNS,
    MEASURE_COLUMN,
    PARTNER_COLUMN,
    RESOURCE_COLUMN,
    RESULT_COLUMN,
)

_PLAN_WORD = re.compile(r"\bplan", re.IGNORECASE)
_YEAR = re.compile(r"\b[0-9]{4}\b")
_UNREAD_TASK = re.compile(
    r"#*\s*(?:(?:[IVX]+|[0-9]+(?:\.[0-9]+)+)\.?\s*uždavinys\b"
    r"|uždavinys\s+(?:[IVX]+\b|[0-9]+\.[0-9])).*",
    re.IGNORECASE | re.DOTALL,
)
_FOOTNOTE_MARK = re.compile(r"(?<=\S)\*")


@dataclass(slots=True)
class ActionOutline:
    """An action: its number and, by column, the blocks of its cells; the title begins with the number."""

    line: int
    number: Number
    blocks: dict[str, list[Block]] = field(default_factory=lambda: {column: [] for column in COLUMNS[1:]})
    footnotes: list[str] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return Place(self.line, ACTION_COLUMN, self.number.text)


@dataclass(slots=True)
class MeasureOutline:
    """A measure; the title begins with the number."""

    line: int
    number: Number
    title: list[Block] = field(default_factory=list)
    actions: list[ActionOutline] = field(default_factory=list)


@dataclass(slots=True)
class TaskOutline:
    """A task with its title as read."""

    line: int
    number: Number
    title: str
    measures: list[MeasureOutline] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return Place(self.line, "", self.number.text)


@dataclass(slots=True)
class Outline:
    """A whole document. A text that is missing is ""."""

    organisation: str = ""
    title: str = ""
    title_line: int = 1
    years: str = ""
    goal: str = ""
    tasks: list[TaskOutline] = field(default_factory=list)


@dataclass(slots=True)
class OutlineReader:
    """Takes the paragraphs and rows of a document in their order."""

    log: NoticeLog
    outline: Outline = field(default_factory=Outline)
    _measure: MeasureOutline | None = None
    _action: ActionOutline | None = None
    _awaits_goal: bool = False
    _has_unread_task: bool = False
    _footnotes: list[tuple[int, str]] = field(default_factory=list)
    _marks: list[tuple[Place, str, ActionOutline | None]] = field(default_factory=list)

    def read(self, parts: Iterable[Paragraph | Row]) -> Outline:
        """Return the outline of all parts; what has no place in it is an error in the log."""
        for part in parts:
            if isinstance(part, Row):
                self._add_row(part)
            else:
                self._add_paragraph(blocks_of(part.content, "", self.log))
        if self._has_unread_task:
            # The numbers below such a task would all be told as misfits.
            self.log.raise_errors()
        self._place_footnotes()
        return self.outline

    def _add_paragraph(self, blocks: list[Block]) -> None:
        self._warn_of_links(blocks, Place(0))
        text = joined(blocks)
        if not has_words(text):
            return
        line, role = blocks[0].line, blocks[0].role
        if role in (None, Role.TASK) and self._opens_task(line, text):
            return
        if self._awaits_task_title and not text.startswith("*"):
            self.outline.tasks[-1].title = text
        elif self.outline.tasks:
            self._add_note(line, text)
        else:
            self._add_to_preamble(line, text, role)

    def _add_to_preamble(self, line: int, text: str, role: Role | None) -> None:
        """Take the organisation, then the title, then the goal."""
        outline = self.outline
        goal = GOAL_LABEL.match(text)
        if role is Role.ORGANISATION:
            outline.organisation = text
        elif role is Role.TITLE:
            outline.title, outline.title_line = text, line
        elif role is Role.YEARS:
            outline.years = text
        elif self._awaits_goal or (goal and not outline.goal):
            outline.goal = text[goal.end() :] if goal else text
            self._awaits_goal = not outline.goal
        elif text.startswith("#") and not outline.title:
            outline.title, outline.title_line = text.lstrip("# "), line
        elif not outline.title and not outline.goal and _PLAN_WORD.search(text) and _YEAR.search(text):
            outline.title, outline.title_line = text, line
        elif not outline.title and not outline.goal:
            outline.organisation = f"{outline.organisation} {text}".strip()
        else:
            self._report_stray(Place(line), text)

    def _add_note(self, line: int, text: str) -> None:
        if text.startswith("*"):
            self._footnotes.append((line, text))
        else:
            self._report_stray(Place(line), text)

    def _opens_task(self, line: int, text: str) -> bool:
        """Open the task that the text is a heading of; its title may stand in the next paragraph."""
        if heading := TASK_HEADING.fullmatch(text):
            number, title = heading["number"], heading["title"]
        elif _UNREAD_TASK.fullmatch(text):
            message = _(
                "Line %(line)d: the number of the task “%(text)s” cannot be read. Write it like this: "
                "“1 uždavinys: …”, and begin the numbers of its measures with it: “1.1.”."
            )
            self.log.error("task-number", Place(line), message, text)
            self._has_unread_task = True
            number, title = str(len(self.outline.tasks) + 1), text
        else:
            return False
        self.outline.tasks.append(TaskOutline(line, task_number(number), title))
        self._measure = self._action = None
        return True

    @property
    def _awaits_task_title(self) -> bool:
        tasks = self.outline.tasks
        return bool(tasks) and not tasks[-1].title and not tasks[-1].measures

    def _add_row(self, row: Row) -> None:
        if len(row.cells) != len(COLUMNS):
            text = collapse(" ".join(cell.text for cell in row.cells))
            message = _(
                "Line %(line)d: the row “%(text)s” has %(count)d columns instead of five. Correct the table."
            )
            self.log.error("wrong-columns", Place(row.line), message, text, count=len(row.cells))
            return
        cells = {
            column: blocks_of(cell, column, self.log) for column, cell in zip(COLUMNS, row.cells, strict=True)
        }
        if self._is_task_title(cells):
            self.outline.tasks[-1].title = joined(cells[MEASURE_COLUMN])
            return
        if self._is_stray(cells):
            self._add_note(row.line, " ".join(joined(blocks) for blocks in cells.values() if blocks))
            return
        if not self._opens_task(row.line, joined(cells[MEASURE_COLUMN])):
            self._add_measure_cell(cells[MEASURE_COLUMN])
        self._add_action_cell(cells[ACTION_COLUMN])
        for column in (RESULT_COLUMN, RESOURCE_COLUMN, PARTNER_COLUMN):
            self._add_to_action(cells[column], column)

    def _is_task_title(self, cells: dict[str, list[Block]]) -> bool:
        """Say whether the row only has the title of the task whose heading stands above it."""
        text = joined(cells[MEASURE_COLUMN])
        is_alone = has_words(text) and not any(cells[column] for column in COLUMNS[1:])
        is_new = take_number(text) or TASK_HEADING.fullmatch(text) or _UNREAD_TASK.fullmatch(text)
        return self._awaits_task_title and is_alone and not is_new

    def _is_stray(self, cells: dict[str, list[Block]]) -> bool:
        """Say whether a row without numbers and results is a remark below the last action.

        What goes on with a title over a page break is a warning, unless its words can be nothing else.
        """
        titles = [joined(cells[MEASURE_COLUMN]), joined(cells[ACTION_COLUMN])]
        text = " ".join(filter(None, titles))
        if not has_words(text) or not self._measure or text.startswith("("):
            return False
        if any(take_number(title) or TASK_HEADING.fullmatch(title) for title in titles):
            return False
        if _UNREAD_TASK.fullmatch(text):
            return False
        is_alone, is_lower = not cells[RESULT_COLUMN], text[:1].islower()
        if is_alone and self._action and not is_lower:
            return True
        if is_alone or not is_lower:
            self._warn_of_continuation(cells, text)
        return False

    def _warn_of_continuation(self, cells: dict[str, list[Block]], text: str) -> None:
        column = MEASURE_COLUMN if cells[MEASURE_COLUMN] else ACTION_COLUMN
        message = _(
            "Line %(line)d, column “%(column)s”: “%(text)s” has no number. "
            "It was read as the end of the title above it; check it."
        )
        self.log.warn("title-continued", Place(cells[column][0].line, column), message, text)

    def _add_measure_cell(self, blocks: list[Block]) -> None:
        """Open a measure, or go on with the title of the open one."""
        numbered = take_number(joined(blocks))
        if numbered and self.outline.tasks:
            self._measure, self._action = MeasureOutline(blocks[0].line, numbered[0]), None
            self.outline.tasks[-1].measures.append(self._measure)
        number = self._measure.number.text if self._measure else ""
        if self._measure:
            self._measure.title.extend(blocks)
        elif blocks:
            self._report_stray(Place(blocks[0].line, MEASURE_COLUMN), joined(blocks))
        self._note_marks(blocks, MEASURE_COLUMN, number)
        self._warn_of_links(blocks, Place(0, MEASURE_COLUMN, number))

    def _add_action_cell(self, blocks: list[Block]) -> None:
        """Open an action, or go on with the title of the open one."""
        numbered = take_number(joined(blocks))
        if numbered and self._measure:
            self._action = ActionOutline(blocks[0].line, numbered[0])
            self._measure.actions.append(self._action)
        self._add_to_action(blocks, ACTION_COLUMN)

    def _add_to_action(self, blocks: list[Block], column: str) -> None:
        number = self._action.number.text if self._action else ""
        if self._action:
            self._action.blocks[column].extend(blocks)
        elif blocks:
            self._report_stray(Place(blocks[0].line, column), joined(blocks))
        self._note_marks(blocks, column, number)
        if column in (RESOURCE_COLUMN, PARTNER_COLUMN):
            self._warn_of_links(blocks, Place(0, column, number))

    def _note_marks(self, blocks: list[Block], column: str, number: str) -> None:
        if any(block.role is Role.LEAD_IN and "*" in block.text for block in blocks):
            # The footnote of this action has become a part of its lead-in.
            self._marks = [mark for mark in self._marks if mark[2] is not self._action]
            return
        for block in blocks:
            if mark := _FOOTNOTE_MARK.search(block.text):
                words = " ".join(block.text[: mark.end()].rsplit(maxsplit=5)[-5:])
                self._marks.append((Place(block.line, column, number), words, self._action))

    def _place_footnotes(self) -> None:
        """Give the footnotes to the action that their mark stands in."""
        marked = next((action for _place, _text, action in self._marks if action), None)
        for line, text in self._footnotes:
            if marked:
                marked.footnotes.append(text)
            else:
                self._report_stray(Place(line), text)
        if not self._footnotes:
            message = _(
                "Line %(line)d, %(number)s: the mark in “%(text)s” has no footnote. "
                "Add it or remove the mark."
            )
            for place, text, _action in self._marks:
                self.log.warn("footnote-missing", place, message, text)

    def _report_stray(self, place: Place, text: str) -> None:
        message = _(
            "Line %(line)d: “%(text)s” has no place in the plan. Move it to its task, measure or action."
        )
        self.log.error("stray-text", place, message, text)

    def _warn_of_links(self, blocks: list[Block], place: Place) -> None:
        message = _("Line %(line)d: the words “%(text)s” are kept, but their link %(href)s is not.")
        for line, link in link_list(blocks):
            where = Place(line, place.column, place.number)
            self.log.warn("link-dropped", where, message, link.text, href=link.href)
