"""Making, closing and reopening reporting periods: all or nothing, once, and what is frozen stays frozen."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from measures import roles
from measures.enums import PeriodKind, PlanState, Status
from measures.models import (
    Action,
    ActionPartner,
    ConflictError,
    Plan,
    ProgressUpdate,
    Reopening,
    ReportingPeriod,
    Snapshot,
)
from measures.services.periods import close_period, make_periods, reopen_period
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update
from measures.tree.frozen import read_snapshot
from measures.tree.reader import read_tree
from tests.conftest import Cast
from tests.make import (
    adopt,
    make_action,
    make_measure,
    make_partner,
    make_period,
    make_plan,
    make_result,
    make_task,
    make_user,
)
from tests.together import in_the_middle_of, run_together

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2024, 4, 1), date(2024, 6, 30)


def names(plan: Plan) -> list[tuple[str, str, str]]:
    return [
        (period.title, str(period.starts_on), str(period.ends_on))
        for period in plan.reporting_periods.order_by("starts_on")
    ]


def test_quarters_fill_the_years_of_the_plan(cast: Cast) -> None:
    plan = make_plan(first_year=2023, last_year=2024)
    make_periods(plan=plan, author=cast.coordinator, kind=PeriodKind.QUARTER)
    assert names(plan) == [
        ("2023 m. I ketvirtis", "2023-01-01", "2023-03-31"),
        ("2023 m. II ketvirtis", "2023-04-01", "2023-06-30"),
        ("2023 m. III ketvirtis", "2023-07-01", "2023-09-30"),
        ("2023 m. IV ketvirtis", "2023-10-01", "2023-12-31"),
        ("2024 m. I ketvirtis", "2024-01-01", "2024-03-31"),
        ("2024 m. II ketvirtis", "2024-04-01", "2024-06-30"),
        ("2024 m. III ketvirtis", "2024-07-01", "2024-09-30"),
        ("2024 m. IV ketvirtis", "2024-10-01", "2024-12-31"),
    ]


def test_half_years_fill_the_years_of_the_plan_and_have_an_author(cast: Cast) -> None:
    plan = make_plan(first_year=2025, last_year=2025)
    made = make_periods(plan=plan, author=cast.coordinator, kind=PeriodKind.HALF_YEAR)
    assert names(plan) == [
        ("2025 m. I pusmetis", "2025-01-01", "2025-06-30"),
        ("2025 m. II pusmetis", "2025-07-01", "2025-12-31"),
    ]
    for period in made:
        entry = period.history.get()
        assert (entry.history_user, entry.history_change_reason) == (
            cast.coordinator,
            "Sudaryti visi plano laikotarpiai",
        )


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "title"),
    [
        (date(2024, 6, 30), date(2024, 7, 1), "Vasara"),
        (date(2022, 1, 1), date(2023, 1, 1), "Iki plano"),
        (date(2030, 1, 1), date(2030, 1, 2), "2024 m. II ketvirtis"),
    ],
)
def test_what_is_taken_already_is_named_and_nothing_is_made(
    cast: Cast, starts_on: date, ends_on: date, title: str
) -> None:
    plan = make_plan()
    make_period(plan, starts_on, ends_on, title=title)
    make_period(make_plan(), date(2024, 1, 1), date(2024, 12, 31), title="Kito plano")
    with pytest.raises(ValidationError, match=f"jau turi {title}"):
        make_periods(plan=plan, author=cast.coordinator, kind=PeriodKind.QUARTER)
    assert plan.reporting_periods.count() == 1


def test_periods_of_others_and_before_and_after_are_no_hindrance(cast: Cast) -> None:
    plan = make_plan()
    make_period(plan, date(2022, 12, 1), date(2022, 12, 31))
    make_period(plan, date(2025, 1, 1), date(2025, 1, 31))
    assert len(make_periods(plan=plan, author=cast.coordinator, kind=PeriodKind.QUARTER)) == 8


def test_closed_plan_gets_no_periods(cast: Cast) -> None:
    plan = make_plan(state=PlanState.CLOSED)
    with pytest.raises(ValidationError, match="Planas užbaigtas"):
        make_periods(plan=plan, author=cast.coordinator, kind=PeriodKind.QUARTER)


@pytest.mark.parametrize("name", ["updater", "manager", "stranger"])
def test_others_may_not_make_or_close(cast: Cast, period: ReportingPeriod, name: str) -> None:
    author = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        make_periods(plan=period.plan, author=author, kind=PeriodKind.QUARTER)
    with pytest.raises(PermissionDenied):
        close_period(period=period, author=author, seen_version=period.version)
    assert not Snapshot.objects.exists()


@pytest.fixture
def action(cast: Cast) -> Action:
    """Return an action of the updater's with two results and a partner, as adopted at the start of 2024."""
    with time_machine.travel("2024-01-01 12:00:00+02:00"):
        action = make_action(make_measure(make_task(number="1")), owner=cast.updater)
        make_result(action)
        make_result(action)
        ActionPartner(action=action, partner=make_partner("Klaipėdos universitetas")).save()
        adopt(action.plan)
    return action


@pytest.fixture
def period(action: Action) -> ReportingPeriod:
    return make_period(action.plan, FIRST, LAST, title="2024 m. II ketvirtis")


def report(cast: Cast, action: Action, key: str, status: str, day: date) -> ProgressUpdate:
    result = action.results.get(key=key)
    return record_progress(
        action=action,
        author=cast.updater,
        results=[ReportedResult(key, result.version, status)],
        comment="Surengtas pasitarimas.",
        reported_on=day,
    )


def close(cast: Cast, period: ReportingPeriod) -> Snapshot:
    period.refresh_from_db()
    return close_period(period=period, author=cast.coordinator, seen_version=period.version)


def test_closing_freezes_the_plan_as_of_the_last_day(
    cast: Cast, action: Action, period: ReportingPeriod
) -> None:
    report(cast, action, "1.1.1-1", Status.DONE, LAST)
    report(cast, action, "1.1.1-2", Status.DONE, date(2024, 7, 1))
    expected = read_tree(action.plan, LAST, with_notes=True)
    snapshot = close(cast, period)
    period.refresh_from_db()
    assert period.is_closed
    assert (snapshot.period, snapshot.as_of, snapshot.made_by) == (period, LAST, cast.coordinator)
    assert read_snapshot(Snapshot.objects.get()) == expected
    [row] = expected.actions
    assert [result.status for result in row.results] == [Status.DONE, Status.NOT_STARTED]
    assert row.results[0].note
    newest = period.history.latest()
    assert (newest.history_user, newest.history_change_reason, newest.version) == (
        cast.coordinator,
        "Laikotarpis uždarytas",
        2,
    )


def test_period_is_closed_on_its_last_day_but_not_before(cast: Cast, period: ReportingPeriod) -> None:
    with (
        time_machine.travel("2024-06-29 23:59:00+03:00", tick=False),
        pytest.raises(ValidationError, match="Laikotarpis dar nesibaigė"),
    ):
        close(cast, period)
    assert not Snapshot.objects.exists()
    with time_machine.travel("2024-06-30 00:01:00+03:00", tick=False):
        tree = read_snapshot(close(cast, period))
    # What was "today" then is a past day for whoever reads it later.
    assert (tree.as_of, tree.is_today) == (LAST, False)


def test_nothing_that_happens_later_changes_what_was_frozen(
    cast: Cast, action: Action, period: ReportingPeriod
) -> None:
    update = report(cast, action, "1.1.1-1", Status.DONE, LAST)
    snapshot = close(cast, period)
    frozen = read_snapshot(snapshot)
    # A withdrawal needs an open period.
    period.refresh_from_db()
    reopen_period(period=period, author=cast.administrator, reason="Klaida", seen_version=period.version)
    withdraw_update(update=update, author=cast.coordinator, reason="Ne tas veiksmas")
    partner = action.partners.get()
    partner.name = "KU"
    partner.save()
    cast.updater.last_name = "Ištekėjusi"
    cast.updater.save()
    task = action.measure.task
    task.title = "Kitaip"
    task.save()
    action.measure = make_measure(make_task(action.plan, "2"))
    action.owner = cast.other_updater
    action.save()
    action.results.get(key="1.1.1-2").delete()
    action.plan.slug = "kitas"
    action.plan.save()
    now = read_tree(action.plan, LAST, with_notes=True)
    assert now != frozen
    assert read_snapshot(Snapshot.objects.get(pk=snapshot.pk)) == frozen
    [row] = frozen.actions
    assert (row.owner, row.partners[0].name, len(row.results)) == (
        "Ula Ulaitė",
        "Klaipėdos universitetas",
        2,
    )
    assert (frozen.tasks[0].title, row.results[0].status) == ("Uždavinys 1", Status.DONE)


def test_closed_period_takes_no_more_reports(cast: Cast, action: Action, period: ReportingPeriod) -> None:
    close(cast, period)
    with pytest.raises(ValidationError, match="uždarytas"):
        report(cast, action, "1.1.1-1", Status.DONE, LAST)


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.CLOSED])
def test_periods_of_a_plan_that_is_not_active_stay_as_they_are(
    cast: Cast, period: ReportingPeriod, state: str
) -> None:
    Plan.objects.filter(pk=period.plan_id).update(state=state)
    with pytest.raises(ValidationError, match="tik vykdomo plano"):
        close(cast, period)
    ReportingPeriod.objects.filter(pk=period.pk).update(closed_at=timezone.now())
    with pytest.raises(ValidationError, match="tik vykdomo plano"):
        reopen_period(period=period, author=cast.administrator, reason="Taip", seen_version=1)


def test_who_has_seen_an_older_period_changes_nothing(cast: Cast, period: ReportingPeriod) -> None:
    close(cast, period)
    with pytest.raises(ConflictError, match="pakeit"):
        close_period(period=period, author=cast.coordinator, seen_version=1)
    with pytest.raises(ConflictError):
        reopen_period(period=period, author=cast.administrator, reason="Taip", seen_version=1)
    assert (Snapshot.objects.count(), Reopening.objects.count()) == (1, 0)


def test_period_deleted_meanwhile_is_a_conflict(cast: Cast, period: ReportingPeriod) -> None:
    ReportingPeriod.objects.get(pk=period.pk).delete()
    with pytest.raises(ConflictError):
        close_period(period=period, author=cast.coordinator, seen_version=1)


def test_closing_twice_and_reopening_what_is_open_are_refused(cast: Cast, period: ReportingPeriod) -> None:
    with pytest.raises(ValidationError, match="jau atvertas"):
        reopen_period(period=period, author=cast.administrator, reason="Taip", seen_version=1)
    close(cast, period)
    with pytest.raises(ValidationError, match="jau uždarytas"):
        close(cast, period)
    assert Snapshot.objects.count() == 1


def reopen(cast: Cast, period: ReportingPeriod, reason: str = " Pamiršta. ") -> Reopening:
    period.refresh_from_db()
    return reopen_period(period=period, author=cast.administrator, reason=reason, seen_version=period.version)


def test_reopened_period_takes_reports_and_keeps_its_snapshot(
    cast: Cast, action: Action, period: ReportingPeriod
) -> None:
    first = close(cast, period)
    reopening = reopen(cast, period)
    assert (reopening.snapshot, reopening.author, reopening.reason) == (
        first,
        cast.administrator,
        "Pamiršta.",
    )
    assert not Snapshot.objects.standing().exists()
    report(cast, action, "1.1.1-1", Status.DONE, LAST)
    second = close(cast, period)
    assert list(Snapshot.objects.standing()) == [second]
    statuses = [read_snapshot(snapshot).actions[0].results[0].status for snapshot in (first, second)]
    assert statuses == [Status.NOT_STARTED, Status.DONE]
    assert period.history.first().version == 4


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_reopening_needs_a_reason(cast: Cast, period: ReportingPeriod, reason: str) -> None:
    close(cast, period)
    with pytest.raises(ValidationError, match="Nurodykite, kodėl"):
        reopen(cast, period, reason)
    period.refresh_from_db()
    assert period.is_closed


def test_only_an_administrator_reopens(cast: Cast, period: ReportingPeriod) -> None:
    close(cast, period)
    with pytest.raises(PermissionDenied):
        reopen_period(period=period, author=cast.coordinator, reason="Taip", seen_version=2)
    assert not Reopening.objects.exists()


def test_failure_half_way_leaves_the_period_open(
    cast: Cast, period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(ReportingPeriod, "save", fail)
    with pytest.raises(RuntimeError):
        close(cast, period)
    assert not Snapshot.objects.exists()


WRITERS = 4


@pytest.mark.django_db(transaction=True)
def test_one_of_several_makes_the_periods() -> None:
    from django.apps import apps

    roles.assign(apps)
    authors = [make_user(role=roles.COORDINATOR) for _writer in range(WRITERS)]
    plan = make_plan()
    outcomes = []

    def make(writer: int) -> None:
        kind = PeriodKind.QUARTER if writer % 2 else PeriodKind.HALF_YEAR
        try:
            make_periods(plan=plan, author=authors[writer], kind=kind)
            outcomes.append("made")
        except ValidationError:
            outcomes.append("refused")

    run_together(make, writers=WRITERS)
    assert sorted(outcomes) == ["made"] + ["refused"] * (WRITERS - 1)
    assert plan.reporting_periods.count() in (4, 8)


@pytest.mark.django_db(transaction=True)
def test_closing_waits_for_a_report_that_is_being_written() -> None:
    from django.apps import apps

    roles.assign(apps)
    coordinator = make_user(role=roles.COORDINATOR)
    action = make_action()
    period = make_period(adopt(action.plan), FIRST, LAST)
    in_the_middle_of(
        lambda: record_progress(action=action, author=coordinator, comment="Taip", reported_on=LAST),
        lambda: close_period(period=period, author=coordinator, seen_version=1),
    )
    [row] = read_snapshot(Snapshot.objects.get()).actions
    assert row.last_reported_on == LAST


@pytest.mark.django_db(transaction=True)
def test_report_waits_for_a_closing_and_is_refused() -> None:
    from django.apps import apps

    roles.assign(apps)
    coordinator = make_user(role=roles.COORDINATOR)
    action = make_action()
    period = make_period(adopt(action.plan), FIRST, LAST)
    outcomes = []

    def report() -> None:
        try:
            record_progress(action=action, author=coordinator, comment="Taip", reported_on=LAST)
        except ValidationError as error:
            outcomes.extend(error.messages)

    in_the_middle_of(lambda: close_period(period=period, author=coordinator, seen_version=1), report)
    assert ["uždarytas" in outcome for outcome in outcomes] == [True]
    assert not ProgressUpdate.objects.exists()
