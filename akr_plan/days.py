"""The day that an address asks for."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _


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
