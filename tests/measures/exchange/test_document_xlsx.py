"""Plans in Excel workbooks: all of their sheets, columns by their headings, and nothing lost unseen."""

import io
from datetime import date
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from measures.exchange.document.notices import DocumentError, Notice
from measures.exchange.document.tree import COLUMNS, ActionText, DocumentReading
from measures.exchange.document.xlsx_reader import read_xlsx

HEAD = [["KLAIPĖDOS REGIONAS"], ["VEIKLOS PLANAS 2023–2024 M."], ["TIKSLAS: Įgyvendinti strategiją"]]
Rows = list[list[Any]]


def task(number: int) -> list[Any]:
    return [f"{number} uždavinys: JŪRA"]


def row(number: int = 1, action: int = 1) -> list[Any]:
    measure = f"{number}.1. Tvari žuvininkystė" if action == 1 else None
    return [measure, f"{number}.1.{action}. Parengti tvarką", "– Parengta 2023", "ES lėšos", "Neringa"]


def book(**sheets: Rows) -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for cells in rows:
            sheet.append(cells)
    return workbook


def plan_book(*rows: list[Any]) -> tuple[openpyxl.Workbook, Worksheet]:
    """Return a workbook with one sheet: the heading is in row 4, the task in row 5, these rows below."""
    workbook = book(Planas=[*HEAD, list(COLUMNS), task(1), *(rows or [row()])])
    return workbook, workbook.worksheets[0]


def content(workbook: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def read(workbook: openpyxl.Workbook) -> DocumentReading:
    return read_xlsx(content(workbook))


def actions(reading: DocumentReading) -> list[ActionText]:
    return [a for each in reading.plan.tasks for measure in each.measures for a in measure.actions]


def errors(workbook: openpyxl.Workbook) -> list[Notice]:
    with pytest.raises(DocumentError) as caught:
        read(workbook)
    return caught.value.notices


def has_all(message: str, *parts: str) -> bool:
    return all(part in message for part in parts)


class TestSheets:
    def test_all_sheets_with_a_task_are_read_in_their_order(self) -> None:
        head = list(COLUMNS)
        workbook = book(
            Pirmas=[*HEAD, head, task(1), row(1), task(2), row(2)],
            Antras=[head, task(3), row(3)],
        )
        reading = read(workbook)
        assert [each.number for each in reading.plan.tasks] == ["1", "2", "3"]
        assert [action.number for action in actions(reading)] == ["1.1.1", "2.1.1", "3.1.1"]
        assert reading.warnings == ()

    def test_places_are_those_of_the_sheet(self) -> None:
        head = list(COLUMNS)
        workbook = book(Pirmas=[*HEAD, head, task(1), row(1)], Antras=[head, task(2), [*row(2)[:3]]])
        reading = read(workbook)
        assert [
            (each.line, action.line)
            for each, action in zip(reading.plan.tasks, actions(reading), strict=True)
        ] == [
            (5, 6),
            (2, 3),
        ]
        assert [notice.code for notice in reading.warnings] == ["no-resources", "no-partners"]
        assert all(has_all(notice.message, "„Antras“", "3 eilut") for notice in reading.warnings)

    @pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
    def test_any_other_sheet_with_text_is_an_error(self, state: Any) -> None:
        workbook, _sheet = plan_book()
        workbook.create_sheet("Tuščias")
        assert read(workbook).plan
        workbook.create_sheet("Pastabos")["C7"] = "Svarbu"
        workbook["Pastabos"].sheet_state = state
        (notice,) = errors(workbook)
        assert (notice.code, "Pastabos" in notice.message) == ("sheet-unread", True)

    def test_hidden_sheet_with_a_task_is_read(self) -> None:
        workbook = book(
            Pirmas=[*HEAD, list(COLUMNS), task(1), row(1)], Antras=[list(COLUMNS), task(2), row(2)]
        )
        workbook["Antras"].sheet_state = "hidden"
        assert [each.number for each in read(workbook).plan.tasks] == ["1", "2"]


class TestColumns:
    def test_headings_tell_the_columns(self) -> None:
        def swapped(cells: list[Any]) -> list[Any]:
            return [*cells[:3], cells[4], cells[3]]

        reading = read(book(A=[*HEAD, swapped(list(COLUMNS)), task(1), swapped(row())]))
        assert reading.plan == read(plan_book()[0]).plan
        (action,) = actions(reading)
        assert (action.resources, action.partners) == (("ES lėšos",), ("Neringa",))

    @pytest.mark.parametrize(
        ("heading", "code"),
        [
            (["Eil. Nr.", *COLUMNS], "unknown-heading"),
            ([*COLUMNS, "Biudžetas"], "unknown-heading"),
            ([*COLUMNS[:4], "Kas"], "unknown-heading"),
            ([*COLUMNS[:4], "Finansavimo šaltiniai"], "doubled-heading"),
            ([*COLUMNS[:3], COLUMNS[4], "Partneriai"], "doubled-heading"),
        ],
    )
    def test_heading_that_is_unknown_or_doubled(self, heading: list[str], code: str) -> None:
        notices = errors(book(A=[*HEAD, heading, task(1), row()]))
        assert [notice.code for notice in notices] == [code]
        assert has_all(notices[0].message, "4", notices[0].text)
        assert notices[0].text in heading

    def test_without_headings_the_order_counts(self) -> None:
        reading = read(book(A=[*HEAD, task(1), row()]))
        assert actions(reading) == actions(read(plan_book()[0]))

    @pytest.mark.parametrize("letter", ["F", "BA"])
    def test_cell_beside_the_table_is_an_error(self, letter: str) -> None:
        workbook, sheet = plan_book()
        sheet[f"{letter}6"] = "Priemonės pastaba"
        (notice,) = errors(workbook)
        assert (notice.code, notice.text) == ("beside-table", "Priemonės pastaba")
        assert has_all(notice.message, "6", f" {letter}")

    def test_progress_is_read_past_also_under_a_heading_that_is_repeated(self) -> None:
        rows = [[*COLUMNS, "Pažanga (%)"], task(1), [*row(), 50], list(COLUMNS), [*row(1, 2), 70.5]]
        reading = read(book(A=[*HEAD, *rows]))
        assert [action.partners for action in actions(reading)] == [("Neringa",), ("Neringa",)]
        assert [notice.code for notice in reading.warnings] == ["progress-ignored"]


class TestCells:
    @pytest.mark.parametrize("value", ["#N/A", "#REF!", True, date(2032, 6, 30)])
    def test_what_is_no_text_is_an_error(self, value: Any) -> None:
        workbook, sheet = plan_book()
        sheet["D6"] = value
        (notice,) = errors(workbook)
        assert notice.code == "no-words"
        assert notice.text.startswith(str(value))
        assert has_all(notice.message, "„Planas“", "6", " D", str(value))

    @pytest.mark.parametrize(("value", "is_told"), [(2024, False), (0.5, True), (100, True)])
    def test_numbers_are_told_unless_they_are_years(self, value: Any, is_told: bool) -> None:
        workbook, sheet = plan_book()
        sheet["D6"] = value
        reading = read(workbook)
        assert actions(reading)[0].resources == (str(value),)
        assert [notice.code for notice in reading.warnings] == ["number"] * is_told

    def test_formula_names_its_column(self) -> None:
        workbook, sheet = plan_book()
        sheet["E6"] = "=1+1"
        (notice,) = errors(workbook)
        assert has_all(notice.message, "„Planas“", "6", " E", "=1+1")

    def test_carriage_returns_are_no_words(self) -> None:
        workbook, sheet = plan_book()
        sheet["E6"] = "Neringa;_x000D_\nPalanga"
        assert actions(read(workbook))[0].partners == ("Neringa", "Palanga")

    def test_comment_is_told(self) -> None:
        workbook, sheet = plan_book()
        sheet["D6"].comment = Comment("Ar tikrai ES?", "Ona")
        reading = read(workbook)
        assert [(notice.code, notice.text) for notice in reading.warnings] == [
            ("comment-dropped", "Ar tikrai ES?")
        ]
        assert has_all(reading.warnings[0].message, "„Planas“", "6", " D", "Ar tikrai ES?")


class TestMerged:
    def test_names_merged_over_actions_belong_to_each(self) -> None:
        second = [*row(1, 2)[:3], None, None]
        workbook, sheet = plan_book(row(), second)
        for column in "DE":
            sheet.merge_cells(f"{column}6:{column}7")
        reading = read(workbook)
        assert [(each.resources, each.partners) for each in actions(reading)] == [
            (("ES lėšos",), ("Neringa",))
        ] * 2
        assert reading.warnings == ()

    def test_names_merged_over_rows_of_one_action_are_read_once(self) -> None:
        workbook, sheet = plan_book(row(), [None, None, "– Kita 2024"])
        sheet.merge_cells("D6:D7")
        (action,) = actions(read(workbook))
        assert (action.resources, len(action.results)) == (("ES lėšos",), 2)

    def test_results_merged_over_actions_are_an_error(self) -> None:
        workbook, sheet = plan_book(row(), [*row(1, 2)[:2], None, "ES lėšos", "Neringa"])
        sheet.merge_cells("C6:C7")
        (notice,) = errors(workbook)
        assert (notice.code, notice.text) == ("shared-results", "– Parengta 2023")


class TestEmptyRows:
    def test_signature_below_an_empty_row_is_an_error(self) -> None:
        workbook, _sheet = plan_book(row(), [], ["Parengė", "Jonas Jonaitis"])
        (notice,) = errors(workbook)
        assert (notice.code, notice.text) == ("stray-text", "Parengė Jonas Jonaitis")
        assert has_all(notice.message, "„Planas“", "8")

    def test_single_cell_below_an_empty_row_is_an_error(self) -> None:
        workbook, _sheet = plan_book(row(), [], [None, None, "Jonas Jonaitis"])
        assert [notice.code for notice in errors(workbook)] == ["stray-text"]

    def test_parts_of_the_plan_may_stand_below_empty_rows(self) -> None:
        workbook, _sheet = plan_book(row(), [], row(1, 2), [], task(2), [], row(2))
        assert [action.number for action in actions(read(workbook))] == ["1.1.1", "1.1.2", "2.1.1"]


def test_rows_that_stand_twice_are_refused() -> None:
    workbook, _sheet = plan_book()
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(content(workbook))) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, part.replace(b'<row r="6"', b'<row r="5"') if "sheet1" in name else part)
    with pytest.raises(DocumentError) as caught:
        read_xlsx(stream.getvalue())
    assert [notice.code for notice in caught.value.notices] == ["no-workbook"]
