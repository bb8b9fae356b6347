"""Which entries of history an address asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from akr_plan.models import User

from .changed import that_changed
from .kinds import KINDS, Kind
from .scopes import NUMBER, ActionScope, Scope

YEARS = range(1900, 3000)


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What is asked for, by the names in the address; an empty value asks for all.

    `kas` is a kind of rows, or one of its fields: veiksmas, veiksmas.owner.
    """

    asmuo: str = ""
    kas: str = ""
    nuo: str = ""
    iki: str = ""
    q: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "HistoryFilter":
        """Take what the address says, right or wrong."""
        return cls(**{field.name: parameters.get(field.name, "").strip() for field in fields(cls)})

    @property
    def is_asked(self) -> bool:
        """Return whether anything narrower than all is asked for."""
        return self != HistoryFilter()

    def check(self, options: Mapping[str, Mapping[str, str]]) -> tuple["HistoryFilter", list[str]]:
        """Return the filter, or an empty one and why: a value that is no choice filters nothing."""
        errors = [
            _("There is no “%(value)s” to filter by. Everything is shown.") % {"value": value}
            for value, choices in ((self.asmuo, options["asmuo"]), (self.kas, options["kas"]))
            if value and value not in choices
        ]
        errors += [
            _("“%(text)s” is not a day. Write it as 2024-06-30. Everything is shown.") % {"text": text}
            for text in (self.nuo, self.iki)
            if text and _read_day(text) is None
        ]
        if self.q and not NUMBER.fullmatch(self.q.rstrip(".")):
            errors.append(
                _("“%(text)s” is not a number of the plan, such as 1.2.1. Everything is shown.")
                % {"text": self.q}
            )
        return (HistoryFilter() if errors else replace(self, q=self.q.rstrip("."))), errors

    def wants(self, kind: Kind) -> bool:
        """Return whether any entry of such rows can match."""
        address, _dot, field = self.kas.partition(".")
        return not address or (
            kind.address == address and (not field or field in {f.name for f in kind.fields})
        )

    def apply(self, rows: QuerySet[Any], kind: Kind) -> QuerySet[Any]:
        """Keep the versions that match."""
        if self.asmuo:
            rows = rows.filter(history_user__username=self.asmuo)
        if first := _read_day(self.nuo):
            rows = rows.filter(history_date__gte=_midnight(first))
        if last := _read_day(self.iki):
            rows = rows.filter(history_date__lt=_midnight(last + timedelta(days=1)))
        field = self.kas.partition(".")[2]
        return that_changed(rows, kind, kind.model._meta.get_field(field).attname) if field else rows


def _read_day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def filter_options(scope: Scope | ActionScope, kinds: Iterable[Kind] = KINDS) -> dict[str, dict[str, str]]:
    """Return what can be chosen, with labels: who has changed anything; kinds of rows and their fields."""
    kinds = tuple(kinds)
    authors = [scope.rows(kind).values_list("history_user_id") for kind in kinds]
    users = User.objects.filter(pk__in=authors[0].union(*authors[1:]))
    things: dict[str, str] = {}
    for kind in kinds:
        things[kind.address] = str(kind.label)
        things |= {
            f"{kind.address}.{field.name}": f"{kind.label}: {field.verbose_name}" for field in kind.fields
        }
    return {"asmuo": {user.username: str(user) for user in users}, "kas": things}
