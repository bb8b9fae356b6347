"""Plain functions that make test data; a default needs no argument."""

from datetime import date
from itertools import count
from typing import Any

from django.db import connection
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from akr_plan.models import User
from measures import roles
from measures.enums import CodeKind, PlanState
from measures.exchange.fixtures import load_akr_plan
from measures.models import (
    Action,
    ActionCode,
    Measure,
    Partner,
    Plan,
    PlannedResult,
    ReportingPeriod,
    Resource,
    Snapshot,
    StrategyCode,
    StrategyDirection,
    Task,
)
from measures.services.sample import seed_progress

PASSWORD = "ilgas-ir-saugus-slaptazodis"
_numbers = count(1)


def make_user(username: str = "", role: str | None = None, **values: Any) -> User:
    """Return a person, in the group of a role if one is given."""
    user = User.objects.create_user(username or f"naudotojas{next(_numbers)}", password=PASSWORD, **values)
    if role:
        user.groups.add(roles.group(role))
    return user


def make_plan(**values: Any) -> Plan:
    """Return an active plan 2023–2024."""
    defaults = {
        "slug": f"planas-{next(_numbers)}",
        "title": "VEIKLOS PLANAS 2023-2024 M.",
        "goal": "Tikslas",
        "first_year": 2023,
        "last_year": 2024,
        "state": PlanState.ACTIVE,
    }
    plan = Plan(**{**defaults, **values})
    plan.save()
    return plan


def adopt(plan: Plan) -> Plan:
    """Let the plan's text count as complete from now on, as it does when a draft becomes active."""
    Plan.objects.filter(pk=plan.pk).update(adopted_at=timezone.now())
    plan.refresh_from_db()
    return plan


def make_task(plan: Plan | None = None, number: str = "1", **values: Any) -> Task:
    """Return a task."""
    task = Task(plan=plan or make_plan(), number=number, **{"title": f"Uždavinys {number}", **values})
    task.save()
    return task


def make_measure(task: Task | None = None, number: str = "", **values: Any) -> Measure:
    """Return a measure of a task."""
    task = task or make_task()
    number = number or f"{task.number}.{task.measures.count() + 1}"
    measure = Measure(task=task, number=number, **{"title": f"Priemonė {number}", **values})
    measure.save()
    return measure


def make_action(measure: Measure | None = None, number: str = "", **values: Any) -> Action:
    """Return an action of a measure."""
    measure = measure or make_measure()
    number = number or f"{measure.number}.{measure.actions.count() + 1}"
    action = Action(measure=measure, number=number, **{"title": f"Veiksmas {number}", **values})
    action.save()
    return action


def make_result(action: Action | None = None, **values: Any) -> PlannedResult:
    """Return a planned result of an action, due by the end of 2024."""
    action = action or make_action()
    position = action.results.count() + 1
    defaults = {"position": position, "text": f"Rezultatas {position}", "first_year": 2023, "last_year": 2024}
    result = PlannedResult(action=action, **{**defaults, **values})
    result.save()
    return result


def make_code(code: str = "I.1.1.1", **values: Any) -> StrategyCode:
    """Return a code of the strategy with its direction; a priority has none."""
    kind = values.pop("kind", CodeKind.ACTION if code.count(".") == 4 else CodeKind.MEASURE)
    direction = None
    if kind != CodeKind.PRIORITY:
        direction = StrategyDirection.objects.filter(code=code.split(".")[0]).first()
        if direction is None:
            direction = StrategyDirection(code=code.split(".")[0], title="Kryptis")
            direction.save()
    values = {"title": f"Kodas {code}", "kind": kind, "direction": direction, **values}
    row = StrategyCode(code=code, **values)
    row.save()
    return row


def give_code(action: Action, code: StrategyCode) -> None:
    """Hang a code on an action."""
    ActionCode(action=action, code=code, position=action.code_links.count() + 1).save()


def make_partner(name: str = "", **values: Any) -> Partner:
    """Return a partner."""
    partner = Partner(name=name or f"Partneris {next(_numbers)}", **values)
    partner.save()
    return partner


def make_resource(name: str = "") -> Resource:
    """Return a resource."""
    resource = Resource(name=name or f"Išteklius {next(_numbers)}")
    resource.save()
    return resource


def make_period(plan: Plan, starts_on: date, ends_on: date, **values: Any) -> ReportingPeriod:
    """Return a reporting period of a plan."""
    period = ReportingPeriod(
        plan=plan, starts_on=starts_on, ends_on=ends_on, **{"title": f"Nuo {starts_on}", **values}
    )
    period.save()
    return period


def tamper(snapshot: Snapshot) -> None:
    """Change what a closed period froze, as nobody can through the program."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE measures_snapshot SET content = %s WHERE id = %s",
            [snapshot.content.replace("Rezultatas 1", "Rezultatas X"), snapshot.pk],
        )


def load_sample_plan() -> Plan:
    """Return the association's plan as a sample, with made-up progress."""
    plan = load_akr_plan(is_sample=True)
    seed_progress(plan)
    return plan


def make_big_plan(actions: int, results: int = 2) -> Plan:
    """Return a plan of many actions with one owner, written in a few statements, history included."""
    plan = make_plan()
    measure = make_measure(make_task(plan))
    owner = make_user()
    rows = [
        Action(
            plan=plan,
            measure=measure,
            number=f"1.1.{n}",
            sort_key=f"{n:05d}",
            title=f"Veiksmas {n}",
            owner=owner,
        )
        for n in range(1, actions + 1)
    ]
    # Without an author the program's account would be looked up for every row.
    bulk_create_with_history(rows, Action, default_user=owner)
    bulk_create_with_history(
        [
            PlannedResult(
                plan=plan,
                action=action,
                key=f"{action.number}-{n}",
                position=n,
                text=f"Rezultatas {n}",
                last_year=2024,
            )
            for action in Action.objects.filter(plan=plan)
            for n in range(1, results + 1)
        ],
        PlannedResult,
        default_user=owner,
    )
    if connection.vendor == "postgresql":
        # In use the server does this by itself after so many new rows; inside a test it can't yet.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return adopt(plan)
