"""Every way of writing leaves one row of history for each row that it changed, signed by who did it.

A state machine writes through pages, the admin, bulk commands, undo, withdrawals, imports and closings, in
random order, and compares what the tables say before and after each step with what the history says.
"""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from akr_plan.models import User
from akr_plan.program_account import program_account
from measures import roles
from measures.enums import PeriodKind, Status
from measures.exchange.document.tree import ActionText, MeasureText, PlanText, ResultText, TaskText
from measures.exchange.plan_text.draft import import_plan
from measures.journal import State, states_at
from measures.models import (
    Action,
    Plan,
    PlannedResult,
    ProgressUpdate,
    ReportingPeriod,
    VersionedModel,
)
from measures.services.bulk import NewOwner, NewStatus, apply_bulk, preview_bulk
from measures.services.periods import close_period, make_periods, reopen_period
from measures.services.undo import undo_change
from tests.load.editor import read_form as read_update_form
from tests.make import make_action, make_measure, make_plan, make_result, make_task, make_user

from .admin.pages import read_form as read_admin_form

pytestmark = pytest.mark.django_db

MODELS: list[Any] = [
    model for model in apps.get_app_config("measures").get_models() if issubclass(model, VersionedModel)
]
START = "2024-02-01 09:00:00+02:00"
choices = st.integers(0, 10**6)


def rows() -> dict[tuple[str, int], dict[str, Any]]:
    """Return all that the tables hold, but for the versions."""
    return {
        (model.__name__, row["id"]): {name: value for name, value in row.items() if name != "version"}
        for model in MODELS
        for row in model.objects.values()
    }


def history() -> dict[tuple[str, int], tuple[str, int, str]]:
    """Return how, of which row and by whom, for each row of history."""
    return {
        (model.__name__, row.history_id): (f"{row.history_type}{model.__name__}", row.id, row.history_user_id)
        for model in MODELS
        for row in model.history.all()
    }


def signed_in(user: User) -> Client:
    """Return the browser of somebody who has signed in just now; sessions end while the time passes."""
    client = Client()
    client.force_login(user)
    return client


def changes(before: dict[Any, Any], after: dict[Any, Any]) -> list[tuple[str, int]]:
    """Return what was added (+), changed (~) or deleted (-)."""
    kinds = {
        **dict.fromkeys(before.keys() - after.keys(), "-"),
        **dict.fromkeys(after.keys() - before.keys(), "+"),
        **{key: "~" for key in before.keys() & after.keys() if before[key] != after[key]},
    }
    return sorted((f"{kind}{model}", pk) for (model, pk), kind in kinds.items())


class WaysOfWriting(RuleBasedStateMachine):
    """People at work on one plan; `moments` notes how its results stood at each step."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        self.clock = self.stack.enter_context(time_machine.travel(START, tick=False))
        self.moments: list[tuple[datetime, dict[int, State]]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.stack.close()

    @initialize()
    def begin(self) -> None:
        roles.assign(apps)
        self.owner = make_user("ula", roles.UPDATER)
        self.other = make_user("ugnius", roles.UPDATER)
        self.coordinator = make_user("kotryna", roles.COORDINATOR)
        self.administrator = make_user("adomas", roles.ADMINISTRATOR)
        self.plan = make_plan(first_year=2024, last_year=2024)
        measure = make_measure(make_task(self.plan))
        for owner in (self.owner, self.owner, self.other):
            action = make_action(measure, owner=owner)
            make_result(action)
            make_result(action)
        with self.written_by(self.coordinator):
            make_periods(plan=self.plan, author=self.coordinator, kind=PeriodKind.QUARTER)

    @contextmanager
    def written_by(self, actor: User) -> Iterator[None]:
        """Compare the tables with the history around one way of writing."""
        self.clock.shift(timedelta(hours=1))
        rows_before, history_before = rows(), history()
        yield
        new = {key: entry for key, entry in history().items() if key not in history_before}
        assert history_before.items() <= history().items()
        assert sorted((how, pk) for how, pk, _user in new.values()) == changes(rows_before, rows())
        assert {user for _how, _pk, user in new.values()} <= {actor.pk}
        self.note_moment()

    def note_moment(self) -> None:
        states = {
            result.pk: State(result.status, result.percent)
            for result in PlannedResult.objects.filter(plan=self.plan)
        }
        self.moments.append((timezone.now(), states))
        self.compare_with_the_past(-1)

    def action(self, choice: int) -> Action:
        actions = list(Action.objects.filter(plan=self.plan).select_related("plan", "owner"))
        action: Action = actions[choice % len(actions)]
        return action

    # --- the ways ------------------------------------------------------------------------------

    @rule(choice=choices, status=st.sampled_from(Status.values), percent=st.integers(0, 100))
    def update_on_the_page(self, choice: int, status: str, percent: int) -> None:
        action = self.action(choice)
        author = action.owner or self.coordinator
        client = signed_in(author)
        form = read_update_form(client.get(action.get_absolute_url()).content.decode())
        results = list(action.results.all())
        if not results:
            return
        key = results[choice % len(results)].key
        form |= {f"{key}-status": status, f"{key}-percent": str(percent), "comment": "Pastaba"}
        with self.written_by(author):
            response = client.post(action.get_absolute_url(), form)
            assert response.status_code in (302, 422)

    @rule(choice=choices)
    def say_that_nothing_is_new(self, choice: int) -> None:
        action = self.action(choice)
        with self.written_by(self.coordinator):
            signed_in(self.coordinator).post(f"{action.get_absolute_url()}naujo-nera/")

    @precondition(lambda self: ProgressUpdate.objects.filter(plan=self.plan).exists())
    @rule(choice=choices)
    def withdraw(self, choice: int) -> None:
        action = self.action(choice)
        count = action.progress_updates.count()
        if not count:
            return
        page = f"{action.get_absolute_url()}irasai/{choice % count + 1}/atsaukti/"
        with self.written_by(self.coordinator):
            response = signed_in(self.coordinator).post(page, {"reason": "Klaida"})
            assert response.status_code in (302, 409, 422)

    @rule(choice=choices, title=st.sampled_from(["Rengti", "Derinti", "Telkti"]))
    def edit_in_the_admin(self, choice: int, title: str) -> None:
        client = signed_in(self.coordinator)
        page = f"/administravimas/measures/action/{self.action(choice).pk}/change/"
        form = read_admin_form(client.get(page)) | {"title": title, "_save": ""}
        with self.written_by(self.coordinator):
            assert client.post(page, form).status_code == 302

    @rule(choice=choices, text=st.sampled_from(["Parengta studija", "Du renginiai"]))
    def edit_a_result_in_the_admin(self, choice: int, text: str) -> None:
        result = self.action(choice).results.first()
        if result is None:
            return
        client = signed_in(self.administrator)
        page = f"/administravimas/measures/plannedresult/{result.pk}/change/"
        form = read_admin_form(client.get(page)) | {"text": text, "_save": ""}
        with self.written_by(self.administrator):
            assert client.post(page, form).status_code == 302

    @precondition(lambda self: PlannedResult.objects.filter(plan=self.plan).count() > 3)
    @rule(choice=choices)
    def delete_in_the_admin(self, choice: int) -> None:
        results = list(PlannedResult.objects.filter(plan=self.plan))
        page = f"/administravimas/measures/plannedresult/{results[choice % len(results)].pk}/delete/"
        with self.written_by(self.coordinator):
            assert signed_in(self.coordinator).post(page, {"post": "yes"}).status_code == 302

    @rule(choice=choices)
    def import_another_plan(self, choice: int) -> None:
        result = ResultText(text="Rezultatas", first_year=2025, last_year=2025)
        action = ActionText(number="1.1.1", title="Veiksmas", results=(result,))
        measure = MeasureText(number="1.1", number_as_written="1.1.", title="Priemonė", actions=(action,))
        task = TaskText(number="1", title="Uždavinys", measures=(measure,))
        text = PlanText(
            organisation="", title="Planas", goal="Tikslas", first_year=2025, last_year=2026, tasks=(task,)
        )
        slug = f"kitas-{Plan.objects.count()}"
        with self.written_by(program_account()):
            import_plan(text, slug=slug, state="draft")

    @rule(choice=choices)
    def undo_a_change_of_title(self, choice: int) -> None:
        action = self.action(choice)
        versions = list(action.history.order_by("history_id"))
        changed = [
            after.history_id for before, after in itertools.pairwise(versions) if before.title != after.title
        ]
        if not changed:
            return
        with self.written_by(self.coordinator):
            undo_change(
                row=action,
                field="title",
                history_id=changed[-1],
                seen_version=action.version,
                author=self.coordinator,
            )

    @rule(choice=choices, status=st.sampled_from(["", *Status.values]))
    def change_many_at_once(self, choice: int, status: str) -> None:
        actions = [action.number for action in Action.objects.filter(plan=self.plan)][choice % 2 :]
        owners = (self.owner, self.other, None)
        change = NewStatus(status, "Bendras sprendimas") if status else NewOwner(owners[choice % 3])
        seen = preview_bulk(plan=self.plan, numbers=actions, change=change).versions
        with self.written_by(self.coordinator), suppress(ValidationError):
            apply_bulk(plan=self.plan, numbers=actions, change=change, seen=seen, author=self.coordinator)

    @rule(days=st.integers(1, 60))
    def let_time_pass(self, days: int) -> None:
        self.clock.shift(timedelta(days=days))

    @rule()
    def close_a_period(self) -> None:
        today = timezone.localdate()
        period = ReportingPeriod.objects.filter(plan=self.plan, closed_at=None, ends_on__lte=today).first()
        if period:
            with self.written_by(self.coordinator):
                close_period(period=period, author=self.coordinator, seen_version=period.version)

    @rule()
    def reopen_a_period(self) -> None:
        period = ReportingPeriod.objects.filter(plan=self.plan).closed().first()
        if period:
            with self.written_by(self.administrator):
                reopen_period(
                    period=period,
                    author=self.administrator,
                    reason="Klaida",
                    seen_version=period.version,
                )

    # --- what always holds -----------------------------------------------------------------------

    @rule(choice=choices)
    def look_back(self, choice: int) -> None:
        self.compare_with_the_past(choice % len(self.moments))

    def compare_with_the_past(self, step: int) -> None:
        moment, expected = self.moments[step]
        known = states_at(self.plan, moment)
        assert {pk: known.get(pk, State(Status.NOT_STARTED, 0)) for pk in expected} == expected
        then = PlannedResult.history.as_of(moment).filter(plan_id=self.plan.pk)
        assert {result.pk: State(result.status, result.percent) for result in then} == expected

    @invariant()
    def versions_count_the_changes(self) -> None:
        for model in MODELS:
            counted = dict(model.history.values_list("id").annotate(Count("history_id")).order_by())
            assert {row.pk: row.version for row in model.objects.all()}.items() <= counted.items()


def test_history_has_each_change_and_its_author(db: None) -> None:
    run_state_machine_as_test(
        WaysOfWriting,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
