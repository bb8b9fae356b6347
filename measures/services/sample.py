"""Made-up progress, so that a newcomer sees the pages with life in them. Never for a real plan."""

import random
from datetime import date

from django.db import transaction
from django.utils import timezone

from akr_plan.models import User

from .. import roles
from ..enums import Status
from ..models import Action, Plan, PlannedResult
from .progress import ReportedResult, record_progress

SEED = 2030
OWNERS = (("Rasa", "Pavyzdienė"), ("Jonas", "Pavyzdys"), ("Eglė", "Pavyzdytė"), ("Tomas", "Pavyzdaitis"))
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
COMMENTS = (
    "Surengtas pasitarimas su partneriais, sutarta dėl tolesnių darbų.",
    "Parengtas pirmasis projektas, laukiama partnerių pastabų.",
    "Darbai vyksta pagal grafiką.",
    "Suderinta su savivaldybėmis; tęsiama kitą ketvirtį.",
    "Sulaukta mažiau dalyvių, nei tikėtasi; ieškoma naujų.",
)
CORRECTION = "Siūloma terminą nukelti vienu ketvirčiu: vėluoja partnerių sprendimai."


@transaction.atomic
def seed_progress(plan: Plan, *, seed: int = SEED) -> None:
    """Give a sample plan owners and two years of quarterly reports; the same seed gives the same."""
    if not plan.is_sample:
        raise ValueError("Sample progress is for sample plans only.")
    chance = random.Random(seed)  # noqa: S311 - made-up data has to be repeatable, not secret
    owners = [_make_owner(first, last) for first, last in OWNERS]
    actions = list(Action.objects.filter(plan=plan).order_by("sort_key"))
    for action in actions:
        # One action in eight is left without anybody, as it happens in real plans.
        action.owner = chance.choice(owners) if chance.random() < 0.875 else None
        action.save()
    # The owners belong to the plan as it was adopted, so past days show them as well.
    plan.adopted_at = timezone.now()
    plan.save()
    for year in range(plan.first_year, plan.last_year + 1):
        for month, day in QUARTER_ENDS:
            for action in actions:
                if action.owner and chance.random() < 0.7:
                    _report(action, action.owner, date(year, month, day), chance)


def _make_owner(first_name: str, last_name: str) -> User:
    user, is_new = User.objects.get_or_create(
        username=first_name.lower().replace("ė", "e"),
        defaults={"first_name": first_name, "last_name": last_name},
    )
    if is_new:
        user.set_unusable_password()
        user.save()
        user.groups.add(roles.group(roles.UPDATER))
    return user


def _report(action: Action, owner: User, day: date, chance: random.Random) -> None:
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
