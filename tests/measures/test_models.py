"""What the database itself refuses, and what the models keep in step."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from measures.enums import CodeKind, ConditionState, PlanState, Status
from measures.models import (
    Action,
    ConflictError,
    Measure,
    Partner,
    Plan,
    PlannedResult,
    ProgressUpdate,
    Project,
    ReportingPeriod,
    StrategyCode,
    StrategyDirection,
    Task,
)
from measures.validators import number_sort_key
from tests.conftest import Cast
from tests.make import make_action, make_code, make_measure, make_plan, make_result, make_task

pytestmark = pytest.mark.django_db


def refused_by_database(model: type[Model], pk: Any, **values: Any) -> bool:
    """Return whether the database refuses the values, written past all our Python."""
    try:
        with transaction.atomic():
            assert model._default_manager.filter(pk=pk).update(**values) == 1
            connection.check_constraints()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    ("status", "percent", "is_refused"),
    [
        (Status.NOT_STARTED, 0, False),
        (Status.NOT_STARTED, 1, True),
        (Status.NOT_STARTED, None, True),
        (Status.DONE, 100, False),
        (Status.DONE, 99, True),
        (Status.IN_PROGRESS, None, False),
        (Status.IN_PROGRESS, 0, False),
        (Status.IN_PROGRESS, 100, False),
        (Status.IN_PROGRESS, 101, True),
        (Status.POSTPONED, None, False),
        (Status.POSTPONED, 50, True),
        (Status.CANCELLED, 100, True),
        ("ZZZ", None, True),
    ],
)
def test_database_holds_percent_and_status_together(
    status: str, percent: int | None, is_refused: bool
) -> None:
    result = make_result()
    assert refused_by_database(PlannedResult, result.pk, status=status, percent=percent) is is_refused


@pytest.mark.parametrize(
    ("values", "is_refused"),
    [
        ({"first_year": 2024, "last_year": 2023}, True),
        ({"first_year": 2024, "last_year": None}, False),
        ({"condition": "esant poreikiui"}, True),
        ({"condition_state": ConditionState.PENDING}, True),
        ({"condition": "esant poreikiui", "condition_state": ConditionState.MET}, False),
    ],
)
def test_database_checks_planned_results(values: dict[str, Any], is_refused: bool) -> None:
    assert refused_by_database(PlannedResult, make_result().pk, **values) is is_refused


def test_database_keeps_every_level_in_one_plan() -> None:
    result = make_result()
    other = make_result()
    assert result.plan_id != other.plan_id
    assert refused_by_database(Measure, result.action.measure_id, task=other.action.measure.task)
    assert refused_by_database(Action, result.action_id, measure=other.action.measure)
    assert refused_by_database(PlannedResult, result.pk, action=other.action)
    assert refused_by_database(Action, result.action_id, plan=other.plan)
    # The same plan is no hindrance.
    assert not refused_by_database(Action, result.action_id, measure=make_measure(result.action.measure.task))


def test_moving_to_another_plan_is_explained() -> None:
    action, other = make_action(), make_measure()
    action.measure = other
    with pytest.raises(ValidationError) as caught:
        action.full_clean()
    assert caught.value.message_dict["measure"] == [
        "Pasirinktas aukštesnis lygmuo priklauso kitam planui. Rinkitės šio plano."
    ]


@pytest.mark.parametrize("make", [make_task, make_measure, make_action])
def test_numbers_are_unique_in_the_plan(make: Any) -> None:
    row = make()
    parent = {"task": make_task, "measure": make_measure}.get(row.parent_field)
    values = {row.parent_field: getattr(row, row.parent_field)} if parent else {"plan": row.plan}
    twin = type(row)(number=row.number, title="Kita", **values)
    with pytest.raises(ValidationError):
        twin.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_same_number_is_free_in_another_plan() -> None:
    assert make_action().number == make_action().number


@pytest.mark.parametrize(
    ("make", "number"),
    [
        (make_task, "1.1"),
        (make_task, "x"),
        (make_measure, "1"),
        (make_measure, "1.1.1"),
        (make_action, "1.1"),
    ],
)
def test_number_of_wrong_form_is_explained(make: Any, number: str) -> None:
    row = make()
    row.number = number
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert "number" in caught.value.message_dict


def test_number_begins_with_the_parents() -> None:
    action = make_action()
    action.number = "7.7.7"
    with pytest.raises(ValidationError) as caught:
        action.full_clean()
    assert caught.value.message_dict["number"] == ["Numeris turi prasidėti 1.1."]


def test_numbers_sort_as_numbers() -> None:
    measure = make_measure()
    for number in ("1.1.10", "1.1.9", "1.1.2"):
        make_action(measure, number)
    assert [action.number for action in Action.objects.all()] == ["1.1.2", "1.1.9", "1.1.10"]
    assert sorted(["V.1.1.1", "IV.1.2.3", "I.1.10.1", "I.1.9.1"], key=number_sort_key) == [
        "I.1.9.1",
        "I.1.10.1",
        "IV.1.2.3",
        "V.1.1.1",
    ]


def test_key_is_made_once_and_never_used_again() -> None:
    action = make_action()
    first, second = make_result(action), make_result(action)
    assert (first.key, second.key) == ("1.1.1-1", "1.1.1-2")
    second.delete()
    assert make_result(action).key == "1.1.1-3"


@pytest.mark.parametrize(
    ("code", "kind", "is_valid"),
    [
        ("I.1.4.1", CodeKind.MEASURE, True),
        ("II.1.2.1.1", CodeKind.ACTION, True),
        ("I.1.4.1.", CodeKind.MEASURE, False),
        ("I.1.4", CodeKind.MEASURE, False),
        ("I.1.4.1", CodeKind.ACTION, False),
        ("VI.1.4.1", CodeKind.MEASURE, False),
        ("I.1.4.ž", CodeKind.MEASURE, False),
    ],
)
def test_code_has_the_form_of_its_kind(code: str, kind: str, is_valid: bool) -> None:
    direction = StrategyDirection(code=code.split(".")[0], title="Kryptis")
    direction.save()
    row = StrategyCode(code=code, kind=kind, title="Kodas", direction=direction)
    if is_valid:
        row.full_clean()
    else:
        with pytest.raises(ValidationError):
            row.full_clean()


def test_code_of_another_direction_is_refused() -> None:
    row = make_code("I.1.1.1")
    row.code = "II.1.1.1"
    with pytest.raises(ValidationError):
        row.full_clean()


def test_database_checks_the_rest() -> None:
    plan, code = make_plan(), make_code()
    assert refused_by_database(Plan, plan.pk, first_year=2025)
    assert refused_by_database(Plan, plan.pk, state="kitokia")
    assert refused_by_database(StrategyCode, code.pk, direction=None)
    assert refused_by_database(StrategyCode, code.pk, kind="kitokia")
    partner = Partner(name="Partneris")
    partner.save()
    assert refused_by_database(Partner, partner.pk, member_from="2024-01-01", member_until="2023-01-01")
    project = Project(name="Projektas")
    project.save()
    assert refused_by_database(Project, project.pk, starts_on="2024-01-01", ends_on="2023-01-01")


def test_reporting_periods_do_not_overlap() -> None:
    plan = make_plan()
    ReportingPeriod(plan=plan, title="I pusmetis", starts_on="2023-01-01", ends_on="2023-06-30").save()
    with pytest.raises(ValidationError, match="I pusmetis"):
        ReportingPeriod(
            plan=plan, title="II pusmetis", starts_on="2023-06-30", ends_on="2023-12-31"
        ).full_clean()


def test_natural_keys_lead_back_to_their_rows(akr_plan: Plan) -> None:
    ReportingPeriod(plan=akr_plan, title="I pusmetis", starts_on="2023-01-01", ends_on="2023-06-30").save()
    every_model: list[Any] = list(apps.get_app_config("measures").get_models())
    with_keys = [model for model in every_model if hasattr(model, "natural_key")]
    assert len(with_keys) == 19
    for model in with_keys:
        row = model._default_manager.first()
        assert row == model._default_manager.get_by_natural_key(*row.natural_key())


def test_second_writer_of_a_row_is_told() -> None:
    first = make_task()
    second = Task.objects.get(pk=first.pk)
    first.title = "Pirmo"
    first.save()
    second.title = "Antro"
    with pytest.raises(ConflictError):
        second.save()
    stored = Task.objects.get(pk=first.pk)
    assert (stored.title, stored.version) == ("Pirmo", 2)
    assert list(stored.history.order_by("history_id").values_list("title", "version")) == [
        ("Uždavinys 1", 1),
        ("Pirmo", 2),
    ]


def test_journal_cannot_be_rewritten(cast: Cast) -> None:
    action = make_action()
    update = ProgressUpdate.objects.create(
        plan=action.plan, action=action, author=cast.updater, comment="Taip"
    )
    update.comment = "Ne"
    for write in (update.save, update.delete, ProgressUpdate.objects.all().delete):
        with pytest.raises(TypeError):
            write()
    with pytest.raises(TypeError):
        ProgressUpdate.objects.all().update(comment="Ne")
    assert ProgressUpdate.objects.get().comment == "Taip"


def test_adoption_is_noted_once() -> None:
    plan = make_plan(state=PlanState.DRAFT)
    assert plan.adopted_at is None
    plan.state = PlanState.ACTIVE
    plan.save()
    adopted_at = plan.adopted_at
    plan.state = PlanState.CLOSED
    plan.save()
    assert adopted_at is not None
    assert plan.adopted_at == adopted_at


def test_years_are_written_as_people_do() -> None:
    assert make_plan(first_year=2023, last_year=2024).years == "2023–2024"
    assert make_plan(first_year=2025, last_year=2025).years == "2025"
    years = [(2023, 2023), (2023, 2024), (2024, None), (None, None)]
    assert [PlannedResult(first_year=first, last_year=last).years for first, last in years] == [
        "2023",
        "2023–2024",
        "2024–",
        "",
    ]


@pytest.mark.parametrize("slug", ["importas", "administravimas", "prisijungti", "Ne toks!", "a" * 51])
def test_short_name_that_leads_elsewhere_is_refused(slug: str) -> None:
    plan = make_plan(slug="planas")
    plan.slug = slug
    with pytest.raises(ValidationError) as refused:
        plan.full_clean()
    assert list(refused.value.message_dict) == ["slug"]
