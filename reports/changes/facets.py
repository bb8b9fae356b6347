"""The things that can differ between two states of a row, and how each is written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from measures.enums import ConditionState, Status
from measures.rules import FIXED_PERCENT
from measures.tree.rows import CodeRow, LinkRow, NameRow

from .rows import Difference

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Facet:
    """A thing that can differ: its name, how to take it from a row, and how to write what was taken."""

    label: str | Promise
    take: Callable[[Any], Any]
    write: Callable[[Any], str] = str

    def text(self, row: Any) -> str:
        """Return what it is on this row, in words."""
        return self.write(self.take(row)) or NOTHING


def differences(facets: Iterable[Facet], before: Any, after: Any) -> tuple[Difference, ...]:
    """Return in which of the facets two states of a row differ."""
    return tuple(
        Difference(facet.label, facet.text(before), facet.text(after))
        for facet in facets
        if facet.take(before) != facet.take(after)
    )


def value(facet: Facet, row: Any) -> Difference:
    """Return what a facet is on a row that has nothing to be compared with."""
    return Difference(facet.label, None, facet.text(row))


def _state(state: tuple[str, int | None]) -> str:
    status, percent = state
    label = str(Status(status).label)
    if status in FIXED_PERCENT or percent is None:
        return label
    return f"{label} {percent}\N{NO-BREAK SPACE}%"


def _condition_state(state: str) -> str:
    return str(ConditionState(state).label) if state else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _years(years: tuple[int | None, int | None]) -> str:
    first, last = years
    if first is None:
        return _("until %(year)s") % {"year": last} if last else ""
    return str(first) if first == last else f"{first}–{last or ''}"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _links(links: Iterable[LinkRow]) -> str:
    return _lines(f"{link.text} {link.href}" for link in links)


def _names(names: Iterable[NameRow]) -> str:
    return _lines(
        name.name if name.as_written == name.name else f"{name.as_written} ({name.name})" for name in names
    )


def _codes(codes: Iterable[CodeRow]) -> str:
    return _lines(f"{code.as_written or code.code} {code.title}" for code in codes)


def _yes_or_no(is_so: bool) -> str:
    return _("Yes") if is_so else _("No")


STATE = Facet(gettext_lazy("status"), attrgetter("progress.status", "percent"), _state)
TERM = Facet(gettext_lazy("Term"), attrgetter("due_on"), _day)
CONDITION = (
    Facet(gettext_lazy("condition"), attrgetter("condition")),
    Facet(gettext_lazy("state of the condition"), attrgetter("progress.condition_state"), _condition_state),
)
RESULT_TEXT = (
    Facet(gettext_lazy("text"), attrgetter("text")),
    Facet(gettext_lazy("sub-items"), attrgetter("sub_items"), _lines),
    Facet(gettext_lazy("years"), attrgetter("first_year", "last_year"), _years),
    Facet(gettext_lazy("period as written"), attrgetter("period_text")),
    Facet(gettext_lazy("projects"), attrgetter("projects"), _lines),
    Facet(gettext_lazy("links"), attrgetter("links"), _links),
)
OWNER = Facet(gettext_lazy("owner"), attrgetter("owner"), lambda owner: owner or _("no owner"))
# Another person of the same name.
ACCOUNT = Facet(gettext_lazy("user name"), attrgetter("owner_username"))
LAST_REPORT = Facet(gettext_lazy("last report"), attrgetter("last_reported_on"), _day)
ACTION_TEXT = (
    Facet(gettext_lazy("title"), attrgetter("title")),
    Facet(gettext_lazy("lead-in"), attrgetter("lead_in")),
    Facet(gettext_lazy("KRSS2030 codes"), attrgetter("codes"), _codes),
    Facet(gettext_lazy("resources"), attrgetter("resources"), _names),
    Facet(gettext_lazy("partners"), attrgetter("partners"), _names),
    Facet(gettext_lazy("links"), attrgetter("links"), _links),
)
MEASURE_TEXT = (
    Facet(gettext_lazy("title"), attrgetter("title")),
    Facet(gettext_lazy("number as written"), attrgetter("number_as_written")),
    Facet(gettext_lazy("KRSS2030 codes"), attrgetter("codes"), _codes),
)
TASK_TEXT = (Facet(gettext_lazy("title"), attrgetter("title")),)
PLAN_TEXT = (
    Facet(gettext_lazy("title"), attrgetter("title")),
    Facet(gettext_lazy("organisation"), attrgetter("organisation")),
    Facet(pgettext_lazy("plan", "goal"), attrgetter("goal")),
    Facet(gettext_lazy("years"), attrgetter("first_year", "last_year"), _years),
    Facet(gettext_lazy("sample data"), attrgetter("is_sample"), _yes_or_no),
)
