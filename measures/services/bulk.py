"""Changes many actions at once: first shown, then written exactly as shown, or not at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from akr_plan.models import User

from .. import rules
from ..enums import PlanState
from ..journal import State
from ..models import Action, ConflictError, Plan, PlannedResult, save_all
from .progress import ActionReport, ProgressConflictError, ReportedResult, record_reports


@dataclass(frozen=True, slots=True)
class Step:
    """One row that changes: a result by its key, or the action itself; before and after in words."""

    row: Any
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one action: its steps, or why there are none; `kept` counts results that stay."""

    action: Action
    steps: tuple[Step, ...] = ()
    why_not: str = ""
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do to the chosen actions, in the order of the plan."""

    lines: tuple[Line, ...]

    @property
    def changed(self) -> list[Line]:
        """Return the actions that change."""
        return [line for line in self.lines if line.steps]

    @property
    def unchanged(self) -> list[Line]:
        """Return the actions that stay as they are."""
        return [line for line in self.lines if not line.steps]

    @property
    def steps(self) -> list[Step]:
        """Return all rows that change."""
        return [step for line in self.lines for step in line.steps]

    @property
    def versions(self) -> dict[str, int]:
        """Return the versions of the rows that change, by number or key: these stand for what was shown."""
        return {step.name: step.row.version for step in self.steps}


class BulkConflictError(Exception):
    """Something has changed since the preview; nothing was written."""


@dataclass(frozen=True, slots=True)
class NewOwner:
    """Another owner, or none."""

    permission: ClassVar[str] = "measures.change_action"
    model: ClassVar[Any] = Action
    named_by: ClassVar[str] = "number"

    owner: User | None

    def line(self, action: Action) -> Line:
        """Return what becomes of an action."""
        if action.plan.state == PlanState.CLOSED:
            return Line(action, why_not=_("The plan is closed."))
        if action.owner == self.owner:
            return Line(action, why_not=_("It is so already."))
        before, after = (str(owner or _("no owner")) for owner in (action.owner, self.owner))
        return Line(action, (Step(action, action.number, before, after),))

    def write(self, lines: Sequence[Line], author: User) -> None:
        """Write what the lines say."""
        actions = [line.action for line in lines]
        for action in actions:
            action.owner = self.owner
        save_all(actions, ["owner"], author=author, reason=_("Bulk change"))


@dataclass(frozen=True, slots=True)
class NewStatus:
    """Another status of all results that are open, with a note on what was done or why."""

    permission: ClassVar[str] = "measures.record_any_progress"
    model: ClassVar[Any] = PlannedResult
    named_by: ClassVar[str] = "key"

    status: str
    comment: str = ""

    def line(self, action: Action) -> Line:
        """Return what becomes of an action; its results have to be fetched along."""
        if action.plan.state != PlanState.ACTIVE:
            return Line(action, why_not=_("Progress can be recorded only in an active plan."))
        results = list(action.results.all())
        still_open = [result for result in results if result.progress.is_open]
        if not still_open:
            return Line(action, why_not=_("It has no open results."))
        steps = tuple(self._step(result) for result in still_open if result.status != self.status)
        if not steps:
            return Line(action, why_not=_("It is so already."))
        return Line(action, steps, kept=len(results) - len(steps))

    def _step(self, result: PlannedResult) -> Step:
        after = State(self.status, rules.percent_for(self.status, None))
        return Step(result, result.key, State(result.status, result.percent).label, after.label)

    def write(self, lines: Sequence[Line], author: User) -> None:
        """Write what the lines say, as entries of the journal."""
        record_reports(reports=[self._report(line) for line in lines], author=author)

    def _report(self, line: Line) -> ActionReport:
        results = [ReportedResult(step.name, step.row.version, self.status) for step in line.steps]
        return ActionReport(line.action, tuple(results), self.comment)


BulkChange = NewOwner | NewStatus


def preview_bulk(*, plan: Plan, numbers: Collection[str], change: BulkChange) -> Preview:
    """Return what a change would do to the actions of these numbers, in two queries."""
    return _preview(Action.objects.filter(plan=plan, number__in=numbers), change)


def _preview(actions: QuerySet[Action], change: BulkChange) -> Preview:
    fetched = actions.select_related("plan", "owner").prefetch_related("results").order_by("sort_key")
    return Preview(tuple(change.line(action) for action in fetched))


def apply_bulk(
    *, plan: Plan, numbers: Collection[str], change: BulkChange, seen: Mapping[str, int], author: User
) -> Preview:
    """Write what was shown, all or nothing, and return it; `seen` are the versions that the preview had.

    Raises PermissionDenied, BulkConflictError if the same preview would be another one now, and
    ValidationError where the journal takes no report.
    """
    if not author.has_perm(change.permission):
        raise PermissionDenied
    try:
        with transaction.atomic():
            # Whoever reports on these actions meanwhile waits for the lock.
            actions = Action.objects.select_for_update(of=("self",))
            preview = _preview(actions.filter(plan=plan, number__in=numbers), change)
            if preview.versions != seen:
                raise BulkConflictError
            change.write(preview.changed, author)
    except (ConflictError, ProgressConflictError) as error:
        raise BulkConflictError from error
    return preview


@dataclass(frozen=True, slots=True)
class Intervention:
    """What somebody else did to a row since a preview was shown."""

    name: str
    who: str
    at: datetime


def interventions(
    *, plan: Plan, change: BulkChange, seen: Mapping[str, int], now: Preview
) -> list[Intervention]:
    """Return who has changed the rows in which a preview differs from the one of now, oldest first."""
    names = {name for name in {*seen, *now.versions} if seen.get(name) != now.versions.get(name)}
    history = change.model.history.order_by("history_date")
    rows = history.filter(**{"plan": plan, f"{change.named_by}__in": names}).values("id")
    newest = rows.order_by().annotate(newest=Max("history_id")).values("newest")
    versions = history.filter(history_id__in=newest).select_related("history_user")
    return [
        Intervention(getattr(version, change.named_by), str(version.history_user), version.history_date)
        for version in versions
        if version.history_type == "-" or version.version > seen.get(getattr(version, change.named_by), 0)
    ]
