"""Signatures where results go from action to action and come back, and where partners come and go."""

from datetime import date
from typing import Any

import pytest
import time_machine

from measures.enums import Status
from measures.models import Action, ActionPartner, Plan, PlannedResult
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import adopt, make_action, make_measure, make_partner, make_result, make_task

from .signed import delete, save, signatures

pytestmark = pytest.mark.django_db

MARCH, JUNE = date(2024, 3, 31), date(2024, 6, 30)
KOTRYNA, ADOMAS, ULA = "Kotryna Kotrynaitė", "Adomas Adomaitis", "Ula Ulaitė"


def on(day: str) -> Any:
    return time_machine.travel(f"{day} 12:00:00+02:00", tick=False)


@pytest.fixture(autouse=True)
def _in_july():
    with on("2024-07-10"):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan with two actions of two results each."""
    with on("2024-01-02"):
        measure = make_measure(make_task(number="1"))
        for _number in range(2):
            action = make_action(measure, owner=cast.updater)
            make_result(action)
            make_result(action)
        return adopt(measure.plan)


def report(plan: Plan, author: Any, key: str, day: str) -> None:
    """Report on one result, or on an action as a whole if the key is the number of one."""
    with on(day):
        result = PlannedResult.objects.filter(plan=plan, key=key).first()
        action = result.action if result else Action.objects.get(plan=plan, number=key)
        results = [ReportedResult(key, result.version, Status.IN_PROGRESS, 50)] if result else []
        record_progress(action=action, author=author, results=results, comment="Pastaba.")


def move(author: Any, key: str, number: str, day: str) -> None:
    with on(day):
        save(PlannedResult.objects.get(key=key), author, action=Action.objects.get(number=number))


def test_result_that_joins_an_action_brings_no_report_of_it(cast: Cast, plan: Plan) -> None:
    report(plan, cast.updater, "1.1.2", "2024-02-01")
    move(cast.coordinator, "1.1.1-1", "1.1.2", "2024-05-02")
    assert signatures(plan, MARCH, JUNE) == {("moved", "1.1.1-1"): (KOTRYNA, "2024-05-02")}


def test_report_on_a_result_stays_with_the_action_that_it_was_in(cast: Cast, plan: Plan) -> None:
    report(plan, cast.updater, "1.1.1-1", "2024-05-02")
    move(cast.coordinator, "1.1.1-1", "1.1.2", "2024-05-03")
    assert signatures(plan, MARCH, JUNE) == {
        ("started", "1.1.1-1"): (ULA, "2024-05-02"),
        ("moved", "1.1.1-1"): (KOTRYNA, "2024-05-03"),
        ("reported", "1.1.1"): (ULA, "2024-05-02"),
    }


def test_report_while_a_result_was_elsewhere_is_one_of_the_action_there(cast: Cast, plan: Plan) -> None:
    move(cast.coordinator, "1.1.1-1", "1.1.2", "2024-05-02")
    report(plan, cast.updater, "1.1.1-1", "2024-05-03")
    move(cast.coordinator, "1.1.1-1", "1.1.1", "2024-05-04")
    assert signatures(plan, MARCH, JUNE) == {
        ("started", "1.1.1-1"): (ULA, "2024-05-03"),
        ("reported", "1.1.2"): (ULA, "2024-05-03"),
    }


def test_action_that_keeps_number_and_title_is_itself_when_its_results_go(cast: Cast, plan: Plan) -> None:
    report(plan, cast.updater, "1.1.1", "2024-02-01")
    for key in ("1.1.2-1", "1.1.2-2"):
        with on("2024-05-01"):
            delete(PlannedResult.objects.get(key=key), cast.administrator)
    for key in ("1.1.1-1", "1.1.1-2"):
        move(cast.coordinator, key, "1.1.2", "2024-05-02")
    assert signatures(plan, MARCH, JUNE) == {
        ("moved", "1.1.1-1"): (KOTRYNA, "2024-05-02"),
        ("moved", "1.1.1-2"): (KOTRYNA, "2024-05-02"),
        ("removed", "1.1.2-1"): (ADOMAS, "2024-05-01"),
        ("removed", "1.1.2-2"): (ADOMAS, "2024-05-01"),
    }


def test_partner_that_came_and_went_signs_nothing(cast: Cast, plan: Plan) -> None:
    action = Action.objects.get(number="1.1.1")
    for day, author, name in (
        ("2024-05-02", cast.updater, "Lieka"),
        ("2024-05-03", cast.coordinator, "Ateina ir išeina"),
    ):
        with on(day):
            link = ActionPartner(action=action, partner=make_partner(name))
            link._history_user = author  # type: ignore[attr-defined] # simple-history reads it
            link.save()
    with on("2024-05-04"):
        delete(ActionPartner.objects.get(partner__name="Ateina ir išeina"), cast.administrator)
    assert signatures(plan, MARCH, JUNE) == {("text", "1.1.1"): (ULA, "2024-05-02")}
    assert signatures(plan, date(2024, 5, 2), date(2024, 5, 3)) == {
        ("text", "1.1.1"): (KOTRYNA, "2024-05-03")
    }
    assert signatures(plan, date(2024, 5, 3), JUNE) == {("text", "1.1.1"): (ADOMAS, "2024-05-04")}
