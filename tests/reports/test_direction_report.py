"""The rows of a direction's report, against a plain computation from the plan and its journal."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.enums import ConditionState, Standing, Status
from measures.models import Plan, ResultProgress
from measures.rules import Progress
from measures.services.progress import ReportedResult, record_progress
from measures.tree.reader import read_tree
from measures.tree.rows import NameRow, Note, PlanTree
from reports.direction_report import (
    DirectionReport,
    ReportLine,
    Timeliness,
    direction_reports,
    figures_in_words,
    remarks,
    title_of,
)
from reports.queries.direction import read_finished_days
from reports.rollup import PRIORITIES, WITHOUT_CODE, summarise
from tests.conftest import Cast
from tests.make import adopt, make_action, make_measure, make_plan, make_result, make_task, make_user

from .make_rows import CODES, make_action_row, make_result_row, make_tree, trees
from .random_plans import RandomPlan, plans, write

TITLES = {"I": "PIRMA KRYPTIS", "II": "Antra", "III": "Trečia"}
VILNIUS = ZoneInfo("Europe/Vilnius")
TERM = date(2024, 3, 31)
DONE, OPEN = Progress(Status.DONE, 100), Progress(Status.IN_PROGRESS, 40)


def noon(day: date) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(12), VILNIUS), tick=False)


def days_by_hand(plan: Plan, tree: PlanTree) -> dict[str, date]:
    """Go back from the newest report of each result as long as they say that it is done."""
    days = {}
    for _action, result in tree.results():
        lines = ResultProgress.objects.filter(result__key=result.key, update__plan=plan)
        reports = [
            (line.update.reported_on, line.pk, line.status)
            for line in lines
            if not hasattr(line.update, "withdrawal") and line.update.reported_on <= tree.as_of
        ]
        for day, _pk, status in sorted(reports, reverse=True):
            if status != Status.DONE:
                break
            days[result.key] = day
    return days


def word_by_hand(result: Any, done_on: date | None, as_of: date) -> str:
    if result.status == Status.DONE:
        return "day_unknown" if done_on is None else "in_time" if done_on <= result.due_on else "done_late"
    if result.status in (Status.POSTPONED, Status.CANCELLED) or result.progress.condition_state in (
        ConditionState.PENDING,
        ConditionState.FAILED,
    ):
        return "not_counted"
    return "late" if as_of > result.due_on else "not_due"


def lines_of(reports: list[DirectionReport]) -> list[tuple[str, str, str, str, str]]:
    return [
        (report.key, code.key, action.row.number, line.result.key, line.timeliness.value)
        for report in reports
        for code in report.codes
        for action in code.actions
        for line in action.lines
    ]


def lines_by_hand(tree: PlanTree, days: dict[str, date]) -> list[tuple[str, str, str, str, str]]:
    found = []
    for action in tree.actions:
        keys = [
            (PRIORITIES if code.is_priority else code.code.split(".")[0], code.code)
            for code in action.effective_codes
        ]
        for key, code in keys or [(WITHOUT_CODE, "")]:
            for result in action.results:
                word = word_by_hand(result, days.get(result.key), tree.as_of)
                found.append((key, code, action.number, result.key, word))
    return found


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(plans, st.integers(0, 300))
def test_rows_are_those_of_plan_and_journal(drawn: RandomPlan, days_ago: int) -> None:
    with transaction.atomic(), noon(drawn.today):
        plan = write(drawn, make_user())
        for day in (None, drawn.today - timedelta(days=days_ago)):
            tree = read_tree(plan, day)
            days = read_finished_days(plan, tree)
            assert days == days_by_hand(plan, tree)
            reports = direction_reports(tree, TITLES, days)
            assert sorted(lines_of(reports)) == sorted(lines_by_hand(tree, days))
            assert [report.key for report in reports] == [*TITLES, PRIORITIES, WITHOUT_CODE]
        transaction.set_rollback(True)


@given(tree=trees())
def test_figures_are_those_of_the_actions_each_counted_once(tree: PlanTree) -> None:
    for report in direction_reports(tree, TITLES, {}):
        rows = {action.row.number: action.row for code in report.codes for action in code.actions}
        assert report.summary == summarise(rows.values(), tree.as_of)
        assert sum(report.timeliness.values()) == report.summary.results
        assert report.count(Timeliness.LATE) == report.summary.late
        assert report.count(Timeliness.NOT_COUNTED) == report.summary.not_counted
        for code in report.codes:
            carrying = [action.row for action in code.actions]
            assert code.summary == summarise(carrying, tree.as_of)
            order = [action for action in tree.actions if action in carrying]
            assert carrying == order


@pytest.mark.parametrize(
    ("progress", "done_on", "word", "text"),
    [
        (DONE, TERM, Timeliness.IN_TIME, "Įvykdyta laiku"),
        (DONE, TERM + timedelta(days=1), Timeliness.DONE_LATE, "Įvykdyta pavėluotai"),
        (DONE, None, Timeliness.DAY_UNKNOWN, "Įvykdyta, bet diena nežinoma"),
        (OPEN, None, Timeliness.LATE, "Vėluoja"),
        (OPEN, TERM, Timeliness.LATE, "Vėluoja"),
        (Progress(Status.POSTPONED, None), None, Timeliness.NOT_COUNTED, "Neskaičiuojama: atidėta"),
        (Progress(Status.CANCELLED, None), None, Timeliness.NOT_COUNTED, "Neskaičiuojama: atšaukta"),
        (
            Progress(Status.IN_PROGRESS, 1, ConditionState.PENDING),
            None,
            Timeliness.NOT_COUNTED,
            "Neskaičiuojama: priklauso nuo sąlygos (laukiama)",
        ),
        (Progress(Status.DONE, 100, ConditionState.FAILED), TERM, Timeliness.IN_TIME, "Įvykdyta laiku"),
    ],
)
def test_words_for_how_a_term_was_kept(
    progress: Progress, done_on: date | None, word: Timeliness, text: str
) -> None:
    result = make_result_row("1.1.1", 1, progress, TERM)
    line = ReportLine.of(result, {} if done_on is None else {result.key: done_on})
    assert (line.timeliness, line.on_time) == (word, text)
    assert line.done_on == (done_on if result.standing == Standing.DONE else None)


def test_term_that_ends_on_the_day_is_not_over() -> None:
    line = ReportLine.of(make_result_row("1.1.1", 1, OPEN, TERM, as_of=TERM), {})
    assert (line.timeliness, line.on_time) == (Timeliness.NOT_DUE, "Terminas dar nesibaigė")


def test_texts_of_a_row() -> None:
    note, correction = Note(1, date(2024, 2, 1), "Padaryta\nviskas"), Note(2, date(2024, 2, 2), "Nukelti")
    pending = Progress(Status.NOT_STARTED, 0, ConditionState.PENDING)
    result = replace(
        make_result_row("1.1.1", 1, pending, TERM), sub_items=("a", "b"), note=note, correction=correction
    )
    action = make_action_row("1.1.1", (result,), CODES[:1], lead_in="Įžanga:")
    action = replace(action, partners=(NameRow("KU", "KU institutas"), NameRow("Uostas", "")))
    [first, *_rest] = direction_reports(make_tree([[action]]), TITLES, {})
    [code] = first.codes
    [row] = code.actions
    [line] = row.lines
    assert (first.heading, code.heading) == ("I. Pirma kryptis", "I.1.1.1. Pirmas")
    assert row.title == "Veiksmas 1.1.1\nĮžanga:"
    assert (row.owner, row.partners) == ("be atsakingo asmens", "KU institutas; Uostas")
    assert line.text == "Rezultatas 1\n– a\n– b\nSąlyga: sąlyga (laukiama)"
    assert (line.done, line.correction) == ("2024-02-01: Padaryta\nviskas", "2024-02-02: Nukelti")


def test_action_of_two_directions_stands_in_both_and_one_without_code_apart() -> None:
    result = make_result_row("1.1.1", 1, OPEN, TERM)
    both = make_action_row("1.1.1", (result,), (CODES[0], CODES[1], CODES[2], CODES[3]))
    none = make_action_row("1.1.2", ())
    reports = direction_reports(make_tree([[both, none]]), TITLES, {})
    assert [[code.key for code in report.codes] for report in reports] == [
        ["I.1.1.1"],
        ["II.1.1.1", "II.1.2.1.1"],
        [],
        ["Atviras regionas"],
        [""],
    ]
    assert [report.summary.actions for report in reports] == [1, 1, 0, 1, 1]
    assert [report.has_repeats for report in reports] == [False, True, False, False, False]
    assert len(remarks(reports[:1])) == 1
    assert remarks(reports)[1].startswith("Kelis kodus turintis veiksmas")


def test_sentences_of_what_has_no_actions() -> None:
    action = make_action_row("1.1.1", (), CODES[:1])
    sentences = [figures_in_words(report) for report in direction_reports(make_tree([[action]]), TITLES, {})]
    assert sentences[1:] == [
        "Prie šios krypties neprisideda nė vienas rodomas veiksmas.",
        "Prie šios krypties neprisideda nė vienas rodomas veiksmas.",
        "Prie horizontaliųjų prioritetų neprisideda nė vienas rodomas veiksmas.",
        "Kiekvienas rodomas veiksmas turi kodą.",
    ]


def test_figures_in_words() -> None:
    terms = (date(2024, 1, 31), date(2024, 2, 29), TERM, TERM)
    rows = [make_result_row("1.1.1", n, DONE, term) for n, term in enumerate(terms[:3], start=1)]
    rows.append(make_result_row("1.1.1", 4, OPEN, TERM))
    action = make_action_row("1.1.1", tuple(rows), CODES[:1])
    days = {"1.1.1-1": date(2024, 1, 31), "1.1.1-2": date(2024, 3, 1)}
    [report, *_rest] = direction_reports(make_tree([[action]]), TITLES, days)
    text = figures_in_words(report).replace("\N{NO-BREAK SPACE}", " ")
    assert text == (
        "Iki šios dienos turėjo būti įvykdyti 4 rezultatai: 3 įvykdyta (75 %), 1 vėluoja. "
        "Įvykdyta laiku: 1; įvykdyta pavėluotai: 1; įvykdyta, bet diena nežinoma: 1. "
        "Pažanga (veiksmų vidurkis): 85 %, žinoma 4 iš 4 skaičiuojamų rezultatų."
    )


def test_titles() -> None:
    reports = direction_reports(make_tree([]), TITLES, {})
    assert title_of(reports) == "KRSS2030 įgyvendinimo ataskaita pagal kryptis"
    assert [title_of([report]) for report in reports[2:]] == [
        "KRSS2030 krypties įgyvendinimo ataskaita",
        "KRSS2030 horizontaliųjų prioritetų įgyvendinimo ataskaita",
        "Veiksmų be KRSS2030 kodo įgyvendinimo ataskaita",
    ]


@pytest.mark.django_db
def test_day_of_a_result_that_was_deleted_since(cast: Cast) -> None:
    with noon(date(2024, 3, 1)):
        plan = adopt(make_plan(slug="2023-2024"))
        result = make_result(make_action(make_measure(make_task(plan))))
        record_progress(
            action=result.action,
            author=cast.coordinator,
            results=[ReportedResult(result.key, result.version, Status.DONE)],
            comment="Padaryta",
        )
        key = result.key
    with noon(date(2024, 9, 1)):
        result.delete()
        assert read_finished_days(plan, read_tree(plan)) == {}
        assert read_finished_days(plan, read_tree(plan, date(2024, 6, 30))) == {key: date(2024, 3, 1)}
        assert read_finished_days(plan, read_tree(plan, date(2024, 2, 29))) == {}
