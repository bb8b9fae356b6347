"""Sample progress: like life, the same each time, and never in a real plan."""

import pytest
from django.db import transaction

from measures.enums import Status
from measures.exchange.fixtures import load_akr_plan
from measures.models import (
    Action,
    Plan,
    PlannedResult,
    ProgressUpdate,
    ReportingPeriod,
    ResultProgress,
    Snapshot,
    Withdrawal,
)
from measures.services.sample import seed_progress
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def lines(plan: Plan) -> list[tuple[object, ...]]:
    """Return what the journal of a plan says."""
    said = ResultProgress.objects.filter(update__plan=plan).order_by("id")
    return list(said.values_list("update__reported_on", "result__key", "status", "percent"))


def test_sample_has_all_that_pages_show(cast: Cast) -> None:
    plan = load_akr_plan(is_sample=True)
    seed_progress(plan)
    assert set(PlannedResult.objects.values_list("status", flat=True)) == set(Status.values)
    assert ProgressUpdate.objects.filter(nothing_new=True).exists()
    assert Withdrawal.objects.count() == 1
    assert Action.objects.filter(plan=plan, owner=None).exists()
    assert [period.is_closed for period in ReportingPeriod.objects.all()] == [True] * 7 + [False]
    assert Snapshot.objects.count() == 7


def test_sample_is_the_same_each_time(cast: Cast) -> None:
    plan = load_akr_plan(is_sample=True)
    said = []
    for _time in range(2):
        with transaction.atomic():
            seed_progress(plan)
            said.append(lines(plan))
            transaction.set_rollback(True)
        plan.refresh_from_db()
    assert said[0] == said[1] != []


def test_real_plan_gets_no_sample(akr_plan: Plan) -> None:
    with pytest.raises(ValueError, match="sample plans only"):
        seed_progress(akr_plan)
    assert not ProgressUpdate.objects.exists()
