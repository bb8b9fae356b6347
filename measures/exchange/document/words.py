"""Count words, to prove that none gets lost between a plan document and the plan read from it.

The document's side knows nothing of the parser: it only takes the markup away. A single "o" is not counted
on either side: the document writes both a list bullet and a conjunction with it.
"""

import re
from collections import Counter
from collections.abc import Iterator

from measures.exchange.document.text import unescape
from measures.exchange.document.tree import ActionText, PlanText

_WORD = re.compile(r"\w+")
_BULLET = "o"
# Plan numbers lose the zeros before them.
_ZEROS = re.compile(r"\A0+(?=[0-9]+\Z)")
_MARKUP = re.compile(r"\*{2,}|</?(?P<tag>[a-z][^\s/<>]*)[^<>\t]*>", re.IGNORECASE)
_BLOCK_TAGS = ("p", "ul", "li", "br")
_LEADING = r"(?:[^\S\t]|#)*"
_GOAL_LABEL = re.compile(_LEADING + r"tikslas\s*:", re.IGNORECASE)
_TASK_LABEL = re.compile(
    _LEADING + r"(?P<first>uždavinys\s+)?(?P<number>[0-9]{1,3})(?(first)(?!\.?[0-9])|\.?\s*uždavinys\b)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\s*Priemonė\b|(?:\D{0,30}\W)?priemon[^\t]*\t(?:\D{0,30}\W)?veiksm", re.IGNORECASE)


def document_words(text: str) -> Counter[str]:
    """Count the words of a plan document, without markup, heading rows and the two fixed labels."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = _MARKUP.sub(_replacement, text)
    words: Counter[str] = Counter()
    in_preamble = True
    for line in text.split("\n"):
        cells = line.split("\t")
        if _is_heading(cells):
            continue
        if task := _TASK_LABEL.match(line):
            line = f"{task['number']} {line[task.end() :]}"
        elif in_preamble and (goal := _GOAL_LABEL.match(line)):
            line = line[goal.end() :]
        in_preamble = in_preamble and not task and len(cells) == 1
        words.update(words_of(unescape(line)))
    return words


def plan_words(plan: PlanText) -> Counter[str]:
    """Count the words of a plan's texts as they were written in its document."""
    words: Counter[str] = Counter()
    for text in _plan_texts(plan):
        words.update(words_of(text))
    return words


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text, in its order."""
    return (_ZEROS.sub("", word, count=1) for word in _WORD.findall(text) if word != _BULLET)


def _replacement(markup: re.Match[str]) -> str:
    """Paragraphs part words, bold and the like do not."""
    return " " if (markup["tag"] or "").lower() in _BLOCK_TAGS else ""


def _is_heading(cells: list[str]) -> bool:
    line = "\t".join(cells)
    return len(cells) == 5 and all(cell.strip() for cell in cells) and _HEADING.match(line) is not None


def _plan_texts(plan: PlanText) -> Iterator[str]:
    yield from (plan.organisation, plan.title, plan.goal)
    for task in plan.tasks:
        yield from (task.number, task.title)
        for measure in task.measures:
            yield from (measure.number_as_written, measure.title)
            yield from (code.as_written for code in measure.codes)
            for action in measure.actions:
                yield from _action_texts(action)


def _action_texts(action: ActionText) -> Iterator[str]:
    yield from (action.number, action.title, action.lead_in)
    yield from (code.as_written for code in action.codes)
    for result in action.results:
        yield from (result.text, *result.sub_items, result.period_text)
    yield from action.resources
    yield from action.partners
