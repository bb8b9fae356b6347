"""Made-up progress, so that a newcomer sees the pages with life in them. Never for a real plan."""

import random
from datetime import date

from django.db import transaction
from django.utils import timezone

from akr_plan.models import User

from .. import roles
from ..enums import PeriodKind, Status
from ..models import Action, Plan, PlannedResult
from .periods import close_period, make_periods
from .progress import ReportedResult, record_progress
from .withdrawals import withdraw_update

SEED = 2035
COORDINATOR = ("Lina", "Pavyzdienė")
OWNERS = (("Rasa", "Pavyzdaitienė"), ("Jonas", "Pavyzdys"), ("Eglė", "Pavyzdytė"), ("Tomas", "Pavyzdaitis"))
COMMENTS = (
    "Surengtas pasitarimas su partneriais, sutarta dėl tolesnių darbų.",
    "Parengtas pirmasis projektas, laukiama partnerių pastabų.",
    "Darbai vyksta pagal grafiką.",
    "Suderinta su savivaldybėmis; tęsiama kitą ketvirtį.",
    "Sulaukta mažiau dalyvių, nei tikėtasi; ieškoma naujų.",
)
MISTAKE = "Įrašyta ne prie to veiksmo."
CORRECTION = "Siūloma terminą nukelti vienu ketvirčiu: vėluoja partnerių sprendimai."


@transaction.atomic
def seed_progress(plan: Plan, *, seed: int = SEED) -> None:
    """Give a sample plan owners, quarters, reports and snapshots; the same seed gives the same."""
    if not plan.is_sample:
        raise ValueError("Sample progress is for sample plans only.")
    chance = random.Random(seed)  # noqa: S311 - made-up data has to be repeatable, not secret
    coordinator = _make_person(*COORDINATOR, roles.COORDINATOR)
    owners = [_make_person(first, last, roles.UPDATER) for first, last in OWNERS]
    actions = list(Action.objects.filter(plan=plan).order_by("sort_key"))
    for action in actions:
        # One action in eight is left without anybody, as it happens in real plans.
        action.owner = chance.choice(owners) if chance.random() < 0.875 else None
        action.save()
    # The owners belong to the plan as it was adopted, so past days show them as well.
    plan.adopted_at = timezone.now()
    plan.save()
    periods = make_periods(plan=plan, author=coordinator, kind=PeriodKind.QUARTER)
    for period in periods:
        for action in actions:
            if action.owner and chance.random() < 0.7:
                _report(action, action.owner, period.ends_on, chance)
        if period != periods[-1]:
            close_period(period=period, author=coordinator, seen_version=period.version)
    _withdraw_a_mistake(actions[0], coordinator, periods[-1].ends_on)


def _withdraw_a_mistake(action: Action, author: User, day: date) -> None:
    mistake = record_progress(action=action, author=author, comment=COMMENTS[0], reported_on=day)
    withdraw_update(update=mistake, author=author, reason=MISTAKE)


def _make_person(first_name: str, last_name: str, role: str) -> User:
    user, is_new = User.objects.get_or_create(
        username=first_name.lower().replace("ė", "e"),
        defaults={"first_name": first_name, "last_name": last_name},
    )
    if is_new:
        user.set_unusable_password()
        user.save()
        user.groups.add(roles.group(role))
    return user


def _report(action: Action, owner: User, day: date, chance: random.Random) -> None:
    if chance.random() < 0.1:
        record_progress(action=action, author=owner, nothing_new=True, reported_on=day)
        return
    results = list(action.results.all())
    reported = [
        ReportedResult(result.key, result.version, *_next_state(result, day, chance))
        for result in results
        if result.progress.is_open and not (result.condition and chance.random() < 0.8)
    ]
    record_progress(
        action=action,
        author=owner,
        results=reported,
        comment=chance.choice(COMMENTS),
        correction=CORRECTION if chance.random() < 0.1 else "",
        reported_on=day,
    )


def _next_state(result: PlannedResult, day: date, chance: random.Random) -> tuple[str, int | None]:
    """Return where a result may have got to: forward, and mostly done near its term."""
    if chance.random() < 0.02:
        return chance.choice((Status.POSTPONED, Status.CANCELLED)), None
    is_near_term = day >= date(result.last_year or day.year + 1, 9, 30)
    if chance.random() < (0.5 if is_near_term else 0.06):
        return Status.DONE, None
    if chance.random() < 0.15:
        return result.status, result.percent
    if chance.random() < 0.1:
        return Status.IN_PROGRESS, None
    return Status.IN_PROGRESS, _further(result.percent, chance.choice((10, 15, 20, 25)))


def _further(percent: int | None, step: int) -> int:
    return min(90, (percent or 0) + step)
