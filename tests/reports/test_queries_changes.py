"""Who made each change, and when: read from the journal and from history, for days and closed periods."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine

from akr_plan.models import User
from akr_plan.program_account import program_account
from measures.enums import ConditionState, Status
from measures.models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    MeasureCode,
    Plan,
    PlannedResult,
    ProgressUpdate,
    ReportingPeriod,
    ResultProject,
)
from measures.models.registers import Project
from measures.services.periods import close_period
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update
from reports.queries.changes import Cut, read_writings
from reports.rows import ClosedPeriod
from tests.conftest import Cast
from tests.make import (
    adopt,
    make_action,
    make_code,
    make_measure,
    make_partner,
    make_period,
    make_plan,
    make_resource,
    make_result,
    make_task,
)
from tests.reports.changes.signed import delete, save, signatures, signed

pytestmark = pytest.mark.django_db

MARCH, JUNE, JULY = date(2024, 3, 31), date(2024, 6, 30), date(2024, 7, 10)
KOTRYNA, ADOMAS, ULA = "Kotryna Kotrynaitė", "Adomas Adomaitis", "Ula Ulaitė"


@pytest.fixture(autouse=True)
def _in_july():
    with time_machine.travel("2024-07-10 12:00:00+03:00", tick=False):
        yield


def on(day: str) -> Any:
    return time_machine.travel(f"{day} 12:00:00+02:00", tick=False)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan with two actions, a result each, and one of each link on the first."""
    with on("2024-01-02"):
        measure = make_measure(make_task(number="1"))
        make_measure(measure.task)
        for _number in range(2):
            make_result(
                make_action(measure, owner=cast.updater), condition="Jei bus lėšų", condition_state="pending"
            )
        action, code = Action.objects.get(number="1.1.1"), make_code()
        MeasureCode(measure=measure, code=code).save()
        ActionCode(action=action, code=code).save()
        ActionPartner(action=action, partner=make_partner("Klaipėda")).save()
        ActionResource(action=action, resource=make_resource("Biudžetas")).save()
        project = Project(name="BASCIL")
        project.save()
        ResultProject(result=action.results.get(), project=project).save()
        return adopt(measure.plan)


def first(model: Any) -> Any:
    return model.objects.order_by("id").first()


def report(
    plan: Plan, author: User, day: date, status: str, percent: int | None = None, number: str = "1.1.1"
) -> ProgressUpdate:
    action = Action.objects.get(plan=plan, number=number)
    result = action.results.get()
    return record_progress(
        action=action,
        author=author,
        results=[ReportedResult(result.key, result.version, status, percent)],
        reported_on=day,
        comment="Padaryta.",
    )


def close(cast: Cast, plan: Plan, starts_on: date, ends_on: date) -> ReportingPeriod:
    period = make_period(plan, starts_on, ends_on)
    close_period(period=period, author=cast.coordinator, seen_version=1)
    return period


WAYS: dict[str, tuple[str, str, Callable[[User], None]]] = {
    "plan's task": ("text", "1", lambda who: save(first(Plan).tasks.get(), who, title="Kitas")),
    "measure": ("text", "1.1", lambda who: save(first(Action).measure, who, title="Kita")),
    "code of a measure": ("text", "1.1", lambda who: delete(first(MeasureCode), who)),
    "title": ("text", "1.1.1", lambda who: save(first(Action), who, title="Kitas")),
    "owner": ("owner", "1.1.1", lambda who: save(first(Action), who, owner=None)),
    "code": ("text", "1.1.1", lambda who: save(first(ActionCode), who, as_written="I.1.1.1.")),
    "partner": ("text", "1.1.1", lambda who: delete(first(ActionPartner), who)),
    "resource": ("text", "1.1.1", lambda who: save(first(ActionResource), who, as_written="Lėšos")),
    "project": ("text", "1.1.1-1", lambda who: delete(first(ResultProject), who)),
    "text": ("text", "1.1.1-1", lambda who: save(first(PlannedResult), who, text="Kitas")),
    "links": (
        "text",
        "1.1.1-1",
        lambda who: save(first(PlannedResult), who, links=[{"text": "a", "href": "https://example.org/"}]),
    ),
    "later term": (
        "slipped",
        "1.1.1-1",
        lambda who: save(first(PlannedResult), who, deadline=date(2025, 1, 31)),
    ),
    "earlier term": (
        "text",
        "1.1.1-1",
        lambda who: save(first(PlannedResult), who, deadline=date(2024, 11, 30)),
    ),
    "condition": (
        "condition",
        "1.1.1-1",
        lambda who: save(first(PlannedResult), who, condition_state=ConditionState.MET),
    ),
    "move of a result": (
        "moved",
        "1.1.1-1",
        lambda who: save(first(PlannedResult), who, action=Action.objects.get(number="1.1.2")),
    ),
    "new number": ("moved", "1.1.9", lambda who: save(first(Action), who, number="1.1.9")),
    "new number of the measure": (
        "moved",
        "1.1.1",
        lambda who: save(first(Action).measure, who, number="1.7"),
    ),
    "removed action": ("removed", "1.1.1", lambda who: delete(first(Action), who)),
    "removed result": ("removed", "1.1.1-1", lambda who: delete(first(PlannedResult), who)),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_changing_the_text_is_signed(cast: Cast, plan: Plan, way: str) -> None:
    kind, name, write = WAYS[way]
    with on("2024-05-02"):
        write(cast.coordinator)
    found = signatures(plan, MARCH, JUNE)
    assert found[kind, name] == (KOTRYNA, "2024-05-02")
    assert set(found.values()) == {(KOTRYNA, "2024-05-02")}
    # Who made the plan in January had no hand in it.
    assert {c.signature and c.signature.others for c in signed(plan, MARCH, JUNE).changes} == {()}
    # Nothing of it on the days before, nor on the days after.
    assert signatures(plan, date(2024, 2, 1), MARCH) == signatures(plan, JUNE, JULY) == {}


def test_what_is_added_is_signed_by_who_added_it(cast: Cast, plan: Plan) -> None:
    with on("2024-05-02"):
        result = PlannedResult(action=first(Action), text="Naujas", last_year=2024)
        result._history_user = cast.coordinator  # type: ignore[attr-defined] # simple-history reads it
        result.save()
    with on("2024-05-03"):
        save(result, cast.administrator, text="Naujas ir geresnis")
    assert signatures(plan, MARCH, JUNE) == {("added", "1.1.1-2"): (KOTRYNA, "2024-05-02")}


def test_last_writer_signs_and_the_others_are_counted(cast: Cast, plan: Plan) -> None:
    steps = [
        ("2024-02-01", cast.manager, "Anksčiau"),
        ("2024-04-01", cast.updater, "Vienas"),
        ("2024-04-02", cast.coordinator, "Du"),
        ("2024-04-03", cast.administrator, "Trys"),
        ("2024-04-04", cast.coordinator, "Keturi"),
        ("2024-07-02", cast.other_updater, "Vėliau"),
    ]
    for day, who, title in steps:
        with on(day):
            save(first(Action), who, title=title)
    [change] = signed(plan, MARCH, JUNE).changes
    assert change.signature is not None
    assert (change.signature.who, change.signature.others) == (KOTRYNA, (ADOMAS, ULA))
    assert change.signature.on == date(2024, 4, 4)


def test_who_wrote_something_else_of_the_row_does_not_sign(cast: Cast, plan: Plan) -> None:
    with on("2024-05-02"):
        save(first(Action), cast.coordinator, title="Kitas")
    with on("2024-05-03"):
        save(first(Action), cast.administrator, lead_in="Įžanga")
    with on("2024-05-04"):
        save(first(Action), cast.administrator, lead_in="")
    report(plan, cast.updater, JUNE, Status.IN_PROGRESS, 10)
    found = signatures(plan, MARCH, JUNE)
    assert found["text", "1.1.1"] == (KOTRYNA, "2024-05-02")
    assert found["started", "1.1.1-1"] == (ULA, "2024-06-30")


def test_who_changed_something_there_and_back_does_not_sign(cast: Cast, plan: Plan) -> None:
    with on("2024-05-02"):
        save(first(PlannedResult), cast.coordinator, deadline=date(2025, 1, 31))
    for day, year in (("2024-05-03", 2025), ("2024-05-04", 2024)):
        with on(day):
            save(first(PlannedResult), cast.administrator, last_year=year)
    assert signatures(plan, MARCH, JUNE) == {("slipped", "1.1.1-1"): (KOTRYNA, "2024-05-02")}


def test_reports_are_signed_with_their_own_day_and_that_of_writing(cast: Cast, plan: Plan) -> None:
    report(plan, cast.updater, date(2024, 4, 30), Status.IN_PROGRESS, 10)
    report(plan, cast.coordinator, JUNE, Status.DONE)
    report(plan, cast.administrator, date(2024, 7, 2), Status.IN_PROGRESS, 90)
    finished, reported = signed(plan, MARCH, JUNE).changes
    assert (finished.kind, reported.kind) == ("finished", "reported")
    assert finished.signature == reported.signature
    signature = finished.signature
    assert signature is not None
    assert (signature.who, signature.on, signature.recorded_on) == (KOTRYNA, JUNE, JULY)
    assert (signature.on_behalf_of, signature.others) == (ULA, (ULA,))


def test_withdrawal_lies_between_a_closed_period_and_a_day_but_not_between_days(
    cast: Cast, plan: Plan
) -> None:
    with on("2024-06-20"):
        update = report(plan, cast.updater, date(2024, 6, 20), Status.DONE)
        save(Plan.objects.get(), cast.administrator, goal="Kitas tikslas")
    period = make_period(plan, date(2024, 4, 1), JUNE)
    with on("2024-07-01"):
        close_period(period=period, author=cast.coordinator, seen_version=1)
    # Only an administrator's reopening would let it be withdrawn through the page.
    ReportingPeriod.objects.update(ends_on=date(2024, 6, 1))
    with on("2024-07-02"):
        withdraw_update(update=update, author=cast.coordinator, reason="Klaida")
    ReportingPeriod.objects.update(ends_on=JUNE)
    assert signatures(plan, period, JULY) == {
        ("resumed", "1.1.1-1"): (KOTRYNA, "2024-07-02"),
        ("reported", "1.1.1"): (KOTRYNA, "2024-07-02"),
    }
    assert signatures(plan, MARCH, JULY) == {}


def test_closed_period_knows_nothing_that_was_written_after_its_closing(cast: Cast, plan: Plan) -> None:
    with on("2024-04-01"):
        save(first(Action), cast.updater, title="Antrą ketvirtį")
    period = close(cast, plan, date(2024, 1, 1), MARCH)
    with time_machine.travel("2024-07-10 13:00:00+03:00", tick=False):
        save(plan, cast.administrator, goal="Kitas tikslas")
    with time_machine.travel("2024-07-10 14:00:00+03:00", tick=False):
        assert signatures(plan, period, JULY) == {
            ("text", ""): (ADOMAS, "2024-07-10"),
            # The text is that of the last day of the period, not of its closing.
            ("text", "1.1.1"): (ULA, "2024-04-01"),
        }
        # Days know the plan's goal as it is now only.
        assert signatures(plan, MARCH, JULY) == {("text", "1.1.1"): (ULA, "2024-04-01")}


def test_period_closed_on_its_last_day_ends_with_the_closing(cast: Cast, plan: Plan) -> None:
    with on("2024-03-31"):
        save(first(Action), cast.updater, title="Prieš uždarant")
        period = make_period(plan, date(2024, 1, 1), MARCH)
    with time_machine.travel("2024-03-31 13:00:00+02:00", tick=False):
        close_period(period=period, author=cast.coordinator, seen_version=1)
    with time_machine.travel("2024-03-31 14:00:00+02:00", tick=False):
        save(first(Action), cast.coordinator, title="Uždarius")
    found = signed(plan, period, MARCH).changes
    assert [(change.differences[0].before, change.differences[0].after) for change in found] == [
        ("Prieš uždarant", "Uždarius")
    ]
    assert found[0].signature
    assert (found[0].signature.who, found[0].signature.others) == (KOTRYNA, ())


def test_becoming_late_has_a_day_and_nobody(cast: Cast, plan: Plan) -> None:
    save(first(PlannedResult), cast.coordinator, condition="", condition_state="", deadline=date(2024, 5, 15))
    Plan.objects.update(adopted_at=None)
    found = signatures(plan, MARCH, JUNE)
    assert found == {("late", "1.1.1-1"): ("", "2024-05-16")}


def test_program_signs_as_others_do(cast: Cast, plan: Plan) -> None:
    with on("2024-05-02"):
        save(first(Action), program_account(), title="Kitas")
    assert signatures(plan, MARCH, JUNE) == {("text", "1.1.1"): ("Programa", "2024-05-02")}


@pytest.mark.parametrize("kept", ["nothing", "the newest version"])
def test_damaged_history_leaves_changes_unsigned(cast: Cast, plan: Plan, kept: str) -> None:
    period = close(cast, plan, date(2024, 1, 1), MARCH)
    with time_machine.travel("2024-07-10 13:00:00+03:00", tick=False):
        save(first(Action), cast.coordinator, title="Kitas")
    versions = Action.history.filter(number="1.1.1").order_by("history_id")
    newest = versions.last()
    assert newest is not None
    versions.exclude(pk=newest.pk if kept != "nothing" else 0).delete()
    assert signatures(plan, period, JULY) == {("text", "1.1.1"): None}


def test_other_plans_and_actions_of_the_same_number_sign_nothing(cast: Cast, plan: Plan) -> None:
    other = make_action(make_measure(make_task(make_plan(), number="1")), owner=cast.updater)
    with on("2024-05-02"):
        save(other, cast.administrator, title="Ne čia")
        save(first(Action), cast.coordinator, title="Kitas")
    assert signatures(plan, MARCH, JUNE) == {("text", "1.1.1"): (KOTRYNA, "2024-05-02")}


def test_actions_that_swap_numbers_keep_their_writers(cast: Cast, plan: Plan) -> None:
    one, two = Action.objects.order_by("id")
    with on("2024-05-02"):
        save(one, cast.updater, title="Pirmas")
    with on("2024-05-03"):
        save(one, cast.coordinator, number="1.1.3")
    with on("2024-05-04"):
        save(two, cast.administrator, number="1.1.1")
    with on("2024-05-05"):
        save(one, cast.coordinator, number="1.1.2")
    assert signatures(plan, MARCH, JUNE) == {
        ("text", "1.1.2"): (ULA, "2024-05-02"),
        ("moved", "1.1.2"): (KOTRYNA, "2024-05-05"),
        ("moved", "1.1.1"): (ADOMAS, "2024-05-04"),
    }


def test_draft_without_history_of_its_own_has_no_writings_of_text(cast: Cast) -> None:
    plan = make_plan(state="draft")
    action = make_action(make_measure(make_task(plan)))
    save(action, cast.coordinator, title="Kitas")
    assert read_writings(plan, Cut.of(plan, MARCH), Cut.of(plan, JULY)) == {}


def test_cut_of_a_day_and_of_a_closed_period(plan: Plan) -> None:
    assert Cut.of(plan, JULY) == Cut(JULY, None, None)
    day = Cut.of(plan, MARCH)
    assert (day.known_at, day.text_at and day.text_at.isoformat()) == (
        None,
        "2024-03-31T23:59:59.999999+03:00",
    )
    assert plan.adopted_at is not None
    assert Cut.of(plan, date(2023, 12, 1)).text_at == plan.adopted_at
    frozen = ClosedPeriod("", date(2024, 1, 1), MARCH, closed_at=plan.adopted_at)
    assert Cut.of(plan, MARCH, frozen) == Cut(MARCH, plan.adopted_at, plan.adopted_at)
