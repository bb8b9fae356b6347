"""The things that can differ between two states of a row, and how each is written."""

from collections.abc import Callable, Iterable
from datetime import date
from operator import attrgetter
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from measures.enums import ConditionState, Status
from measures.rules import FIXED_PERCENT
from measures.tree.rows import CodeRow, LinkRow, NameRow

from ..rows import REPORT
from ..rows import STATE as WRITTEN_STATE
from .rows import Difference, Facet


def differences(facets: Iterable[Facet], before: Any, after: Any) -> tuple[Difference, ...]:
    """Return in which of the facets two states of a row differ."""
    found = ((facet, facet.take(before), facet.take(after)) for facet in facets)
    return tuple(Difference(facet, old, new) for facet, old, new in found if old != new)


def differ(facet: Facet, old: str, new: str) -> tuple[Difference, ...]:
    """Return whether a facet differs that no row has by itself, such as where the row is."""
    return (Difference(facet, old, new),) if old != new else ()


def value(facet: Facet, row: Any) -> Difference:
    """Return what a facet is on a row that has nothing to be compared with."""
    return Difference(facet, None, facet.take(row), is_compared=False)


def _field(label: str | Promise, name: str, write: Callable[[Any], str] = str) -> Facet:
    """Return the facet that is one field, named alike on the row and in the database."""
    return Facet(label, attrgetter(name), write, (name,))


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


STATE = Facet(gettext_lazy("status"), attrgetter("progress.status", "percent"), _state, (WRITTEN_STATE,))
TERM = Facet(gettext_lazy("Term"), attrgetter("due_on"), _day, ("deadline", "last_year"))
YEARS = Facet(
    gettext_lazy("years"), attrgetter("first_year", "last_year"), _years, ("first_year", "last_year")
)
CONDITION = (
    _field(gettext_lazy("condition"), "condition"),
    Facet(
        gettext_lazy("state of the condition"),
        attrgetter("progress.condition_state"),
        _condition_state,
        ("condition_state",),
    ),
)
RESULT_TEXT = (
    _field(gettext_lazy("text"), "text"),
    _field(gettext_lazy("sub-items"), "sub_items", _lines),
    YEARS,
    _field(gettext_lazy("period as written"), "period_text"),
    _field(gettext_lazy("projects"), "projects", _lines),
    _field(gettext_lazy("links"), "links", _links),
)
# Where a row is: the number that an action has, and what each row belongs to.
NUMBER = _field(pgettext_lazy("plan", "action"), "number")
ACTION = _field(pgettext_lazy("plan", "action"), "action")
MEASURE = _field(pgettext_lazy("plan", "measure"), "measure")
TASK = _field(pgettext_lazy("plan", "task"), "task")
OWNER = _field(gettext_lazy("owner"), "owner", lambda owner: owner or _("no owner"))
# Another person of the same name.
ACCOUNT = Facet(gettext_lazy("user name"), attrgetter("owner_username"), str, ("owner",))
LAST_REPORT = Facet(gettext_lazy("last report"), attrgetter("last_reported_on"), _day, (REPORT,))
ACTION_TEXT = (
    _field(gettext_lazy("title"), "title"),
    _field(gettext_lazy("lead-in"), "lead_in"),
    _field(gettext_lazy("KRSS2030 codes"), "codes", _codes),
    _field(gettext_lazy("resources"), "resources", _names),
    _field(gettext_lazy("partners"), "partners", _names),
    _field(gettext_lazy("links"), "links", _links),
)
MEASURE_TEXT = (
    _field(gettext_lazy("title"), "title"),
    _field(gettext_lazy("number as written"), "number_as_written"),
    _field(gettext_lazy("KRSS2030 codes"), "codes", _codes),
)
TASK_TEXT = (_field(gettext_lazy("title"), "title"),)
PLAN_TEXT = (
    _field(gettext_lazy("title"), "title"),
    _field(gettext_lazy("organisation"), "organisation"),
    _field(pgettext_lazy("plan", "goal"), "goal"),
    YEARS,
    _field(gettext_lazy("sample data"), "is_sample", _yes_or_no),
)
