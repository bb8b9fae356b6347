"""The rows behind pages, files and snapshots: complete, as of any day, in a constant number of queries."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from measures.enums import ConditionState, Schedule, Standing, Status
from measures.models import Action, ActionPartner, ActionResource, Plan, ProgressUpdate
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update
from measures.tree.reader import head_of, read_tree
from measures.tree.rows import LinkRow, PlanHead, ResultRow
from tests.conftest import Cast
from tests.make import (
    adopt,
    give_code,
    make_action,
    make_big_plan,
    make_code,
    make_measure,
    make_partner,
    make_plan,
    make_resource,
    make_result,
    make_task,
    make_user,
)

pytestmark = pytest.mark.django_db


def rows(plan: Plan, as_of: date | None = None, **options: Any) -> dict[str, ResultRow]:
    return {result.key: result for _action, result in read_tree(plan, as_of, **options).results()}


def report(
    cast: Cast, key: str, plan: Plan, day: date, status: str, percent: int | None = None, comment: str = ""
) -> None:
    result = plan.plannedresult_set.get(key=key)
    record_progress(
        action=result.action,
        author=cast.coordinator,
        results=[ReportedResult(key, result.version, status, percent)],
        comment=comment,
        reported_on=day,
    )


def test_tree_holds_the_document(akr_plan: Plan) -> None:
    tree = read_tree(akr_plan)
    assert (tree.years, len(tree.tasks), len(tree.actions), len(list(tree.results()))) == (
        "2023–2024",
        6,
        22,
        47,
    )
    action = next(action for action in tree.actions if action.number == "2.1.5")
    assert [code.as_written for code in action.codes] == ["KRSS2030 II.1.5.4. priemonė"]
    assert [name.as_written for name in action.resources] == [
        "ES lėšos",
        "Išorinis finansavimas",
        "AKR Biudžetas / DU",
    ]
    assert [name.name for name in action.resources] == [
        "ES lėšos",
        "Išorės finansavimas",
        "AKR biudžetas / DU",
    ]
    assert [result.key for result in action.results] == ["2.1.5-1", "2.1.5-2", "2.1.5-3"]
    assert action.results[1].projects == ("BASCIL",)


def test_action_counts_for_its_own_codes_else_for_its_measures() -> None:
    measure = make_measure()
    of_measure, own = make_code("I.1.1.1"), make_code("II.1.1.1")
    measure.code_links.create(code=of_measure)
    plain, coded = make_action(measure), make_action(measure)
    give_code(coded, own)
    effective = {
        action.number: [code.code for code in action.effective_codes]
        for action in read_tree(measure.plan).actions
    }
    assert effective == {plain.number: ["I.1.1.1"], coded.number: ["II.1.1.1"]}


def test_past_day_shows_the_statuses_of_that_day(cast: Cast) -> None:
    plan = adopt(make_result().plan)
    report(cast, "1.1.1-1", plan, date(2024, 3, 31), Status.IN_PROGRESS, 30)
    report(cast, "1.1.1-1", plan, date(2024, 9, 30), Status.DONE)
    states = [
        (rows(plan, day)["1.1.1-1"].status, rows(plan, day)["1.1.1-1"].percent)
        for day in (date(2024, 3, 30), date(2024, 3, 31), date(2024, 9, 29), date(2024, 9, 30), None)
    ]
    assert states == [
        (Status.NOT_STARTED, 0),
        (Status.IN_PROGRESS, 30),
        (Status.IN_PROGRESS, 30),
        (Status.DONE, 100),
        (Status.DONE, 100),
    ]


def test_schedule_is_that_of_the_day() -> None:
    plan = adopt(make_result(last_year=2023).plan)
    schedules = [
        rows(plan, day)["1.1.1-1"].schedule for day in (date(2023, 6, 1), date(2023, 12, 1), date(2024, 1, 1))
    ]
    assert schedules == [Schedule.ON_TIME, Schedule.DUE_SOON, Schedule.LATE]


def test_past_day_shows_text_moves_and_deletions_as_they_were() -> None:
    with time_machine.travel(date(2024, 1, 10)):
        plan = make_plan()
        first, second = (make_action(make_measure(make_task(plan, str(n)))) for n in (1, 2))
        kept, moved, deleted = make_result(first, text="Buvo"), make_result(first), make_result(first)
        adopt(plan)
    with time_machine.travel(date(2024, 5, 10)):
        kept.text = "Tapo"
        kept.save()
        moved.action = second
        moved.save()
        deleted.delete()
        added = make_result(second)
    before, after = rows(plan, date(2024, 5, 9)), rows(plan, date(2024, 5, 10))
    assert {key: row.action_number for key, row in before.items()} == {
        kept.key: "1.1.1",
        moved.key: "1.1.1",
        deleted.key: "1.1.1",
    }
    assert {key: row.action_number for key, row in after.items()} == {
        kept.key: "1.1.1",
        moved.key: "2.1.1",
        added.key: "2.1.1",
    }
    assert (before[kept.key].text, after[kept.key].text) == ("Buvo", "Tapo")
    assert {key: row.text for key, row in after.items()} == {key: row.text for key, row in rows(plan).items()}


def test_deleted_result_keeps_its_journal_for_past_days(cast: Cast) -> None:
    with time_machine.travel(date(2024, 1, 10)):
        result = make_result()
        plan = adopt(result.plan)
    with time_machine.travel(date(2024, 2, 10)):
        report(cast, result.key, plan, date(2024, 2, 10), Status.DONE)
        result.refresh_from_db()
    with time_machine.travel(date(2024, 3, 10)):
        result.delete()
    assert rows(plan, date(2024, 2, 20))[result.key].status == Status.DONE
    assert rows(plan) == {}


def test_day_before_the_adoption_shows_the_text_of_the_adoption() -> None:
    with time_machine.travel(date(2026, 1, 10)):
        result = make_result(text="Kaip patvirtinta")
        adopt(result.plan)
    with time_machine.travel(date(2026, 2, 10)):
        result.text = "Pakeista"
        result.save()
    assert rows(result.plan, date(2024, 6, 30))[result.key].text == "Kaip patvirtinta"


def test_late_and_conditional_standings() -> None:
    action = make_action()
    make_result(action, last_year=2023)
    make_result(action, last_year=2023, condition="esant lėšų", condition_state=ConditionState.PENDING)
    standings = [row.standing for row in rows(action.plan).values()]
    assert standings == [Standing.LATE, Standing.CONDITIONAL]


def test_note_is_the_newest_on_the_result_or_its_whole_action(cast: Cast) -> None:
    action = make_action()
    first, second = make_result(action), make_result(action)
    adopt(action.plan)
    report(cast, first.key, action.plan, date(2024, 1, 31), Status.IN_PROGRESS, 10, "Pirmas")
    report(cast, second.key, action.plan, date(2024, 2, 29), Status.IN_PROGRESS, 10, "Antras")
    notes = {key: row.note.text for key, row in rows(action.plan, with_notes=True).items() if row.note}
    assert notes == {first.key: "Pirmas", second.key: "Antras"}
    record_progress(
        action=action,
        author=cast.coordinator,
        results=[],
        comment="Apie viską",
        reported_on=date(2024, 3, 31),
    )
    today = {key: row.note.text for key, row in rows(action.plan, with_notes=True).items() if row.note}
    past = {
        key: row.note.text
        for key, row in rows(action.plan, date(2024, 2, 1), with_notes=True).items()
        if row.note
    }
    assert today == {first.key: "Apie viską", second.key: "Apie viską"}
    assert past == {first.key: "Pirmas"}


def test_last_report_is_the_newest_up_to_the_day(cast: Cast) -> None:
    action = make_action()
    make_action(action.measure)
    adopt(action.plan)
    for day in (date(2024, 3, 31), date(2024, 9, 30)):
        record_progress(action=action, author=cast.coordinator, comment="Taip", reported_on=day)
    days = {
        day: [row.last_reported_on for row in read_tree(action.plan, day).actions]
        for day in (date(2024, 3, 30), date(2024, 9, 29), None)
    }
    assert days == {
        date(2024, 3, 30): [None, None],
        date(2024, 9, 29): [date(2024, 3, 31), None],
        None: [date(2024, 9, 30), None],
    }


def test_withdrawn_report_is_as_if_it_had_never_been(cast: Cast) -> None:
    result = make_result()
    plan = adopt(result.plan)
    days = (date(2024, 3, 31), date(2024, 6, 30), None)
    report(cast, result.key, plan, date(2024, 3, 31), Status.IN_PROGRESS, 30, "Pirmas")
    before = [read_tree(plan, day, with_notes=True) for day in days]
    report(cast, result.key, plan, date(2024, 6, 30), Status.DONE, comment="Klaida")
    mistake = ProgressUpdate.objects.get(comment="Klaida")
    withdraw_update(update=mistake, author=cast.coordinator, reason="Ne tas veiksmas")
    assert [read_tree(plan, day, with_notes=True) for day in days] == before


@pytest.mark.parametrize("is_past", [False, True])
@pytest.mark.parametrize("with_notes", [False, True])
def test_four_queries_whatever_the_size(
    django_assert_num_queries: Any, cast: Cast, akr_plan: Plan, is_past: bool, with_notes: bool
) -> None:
    plans = [make_big_plan(actions=1), akr_plan, make_big_plan(actions=1000, results=3)]
    day = timezone.localdate() - timedelta(days=1)
    for plan in plans:
        action = Action.objects.filter(plan=plan)[0]
        action.owner = cast.updater
        action.save()
        adopt(plan)
        record_progress(action=action, author=cast.updater, results=[], comment="Taip", reported_on=day)
        with django_assert_num_queries(4):
            tree = read_tree(plan, day if is_past else None, with_notes=with_notes)
        assert any(result.note for _action, result in tree.results()) is with_notes


def test_links_of_one_action_do_not_reach_another() -> None:
    first, second = make_action(), make_action()
    ActionPartner(action=first, partner=make_partner("Tik pirmo")).save()
    ActionResource(action=second, resource=make_resource("Tik antro")).save()
    [row] = read_tree(first.plan).actions
    assert ([name.name for name in row.partners], list(row.resources)) == (["Tik pirmo"], [])


@pytest.mark.parametrize("as_of", [None, date(2024, 1, 10)])
def test_plan_keeps_its_empty_levels_and_the_order_of_numbers(as_of: date | None) -> None:
    with time_machine.travel(date(2024, 1, 5)):
        plan = make_plan(title="Planas", goal="Tikslas")
        make_task(plan, "10", title="Be priemonių")
        task = make_task(plan, "9", title="Su priemonėmis")
        make_measure(task, "9.10", title="Be veiksmų")
        measure = make_measure(task, "9.9", number_as_written="9.9..", title="Su veiksmais")
        for number in ("9.9.10", "9.9.9"):
            make_action(measure, number, lead_in="Įžanga", links=[{"text": "AKR", "href": "https://akr.lt"}])
        adopt(plan)
    tree = read_tree(plan, as_of)
    assert head_of(plan, as_of) == PlanHead(
        plan.slug, "Planas", "", "Tikslas", 2023, 2024, "2023–2024", False, tree.as_of, as_of is None
    )
    assert [
        (task.title, [(row.number_as_written, [a.number for a in row.actions]) for row in task.measures])
        for task in tree.tasks
    ] == [("Su priemonėmis", [("9.9..", ["9.9.9", "9.9.10"]), ("9.10.", [])]), ("Be priemonių", [])]
    assert {(action.lead_in, action.links) for action in tree.actions} == {
        ("Įžanga", (LinkRow("AKR", "https://akr.lt"),))
    }


def test_owner_goes_by_name_else_by_the_sign_in_name(cast: Cast) -> None:
    named, nameless = cast.updater, make_user("rasa")
    measure = make_measure()
    for owner in (named, nameless, None):
        make_action(measure, owner=owner)
    owners = [(action.owner, action.owner_username) for action in read_tree(measure.plan).actions]
    assert owners == [("Ula Ulaitė", "ula"), ("rasa", "rasa"), ("", "")]
