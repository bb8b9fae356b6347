"""The screen of one owner of two actions, in the middle of a reporting period."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from measures.models import Action, Measure
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_period, make_plan, make_result, make_task


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2024-05-15 12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def measure(cast: Cast) -> Measure:
    plan = make_plan(slug="2023-2024")
    make_period(plan, date(2024, 1, 1), date(2024, 6, 30), title="2024 m. I pusmetis")
    return make_measure(make_task(plan))


@pytest.fixture
def action(cast: Cast, measure: Measure) -> Action:
    action = make_action(measure, owner=cast.updater)
    make_result(action)
    make_result(action)
    other = make_action(measure, owner=cast.updater)
    make_result(other)
    return action


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.updater)
    return signed_in
