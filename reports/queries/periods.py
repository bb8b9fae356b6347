"""What of a plan was closed when, and shown to the members when: where changes can begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import NamedTuple

from django.db.models import CharField, DateTimeField, F, Value
from django.utils import timezone

from measures.models import Pack, Plan

from ..rows import AskedPeriod, ClosedPeriod

COLUMNS = ("is_pack", "name", "begins_on", "day", "ended_at", "frozen_at", "superseded_at")


class Closing(NamedTuple):
    """A period with one of its snapshots; `made_at` is None where it has none, `reopened_at` if it stands."""

    title: str
    starts_on: date
    ends_on: date
    closed_at: datetime | None
    made_at: datetime | None
    reopened_at: datetime | None

    def stands(self, moment: datetime | None) -> bool:
        """Return whether the snapshot stood at a moment (None: now)."""
        if self.made_at is None or moment is None:
            return self.made_at is not None and self.reopened_at is None
        return self.made_at <= moment and (self.reopened_at is None or self.reopened_at > moment)


class Shown(NamedTuple):
    """What a finished pack showed: the plan as of a day; `starts_on` is that of a closed period."""

    starts_on: date | None
    as_of: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of a plan, oldest first, and the packs that were made of it, in their order."""

    closings: Sequence[Closing]
    packs: Sequence[Shown]

    def closed(self, moment: datetime | None = None) -> list[ClosedPeriod]:
        """Return those whose snapshot stood at a moment (None: now)."""
        return [
            # A period that was reopened later has lost the moment of its closing, its snapshot has not.
            ClosedPeriod(*row[:3], row.made_at if row.reopened_at else row.closed_at)
            for row in self.closings
            if row.stands(moment)
        ]

    def on(self, day: date) -> list[AskedPeriod]:
        """Return all, each closed or open as it was at the end of the day."""
        end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        closed = {row.starts_on for row in self.closings if row.stands(end - timedelta(microseconds=1))}
        rows = {row.starts_on: row for row in self.closings}
        return [AskedPeriod(*row[:3], is_closed=row.starts_on in closed) for row in rows.values()]

    def last_shown(self, before: date, moment: datetime | None = None) -> str:
        """Return how addresses name the state that the last pack before a day showed, or nothing.

        What was made after a moment does not count, if one is given. Where the pack showed a closed period
        that has been reopened since, the last day of that stands in for it.
        """
        known = [pack for pack in self.packs if moment is None or pack.made_at <= moment]
        earlier = [pack for pack in reversed(known) if pack.as_of < before]
        if not earlier:
            return ""
        # Of packs as of one day the newest counts: it is the first of them now.
        pack = max(earlier, key=attrgetter("as_of"))
        frozen = (
            period.address
            for period in self.closed(moment)
            if (period.starts_on, period.ends_on) == (pack.starts_on, pack.as_of)
        )
        return next(frozen, pack.as_of.isoformat())


def read_periods(plan: Plan) -> Periods:
    """Return the periods and the packs of a plan, in one query."""
    periods = plan.reporting_periods.order_by().annotate(
        is_pack=Value(0),
        name=F("title"),
        begins_on=F("starts_on"),
        day=F("ends_on"),
        ended_at=F("closed_at"),
        frozen_at=F("snapshots__made_at"),
        superseded_at=F("snapshots__reopening__reopened_at"),
    )
    packs = (
        Pack.objects.finished()
        .filter(plan=plan)
        .order_by()
        .annotate(
            is_pack=F("number"),
            name=Value("", CharField()),
            begins_on=F("period_starts_on"),
            day=F("as_of"),
            ended_at=Value(None, DateTimeField()),
            frozen_at=F("made_at"),
            superseded_at=Value(None, DateTimeField()),
        )
    )
    rows = periods.values_list(*COLUMNS).union(packs.values_list(*COLUMNS), all=True)
    closings, shown = [], []
    for number, *row in rows.order_by("is_pack", "begins_on", "frozen_at"):
        if number:
            shown.append(Shown(row[1], row[2], row[4]))
        else:
            closings.append(Closing._make(row))
    return Periods(closings, shown)
