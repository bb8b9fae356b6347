"""What of a plan asks for attention, the urgent first: pure work on finished rows.

Pages and files take the rows from here. The unit is the planned result, but an action where reports and
owners are concerned.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from measures.enums import ConditionState, Schedule, Standing
from measures.tree.duties import Tally
from measures.tree.rows import ActionRow, PlanTree, ResultRow

from .rows import AskedPeriod, Owed, Reporting

SHOWN_AT_FIRST = 10


class Section(TextChoices):
    """Why something asks for attention; the value names the section in addresses, in order of urgency."""

    LATE = "veluoja", pgettext_lazy("schedule", "Late")
    DUE_SOON = "arteja", pgettext_lazy("schedule", "Due soon")
    UNREPORTED = "nepranesta", gettext_lazy("Not reported for the period")
    WITHOUT_OWNER = "be-atsakingo", gettext_lazy("Without an owner")
    PENDING = "salygos", gettext_lazy("Waiting for a condition")

    @property
    def page(self) -> str:
        """Return the name of the address of all its rows."""
        return f"attention_{self.name.lower()}"

    def counted(self, count: int) -> str:
        """Return in words what there are so many of."""
        match self:
            case Section.LATE:
                return ngettext("result is late", "results are late", count)
            case Section.DUE_SOON:
                return ngettext("term within 90 days", "terms within 90 days", count)
            case Section.UNREPORTED:
                return ngettext("action without a report", "actions without a report", count)
            case Section.WITHOUT_OWNER:
                return ngettext("action without an owner", "actions without an owner", count)
            case Section.PENDING:
                return ngettext("result waits for a condition", "results wait for a condition", count)


@dataclass(frozen=True, slots=True)
class AttentionRow:
    """A planned result, or an action as a whole (`key` is empty then), that asks for attention.

    `days_late` is negative while the term is still to come, and None where no term applies. `is_gone` says
    that the plan no longer has the action.
    """

    section: Section
    number: str
    key: str
    text: str
    condition: str
    owner: str
    last_reported_on: date | None
    due_on: date | None
    days_late: int | None
    standing: Standing | None
    is_gone: bool = False

    @property
    def days_left(self) -> int | None:
        """Return the number of days to the term."""
        return None if self.days_late is None else -self.days_late


@dataclass(frozen=True, slots=True)
class Part:
    """One section with all its rows, the most urgent first."""

    section: Section
    rows: Sequence[AttentionRow]

    @property
    def first(self) -> Sequence[AttentionRow]:
        """Return the rows that the page of all sections shows."""
        return self.rows[:SHOWN_AT_FIRST]

    @property
    def counted(self) -> str:
        """Return in words what the rows are."""
        return self.section.counted(len(self.rows))


@dataclass(frozen=True, slots=True)
class Attention:
    """All that asks for attention as of a day; `tally` says who has reported for the period."""

    as_of: date
    parts: Sequence[Part]
    has_periods: bool
    period: AskedPeriod | None
    tally: Tally

    @classmethod
    def of(cls, tree: PlanTree, reporting: Reporting, numbers: Collection[str] | None = None) -> "Attention":
        """Sort out what asks for attention; `numbers` are the actions asked for, None if all of them are.

        An action owes a report as a whole, whichever of its results are asked for.
        """
        owed = [item for item in reporting.owed if numbers is None or item.number in numbers]
        rows = {
            Section.LATE: _results(tree, Section.LATE),
            Section.DUE_SOON: _results(tree, Section.DUE_SOON),
            Section.UNREPORTED: _unreported(tree, owed),
            Section.WITHOUT_OWNER: [
                _of_action(action, Section.WITHOUT_OWNER, tree.as_of)
                for action in tree.actions
                if not action.owner_username
            ],
            Section.PENDING: _results(tree, Section.PENDING),
        }
        reported = sum(item.is_reported for item in owed)
        return cls(
            as_of=tree.as_of,
            parts=[Part(section, sorted(rows[section], key=_urgency)) for section in Section],
            has_periods=reporting.has_periods,
            period=reporting.period,
            tally=Tally(reported, len(owed)),
        )

    def part(self, section: Section) -> Part:
        """Return one section."""
        return next(part for part in self.parts if part.section == section)

    @property
    def rows(self) -> list[AttentionRow]:
        """Return the rows of all sections in one list, for files."""
        return [row for part in self.parts for row in part.rows]

    @property
    def sentence(self) -> str:
        """Return what one would say first."""
        said = "; ".join(_said(part, self) for part in self.parts if part.rows)
        return f"{said[0].upper()}{said[1:]}." if said else _("Nothing asks for attention.")


def _said(part: Part, attention: Attention) -> str:
    """Return how a sentence speaks of a section that has rows."""
    count = len(part.rows)
    match part.section:
        case Section.LATE:
            days = part.rows[0].days_late or 0
            late = ngettext("%(n)d result is late", "%(n)d results are late", count) % {"n": count}
            longest = ngettext("the longest by %(n)d day", "the longest by %(n)d days", days) % {"n": days}
            return f"{late}, {longest}"
        case Section.DUE_SOON:
            text = ngettext("%(n)d term ends within 90 days", "%(n)d terms end within 90 days", count)
            return text % {"n": count}
        case Section.UNREPORTED:
            text = ngettext(
                "no report on %(n)d action of %(of)d for “%(period)s”",
                "no report on %(n)d actions of %(of)d for “%(period)s”",
                count,
            )
            period = attention.period.title if attention.period else ""
            return text % {"n": count, "of": attention.tally.expected, "period": period}
        case Section.WITHOUT_OWNER:
            return ngettext("%(n)d action has no owner", "%(n)d actions have no owner", count) % {"n": count}
        case Section.PENDING:
            text = ngettext("%(n)d result waits for a condition", "%(n)d results wait for a condition", count)
            return text % {"n": count}


def _results(tree: PlanTree, section: Section) -> list[AttentionRow]:
    return [
        _of_result(action, result, section, tree.as_of)
        for action, result in tree.results()
        if _belongs(result, section)
    ]


def _belongs(result: ResultRow, section: Section) -> bool:
    if section == Section.LATE:
        return result.standing == Standing.LATE
    if section == Section.DUE_SOON:
        return result.schedule == Schedule.DUE_SOON
    # What is settled waits for nothing.
    return result.progress.is_open and result.progress.condition_state == ConditionState.PENDING


def _unreported(tree: PlanTree, owed: Iterable[Owed]) -> list[AttentionRow]:
    actions = {action.number: action for action in tree.actions}
    return [
        _of_action(actions[item.number], Section.UNREPORTED, tree.as_of)
        if item.number in actions
        else _of_gone(item)
        for item in owed
        if not item.is_reported
    ]


def _of_result(action: ActionRow, result: ResultRow, section: Section, as_of: date) -> AttentionRow:
    return AttentionRow(
        section=section,
        number=action.number,
        key=result.key,
        text=result.text,
        condition=result.condition,
        owner=action.owner,
        last_reported_on=action.last_reported_on,
        due_on=result.due_on,
        days_late=(as_of - result.due_on).days if result.schedule else None,
        standing=result.standing,
    )


def _of_action(action: ActionRow, section: Section, as_of: date) -> AttentionRow:
    """Return the row of a whole action: its nearest term, and late if any of its results is."""
    due_on = min((result.due_on for result in action.results if result.schedule), default=None)
    is_late = any(result.standing == Standing.LATE for result in action.results)
    return AttentionRow(
        section=section,
        number=action.number,
        key="",
        text=action.title,
        condition="",
        owner=action.owner,
        last_reported_on=action.last_reported_on,
        due_on=due_on,
        days_late=(as_of - due_on).days if due_on else None,
        standing=Standing.LATE if is_late else Standing(action.status),
    )


def _of_gone(item: Owed) -> AttentionRow:
    """Return the row of an action that the plan has lost since the period's last day."""
    return AttentionRow(
        Section.UNREPORTED, item.number, "", item.title, "", "", None, None, None, None, is_gone=True
    )


def _urgency(row: AttentionRow) -> date:
    """Return what rows are sorted by; those of one day keep the order of the plan."""
    return row.due_on or date.max
