"""Parts that several documents have, as the templates of `page.typ` and `status.typ` read them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..charts import stacked_bar
from ..rollup import Summary


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of a stacked bar, with its word."""

    standing: str
    label: str
    count: int


def bar_parts(summary: Summary) -> list[BarPart]:
    """Return the parts of the bar of all results."""
    return [
        BarPart(part.standing.value, str(part.standing.label), part.count) for part in stacked_bar(summary)
    ]


def shown_line(said: str) -> str:
    """Return which part of the plan is shown, or nothing if the whole is."""
    return _("Shown: %(what)s") % {"what": said} if said else ""


def made_line(made_by: str, made_at: datetime) -> str:
    """Return who made the file and when; `made_at` is aware."""
    moment = date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT")
    return _("Made by %(name)s, %(moment)s") % {"name": made_by, "moment": moment}
