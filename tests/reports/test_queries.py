"""What the reports ask the database for beside the plan itself."""

from datetime import date
from typing import Any

import pytest

from measures.enums import ConditionState, Status
from measures.models import Action
from measures.services.progress import record_progress
from reports.queries.plan import newest_updates
from reports.queries.rollup import late_results
from reports.rows import LateRow
from tests.conftest import Cast
from tests.make import adopt, make_action, make_measure, make_result

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 30)


def report(cast: Cast, action: Action, day: date, comment: str = "Taip") -> None:
    record_progress(action=action, author=cast.coordinator, comment=comment, reported_on=day)


def test_newest_updates_come_first_and_stop_at_the_day(cast: Cast, django_assert_num_queries: Any) -> None:
    action = make_result().action
    plan = action.plan
    for month in (1, 2, 3):
        report(cast, action, date(2024, month, 28), f"Mėnuo {month}")
    with django_assert_num_queries(1):
        updates = newest_updates(plan, date(2024, 2, 28))
    assert [(update.action_number, update.comment) for update in updates] == [
        (action.number, "Mėnuo 2"),
        (action.number, "Mėnuo 1"),
    ]


def test_update_outlives_its_action(cast: Cast) -> None:
    action = adopt(make_result().plan).plannedresult_set.get().action
    report(cast, action, TODAY)
    action.delete()
    assert [(update.action_number, update.comment) for update in newest_updates(action.plan, TODAY)] == [
        ("", "Taip")
    ]


def test_late_results_are_those_late_the_longest(cast: Cast, django_assert_num_queries: Any) -> None:
    measure = make_measure()
    plan = measure.plan
    first, second = make_action(measure, owner=cast.updater), make_action(measure)
    make_result(second, text="Pavasarį", deadline=date(2024, 3, 31))
    make_result(first, text="Antras pernai", last_year=2023)
    make_result(second, text="Trečias pernai", deadline=date(2023, 12, 31))
    make_result(first, text="Seniausias", deadline=date(2023, 6, 30))
    make_result(first, text="Dar ne", deadline=TODAY)
    make_result(first, text="Iki plano galo", last_year=None)
    waiting = {"condition": "gavus lėšų", "condition_state": ConditionState.PENDING}
    make_result(first, text="Laukia lėšų", last_year=2023, **waiting)
    make_result(first, text="Įvykdytas", last_year=2023, status=Status.DONE, percent=100)
    make_result(first, text="Atidėtas", last_year=2023, status=Status.POSTPONED, percent=None)
    report(cast, first, date(2024, 2, 29))
    report(cast, first, date(2024, 5, 31))
    with django_assert_num_queries(1):
        late = late_results(plan, TODAY, 3)
    owner, reported_on = "Ula Ulaitė", date(2024, 5, 31)
    assert late == [
        LateRow("1.1.1", "Seniausias", date(2023, 6, 30), owner, reported_on),
        LateRow("1.1.1", "Antras pernai", date(2023, 12, 31), owner, reported_on),
        LateRow("1.1.2", "Trečias pernai", date(2023, 12, 31), "", None),
    ]
    assert [row.text for row in late_results(plan, TODAY, 9)][3:] == ["Pavasarį"]
    assert late_results(plan, date(2025, 1, 1), 9)[-1].text == "Iki plano galo"
