"""What stands in the cells of the plan's table: paragraphs of a Word document, made of the rows of a plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from measures.exchange.document.numbers import read_mention
from measures.exchange.document.periods import years_of
from measures.exchange.document.styles import Mark, Role
from measures.tree.rows import ActionRow, CodeRow, MeasureRow, NameRow, PlanHead, ResultRow

from ..plan_words import CODE_WORDS, mention
from .runs import Relate, linked, paragraph, run, styled
from .styles import CELL, MEASURE


@dataclass(frozen=True, slots=True)
class CellWriter:
    """Writes the cells of one plan."""

    plan: PlanHead
    relate: Relate

    def measure(self, measure: MeasureRow) -> str:
        """Return the first column's cell."""
        text = f"{measure.number_as_written} {measure.title}"
        return styled(MEASURE, run(text) + _codes(measure.title, measure.codes))

    def action(self, action: ActionRow) -> str:
        """Return the second column's cell."""
        content, _rest = self._linked_action(action)
        return styled(CELL, content + _codes(action.title, action.codes))

    def results(self, action: ActionRow) -> list[str]:
        """Return the third column: what comes before each result, and it, at least one text."""
        _title, lead_in = self._linked_action(action)
        before = paragraph(Role.LEAD_IN, lead_in) if action.lead_in else ""
        items = [self._result(*item) for item in self._with_periods(action.results)]
        return [before + items[0], *items[1:]] if items else [before]

    def names(self, names: Iterable[NameRow], separator: str = "") -> str:
        """Return the fourth or fifth column's cell; two spellings of one name stand one below the other."""
        words = [name for row in names for name in row.as_written.split(";") if name.strip()]
        ends = [*[separator] * (len(words) - 1), ""]
        return "".join(
            paragraph(Role.NAME, run(word.strip() + end)) for word, end in zip(words, ends, strict=False)
        )

    def correction(self, action: ActionRow) -> str:
        """Return what was last proposed to change in an action."""
        proposed = [result.correction for result in action.results if result.correction]
        return max(proposed, key=lambda note: (note.reported_on, note.update)).text if proposed else ""

    def _linked_action(self, action: ActionRow) -> tuple[str, str]:
        """Return title and lead-in with the links of both."""
        texts = [f"{action.number}. {action.title}", *([action.lead_in] if action.lead_in else [])]
        contents = linked(texts, action.links, self.relate)
        return contents[0], "".join(contents[1:])

    def _with_periods(self, results: Sequence[ResultRow]) -> list[tuple[ResultRow, Role, str]]:
        """Return each result with its style and the period to be written, as its reader will understand it.

        The last come first, for a period holds for those before it that have none of their own.
        """
        found: list[tuple[ResultRow, Role, str]] = []
        listed: tuple[int | None, int | None] | None = None
        for result in reversed(results):
            years = (result.first_year, result.last_year)
            period = " ".join(result.period_text.split())
            if any(years) and self._years_of(period) != years:
                period = "" if not period and listed == years else result.years
            role = Role.ITEM
            if period:
                listed = self._years_of(period)
            else:
                role = Role.LISTED_ITEM if any(years) else Role.OPEN_ITEM
            found.append((result, role, period))
        return found[::-1]

    def _years_of(self, period: str) -> tuple[int | None, int | None]:
        return years_of(period, self.plan.first_year, self.plan.last_year)

    def _result(self, result: ResultRow, role: Role, period: str) -> str:
        """Return the text, its sub-items, and the period in bold at the end."""
        contents = linked([result.text, *result.sub_items], result.links, self.relate)
        if period:
            contents[-1] += run("\n" if result.sub_items else " ") + run(period, Mark.PERIOD)
        roles = [role, *[Role.SUB_ITEM] * len(result.sub_items)]
        return "".join(map(paragraph, roles, contents))


def _codes(title: str, codes: Iterable[CodeRow]) -> str:
    """Return the codes in parentheses after a title, and the priorities that it does not speak of."""
    codes = list(codes)
    mentions = [_mention(code) for code in codes if not code.is_priority]
    priorities = [code.code for code in codes if code.is_priority and f"„{code.code}“" not in title]
    written = run(f" ({', '.join(mentions)})") if mentions else ""
    return written + "".join(run(f" ({name})", Mark.PRIORITY) for name in priorities)


def _mention(code: CodeRow) -> str:
    """Return how the document names a code, such that it is read as this code."""
    ways = (mention(code), f"KRSS2030 {code.code}. {CODE_WORDS[code.kind]}")
    return next((way for way in ways if _is_read(way, code)), f"KRSS2030 {code.code}.")


def _is_read(words: str, code: CodeRow) -> bool:
    read = read_mention(words)
    return read is not None and read.code == code.code and not {",", ";"} & set(words)
