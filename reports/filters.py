"""What the address asks for: a day, and which planned results."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akr_plan.text import fold, sentence
from measures.enums import Schedule, Standing, Status
from measures.tree.rows import ActionRow, PlanTree, ResultRow

from .rollup import PRIORITIES, WITHOUT_CODE, is_due

STANDING_IN_ADDRESS = {
    Standing.DONE: "ivykdyta",
    Standing.IN_PROGRESS: "vykdoma",
    Standing.LATE: "veluoja",
    Standing.CONDITIONAL: "salygine",
    Standing.POSTPONED: "atideta",
    Standing.CANCELLED: "atsaukta",
    Standing.NOT_STARTED: "nepradeta",
}
DUE, DUE_TODAY, DUE_SOON = "suejes", "sia-diena", "artejantis"
COUNTED, KNOWN, NOT_COUNTED = "skaiciuojama", "zinoma", "neskaiciuojama"


@dataclass(frozen=True, slots=True)
class AskedDay:
    """The day from the address, or why it can't be one."""

    value: date | None
    error: str = ""


def read_day(text: str) -> AskedDay:
    """Return the day that the address asks for; None if it asks for none, for nonsense or for the future."""
    if not text:
        return AskedDay(None)
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or day.year < 1900:
        return AskedDay(
            None, _("“%(text)s” is not a day. Write it as 2024-06-30. Today is shown.") % {"text": text}
        )
    if day > timezone.localdate():
        return AskedDay(None, _("%(text)s has not come yet. Today is shown.") % {"text": text})
    return AskedDay(day)


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """Which planned results are asked for, by the names in the address; an empty value asks for all."""

    uzdavinys: str = ""
    kryptis: str = ""
    kodas: str = ""
    metai: str = ""
    padetis: str = ""
    terminas: str = ""
    pazanga: str = ""
    q: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "ResultFilter":
        """Take what the address says, right or wrong."""
        return cls(**{field.name: parameters.get(field.name, "").strip() for field in fields(cls)})

    @property
    def values(self) -> dict[str, str]:
        """Return what is asked for."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    def check(self, options: Mapping[str, Mapping[str, str]]) -> tuple["ResultFilter", list[str]]:
        """Return the filter, or an empty one and why: a value that is no choice filters nothing."""
        errors = [
            _("There is no “%(value)s” to filter by. Everything is shown.") % {"value": value}
            for name, value in self.values.items()
            if name in options and value not in options[name]
        ]
        return (ResultFilter(q=self.q) if errors else self), errors

    def apply(self, tree: PlanTree) -> Iterator[tuple[ActionRow, ResultRow]]:
        """Yield the results that match, each with its action."""
        words = fold(self.q).split()
        for action, result in tree.results():
            is_asked_for = self._matches_action(action) and self._matches_result(result, tree.as_of)
            if is_asked_for and _contains(action, result, words):
                yield action, result

    def _matches_action(self, action: ActionRow) -> bool:
        if self.uzdavinys and action.task_number != self.uzdavinys:
            return False
        if self.kodas and all(code.code != self.kodas for code in action.effective_codes):
            return False
        if self.kryptis == WITHOUT_CODE:
            return not action.effective_codes
        if self.kryptis == PRIORITIES:
            return any(code.is_priority for code in action.effective_codes)
        return not self.kryptis or any(code.direction == self.kryptis for code in action.effective_codes)

    def _matches_result(self, result: ResultRow, as_of: date) -> bool:
        if self.metai and str(result.due_on.year) != self.metai:
            return False
        if self.padetis and STANDING_IN_ADDRESS[result.standing] != self.padetis:
            return False
        return self._matches_term(result, as_of) and self._matches_progress(result)

    def _matches_term(self, result: ResultRow, as_of: date) -> bool:
        if self.terminas == DUE:
            return is_due(result, as_of)
        if self.terminas == DUE_TODAY:
            return is_due(result, as_of) and result.due_on == as_of and result.status != Status.DONE
        return self.terminas != DUE_SOON or result.schedule == Schedule.DUE_SOON

    def _matches_progress(self, result: ResultRow) -> bool:
        if self.pazanga == NOT_COUNTED:
            return not result.progress.is_counted
        if self.pazanga == KNOWN and result.percent is None:
            return False
        return not self.pazanga or result.progress.is_counted


def _contains(action: ActionRow, result: ResultRow, words: list[str]) -> bool:
    if not words:
        return True
    texts = (action.number, action.title, action.lead_in, result.text, *result.sub_items)
    text = fold(" ".join(texts))
    return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class FilterField:
    """One field of the filter: what can be chosen, and what is."""

    name: str
    label: str
    options: Mapping[str, str]
    chosen: str

    @property
    def chosen_label(self) -> str:
        """Return in words what is chosen, or nothing."""
        return self.options.get(self.chosen, "")


def filter_options(tree: PlanTree, directions: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return what can be chosen in each field of the filter, with labels."""
    codes = {code.code: code for action in tree.actions for code in action.effective_codes}
    return {
        "uzdavinys": {task.number: f"{task.number}. {sentence(task.title)}" for task in tree.tasks},
        "kryptis": {
            **{code: f"{code}. {title}" for code, title in directions.items()},
            PRIORITIES: _("Horizontal priorities"),
            WITHOUT_CODE: _("Without a KRSS2030 code"),
        },
        "kodas": {
            code.code: code.code if code.is_priority else f"{code.code} {code.title}"
            for code in sorted(codes.values(), key=lambda code: code.sort_key)
        },
        "metai": {
            year: year for year in sorted({str(result.due_on.year) for _action, result in tree.results()})
        },
        "padetis": {STANDING_IN_ADDRESS[standing]: str(standing.label) for standing in Standing},
        "terminas": {
            DUE: _("Term has come"),
            DUE_TODAY: _("Term ends on this day"),
            DUE_SOON: _("Due within 90 days"),
        },
        "pazanga": {
            COUNTED: _("Counted"),
            KNOWN: _("Counted, progress known"),
            NOT_COUNTED: _("Not counted"),
        },
    }


def filter_fields(asked: ResultFilter, options: Mapping[str, Mapping[str, str]]) -> list[FilterField]:
    """Return the fields of the filter in the order of the form."""
    labels = {
        "uzdavinys": pgettext("plan", "Task"),
        "kryptis": _("KRSS2030 direction"),
        "kodas": _("KRSS2030 code"),
        "metai": _("Year of the term"),
        "padetis": _("Status"),
        "terminas": _("Term"),
        "pazanga": _("Progress"),
    }
    return [
        FilterField(name, label, options[name], asked.values.get(name, "")) for name, label in labels.items()
    ]
