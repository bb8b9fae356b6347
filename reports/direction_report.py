"""How a direction of KRSS2030 is carried out: what was done, on time or not, what is to change.

Pure arithmetic over finished rows; the page, the Word document and the workbook show the same rows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from akr_plan.text import sentence
from measures.enums import Standing
from measures.tree.rows import ActionRow, Note, PlanTree, ResultRow

from .rollup import PRIORITIES, WITHOUT_CODE, Group, Summary, by_direction
from .sentences import headline, progress_line

# On which day each result that is done was reported as done, by its key.
FinishedDays = Mapping[str, date]


class Timeliness(TextChoices):
    """How a planned result kept its term: each result has exactly one of these."""

    IN_TIME = "in_time", gettext_lazy("Done in time")
    DONE_LATE = "done_late", gettext_lazy("Done after the term")
    DAY_UNKNOWN = "day_unknown", gettext_lazy("Done, day not known")
    LATE = "late", pgettext_lazy("schedule", "Late")
    NOT_DUE = "not_due", gettext_lazy("Term not over yet")
    NOT_COUNTED = "not_counted", gettext_lazy("Not counted")

    @classmethod
    def of(cls, result: ResultRow, done_on: date | None) -> "Timeliness":
        """Compare the day on which a result was done, or how it stands, with its term."""
        if result.standing == Standing.DONE:
            if done_on is None:
                return cls.DAY_UNKNOWN
            return cls.IN_TIME if done_on <= result.due_on else cls.DONE_LATE
        if not result.progress.is_counted:
            return cls.NOT_COUNTED
        return cls.LATE if result.standing == Standing.LATE else cls.NOT_DUE


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A planned result; `done_on` is empty unless it is done and the journal says since when."""

    result: ResultRow
    timeliness: Timeliness
    done_on: date | None

    @classmethod
    def of(cls, result: ResultRow, finished: FinishedDays) -> "ReportLine":
        """Look up when the result was done."""
        done_on = finished.get(result.key) if result.standing == Standing.DONE else None
        return cls(result, Timeliness.of(result, done_on), done_on)

    @property
    def text(self) -> str:
        """Return the text of the plan: the result, its sub-items, and its condition, a line for each."""
        result = self.result
        lines = [result.text, *(f"– {item}" for item in result.sub_items)]
        if result.condition:
            lines.append(f"{_('Condition')}: {result.condition} ({result.condition_label.lower()})")
        return "\n".join(lines)

    @property
    def status(self) -> str:
        """Return in a word how the result stands."""
        return str(self.result.standing.label)

    @property
    def on_time(self) -> str:
        """Return in words whether the result kept its term, and why it is not counted if it is not."""
        label = str(self.timeliness.label)
        if self.timeliness != Timeliness.NOT_COUNTED:
            return label
        why = self.status.lower()
        if self.result.standing == Standing.CONDITIONAL:
            why = f"{why} ({self.result.condition_label.lower()})"
        return f"{label}: {why}"

    @property
    def done(self) -> str:
        """Return what was done, and on which day that was reported."""
        return _said(self.result.note)

    @property
    def correction(self) -> str:
        """Return what was proposed to change, and on which day."""
        return _said(self.result.correction)


@dataclass(frozen=True, slots=True)
class ReportAction:
    """An action with its planned results."""

    row: ActionRow
    lines: tuple[ReportLine, ...]

    @property
    def title(self) -> str:
        """Return the text of the plan: the title, and what leads over to the results."""
        return "\n".join(filter(None, (self.row.title, self.row.lead_in)))

    @property
    def owner(self) -> str:
        """Return who is responsible."""
        return self.row.owner or _("no owner")

    @property
    def partners(self) -> str:
        """Return the partners as the plan writes them."""
        return "; ".join(name.as_written or name.name for name in self.row.partners)


@dataclass(frozen=True, slots=True)
class ReportCode:
    """A code with the actions that count for it; actions without any code have one without key and title."""

    key: str
    number: str
    title: str
    summary: Summary
    actions: tuple[ReportAction, ...]

    @property
    def heading(self) -> str:
        """Return number and title."""
        return _heading(self.number, self.title)


@dataclass(frozen=True, slots=True)
class DirectionReport:
    """A direction, the horizontal priorities, or what has no code; `key` names it in addresses.

    An action with several codes stands under each of them, and counts once in the summary.
    """

    key: str
    number: str
    title: str
    summary: Summary
    codes: tuple[ReportCode, ...]
    timeliness: Mapping[Timeliness, int]

    @property
    def heading(self) -> str:
        """Return number and title."""
        return _heading(self.number, self.title)

    @property
    def has_repeats(self) -> bool:
        """Return whether an action stands under several codes."""
        return sum(len(code.actions) for code in self.codes) > self.summary.actions

    def count(self, timeliness: Timeliness) -> int:
        """Return how many results kept their term so."""
        return self.timeliness.get(timeliness, 0)


def direction_reports(
    tree: PlanTree, titles: Mapping[str, str], finished: FinishedDays
) -> list[DirectionReport]:
    """Return a report on each direction, in their order, then on the priorities and on what has no code.

    `titles` are those of the directions by Roman number.
    """
    actions: dict[str, list[ReportAction]] = {}
    for row in tree.actions:
        action = ReportAction(row, tuple(ReportLine.of(result, finished) for result in row.results))
        for key in {code.code for code in row.effective_codes} or {WITHOUT_CODE}:
            actions.setdefault(key, []).append(action)
    return [_report(group, actions) for group in by_direction(tree, titles)]


def _report(group: Group, actions: Mapping[str, Sequence[ReportAction]]) -> DirectionReport:
    codes = [
        ReportCode(code.key, code.number, sentence(str(code.title)), code.summary, tuple(actions[code.key]))
        for code in group.children
    ]
    if group.key == WITHOUT_CODE and WITHOUT_CODE in actions:
        codes.append(ReportCode("", "", "", group.summary, tuple(actions[WITHOUT_CODE])))
    lines = {
        line.result.key: line.timeliness for code in codes for action in code.actions for line in action.lines
    }
    return DirectionReport(
        key=group.key,
        number=group.number,
        title=sentence(str(group.title)),
        summary=group.summary,
        codes=tuple(codes),
        timeliness=Counter(lines.values()),
    )


def title_of(reports: Sequence[DirectionReport]) -> str:
    """Return what a report on one direction, or on several, is called."""
    if len(reports) != 1:
        return _("Report on carrying out KRSS2030, by direction")
    if reports[0].key == WITHOUT_CODE:
        return _("Report on actions without a KRSS2030 code")
    if reports[0].key == PRIORITIES:
        return _("Report on carrying out the horizontal priorities of KRSS2030")
    return _("Report on carrying out a KRSS2030 direction")


def figures_in_words(report: DirectionReport) -> str:
    """Return what one would say of a direction's figures, or that no action counts for it."""
    if not report.summary.actions:
        return _nothing(report)
    return " ".join([headline(report.summary), timeliness_in_words(report), progress_line(report.summary)])


def timeliness_in_words(report: DirectionReport) -> str:
    """Return how many of the results that are done were done in time."""
    parts = [
        f"{timeliness.label}: {report.count(timeliness)}"
        for timeliness in (Timeliness.IN_TIME, Timeliness.DONE_LATE, Timeliness.DAY_UNKNOWN)
        if report.count(timeliness) or timeliness != Timeliness.DAY_UNKNOWN
    ]
    return f"{parts[0]}; {'; '.join(parts[1:]).lower()}."


def remarks(reports: Sequence[DirectionReport]) -> list[str]:
    """Return what has to be known to read the tables right."""
    said = [
        _(
            "Whether a result was done in time is told by the day of the report that first said it was done "
            "and was not taken back."
        )
    ]
    if any(report.has_repeats for report in reports):
        said.append(
            _("An action with several codes stands under each of them, but figures count it only once.")
        )
    return said


def _nothing(report: DirectionReport) -> str:
    """Return what there is to say of a direction without actions."""
    if report.key == WITHOUT_CODE:
        return _("Every action shown has a code.")
    if report.key == PRIORITIES:
        return _("None of the actions shown counts for a horizontal priority.")
    return _("None of the actions shown counts for this direction.")


def _heading(number: str, title: str) -> str:
    return f"{number}. {title}" if number else title


def _said(note: Note | None) -> str:
    return f"{note.reported_on.isoformat()}: {note.text}" if note else ""
