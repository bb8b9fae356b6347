"""Imports from upload to undo: what the preview shows is what happens, once, to its owner, or nothing."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from akr_plan import backup
from akr_plan.backup import BackupError, take_backup
from measures import roles
from measures.enums import ImportState, LineKind, PlanState, Status
from measures.exchange import import_jobs
from measures.exchange.import_jobs import (
    ImportOverError,
    StaleImportError,
    UndoError,
    confirm,
    decide,
    discard,
    preview_of,
    undo,
    why_not_undone,
)
from measures.exchange.work_sheet.handler import WorkSheetImport
from measures.journal import State
from measures.models import (
    Action,
    ConflictError,
    ImportJob,
    Plan,
    PlannedResult,
    ProgressUpdate,
    ReportingPeriod,
    ResultProgress,
    Withdrawal,
)
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_plan, make_result, make_task, make_user
from tests.make_imports import sheet_of, upload_sheet

pytestmark = pytest.mark.django_db

DONE = {"status": Status.DONE.value}


@pytest.fixture
def plan() -> Plan:
    """Return a plan of two actions with two results each."""
    measure = make_measure()
    for _ in range(2):
        action = make_action(measure)
        make_result(action)
        make_result(action)
    return measure.plan


@pytest.fixture
def job(monkeypatch: Any, plan: Plan, cast: Cast) -> ImportJob:
    """Return an import that sets one result to done."""
    return upload_sheet(monkeypatch, sheet_of(plan, {"1.1.1-1": DONE}), cast.coordinator)


@pytest.fixture
def quick_backup(monkeypatch: Any) -> Iterator[None]:
    """Take no backups: that they are taken is tested above."""
    with monkeypatch.context() as patch:
        patch.setattr(import_jobs, "take_backup", lambda reason: Path("be-kopijos"))
        yield


def report(plan: Plan, key: str, author: Any, status: str = Status.POSTPONED, comment: str = "") -> None:
    """Let somebody report on a result."""
    result = PlannedResult.objects.get(plan=plan, key=key)
    reported = ReportedResult(key, result.version, status)
    record_progress(action=result.action, author=author, results=[reported], comment=comment)


def counts() -> tuple[int, ...]:
    """Return how many rows there are of all that an import writes."""
    return (
        ProgressUpdate.objects.count(),
        ResultProgress.objects.count(),
        PlannedResult.history.count(),
        Withdrawal.objects.count(),
    )


def states() -> dict[str, State]:
    """Return how the results stand."""
    return {result.key: State(result.status, result.percent) for result in PlannedResult.objects.all()}


def test_upload_keeps_file_owner_and_preview_and_writes_nothing(job: ImportJob, cast: Cast) -> None:
    assert (job.owner, job.state) == (cast.coordinator, ImportState.PREVIEWED)
    assert job.sha256 == hashlib.sha256(b"lentele").hexdigest()
    with job.file.open("rb") as file:
        assert file.read() == b"lentele"
    assert job.size == 7
    preview = preview_of(job)
    assert preview.counts == {LineKind.CHANGED: 1, LineKind.UNCHANGED: 3}
    assert preview.stamp == job.stamp
    assert counts() == (0, 0, 4, 0)


def test_confirmed_import_does_what_was_shown_after_a_backup(
    job: ImportJob, cast: Cast, settings: Any
) -> None:
    done = confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    assert (done.state, ImportJob.objects.get().state) == (ImportState.APPLIED, ImportState.APPLIED)
    assert states()["1.1.1-1"] == State(Status.DONE, 100)
    assert counts() == (1, 1, 5, 0)
    assert (settings.DATA_DIR / "backups" / done.backup).stat().st_size > 0


@pytest.mark.usefixtures("quick_backup")
def test_confirming_takes_few_queries_whatever_the_size(
    monkeypatch: Any, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    counted = set()
    for actions in (1, 3, 100):
        measure = make_measure()
        for _ in range(actions):
            make_result(make_action(measure))
        typed = {f"1.1.{number}-1": {**DONE, "comment": "Baigta"} for number in range(1, actions + 1)}
        job = upload_sheet(monkeypatch, sheet_of(measure.plan, typed), cast.coordinator)
        with django_assert_max_num_queries(40) as queries:
            confirm(job=job, author=cast.coordinator, stamp=job.stamp)
        counted.add(len(queries))
    assert len(counted) == 1


def test_second_confirm_changes_nothing(job: ImportJob, cast: Cast) -> None:
    confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    before = counts()
    for again in (job, ImportJob.objects.get()):
        with pytest.raises(ImportOverError):
            confirm(job=again, author=cast.coordinator, stamp=job.stamp)
    assert counts() == before


def test_nobody_else_confirms_decides_or_discards(job: ImportJob, cast: Cast) -> None:
    other = make_user("kita", roles.COORDINATOR)
    for person in (other, cast.manager, cast.updater, cast.stranger):
        with pytest.raises(PermissionDenied):
            confirm(job=job, author=person, stamp=job.stamp)
        with pytest.raises(PermissionDenied):
            decide(job=job, author=person, choices={})
        with pytest.raises(PermissionDenied):
            discard(job=job, author=person)
    assert ImportJob.objects.get().state == ImportState.PREVIEWED
    assert counts() == (0, 0, 4, 0)


def test_owner_who_has_lost_the_right_confirms_no_more(job: ImportJob, cast: Cast) -> None:
    cast.coordinator.groups.clear()
    owner = type(cast.coordinator).objects.get(pk=cast.coordinator.pk)
    with pytest.raises(PermissionDenied):
        confirm(job=job, author=owner, stamp=job.stamp)
    assert counts() == (0, 0, 4, 0)


def test_stamp_that_was_not_shown_is_refused(job: ImportJob, cast: Cast) -> None:
    for stamp in ("", "0" * 64, job.stamp.upper(), job.stamp + " "):
        with pytest.raises(StaleImportError):
            confirm(job=job, author=cast.coordinator, stamp=stamp)
    assert counts() == (0, 0, 4, 0)


def test_import_previewed_before_a_change_shows_a_new_preview(job: ImportJob, plan: Plan, cast: Cast) -> None:
    report(plan, "1.1.1-1", cast.administrator)
    before = counts()
    with pytest.raises(StaleImportError):
        confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    assert counts() == before
    renewed = ImportJob.objects.get()
    assert renewed.stamp != job.stamp
    assert preview_of(renewed).counts[LineKind.CONFLICT] == 1
    # The conflict has to be decided, and then the import does just that.
    decided = decide(job=renewed, author=cast.coordinator, choices={"conflicts": {"1.1.1-1": "file"}})
    confirm(job=decided, author=cast.coordinator, stamp=decided.stamp)
    assert states()["1.1.1-1"] == State(Status.DONE, 100)


def test_failure_while_writing_leaves_nothing(monkeypatch: Any, job: ImportJob, cast: Cast) -> None:
    whole = WorkSheetImport.apply

    def break_off(self: Any, *args: Any) -> Any:
        whole(self, *args)
        raise RuntimeError("nutrūko")

    monkeypatch.setattr(WorkSheetImport, "apply", break_off)
    with pytest.raises(RuntimeError, match="nutrūko"):
        confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    assert counts() == (0, 0, 4, 0)
    assert ImportJob.objects.get().state == ImportState.PREVIEWED


def test_without_a_backup_nothing_is_written(monkeypatch: Any, job: ImportJob, cast: Cast) -> None:
    def fail(reason: str) -> None:
        raise BackupError("nėra vietos")

    monkeypatch.setattr(import_jobs, "take_backup", fail)
    with pytest.raises(BackupError):
        confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    assert counts() == (0, 0, 4, 0)


def test_only_an_import_that_was_written_puts_old_backups_out(
    monkeypatch: Any, plan: Plan, cast: Cast, settings: Any
) -> None:
    def refuse(self: Any, *args: Any) -> Any:
        raise ConflictError(args[0])

    def kept() -> list[str]:
        return sorted(path.name for path in (settings.DATA_DIR / "backups").iterdir())

    monkeypatch.setattr(backup, "KEPT", 2)
    first, second = (take_backup("importas").name for _ in range(2))
    job = upload_sheet(monkeypatch, sheet_of(plan, {"1.1.1-1": DONE}), cast.coordinator)
    with monkeypatch.context() as patch:
        patch.setattr(WorkSheetImport, "apply", refuse)
        with pytest.raises(StaleImportError):
            confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    assert kept() == [first, second]
    done = confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    assert kept() == [second, done.backup]


def test_undo_takes_back_all_and_keeps_the_history(job: ImportJob, cast: Cast) -> None:
    before = states()
    done = confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    assert why_not_undone(done) == ""
    undo(job=done, author=cast.administrator)
    undone = ImportJob.objects.get()
    assert (undone.state, undone.undone_by) == (ImportState.UNDONE, cast.administrator)
    assert states() == before
    assert counts() == (1, 1, 6, 1)
    with pytest.raises(ImportOverError):
        undo(job=undone, author=cast.administrator)


def test_import_whose_rows_were_changed_since_is_not_undone(job: ImportJob, plan: Plan, cast: Cast) -> None:
    done = confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    report(plan, "1.1.1-1", cast.administrator)
    before = counts()
    assert why_not_undone(done)
    with pytest.raises(UndoError):
        undo(job=done, author=cast.coordinator)
    assert counts() == before
    assert ImportJob.objects.get().state == ImportState.APPLIED


def test_only_the_last_import_is_undone(monkeypatch: Any, job: ImportJob, plan: Plan, cast: Cast) -> None:
    first = confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    other = upload_sheet(monkeypatch, sheet_of(plan, {"1.1.2-1": DONE}), cast.coordinator)
    second = confirm(job=other, author=cast.coordinator, stamp=other.stamp)
    with pytest.raises(UndoError):
        undo(job=first, author=cast.coordinator)
    undo(job=second, author=cast.coordinator)
    undo(job=first, author=cast.coordinator)
    assert set(states().values()) == {State(Status.NOT_STARTED, 0)}


def test_discarded_import_is_over(job: ImportJob, cast: Cast) -> None:
    discard(job=job, author=cast.coordinator)
    with pytest.raises(ImportOverError):
        confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    assert counts() == (0, 0, 4, 0)


def test_row_of_an_import_can_be_neither_changed_nor_deleted(job: ImportJob) -> None:
    for change in (job.save, job.delete, ImportJob.objects.all().delete):
        with pytest.raises(TypeError):
            change()
    with pytest.raises(TypeError):
        ImportJob.objects.update(sha256="0" * 64)


# --- whatever happens between preview and confirm --------------------------------------------------

Event = Callable[[Plan, Any], None]


def rename(plan: Plan, author: Any) -> None:
    result = PlannedResult.objects.filter(plan=plan).latest("pk")
    result.text = "Kitaip"
    result.save()


def delete(plan: Plan, author: Any) -> None:
    PlannedResult.objects.filter(plan=plan).earliest("pk").delete()


def close_days(plan: Plan, author: Any) -> None:
    today = timezone.localdate()
    period = ReportingPeriod(
        plan=plan,
        title="Laikotarpis",
        starts_on=today - timedelta(days=5),
        ends_on=today,
        closed_at=timezone.now(),
    )
    period.save()


def close_plan(plan: Plan, author: Any) -> None:
    plan.state = PlanState.CLOSED
    plan.save()


def move(plan: Plan, author: Any) -> None:
    first, *_, last = Action.objects.filter(plan=plan).order_by("sort_key")
    result = PlannedResult.objects.filter(action=first).earliest("pk")
    result.action, result.position = last, 9
    result.save()


def withdraw(plan: Plan, author: Any) -> None:
    if update := ProgressUpdate.objects.filter(plan=plan).standing().first():
        withdraw_update(update=update, author=author, reason="Klaida")


def nothing(plan: Plan, author: Any) -> None:
    pass


def reporting(key: str, status: str) -> Event:
    """Return an event in which somebody reports."""

    def happen(plan: Plan, author: Any) -> None:
        result = PlannedResult.objects.filter(plan=plan, key=key).first()
        if result and result.status != status:
            report(plan, result.key, author, status, comment="Kito įrašas")

    return happen


KEYS = [f"1.1.{action}-{result}" for action in (1, 2) for result in (1, 2)]
EVENTS = st.sampled_from([nothing, rename, delete, close_days, close_plan, move, withdraw]) | st.builds(
    reporting,
    st.sampled_from(KEYS),
    st.sampled_from([Status.DONE.value, Status.POSTPONED.value, Status.NOT_STARTED.value]),
)
TYPED = st.dictionaries(
    st.sampled_from(KEYS),
    st.sampled_from(
        [
            DONE,
            {"status": Status.IN_PROGRESS.value, "percent": 40},
            {"status": Status.POSTPONED.value, "comment": "Atidėta iki rudens"},
            {"comment": "Vyko pasitarimas"},
            {"correction": "Pratęsti terminą"},
        ]
    ),
    min_size=1,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED, before=st.lists(EVENTS, max_size=1), events=st.lists(EVENTS, max_size=2))
def test_data_that_change_before_confirming(
    monkeypatch: pytest.MonkeyPatch,
    quick_backup: None,
    cast: Cast,
    typed: dict[str, Any],
    before: list[Event],
    events: list[Event],
) -> None:
    with transaction.atomic():
        sid = transaction.savepoint()
        check_confirm(monkeypatch, cast, typed, before, events)
        transaction.savepoint_rollback(sid)


def let_happen(events: list[Event], plan: Plan, cast: Cast) -> None:
    """Let others do things, as far as the program allows them."""
    for event in events:
        with suppress(ValidationError, IntegrityError, ObjectDoesNotExist), transaction.atomic():
            event(Plan.objects.get(pk=plan.pk), cast.administrator)


def check_confirm(monkeypatch: Any, cast: Cast, typed: Any, before: Any, events: Any) -> None:
    """Applied exactly as shown, or refused with nothing written."""
    measure = make_measure(make_task(make_plan()))
    for _ in range(2):
        action = make_action(measure)
        make_result(action)
        make_result(action)
    plan = measure.plan
    sheet = sheet_of(plan, typed)
    let_happen(before, plan, cast)
    job = upload_sheet(monkeypatch, sheet, cast.coordinator)
    shown = preview_of(job)
    let_happen(events, plan, cast)
    counted, stood = counts(), states()
    try:
        with transaction.atomic():
            confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    except (StaleImportError, ValidationError):
        assert counts() == counted
        assert states() == stood
        assert ImportJob.objects.get(pk=job.pk).state in (ImportState.PREVIEWED, ImportState.REFUSED)
        return
    assert shown.may_be_confirmed
    expected = dict(stood)
    for line in shown.lines:
        if line.kind == LineKind.CHANGED:
            expected[line.subject] = state_shown(line, stood[line.subject])
    assert states() == expected
    changed = {key for key in expected if expected[key] != stood[key]}
    history = PlannedResult.history.count() - counted[2]
    assert history == ResultProgress.objects.count() - counted[1] == len(changed)


def state_shown(line: Any, stood: State) -> State:
    """Return how a result is to stand, read from the words of the preview."""
    labels = {str(status.label): status.value for status in Status}
    said = {change.label: change.new for change in line.changes}
    status, percent = stood.status, stood.percent
    for words in said.values():
        if words in labels:
            status = labels[words]
            percent = {Status.DONE: 100, Status.NOT_STARTED: 0}.get(Status(status))
    for words in said.values():
        if words.endswith("%"):
            percent = int(words.rstrip("%\N{NO-BREAK SPACE} "))
    return State(status, percent)
