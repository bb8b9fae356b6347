"""What the board's workbook can be asked for: a day, a closed period, and since when changes are shown."""

import io
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from measures.enums import PeriodKind, Standing, Status
from measures.models import Plan, ProgressUpdate, ResultProgress, Snapshot
from measures.services.periods import close_period, make_periods
from measures.services.progress import ReportedResult, record_progress
from reports.board_reader import read_both, sides_of
from reports.queries.periods import read_periods
from reports.queries.plan import closed_periods, frozen_plan
from reports.queries.strategy import read_strategy
from reports.queries.trend import read_trend
from reports.rollup import summarise
from tests.conftest import Cast
from tests.make import adopt, make_action, make_measure, make_plan, make_result, make_task, tamper

PAGE = "/2023-2024/ataskaitos/"
FILE = f"{PAGE}susirinkimui.xlsx"
FIRST, SECOND = "laikotarpis-2024-01-01", "laikotarpis-2024-07-01"


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan whose first half-year of 2024 was closed, and which changed afterwards."""
    with time_machine.travel("2024-01-10T12:00:00+02:00"):
        plan = make_plan(slug="2023-2024", first_year=2024, last_year=2025)
        action = make_action(make_measure(make_task(plan)), title="Pirmas pavadinimas", owner=cast.updater)
        results = [
            make_result(action, text=text, last_year=2024) for text in ("Rezultatas 1", "Rezultatas 2")
        ]
        adopt(plan)
        periods = make_periods(plan=plan, author=cast.coordinator, kind=PeriodKind.HALF_YEAR)
    with time_machine.travel("2024-06-20T12:00:00+03:00"):
        done = ReportedResult(results[0].key, results[0].version, Status.DONE)
        record_progress(
            action=action,
            author=cast.updater,
            results=[done],
            comment="Baigta",
            correction="Pridėti dar vieną",
        )
    with time_machine.travel("2024-07-05T12:00:00+03:00"):
        close_period(period=periods[0], author=cast.coordinator, seen_version=periods[0].version)
    with time_machine.travel("2024-09-01T12:00:00+03:00"):
        action.refresh_from_db()
        action.title = "Antras pavadinimas"
        action.save()
        results[1].refresh_from_db()
        late = ReportedResult(results[1].key, results[1].version, Status.DONE)
        record_progress(
            action=action,
            author=cast.updater,
            results=[late],
            comment="Ir antras",
            reported_on=date(2024, 8, 1),
        )
    return plan


def sheets(response: Any) -> dict[str, list[list[Any]]]:
    file = io.BytesIO(b"".join(response.streaming_content))
    book = CalamineWorkbook.from_filelike(file)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def read_book(response: Any) -> Any:
    return load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def texts(rows: list[list[Any]]) -> str:
    return "\n".join(str(cell) for row in rows for cell in row)


@time_machine.travel("2024-10-01T12:00:00+03:00")
def test_a_closed_period_is_shown_as_it_was_frozen(manager: Client, plan: Plan) -> None:
    response = manager.get(FILE, {"laikotarpis": FIRST})
    assert response["Content-Disposition"] == (
        'attachment; filename="veiklos-planas-2023-2024_bukle-2024-06-30.xlsx"'
    )
    frozen = sheets(response)
    assert "Pirmas pavadinimas" in texts(frozen["Planas"])
    assert "Antras pavadinimas" not in texts(frozen["Planas"])
    assert "2024-06-20: Pridėti dar vieną" in texts(frozen["Planas"])
    assert "užfiksuota uždarant laikotarpį „2024 m. I pusmetis“" in texts(frozen["Apie"])
    now = sheets(manager.get(FILE))
    assert "Antras pavadinimas" in texts(now["Planas"])
    assert "2024 m. I pusmetis (2024-06-30) → 2024-10-01" in texts(now["Pokyčiai"])


@time_machine.travel("2024-10-01T12:00:00+03:00")
def test_what_a_frozen_board_counts_adds_up(plan: Plan, cast: Cast) -> None:
    [period] = closed_periods(plan)
    action = plan.action_set.get()
    with time_machine.travel("2024-09-15T12:00:00+03:00"):
        # Written after the closing, about a day before: the snapshot does not know of it.
        update = ProgressUpdate(plan=plan, action=action, author=cast.updater, reported_on=date(2024, 6, 1))
        update.save()
        result = action.results.get(text="Rezultatas 2")
        ResultProgress(update=update, result=result, status=Status.DONE, percent=100).save()
    frozen, periods = frozen_plan(plan, period), read_periods(plan)
    tree = frozen.tree
    sides = sides_of(tree, periods, frozen=frozen)
    board = read_both(plan, tree, sides, periods, frozen).board(read_strategy())
    assert board.trend.now.done == summarise(tree.actions, tree.as_of).count(Standing.DONE) == 1
    assert read_trend(plan, tree).now.done == 2
    assert board.attention.tally.reported == board.attention.tally.expected == 1
    assert board.attention.period is not None
    assert board.attention.period.title == period.title


@time_machine.travel("2024-10-01T12:00:00+03:00")
@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ("", "2024 m. I pusmetis (2024-06-30) → 2024-10-01"),
        (f"?nuo={FIRST}", "2024 m. I pusmetis (2024-06-30) → 2024-10-01"),
        ("?nuo=2024-02-01", "2024-02-01 → 2024-10-01"),
        (f"?nuo={FIRST}&nuo=2024-02-01", "2024-02-01 → 2024-10-01"),
        (f"?nuo={FIRST}&nuo=", "2024 m. I pusmetis (2024-06-30) → 2024-10-01"),
        (f"?laikotarpis={FIRST}&nuo=2024-02-01", "2024-02-01 → 2024 m. I pusmetis (2024-06-30)"),
        (f"?laikotarpis={FIRST}", "2024-04-01 → 2024 m. I pusmetis (2024-06-30)"),
        ("?data=2024-06-01", "2024-03-03 → 2024-06-01"),
    ],
)
def test_changes_begin_where_the_address_says(manager: Client, plan: Plan, asked: str, label: str) -> None:
    about = sheets(manager.get(FILE + asked))["Apie"]
    assert ["Pokyčiai", label] in about


@time_machine.travel("2024-10-01T12:00:00+03:00")
@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("?nuo=vakar", "„vakar“"),
        ("?nuo=2024-12-31", "„2024-12-31“"),
        (f"?nuo={SECOND}", SECOND),
        (f"?laikotarpis={SECOND}", f"Uždaryto laikotarpio „{SECOND}“ nėra."),
        ("?laikotarpis=<b>", "Uždaryto laikotarpio „&lt;b&gt;“ nėra."),
        ("?data=2024-03-01&nuo=2024-06-01", "Pokyčiai negali prasidėti po 2024-03-01"),
        (f"?laikotarpis={FIRST}&uzdavinys=9", "filtruoti negalima"),
    ],
)
def test_what_can_not_be_leads_back_and_is_said(
    manager: Client, plan: Plan, asked: str, message: str
) -> None:
    response = manager.get(FILE + asked, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert message in response.content.decode()


@time_machine.travel("2024-10-01T12:00:00+03:00")
def test_damaged_snapshot_makes_no_file_but_is_no_obstacle_to_others(manager: Client, plan: Plan) -> None:
    tamper(Snapshot.objects.get())
    response = manager.get(FILE, {"laikotarpis": FIRST}, follow=True)
    assert "užfiksuota būklė sugadinta" in response.content.decode()
    # The same day from the history stands in for it where changes begin.
    assert ["Pokyčiai", "2024-06-30 → 2024-10-01"] in sheets(manager.get(FILE))["Apie"]


@time_machine.travel("2024-10-01T12:00:00+03:00")
def test_page_offers_both_choices_and_keeps_what_is_shown(manager: Client, plan: Plan) -> None:
    html = manager.get(PAGE, {"data": "2024-09-30", "uzdavinys": "1"}).content.decode()
    for part in (
        f'action="{FILE}"',
        '<input type="hidden" name="uzdavinys" value="1">',
        '<input type="hidden" name="data" value="2024-09-30">',
        f'<option value="{FIRST}">2024 m. I pusmetis (2024-06-30), kaip užfiksuota uždarant</option>',
        f'<option value="{FIRST}">2024 m. I pusmetis (2024-06-30)</option>',
    ):
        assert part in html
    assert SECOND not in html


@time_machine.travel("2024-10-01T12:00:00+03:00")
def test_filter_holds_for_every_sheet(manager: Client, plan: Plan) -> None:
    make_result(make_action(make_measure(make_task(plan, "2"), "2.1"), "2.1.1"), text="Kitas")
    shown = sheets(manager.get(FILE, {"uzdavinys": "1"}))
    for name, rows in shown.items():
        assert "2.1.1" not in {row[1] for row in rows if len(row) > 1}, name
        assert "Uždavinys: 1." in texts(rows), name
    assert "2.1.1" in {row[1] for row in sheets(manager.get(FILE))["Dėmesio"]}


@time_machine.travel("2024-10-01T12:00:00+03:00")
def test_every_table_has_a_name_and_every_sheet_is_ready_for_paper(manager: Client, plan: Plan) -> None:
    book = read_book(manager.get(FILE))
    assert set(book.defined_names) == {
        "Pagal_uzdavinius",
        "Pagal_kryptis",
        "Pagal_kodus",
        "Pagal_metus",
        "Eiga",
        "Plano_lentele",
        "KRSS2030_kodai",
        "Veiksmai_be_kodo",
        "Demesio",
        "Pokyciai",
        "Rodikliai",
        "Apie",
        "Skaiciavimo_taisykles",
    }
    for sheet in book:
        page = sheet.page_setup
        assert (page.orientation, str(page.paperSize), page.fitToHeight) == ("landscape", "9", 0)
        assert sheet.oddFooter.right.text == "&P / &N"
        if sheet.title != "Suvestinė":
            assert sheet.freeze_panes
            assert sheet.print_title_rows
            assert sheet.auto_filter.ref
        styles = {cell.style for row in sheet for cell in row if cell.value is not None}
        assert styles <= set(book.named_styles)
        assert "Normal" not in styles


@time_machine.travel("2024-10-01T12:00:00+03:00")
def test_charts_are_bound_to_the_cells(manager: Client, plan: Plan) -> None:
    book = read_book(manager.get(FILE))
    sheet = book["Suvestinė"]
    bars, lines = sheet._charts
    place = book.defined_names["Pagal_uzdavinius"].attr_text.partition("!")[2]
    head = int(place.replace("$", "")[1:].partition(":")[0])
    named = [
        sheet[str(series.tx.strRef.f).rpartition("!")[2].replace("$", "")].value for series in bars.series
    ]
    assert named == [
        "Įvykdyta",
        "Vykdoma",
        "Vėluoja",
        "Priklauso nuo sąlygos",
        "Atidėta",
        "Atšaukta",
        "Nepradėta",
    ]
    assert {str(series.val.numRef.f)[-len(f"${head + 1}") :] for series in bars.series} == {f"${head + 1}"}
    trend = book.defined_names["Eiga"].attr_text.rpartition("$")[2]
    assert [str(series.val.numRef.f).rpartition("$")[2] for series in lines.series] == [trend, trend]
    assert {series.graphicalProperties.solidFill.srgbClr for series in bars.series} == {
        "1B7A46",
        "2574B4",
        "B8291F",
        "6B4BB0",
        "8F6A1A",
        "666B72",
        "84919C",
    }
