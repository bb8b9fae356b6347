"""Everything that the pages of reporting periods show, finished for their templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from ..enums import PeriodState, PlanState
from ..models import Action, Plan, Reopening, ReportingPeriod, Snapshot
from ..reporting import state_of
from ..tree.duties import Duty, OwnerDuties, Tally, by_owner, duties_in, tally_of
from ..tree.frozen import DamagedSnapshotError, read_snapshot
from ..tree.reader import read_tree
from ..tree.rows import PlanTree
from ..tree.tallies import read_tallies
from .reminder import write_reminder


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period of the list; `tally` is None before it begins and where its snapshot is damaged."""

    period: ReportingPeriod
    state: PeriodState
    tally: Tally | None


class PeriodList:
    """All periods of a plan; six queries, whatever their number and the plan's size."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.today = timezone.localdate()

    @cached_property
    def rows(self) -> list[PeriodRow]:
        """Return the periods, oldest first."""
        periods = list(self.plan.reporting_periods.order_by("starts_on"))
        tallies = read_tallies(self.plan, periods, self.today)
        return [PeriodRow(period, state_of(period, self.today), tallies.get(period.pk)) for period in periods]

    @property
    def takes_periods(self) -> bool:
        """Return whether new periods are of use: the plan goes on."""
        return self.plan.state != PlanState.CLOSED


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """What one closing froze, and whether nobody has touched it since."""

    snapshot: Snapshot
    is_intact: bool

    @property
    def reopening(self) -> Reopening | None:
        """Return what superseded the snapshot, or None if it stands."""
        return getattr(self.snapshot, "reopening", None)


class PeriodPage:
    """One period with those who reported and those who did not; seven queries at most, whatever their number.

    A closed period shows what it froze, names included; an open one the plan as closing would freeze it now.
    """

    def __init__(self, period: ReportingPeriod) -> None:
        self.period, self.plan = period, period.plan
        self.today = timezone.localdate()
        self.day = min(self.today, period.ends_on)

    @property
    def state(self) -> PeriodState:
        """Return how the period stands today."""
        return state_of(self.period, self.today)

    @cached_property
    def snapshots(self) -> list[SnapshotView]:
        """Return what each closing froze, newest first."""
        return [
            SnapshotView(snapshot, snapshot.digest() == snapshot.sha256)
            for snapshot in self.period.snapshots.select_related("made_by", "reopening__author")
        ]

    @cached_property
    def tree(self) -> PlanTree | None:
        """Return the plan of the period, or None before it begins and if its snapshot is damaged."""
        if self.state == PeriodState.UPCOMING:
            return None
        return self._frozen_tree() if self.period.is_closed else read_tree(self.plan, self.day)

    def _frozen_tree(self) -> PlanTree | None:
        standing = next((view.snapshot for view in self.snapshots if view.reopening is None), None)
        try:
            return read_snapshot(standing) if standing else None
        except DamagedSnapshotError:
            return None

    @property
    def is_damaged(self) -> bool:
        """Return whether a closed period can't be shown, for its snapshot is not what was frozen."""
        return self.period.is_closed and self.tree is None

    @cached_property
    def duties(self) -> list[Duty]:
        """Return the actions that are to report, or have reported."""
        return duties_in(self.tree, self.period) if self.tree else []

    @property
    def tally(self) -> Tally:
        """Return how many of them reported."""
        return tally_of(self.duties)

    @cached_property
    def people(self) -> list[OwnerDuties]:
        """Return the same by the people who answer for the actions."""
        return by_owner(self.duties)

    @cached_property
    def numbers(self) -> set[str]:
        """Return the numbers of the actions that have a page today."""
        return set(Action.objects.filter(plan=self.plan).values_list("number", flat=True))

    @property
    def can_be_closed(self) -> bool:
        """Return whether it is time to close the period."""
        is_over = self.today >= self.period.ends_on and not self.period.is_closed
        return is_over and self.plan.state == PlanState.ACTIVE

    @property
    def can_be_reopened(self) -> bool:
        """Return whether the period is one that an administrator may open again."""
        return self.period.is_closed and self.plan.state == PlanState.ACTIVE

    @cached_property
    def previous_closed(self) -> ReportingPeriod | None:
        """Return the closed period before this one, with which it can be compared."""
        earlier = self.plan.reporting_periods.closed().filter(ends_on__lt=self.period.starts_on)
        newest: ReportingPeriod | None = earlier.order_by("-ends_on").first()
        return newest

    @property
    def reminder(self) -> str:
        """Return a letter to all who have not reported, or nothing if there is nobody to remind."""
        return self._reminder_to(self.people)

    @property
    def reminders(self) -> list[tuple[OwnerDuties, str]]:
        """Return each person with a letter to that person alone, empty if there is nothing to remind of."""
        return [(person, self._reminder_to([person]) if person.owner else "") for person in self.people]

    def _reminder_to(self, people: Sequence[OwnerDuties]) -> str:
        takes_reports = not self.period.is_closed and self.plan.state == PlanState.ACTIVE
        if not takes_reports or not any(person.missing for person in people):
            return ""
        return write_reminder(self.period, people, self.today)
