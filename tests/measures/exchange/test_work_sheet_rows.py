"""Rows of a work sheet as they are read from a plan, and the way out and back again."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from measures.enums import ImportKind, LineKind, Status
from measures.exchange.work_sheet.columns import OutRow
from measures.exchange.work_sheet.handler import WorkSheetImport
from measures.exchange.work_sheet.reader import read_work_sheet
from measures.exchange.work_sheet.rows import NOBODY, read_out_rows
from measures.exchange.work_sheet.workbook import SheetAbout, write_work_sheet
from measures.models import ActionPartner, ImportJob, Plan
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import (
    make_action,
    make_big_plan,
    make_measure,
    make_partner,
    make_plan,
    make_result,
    make_task,
)

pytestmark = pytest.mark.django_db

QUERIES = 4


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of two tasks: an action with an owner and a partner, one with neither, one with both."""
    plan = make_plan()
    partner = make_partner("Klaipėdos universitetas")
    first, second = make_task(plan, "1"), make_task(plan, "2")
    owned, free = make_action(make_measure(first), owner=cast.updater), make_action(first.measures.get())
    other = make_action(make_measure(second), owner=cast.other_updater)
    for action in (owned, free, other):
        make_result(action)
    for action in (owned, other):
        ActionPartner(action=action, partner=partner).save()
    return plan


def about_of(plan: Plan, *, is_plan_variant: bool) -> SheetAbout:
    """Return what the sheet of a plan says about itself."""
    return SheetAbout(plan.slug, str(plan), "", is_plan_variant, timezone.localtime())


def keys(rows: list[OutRow]) -> list[str]:
    return [row.key for row in rows]


def test_row_has_all_that_people_need(plan: Plan, cast: Cast) -> None:
    result = plan.plannedresult_set.get(key="1.1.1-1")
    result.sub_items, result.condition, result.condition_state = ["pirmas", "antras"], "gavus lėšų", "pending"
    result.deadline, result.period_text = date(2024, 5, 1), "2023–2024 m."
    result.save()
    with time_machine.travel("2024-03-01 12:00"):
        record_progress(
            action=result.action,
            author=cast.updater,
            results=[ReportedResult(result.key, result.version, Status.IN_PROGRESS, 60)],
            comment="Įvyko posėdis",
        )
    row = read_out_rows(plan)[0]
    assert row == OutRow(
        key="1.1.1-1",
        version=result.version + 1,
        number="1.1.1",
        title="Veiksmas 1.1.1",
        description="Rezultatas 1\n• pirmas\n• antras",
        text="Rezultatas 1",
        sub_items="• pirmas\n• antras",
        period=row.period,
        first_year=2023,
        last_year=2024,
        deadline=date(2024, 5, 1),
        condition="gavus lėšų",
        owner="Ula Ulaitė",
        note="2024-03-01\nĮvyko posėdis",
        status=Status.IN_PROGRESS,
        percent=60,
        comment="",
        correction="",
    )
    period, day = row.period.split("\n")
    assert (period, "2024-05-01" in day) == ("2023–2024 m.", True)


def test_rows_stand_in_the_order_of_the_plan() -> None:
    plan = make_plan()
    measure = make_measure(make_task(plan))
    for number in ("1.1.10", "1.1.2"):
        action = make_action(measure, number)
        make_result(action, position=2)
        make_result(action, position=1)
    assert keys(read_out_rows(plan)) == ["1.1.2-2", "1.1.2-1", "1.1.10-2", "1.1.10-1"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["1.1.1-1", "1.1.2-1", "2.1.1-1"]),
        ({"owner": "ula"}, ["1.1.1-1"]),
        ({"owner": NOBODY}, ["1.1.2-1"]),
        ({"task": "2"}, ["2.1.1-1"]),
        ({"partner": "Klaipėdos universitetas"}, ["1.1.1-1", "2.1.1-1"]),
        ({"partner": "Klaipėdos universitetas", "task": "2", "owner": "ugnius"}, ["2.1.1-1"]),
        ({"owner": "ula", "task": "2"}, []),
        ({"owner": "nera"}, []),
    ],
)
def test_rows_are_narrowed_down(plan: Plan, asked: dict[str, str], found: list[str]) -> None:
    assert keys(read_out_rows(plan, **asked)) == found


def test_queries_do_not_grow(django_assert_num_queries: Any) -> None:
    for count in (1, 3, 300):
        plan = make_big_plan(count, results=1)
        with django_assert_num_queries(QUERIES):
            assert len(read_out_rows(plan)) == count


@pytest.mark.parametrize("is_plan_variant", [False, True])
def test_sheet_that_comes_back_untouched_changes_nothing(
    cast: Cast, sample_plan: Plan, is_plan_variant: bool
) -> None:
    rows = read_out_rows(sample_plan)
    sheet = read_work_sheet(
        write_work_sheet(rows, about_of(sample_plan, is_plan_variant=is_plan_variant)),
    )
    assert sheet.refused == ()
    job = ImportJob(kind=ImportKind.WORK_SHEET, plan=sample_plan, owner=cast.coordinator)
    preview = WorkSheetImport().preview(job, sheet)
    assert len(preview.lines) == len(rows) == sample_plan.plannedresult_set.count() == 47
    assert preview.counts == {LineKind.UNCHANGED: 47}


@pytest.mark.parametrize("text", ["a\r\nb", "–", "–\n", "=1+1", " a ", "a\x0bb", "a" * 10_001, "_x0041_"])
def test_strange_texts_of_the_plan_change_nothing(cast: Cast, text: str) -> None:
    plan = make_plan()
    make_result(
        make_action(make_measure(make_task(plan))), text=text, condition=text, condition_state="pending"
    )
    content = write_work_sheet(read_out_rows(plan), about_of(plan, is_plan_variant=True))
    job = ImportJob(kind=ImportKind.WORK_SHEET, plan=plan, owner=cast.coordinator)
    assert WorkSheetImport().preview(job, read_work_sheet(content)).counts == {LineKind.UNCHANGED: 1}
