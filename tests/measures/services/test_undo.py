"""Taking the last change of a field back: a new change, and only where nothing of anybody's is lost."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from akr_plan.models import User
from measures.enums import ConditionState, Status
from measures.models import Action, ActionResource, ConflictError, PlannedResult
from measures.services.progress import ReportedResult, record_progress
from measures.services.undo import undo_change
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_resource, make_result, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    return make_action(title="Pirmas", owner=cast.updater)


def change(row: Any, **values: Any) -> int:
    """Save a row and return the id of that version in its history."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    history_id: int = row.history.first().history_id
    return history_id


def undo(row: Any, field: str, history_id: int, author: User, **values: Any) -> Any:
    """Take a change back as somebody who sees the row as it is, and return the row."""
    fresh = type(row).objects.get(pk=row.pk)
    asked = {"seen_version": fresh.version, **values}
    undo_change(row=fresh, field=field, history_id=history_id, author=author, **asked)
    return type(row).objects.get(pk=row.pk)


def test_earlier_value_comes_back_as_a_new_change(cast: Cast, action: Action) -> None:
    changed = change(action, title="Antras", lead_in="Įžanga")
    action = undo(action, "title", changed, cast.coordinator)
    assert (action.title, action.lead_in, action.version) == ("Pirmas", "Įžanga", 3)
    newest = action.history.first()
    assert (newest.history_type, newest.title) == ("~", "Pirmas")
    assert (newest.history_user, newest.history_change_reason) == (
        cast.coordinator,
        "Grąžinta ankstesnė reikšmė",
    )
    assert action.history.count() == 3


def test_undo_can_be_undone(cast: Cast, action: Action) -> None:
    action = undo(action, "title", change(action, title="Antras"), cast.coordinator)
    action = undo(action, "title", action.history.first().history_id, cast.coordinator)
    assert action.title == "Antras"


def test_later_changes_of_other_fields_stay(cast: Cast, action: Action) -> None:
    changed = change(action, title="Antras")
    change(action, owner=cast.other_updater)
    action = undo(action, "title", changed, cast.coordinator)
    assert (action.title, action.owner) == ("Pirmas", cast.other_updater)


def test_owner_comes_back_and_goes(cast: Cast, action: Action) -> None:
    changed = change(action, owner=None)
    action = undo(action, "owner", changed, cast.coordinator)
    assert action.owner == cast.updater
    action = undo(action, "owner", action.history.first().history_id, cast.coordinator)
    assert action.owner is None


def test_only_the_last_change_of_a_field_can_be_undone(cast: Cast, action: Action) -> None:
    first = change(action, title="Antras")
    change(action, title="Trečias")
    with pytest.raises(ConflictError):
        undo(action, "title", first, cast.coordinator)
    # The same text again, but by a later change: what was before it is another.
    change(action, title="Antras")
    with pytest.raises(ConflictError):
        undo(action, "title", first, cast.coordinator)
    assert Action.objects.get().title == "Antras"


def test_row_changed_since_it_was_seen_is_a_conflict(cast: Cast, action: Action) -> None:
    changed = change(action, title="Antras")
    change(action, lead_in="Kito")
    with pytest.raises(ConflictError):
        undo(action, "title", changed, cast.coordinator, seen_version=2)
    assert Action.objects.get().title == "Antras"


def test_row_saved_at_the_same_moment_is_a_conflict(cast: Cast, action: Action) -> None:
    changed = change(action, title="Antras")
    stale = Action.objects.get()
    change(action, lead_in="Kito")
    with pytest.raises(ConflictError):
        undo_change(
            row=stale, field="title", history_id=changed, seen_version=stale.version, author=cast.coordinator
        )
    assert Action.objects.get().title == "Antras"


@pytest.mark.parametrize("field", ["status", "percent", "version", "plan", "key", "id", "nera", ""])
def test_what_is_not_the_plans_text_cannot_be_undone(cast: Cast, action: Action, field: str) -> None:
    result = make_result(action)
    record_progress(
        action=action, author=cast.updater, results=[ReportedResult(result.key, 1, Status.IN_PROGRESS, 40)]
    )
    with pytest.raises(LookupError):
        undo(result, field, result.history.first().history_id, cast.administrator)
    assert PlannedResult.objects.get().status == Status.IN_PROGRESS


def test_field_that_the_version_did_not_change_cannot_be_undone(cast: Cast, action: Action) -> None:
    changed = change(action, title="Antras")
    with pytest.raises(LookupError):
        undo(action, "lead_in", changed, cast.coordinator)


def test_addition_cannot_be_undone(cast: Cast, action: Action) -> None:
    with pytest.raises(LookupError):
        undo(action, "title", action.history.first().history_id, cast.coordinator)


def test_version_of_another_row_is_none_of_this_one(cast: Cast, action: Action) -> None:
    changed = change(make_action(action.measure), title="Kitas")
    with pytest.raises(LookupError):
        undo(action, "title", changed, cast.coordinator)


@pytest.mark.parametrize("name", ["updater", "manager", "stranger"])
def test_undoing_needs_the_right_to_change_the_row(cast: Cast, action: Action, name: str) -> None:
    changed = change(action, title="Antras")
    with pytest.raises(PermissionDenied):
        undo(action, "title", changed, getattr(cast, name))
    assert Action.objects.get().title == "Antras"


def test_value_that_does_not_fit_any_more_is_refused(cast: Cast, action: Action) -> None:
    changed = change(action, number="1.1.2")
    make_action(action.measure, number="1.1.1")
    with pytest.raises(ValidationError):
        undo(action, "number", changed, cast.coordinator)
    action.refresh_from_db()
    assert (action.number, action.history.count()) == ("1.1.2", 2)


def test_person_who_is_gone_does_not_come_back(cast: Cast, action: Action) -> None:
    gone = make_user()
    change(action, owner=gone)
    changed = change(action, owner=None)
    gone.delete()
    with pytest.raises(ValidationError):
        undo(action, "owner", changed, cast.coordinator)


def test_fields_that_make_sense_together_come_back_together(cast: Cast, action: Action) -> None:
    result = make_result(action)
    changed = change(result, condition="Gavus", condition_state=ConditionState.PENDING, text="Kitas")
    result = undo(result, "condition", changed, cast.coordinator)
    assert (result.condition, result.condition_state, result.text) == ("", "", "Kitas")


def test_move_of_an_action_comes_back_with_its_number(cast: Cast, action: Action) -> None:
    measure = action.measure
    changed = change(action, measure=make_measure(measure.task), number="1.2.1")
    action = undo(action, "number", changed, cast.coordinator)
    assert (action.measure, action.number, action.sort_key) == (
        measure,
        "1.1.1",
        Action.history.earliest().sort_key,
    )


def test_field_changed_again_stays_where_its_companion_goes_back(cast: Cast, action: Action) -> None:
    result = make_result(action)
    changed = change(result, first_year=2024, last_year=2025)
    change(result, last_year=2026)
    result = undo(result, "first_year", changed, cast.coordinator)
    assert (result.first_year, result.last_year) == (2023, 2026)


def test_wording_of_a_link_comes_back(cast: Cast, action: Action) -> None:
    link = ActionResource(action=action, resource=make_resource(), as_written="Lėšos")
    link.save()
    link = undo(link, "as_written", change(link, as_written="Pinigai"), cast.coordinator)
    assert link.as_written == "Lėšos"
