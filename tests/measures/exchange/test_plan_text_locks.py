"""What others do to a plan while a document is being written into it, or taken out again."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import gettext as _

from measures.enums import ImportKind, LineKind, PlanState
from measures.exchange.plan_text.handlers import NewPlanImport, PlanTextImport
from measures.models import Action, ConflictError, Plan, PlannedResult, ReportingPeriod
from measures.services.locks import lock_plan
from tests.make import make_period, make_user
from tests.together import in_the_middle_of

from .plan_texts import apply, job_for, plain, reading_of


def make_draft() -> Plan:
    """Return the plan of one action with a period."""
    author = make_user()
    job = job_for(ImportKind.NEW_PLAN, author)
    apply(NewPlanImport(), job, plain(), author)
    assert job.plan
    make_period(job.plan, date(2023, 1, 1), date(2023, 6, 30))
    return Plan.objects.get()


@pytest.mark.parametrize("model", [Plan, Action, ReportingPeriod, PlannedResult])
@pytest.mark.parametrize("is_undo", [False, True])
@pytest.mark.django_db(transaction=True)
def test_others_wait_until_it_is_over(model: Any, is_undo: bool) -> None:
    plan = make_draft()
    job = job_for(ImportKind.PLAN_TEXT, plan=plan, author=make_user())
    if is_undo:
        # Only the wording of the partner's link is its own: the other rows are kept by the lock alone.
        apply(PlanTextImport(), job, plain(partners=()), job.owner)
    row = model.objects.get()
    version = row.version

    def look() -> None:
        if is_undo:
            assert PlanTextImport().why_not_undone(job) == ""
        else:
            PlanTextImport().preview(job, reading_of(plain(title="Kitas")))

    in_the_middle_of(look, row.save)
    assert model.objects.get().version == version + 1


@pytest.mark.django_db
def test_plan_is_read_anew_in_a_transaction_only(django_assert_num_queries: Any) -> None:
    plan = make_draft()
    with django_assert_num_queries(4):
        lock_plan(plan)
    now = Plan.objects.get()
    now.state = PlanState.CLOSED
    now.save()
    job = job_for(ImportKind.PLAN_TEXT, plan=plan, author=make_user())
    (line,) = PlanTextImport().preview(job, reading_of(plain(title="Kitas"))).lines
    assert (line.kind, line.reason) == (LineKind.REFUSED, _("The plan is closed, its text stays as it is."))


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_is_locked(django_assert_num_queries: Any) -> None:
    plan = make_draft()
    with django_assert_num_queries(0):
        lock_plan(plan)


@pytest.mark.django_db
def test_only_what_was_shown_is_written() -> None:
    plan = make_draft()
    job, reading = job_for(ImportKind.PLAN_TEXT, make_user(), plan), reading_of(plain(title="Kitas"))
    job.stamp = PlanTextImport().preview(job, reading).stamp
    Action.objects.get().save()
    before = Action.history.count()
    with pytest.raises(ConflictError), transaction.atomic():
        PlanTextImport().apply(job, reading, job.owner)
    assert (Action.objects.get().title, Action.history.count()) == ("Veiksmas 1.1.1", before)
