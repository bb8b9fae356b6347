"""The board's workbook takes at most twelve queries, session included, whatever the plan's size."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from measures.enums import PeriodKind
from measures.models import Action, Plan
from measures.services.periods import close_period, make_periods
from measures.services.progress import record_progress
from tests.conftest import Cast
from tests.make import make_big_plan

MOST = 12
CLOSED = "laikotarpis-2024-01-01"
# The half-year that is over is still reported on, so who was to report has a day of its own.
CASES: list[dict[str, str]] = [
    {},
    {"nuo": "2024-02-01"},
    {"data": "2024-09-30"},
    {"data": "2024-09-30", "nuo": "2024-02-01"},
    {"laikotarpis": CLOSED},
    {"laikotarpis": CLOSED, "nuo": "2024-02-01"},
]


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


def make_closed_plan(cast: Cast, actions: int) -> Plan:
    """Return a plan of so many actions, reported on, with three of its half-years closed."""
    with time_machine.travel("2023-01-10T12:00:00+02:00"):
        plan = make_big_plan(actions, results=1)
        periods = make_periods(plan=plan, author=cast.coordinator, kind=PeriodKind.HALF_YEAR)
    with time_machine.travel("2024-07-10T12:00:00+03:00"):
        for action in Action.objects.filter(plan=plan)[:3]:
            record_progress(
                action=action, author=cast.coordinator, comment="Pradėta", reported_on=date(2024, 6, 20)
            )
        for period in periods[:3]:
            close_period(period=period, author=cast.coordinator, seen_version=period.version)
    return plan


@time_machine.travel("2025-01-15T12:00:00+02:00")
@pytest.mark.parametrize("actions", [1, 3, 1000])
def test_few_queries_whatever_the_size(
    cast: Cast, manager: Client, actions: int, django_assert_max_num_queries: Any
) -> None:
    plan = make_closed_plan(cast, actions)
    address = f"/{plan.slug}/ataskaitos/susirinkimui.xlsx"
    manager.get(address)
    for asked in CASES:
        with django_assert_max_num_queries(MOST):
            response: Any = manager.get(address, asked)
            content = b"".join(response.streaming_content)
        assert content.startswith(b"PK"), asked
