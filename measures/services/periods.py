"""Making reporting periods, closing them and opening them again.

Whoever records or withdraws a report locks the plan's periods as well, so no report slips past a closing.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from akr_plan.models import User

from ..enums import PeriodKind, PlanState
from ..models import ConflictError, Plan, Reopening, ReportingPeriod, Snapshot
from ..tree.frozen import Frozen, freeze
from ..tree.glossary import read_glossary
from ..tree.reader import read_tree

ROMAN = ("I", "II", "III", "IV")


@transaction.atomic
def make_periods(*, plan: Plan, author: User, kind: PeriodKind) -> list[ReportingPeriod]:
    """Make all quarters or half-years of a plan's years, all or nothing.

    Raises PermissionDenied or ValidationError: the plan is closed, or days or titles are taken already.
    """
    if not author.has_perm("measures.add_reportingperiod"):
        raise PermissionDenied
    # Periods of one plan may not overlap, so they are made one after another.
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == PlanState.CLOSED:
        raise ValidationError(_("The plan is closed: nobody reports on it any more."))
    wanted = list(_periods_of(plan, kind))
    existing = list(plan.reporting_periods.all())
    if taken := [period for period in existing if any(_clash(period, other) for other in wanted)]:
        names = ", ".join(map(str, taken))
        raise ValidationError(
            _("Nothing is made: the same days or titles belong to %(periods)s.") % {"periods": names}
        )
    for period in wanted:
        _save(period, author, _("Periods of the plan made in one step"))
    return wanted


def _periods_of(plan: Plan, kind: PeriodKind) -> Iterator[ReportingPeriod]:
    months = 12 // kind.per_year
    for year in range(plan.first_year, plan.last_year + 1):
        for index in range(kind.per_year):
            last_month = (index + 1) * months
            yield ReportingPeriod(
                plan=plan,
                title=_title(kind) % {"year": year, "number": ROMAN[index]},
                starts_on=date(year, last_month - months + 1, 1),
                ends_on=date(year, last_month, monthrange(year, last_month)[1]),
            )


def _title(kind: PeriodKind) -> str:
    if kind == PeriodKind.QUARTER:
        return _("Quarter %(number)s of %(year)s")
    return _("Half-year %(number)s of %(year)s")


def _clash(period: ReportingPeriod, other: ReportingPeriod) -> bool:
    shares_days = period.starts_on <= other.ends_on and other.starts_on <= period.ends_on
    return shares_days or period.title == other.title


@transaction.atomic
def close_period(*, period: ReportingPeriod, author: User, seen_version: int) -> Snapshot:
    """Close a period that is over: it takes no more reports, and the plan as of its last day is frozen.

    Raises PermissionDenied, ConflictError (`seen_version` is not the newest) or ValidationError.
    """
    if not author.has_perm("measures.close_period"):
        raise PermissionDenied
    period = _locked(period, seen_version)
    if period.is_closed:
        raise ValidationError(_("The period is closed already."))
    if timezone.localdate() < period.ends_on:
        raise ValidationError(_("The period is not over yet: it can be closed on its last day or later."))
    tree = read_tree(period.plan, period.ends_on, with_notes=True)
    snapshot = Snapshot(
        period=period,
        as_of=period.ends_on,
        made_by=author,
        # Closed on its last day, the period would otherwise be "today" for ever.
        content=freeze(Frozen(replace(tree, is_today=False), period.title, read_glossary())),
    )
    snapshot.save()
    period.closed_at = timezone.now()
    _save(period, author, _("Period closed"))
    return snapshot


@transaction.atomic
def reopen_period(*, period: ReportingPeriod, author: User, reason: str, seen_version: int) -> Reopening:
    """Let a closed period take reports again; its snapshot stays, marked as superseded.

    Raises PermissionDenied, ConflictError (`seen_version` is not the newest) or ValidationError.
    """
    if not author.has_perm("measures.reopen_period"):
        raise PermissionDenied
    period = _locked(period, seen_version)
    if not period.is_closed:
        raise ValidationError(_("The period is open already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the period is opened again.")})
    snapshot = period.snapshots.standing().get()
    reopening = Reopening(snapshot=snapshot, author=author, reason=reason.strip())
    reopening.save()
    period.closed_at = None
    _save(period, author, _("Period reopened"))
    return reopening


def _locked(period: ReportingPeriod, seen_version: int) -> ReportingPeriod:
    """Return the period as it is now, and keep others from changing it and from reporting."""
    stored: ReportingPeriod | None = (
        ReportingPeriod.objects.select_for_update(of=("self",))
        .select_related("plan")
        .filter(pk=period.pk)
        .first()
    )
    if stored is None or stored.version != seen_version:
        raise ConflictError(stored or period)
    if stored.plan.state != PlanState.ACTIVE:
        raise ValidationError(_("Periods are closed and reopened only in an active plan."))
    return stored


def _save(period: ReportingPeriod, author: User, reason: str) -> None:
    period._history_user = author  # type: ignore[attr-defined] # simple-history reads it
    period._change_reason = reason  # type: ignore[attr-defined] # simple-history reads it
    period.save()
