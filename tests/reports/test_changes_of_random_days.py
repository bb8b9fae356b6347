"""Whatever people do to a plan, every change between two of its states is signed by its true last writer.

The test keeps a log of its own of each writing, and asks it instead of the tables of history.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from akr_plan.models import User
from measures import roles
from measures.enums import ConditionState, PeriodKind, Status
from measures.models import Action, ActionPartner, Plan, PlannedResult, ProgressUpdate, ReportingPeriod
from measures.services.periods import close_period, make_periods
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update
from reports.changes.rows import Change, ChangeKind
from tests.make import (
    adopt,
    make_action,
    make_measure,
    make_partner,
    make_plan,
    make_result,
    make_task,
    make_user,
)

from .changes.signed import Side, delete, save, signed

pytestmark = pytest.mark.django_db

START = "2024-02-01 09:00:00+02:00"
NEVER = datetime.max.replace(tzinfo=timezone.get_default_timezone())


@dataclass(frozen=True)
class Step:
    """What somebody does: `choice` picks the row and the value."""

    way: str
    choice: int
    who: int
    days: int


WAYS = (
    "title",
    "lead_in",
    "owner",
    "partner",
    "text",
    "deadline",
    "condition_state",
    "move",
    "renumber",
    "add",
    "remove",
    "report",
    "report",
    "withdraw",
    "close",
)
steps = st.lists(
    st.builds(Step, st.sampled_from(WAYS), st.integers(0, 999), st.integers(0, 2), st.integers(0, 25)),
    min_size=1,
    max_size=25,
)


@dataclass
class Report:
    """A report on one result: who, of which day, when, and when it was withdrawn by whom."""

    pk: int
    who: str
    on: date
    at: datetime
    withdrawn_at: datetime = NEVER
    withdrawn_by: str = ""


@dataclass
class Joining:
    """A partner of an action: who added it and when, and who took it away again."""

    action: int
    partner: int
    added_at: datetime
    added_by: str
    removed_at: datetime = NEVER
    removed_by: str = ""

    def between(self, start: datetime, end: datetime) -> list[tuple[datetime, str]]:
        """Return what was written of it; of one that came and went in between nothing is left to see."""
        written = [(self.added_at, self.added_by), (self.removed_at, self.removed_by)]
        found = [(at, who) for at, who in written if start < at <= end]
        return [] if len(found) == len(written) else found


@dataclass
class Diary:
    """All that was written, by row and field, and what actions were called on each day."""

    writings: dict[tuple[int, str], list[tuple[datetime, str]]] = field(default_factory=dict)
    joinings: list[Joining] = field(default_factory=list)
    reports: dict[str, list[Report]] = field(default_factory=dict)
    numbers: list[tuple[datetime, dict[str, int]]] = field(default_factory=list)

    def note(self, row: Any, name: str, who: User) -> None:
        self.writings.setdefault((row.pk, name), []).append((timezone.now(), str(who)))

    def joined(self, action: int, partner: int) -> list[Joining]:
        """Return the joining that is not over yet, if there is one."""
        known = [row for row in self.joinings if (row.action, row.partner) == (action, partner)]
        return [row for row in known if row.removed_at == NEVER]

    def action(self, number: str, moment: datetime) -> int:
        """Return which action had a number at a moment."""
        return [numbers for at, numbers in self.numbers if at <= moment][-1][number]


class Office:
    """Three people at work on one plan."""

    def __init__(self) -> None:
        roles.assign(apps)
        self.people = [make_user(f"asmuo{n}", roles.COORDINATOR, first_name=f"Asmuo {n}") for n in range(3)]
        self.plan = make_plan(first_year=2024, last_year=2024)
        measure = make_measure(make_task(self.plan))
        for owner, count in zip(self.people, (3, 2), strict=False):
            action = make_action(measure, owner=owner)
            for _n in range(count):
                make_result(action, first_year=2024, last_year=2024, condition="Jei", condition_state="met")
        self.stays = [r.pk for a in Action.objects.all() for r in a.results.order_by("pk")[:2]]
        self.partners = [make_partner(f"Partneris {n}") for n in range(3)]
        make_periods(plan=self.plan, author=self.people[0], kind=PeriodKind.QUARTER)
        adopt(self.plan)
        self.diary = Diary()
        self.note_numbers()

    def note_numbers(self) -> None:
        numbers = dict(Action.objects.filter(plan=self.plan).values_list("number", "pk"))
        self.diary.numbers.append((timezone.now(), numbers))

    def do(self, step: Step) -> None:
        who = self.people[step.who]
        getattr(self, f"do_{step.way}", self.edit)(step, who)
        self.note_numbers()

    def edit(self, step: Step, who: User) -> None:
        values: dict[str, list[Any]] = {
            "title": ["Rengti", "Derinti"],
            "lead_in": ["", "Įžanga"],
            "owner": [None, *self.people],
            "text": ["Studija", "Renginys"],
            "deadline": [None, date(2024, 3, 1), date(2024, 8, 1), date(2025, 1, 15)],
            "condition_state": list(ConditionState),
        }
        model: Any = Action if step.way in ("title", "lead_in", "owner") else PlannedResult
        row = self.pick(model, step)
        value = values[step.way][step.choice % len(values[step.way])]
        if getattr(row, step.way) != value:
            save(row, who, **{step.way: value})
            self.diary.note(row, step.way, who)

    def pick(self, model: Any, step: Step) -> Any:
        rows = list(model.objects.filter(plan=self.plan).order_by("pk"))
        return rows[step.choice // 7 % len(rows)]

    def do_partner(self, step: Step, who: User) -> None:
        action, partner = self.pick(Action, step), self.partners[step.choice % 3]
        if link := ActionPartner.objects.filter(action=action, partner=partner).first():
            [joining] = self.diary.joined(action.pk, partner.pk)
            joining.removed_at, joining.removed_by = timezone.now(), str(who)
            delete(link, who)
        else:
            self.diary.joinings.append(Joining(action.pk, partner.pk, timezone.now(), str(who)))
            save_new(ActionPartner(action=action, partner=partner), who)

    def do_move(self, step: Step, who: User) -> None:
        home, other = Action.objects.order_by("pk")
        results = PlannedResult.objects.exclude(pk__in=self.stays).order_by("-pk")
        away = results.filter(action=other).first()
        # An action is known by its results: more of them stay at any time than are away.
        if result := away or results.filter(action=home).first():
            save(result, who, action=home if away else other)
            self.diary.note(result, "action", who)

    def do_renumber(self, step: Step, who: User) -> None:
        action, number = self.pick(Action, step), f"1.1.{step.choice % 5 + 1}"
        if not Action.objects.filter(plan=self.plan, number=number).exists():
            save(action, who, number=number)
            self.diary.note(action, "number", who)

    def do_add(self, step: Step, who: User) -> None:
        result = make_unsaved(Action.objects.earliest("pk"))
        save_new(result, who)
        self.diary.note(result, f"+{result.key}", who)

    def do_remove(self, step: Step, who: User) -> None:
        result = self.pick(PlannedResult, step)
        if result.pk not in self.stays:
            self.diary.note(result, f"-{result.key}", who)
            delete(result, who)

    def do_report(self, step: Step, who: User) -> None:
        result = self.pick(PlannedResult, step)
        status = list(Status)[step.choice % len(Status)]
        percent = step.choice % 101 if status == Status.IN_PROGRESS else None
        reported = ReportedResult(result.key, result.version, status, percent)
        try:
            update = record_progress(action=result.action, author=who, results=[reported], comment="Pastaba")
        except ValidationError:
            return
        note = Report(update.pk, str(who), update.reported_on, timezone.now())
        for name in (result.key if update.lines.exists() else "", f"action-{result.action.pk}"):
            self.diary.reports.setdefault(name, []).append(note)

    def do_withdraw(self, step: Step, who: User) -> None:
        updates = list(ProgressUpdate.objects.filter(plan=self.plan).standing().order_by("pk"))
        if not updates:
            return
        update = updates[step.choice % len(updates)]
        try:
            withdraw_update(update=update, author=who, reason="Klaida")
        except ValidationError:
            return
        for note in {id(n): n for notes in self.diary.reports.values() for n in notes}.values():
            if note.pk == update.pk:
                note.withdrawn_at, note.withdrawn_by = timezone.now(), str(who)

    def do_close(self, step: Step, who: User) -> None:
        over = ReportingPeriod.objects.filter(
            plan=self.plan, closed_at=None, ends_on__lt=timezone.localdate()
        )
        if period := over.first():
            close_period(period=period, author=who, seen_version=period.version)


def make_unsaved(action: Action) -> PlannedResult:
    return PlannedResult(
        action=action, text="Naujas", last_year=2024, condition="Jei", condition_state=ConditionState.MET
    )


def save_new(row: Any, who: User) -> None:
    row._history_user = who
    row.save()


@dataclass(frozen=True)
class Oracle:
    """What the diary says of the time between two states."""

    office: Office
    before: Side
    after: Side

    @property
    def end(self) -> datetime:
        return _end_of(_day(self.after))

    def expected(self, change: Change) -> tuple[str, date] | None:
        """Return who wrote the change last, and on which day it is known."""
        name = change.place.name
        if change.kind == ChangeKind.REPORTED:
            return self._reported(f"action-{self.office.diary.action(name, self.end)}")
        if any(difference.facet.made_of == ("state",) for difference in change.differences) and (
            change.kind not in (ChangeKind.ADDED, ChangeKind.REMOVED)
        ):
            return self._reported(name)
        at, who = max(self._written(change))
        return who, timezone.localtime(at).date()

    def _written(self, change: Change) -> Iterator[tuple[datetime, str]]:
        """Yield who wrote what has changed between the two states, whatever the row was called then."""
        diary, start, names = self.office.diary, _end_of(_day(self.before)), self._fields(change)
        if change.place.level.value == "action":
            pks = {diary.action(change.place.name, self.end)}
        else:
            pks = set(PlannedResult.history.filter(key=change.place.key).values_list("id", flat=True))
        for (pk, name), writings in diary.writings.items():
            if pk in pks and name in names:
                yield from ((at, who) for at, who in writings if start < at <= self.end)
        if "partners" in names:
            for joining in diary.joinings:
                yield from joining.between(start, self.end) if joining.action in pks else ()

    def _fields(self, change: Change) -> set[str]:
        if change.kind == ChangeKind.ADDED:
            return {f"+{change.place.key}"}
        if change.kind == ChangeKind.REMOVED:
            return {f"-{change.place.key}"}
        return {name for difference in change.differences for name in difference.facet.made_of}

    def _reported(self, name: str) -> tuple[str, date] | None:
        closed_at = None if isinstance(self.before, date) else self.before.closed_at
        made, withdrawn = [], []
        for report in self.office.diary.reports.get(name, ()):
            was_made = report.on <= _day(self.before) and (closed_at is None or report.at <= closed_at)
            if report.withdrawn_at == NEVER and report.on <= _day(self.after) and not was_made:
                made.append((report.on, report.at, report.who))
            elif was_made and closed_at and closed_at < report.withdrawn_at < NEVER:
                day = timezone.localtime(report.withdrawn_at).date()
                withdrawn.append((day, report.withdrawn_at, report.withdrawn_by))
        last = max(made or withdrawn, default=None)
        return last and (last[2], last[0])


def _day(side: Side) -> date:
    return side if isinstance(side, date) else side.ends_on


def _end_of(day: date) -> datetime:
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight) - timedelta(microseconds=1)


# A day of this office takes half a second: to shrink an example takes minutes, to find it again by
# `--hypothesis-seed` or to leave out its steps by hand does not.
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
@given(steps, st.integers(0, 400), st.integers(0, 400), st.booleans())
def test_every_change_is_signed_by_its_last_writer(
    db: None, taken: list[Step], first: int, second: int, from_period: bool
) -> None:
    with transaction.atomic(), time_machine.travel(START, tick=False) as clock:
        office = Office()
        for step in taken:
            clock.shift(timedelta(days=step.days, hours=1))
            office.do(step)
        clock.shift(timedelta(hours=1))
        today = timezone.localdate()
        span = (today - date(2024, 2, 1)).days + 1
        days = sorted(today - timedelta(days=n % span) for n in (first, second))
        closed = ReportingPeriod.objects.filter(plan=office.plan).closed().order_by("-ends_on").first()
        before, after = (closed, today) if closed and from_period else days
        check(office, before, after)
        transaction.set_rollback(True)


def check(office: Office, before: Side, after: Side) -> None:
    oracle = Oracle(office, before, after)
    for change in signed(Plan.objects.get(pk=office.plan.pk), before, after).changes:
        signature = change.signature
        assert signature, change
        if change.kind == ChangeKind.LATE:
            assert signature.who == ""
            assert signature.on <= _day(after)
            continue
        assert (signature.who, signature.on) == oracle.expected(change), change
        assert signature.who not in signature.others
        if isinstance(before, date):
            assert before < signature.on <= _day(after)
