"""Read a plan document, the Word table saved as text, into a tree of plain texts.

The reader never drops or guesses silently: what it read otherwise than written becomes a warning, and what
it cannot place stops the reading, with all errors at once.
"""

import re
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from measures.exchange.document.items import ResultReader
from measures.exchange.document.lines import Paragraph, Row, split_document
from measures.exchange.document.lists import NameList
from measures.exchange.document.notices import DocumentError, Notice, NoticeLog, Place, in_order
from measures.exchange.document.numbers import Number, check_sequence, take_codes, take_number
from measures.exchange.document.outline import (
    ActionOutline,
    MeasureOutline,
    Outline,
    OutlineReader,
    TaskOutline,
)
from measures.exchange.document.text import Block, as_read, collapse, has_words, joined, link_list
from measures.exchange.document.tree import (
    ACTION_COLUMN,
    MEASURE_COLUMN,
    PARTNER_COLUMN,
    RESOURCE_COLUMN,
    RESULT_COLUMN,
    ActionText,
    CodeMention,
    DocumentReading,
    Link,
    MeasureText,
    PlanText,
    ResultText,
    TaskText,
)
from measures.exchange.document.words import document_words, plan_words

__all__ = [
    "ActionText",
    "CodeMention",
    "DocumentError",
    "DocumentReading",
    "Link",
    "MeasureText",
    "Notice",
    "Place",
    "PlanText",
    "ResultText",
    "TaskText",
    "read_document",
]

MAX_BYTES = 5_000_000
MAX_LINES = 100_000
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_YEARS = re.compile(r"(?<![\w/–—-])([0-9]{4})(?:\s?[–—-]\s?([0-9]{4}))?(?![\w/]|\s?[–—-]\s?[0-9])")
_ANY_YEARS = (1000, 9999)


def read_document(
    text: str, known_partners: Collection[str] = (), known_resources: Collection[str] = ()
) -> DocumentReading:
    """Read the plan in a document.

    The known names, aliases included, only help to tell names apart that stand without a separator.
    Raises DocumentError with all that has no place in a plan, and nothing else, whatever the text.
    """
    log = NoticeLog()
    text = _checked(text, log)
    return read_parts(split_document(text), text, known_partners, known_resources, log)


def read_parts(
    parts: Iterable[Paragraph | Row],
    text: str,
    known_partners: Collection[str],
    known_resources: Collection[str],
    log: NoticeLog,
) -> DocumentReading:
    """Read the plan in the parts of a document of any kind; `text` has all its words, to be compared."""
    outline = OutlineReader(log).read(parts)
    plan = _PlanBuilder(outline, known_partners, known_resources, log).plan()
    log.raise_errors()
    _check_words(text, plan, log)
    log.raise_errors()
    return DocumentReading(plan, tuple(in_order(log.warnings)))


def _checked(text: str, log: NoticeLog) -> str:
    """Return the text with plain line ends; refuse what is too long or no text at all."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        message = _("The document is larger than %(limit)d MB. Save the plan alone, without pictures.")
        log.error("too-large", Place(1), message, limit=MAX_BYTES // 1_000_000)
    log.raise_errors()
    if not text.strip("\ufeff \t\r\n\f"):
        log.error("empty", Place(1), _("The document is empty. Choose the file with the plan."))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        log.error("too-long", Place(1), _("The document has more than 100 000 lines. Save the plan alone."))
    for line, content in enumerate(lines, start=1):
        if character := _UNREADABLE.search(content):
            message = _(
                "Line %(line)d: the character %(character)s is no text. "
                "Save the document as UTF-8 text again."
            )
            log.error(
                "bad-character", Place(line), message, character[0], character=f"U+{ord(character[0]):04X}"
            )
    log.raise_errors()
    return text


def _check_words(text: str, plan: PlanText, log: NoticeLog) -> None:
    """Compare the plan's words with the document's: a last guard should the reader itself be wrong."""
    read, written = plan_words(plan), document_words(text)
    for word in (written - read) + (read - written):
        message = _(
            "Line %(line)d: the word “%(text)s” would change in the plan. Simplify the text around it."
        )
        line = text.count("\n", 0, max(0, text.find(word))) + 1
        log.error("words-changed", Place(line), message, word)


def years_in(title: str) -> tuple[int, int] | None:
    """Return the years that a title tells, a range before a single year; None if they are not plain."""
    found = [(int(first), int(last or first), bool(last)) for first, last in _YEARS.findall(title)]
    ranges = [years for years in found if years[2]] or found
    if len(ranges) == 1 and ranges[0][0] <= ranges[0][1]:
        return ranges[0][:2]
    return None


class _PlanBuilder:
    """Reads the cells of an outline and checks its numbers."""

    def __init__(
        self,
        outline: Outline,
        known_partners: Collection[str],
        known_resources: Collection[str],
        log: NoticeLog,
    ) -> None:
        self._outline = outline
        self._log = log
        self._years = self._read_years()
        self._partners = NameList(known_partners, log)
        self._resources = NameList(known_resources, log)

    def plan(self) -> PlanText:
        outline = self._outline
        if not outline.tasks:
            message = _("The document has no task. A task begins with a line such as “1 uždavinys: …”.")
            self._log.error("no-task", Place(1), message)
        check_sequence(((task.number, task.place) for task in outline.tasks), self._log)
        tasks = tuple(self._task(task) for task in outline.tasks)
        return PlanText(outline.organisation, outline.title, outline.goal, *self._years, tasks)

    def _read_years(self) -> tuple[int, int]:
        """Take the plan's years from its title: a range before a single year."""
        title, place = self._outline.title, Place(self._outline.title_line)
        if years := years_in(self._outline.years or title):
            return years
        message = _(
            "Line %(line)d: the title “%(text)s” does not tell the years of the plan. "
            "Write it like this: VEIKLOS PLANAS 2023–2024 M."
        )
        if not title:
            message = _(
                "The document has no title. Above the tasks, write one with the years of the plan, "
                "like this: VEIKLOS PLANAS 2023–2024 M."
            )
        self._log.error("years-missing", place, message, title)
        return _ANY_YEARS

    def _task(self, task: TaskOutline) -> TaskText:
        if not task.measures:
            message = _("Line %(line)d: task %(number)s has no measure. Add one or remove the task.")
            self._log.error("no-measures", task.place, message, task.title)
        self._check_title(task.title, task.place)
        numbers = [self._measure_number(measure, task) for measure in task.measures]
        places = [Place(m.line, MEASURE_COLUMN, n.text) for m, n in zip(task.measures, numbers, strict=True)]
        self._check_children(task.number, list(zip(numbers, places, strict=True)))
        measures = (
            self._measure(measure, number, place)
            for measure, number, place in zip(task.measures, numbers, places, strict=True)
        )
        return TaskText(task.number.text, task.title, tuple(measures), task.line)

    def _measure_number(self, measure: MeasureOutline, task: TaskOutline) -> Number:
        """Return the measure's number; where a part of it is missing, its first action tells the whole."""
        number = measure.number
        if not number.is_slip or not measure.actions:
            return number
        meant = Number(number.as_written, measure.actions[0].number.parts[:-1])
        if meant.key[: len(number.parts)] != number.key or not meant.is_child_of(task.number):
            return number
        self._warn_of_slip(Place(measure.line, MEASURE_COLUMN, meant.text), number.as_written)
        return meant

    def _measure(self, measure: MeasureOutline, number: Number, place: Place) -> MeasureText:
        if not measure.actions:
            message = _("Line %(line)d: measure %(number)s has no action. Add one or remove the measure.")
            self._log.error("no-actions", place, message, joined(measure.title))
        self._check_children(number, [(action.number, action.place) for action in measure.actions])
        title, codes = self._title(measure.title, place)
        actions = tuple(self._action(action) for action in measure.actions)
        return MeasureText(
            number.text, number.as_written, title, codes, actions, measure.line, as_read(measure.title)
        )

    def _action(self, action: ActionOutline) -> ActionText:
        number, blocks = action.number.text, action.blocks
        if action.number.is_slip:
            self._warn_of_slip(action.place, action.number.as_written)
        title, codes = self._title(blocks[ACTION_COLUMN], action.place)
        cell = ResultReader(number, *self._years, self._log).read(blocks[RESULT_COLUMN], title)
        resources = self._resources.read(blocks[RESOURCE_COLUMN], RESOURCE_COLUMN, number)
        partners = self._partners.read(blocks[PARTNER_COLUMN], PARTNER_COLUMN, number)
        self._check_lists(action, title, cell.results, resources, partners)
        links = tuple(link for _line, link in link_list(blocks[ACTION_COLUMN]))
        return ActionText(
            number=number,
            title=title,
            lead_in=collapse(" ".join([cell.lead_in, *action.footnotes])),
            codes=codes,
            links=links + cell.links,
            results=cell.results,
            resources=resources,
            partners=partners,
            line=action.line,
            cells=tuple(map(as_read, blocks.values())),
        )

    def _title(self, blocks: list[Block], place: Place) -> tuple[str, tuple[CodeMention, ...]]:
        text = joined(blocks)
        numbered = take_number(text)
        title, codes = take_codes(numbered[1] if numbered else text, place, self._log)
        self._check_title(title, place)
        named = [name for block in blocks for name in block.priorities]
        return title, (*codes, *(CodeMention(name, "priority", name) for name in named))

    def _check_title(self, title: str, place: Place) -> None:
        if not has_words(title):
            message = _("Line %(line)d: %(number)s has no title. Write it after the number.")
            self._log.error("title-missing", place, message, title)

    def _check_children(self, parent: Number, children: list[tuple[Number, Place]]) -> None:
        for number, place in children:
            if not number.is_child_of(parent):
                message = _(
                    "Line %(line)d: the number %(text)s does not fit %(parent)s, above it. "
                    "Correct one of them."
                )
                self._log.error("number-misfit", place, message, number.as_written, parent=parent.text)
        check_sequence((child for child in children if child[0].is_child_of(parent)), self._log)

    def _check_lists(
        self,
        action: ActionOutline,
        title: str,
        results: tuple[ResultText, ...],
        resources: tuple[str, ...],
        partners: tuple[str, ...],
    ) -> None:
        number, line = action.number.text, action.line
        if not results:
            message = _(
                "Line %(line)d: action %(number)s has no planned result. Add one so that it can be tracked."
            )
            self._log.warn("no-results", Place(line, RESULT_COLUMN, number), message, title)
        if not resources:
            message = _("Line %(line)d: action %(number)s has no resources. Add them if there are any.")
            self._log.warn("no-resources", Place(line, RESOURCE_COLUMN, number), message, title)
        if not partners:
            message = _("Line %(line)d: action %(number)s has no partners. Add them if there are any.")
            self._log.warn("no-partners", Place(line, PARTNER_COLUMN, number), message, title)

    def _warn_of_slip(self, place: Place, as_written: str) -> None:
        message = _(
            "Line %(line)d: the number “%(text)s” is incomplete and was read as %(number)s. Correct it."
        )
        self._log.warn("number-slip", place, message, as_written)
