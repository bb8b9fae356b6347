"""All that may happen to a plan after a period was closed."""

from datetime import date
from typing import Any

from measures.models import (
    Action,
    Measure,
    Partner,
    Plan,
    PlannedResult,
    ProgressUpdate,
    Project,
    Resource,
    StrategyCode,
    StrategyDirection,
    Task,
    Withdrawal,
)
from measures.services.periods import close_period, reopen_period
from measures.services.progress import record_progress
from tests.conftest import Cast
from tests.make import make_action, make_result

NEW = "Visai kitas"


def change_everything(plan: Plan, cast: Cast, *, closed_on: date) -> None:
    """Rename, move, renumber and delete what there is, and write to the journal, also before a closed day."""
    rename_all(plan, cast)
    move_and_delete(plan, cast)
    for update in ProgressUpdate.objects.standing().filter(plan=plan, reported_on__lte=closed_on)[::3]:
        # The program refuses this while the period is closed; the file has to stay as it was even so.
        Withdrawal(update=update, author=cast.coordinator, reason="Klaida").save()
    action = Action.objects.filter(plan=plan, owner__isnull=False).order_by("pk").last()
    assert action is not None
    record_progress(action=action, author=cast.coordinator, comment="Vėliau")
    close_again(plan, cast, starts_on=date(2024, 7, 1))


def rename_all(plan: Plan, cast: Cast) -> None:
    """Give everything that has a name another one; add a code and a direction's code."""
    named: tuple[tuple[Any, str], ...] = (
        (Partner, "name"),
        (Resource, "name"),
        (Project, "name"),
        (StrategyCode, "title"),
        (StrategyDirection, "title"),
        (Task, "title"),
        (Measure, "title"),
        (Action, "title"),
        (PlannedResult, "text"),
    )
    for model, field in named:
        for row in model.objects.all():
            setattr(row, field, f"{NEW} {row.pk}")
            row.save()
    direction = StrategyDirection.objects.order_by("pk").first()
    StrategyCode(code="I.1.9.9", title="Naujas kodas", kind="measure", direction=direction).save()
    plan.refresh_from_db()
    plan.title, plan.goal, plan.organisation, plan.last_year = NEW, f"{NEW} tikslas", f"{NEW} AKR", 2025
    plan.save()
    for user in {action.owner for action in plan.action_set.exclude(owner=None)} | {cast.coordinator}:
        user.first_name, user.last_name, user.username = "Nauja", f"Pavardė{user.pk}", f"naujas{user.pk}"
        user.save()
    for period in plan.reporting_periods.all():
        period.title = f"{NEW} {period.pk}"
        period.save()


def move_and_delete(plan: Plan, cast: Cast) -> None:
    """Move an action to another measure, delete one and a result, change owners, add some of each."""
    first, second, third, fourth, *_others = Action.objects.filter(plan=plan).order_by("sort_key")
    target = Measure.objects.filter(plan=plan).order_by("sort_key").last()
    assert target is not None
    first.measure, first.number = target, f"{target.number}.91"
    first.save()
    second.delete()
    result = third.results.first()
    assert result is not None
    result.delete()
    fourth.owner = cast.other_updater
    fourth.save()
    make_result(make_action(target, f"{target.number}.92", title="Naujas veiksmas"), text="Naujas rezultatas")


def close_again(plan: Plan, cast: Cast, *, starts_on: date) -> None:
    """Reopen a period and close it again."""
    period = plan.reporting_periods.get(starts_on=starts_on)
    reopen_period(period=period, author=cast.administrator, reason="Trūko įrašų", seen_version=period.version)
    period.refresh_from_db()
    close_period(period=period, author=cast.coordinator, seen_version=period.version)
