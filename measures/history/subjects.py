"""What an entry of history is about: what the row is called, and where it can be seen."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from .kinds import ACTION, MEASURE, PERIOD, PLAN, RESULT, TASK, Kind
from .names import Newest

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """A row of the plan, the address where it is shown (empty if it is gone), and what hangs on it."""

    title: str
    url: str
    detail: str = ""


def subject_of(kind: Kind, row: Any, newest: Newest, slug: str) -> Subject:
    """Return what a version of a row is about, by the number that it has now or had last."""
    if kind.above is None:
        return _numbered(kind, row.id, newest, slug)
    owner = _numbered(kind.above, getattr(row, f"{kind.model.owner_field}_id"), newest, slug)
    detail = _("%(kind)s “%(name)s”") % {
        "kind": kind.model._meta.verbose_name,
        "name": _reference(kind, row, newest),
    }
    return Subject(owner.title, owner.url, detail)


def text_of(kind: Kind, row: Any, newest: Newest) -> str:
    """Return what a row that was added or deleted says beyond its name."""
    if kind.above:
        as_written = getattr(row, "as_written", "")
        text = "" if as_written == _reference(kind, row, newest) else as_written
    elif kind is RESULT:
        text = row.text
    else:
        text = row.title
    return Truncator(text).chars(LONGEST)


def _reference(kind: Kind, row: Any, newest: Newest) -> str:
    """Return the name of what a link refers to."""
    field = kind.model._meta.get_field(kind.model.reference_field)
    return newest.name(field.related_model, getattr(row, field.attname))


def _numbered(kind: Kind, pk: int, newest: Newest, slug: str) -> Subject:
    version = newest.version(kind.model, pk)
    if version is None:
        return Subject(str(kind.label), "")
    name = f" {getattr(version, kind.named_by)}" if kind.named_by else ""
    return Subject(f"{kind.label}{name}", _url(kind, version, newest, slug))


def _url(kind: Kind, version: Any, newest: Newest, slug: str) -> str:
    """Return where the row is shown, or nothing if it is gone."""
    if version.history_type == "-":
        return ""
    if kind is RESULT:
        action = newest.living(ACTION.model, version.action_id)
        return f"{_url(ACTION, action, newest, slug)}#{version.key}" if action else ""
    if kind is ACTION:
        return reverse("measures:action", args=[slug, version.number])
    if kind is PERIOD:
        return reverse("measures:period", args=[slug, version.starts_on.isoformat()])
    plan = reverse("reports:plan", args=[slug])
    if kind is TASK:
        return f"{plan}#task-{version.number}"
    if kind is MEASURE:
        return f"{plan}#{version.number}"
    return plan if kind is PLAN else ""
