"""The work sheet as a file: what goes out comes in again, and all that is wrong is told with its place."""

import io
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils.translation import gettext as _
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from akr_plan.file_text import MAX_HEIGHT, plain_text, text_of_cell, xml_text
from measures.enums import LineKind, Status
from measures.exchange.document.notices import DocumentError
from measures.exchange.places import place_of
from measures.exchange.work_sheet import reader
from measures.exchange.work_sheet.columns import (
    ABOUT_SHEET,
    FORMAT_LABEL,
    KEY,
    MADE_LABEL,
    MAX_ROWS,
    MAX_TEXT,
    PLAN_LABEL,
    SHEET,
    VARIANT_LABEL,
    VERSION,
    OutRow,
    as_typed,
    columns_of,
    status_labels,
)
from measures.exchange.work_sheet.file import MAX_BYTES
from measures.exchange.work_sheet.reader import read_work_sheet
from measures.exchange.work_sheet.sheet import PLAN_FIELDS, PROGRESS_FIELDS, WorkSheet

from .work_sheets import (
    FIRST_ROW,
    edited,
    letter_of,
    out_row,
    read_row,
    replaced,
    saved,
    typed_fields,
    with_about,
    write,
)

DATA = Path(__file__).parent / "data"
ONE_ROW = write([out_row()])
LIBREOFFICE_ROWS = [
    out_row("1.1.1-1", note="=1+1", owner="@ona", condition="=HYPERLINK(1)"),
    out_row("1.1.2-1", text="Kodas _x0041_ ir x005F_\nantra eilutė", status=Status.DONE, percent=100),
    out_row("1.1.3-1", deadline=None, first_year=None, condition="", status=Status.POSTPONED, percent=None),
]


def only_refused(sheet: WorkSheet) -> tuple[str, str]:
    """Return place and reason of the one line that is refused."""
    [line] = sheet.refused
    assert line.kind is LineKind.REFUSED
    return line.place, line.reason


def place(field: str, row: int = FIRST_ROW, *, is_plan_variant: bool = True) -> str:
    """Return the place of a field in words."""
    columns = {column.name: column for column in columns_of(is_plan_variant=is_plan_variant)}
    letter = letter_of(field, is_plan_variant=is_plan_variant)
    return place_of(SHEET, row, letter, columns[field].heading)


def expected(row: OutRow, *, is_plan_variant: bool) -> dict[str, Any]:
    """Return the values that an untouched row has: those that went out without the blanks at their ends."""
    values: dict[str, Any] = {}
    for name in typed_fields(is_plan_variant=is_plan_variant):
        value = getattr(row, name)
        if isinstance(value, date):
            value = value.isoformat()
        if isinstance(value, str):
            value = value.strip()
        if value not in (None, ""):
            values[name] = value
    return values


def test_columns_are_those_of_the_interface() -> None:
    assert typed_fields(is_plan_variant=False) == list(PROGRESS_FIELDS)
    assert sorted(typed_fields(is_plan_variant=True)) == sorted(PROGRESS_FIELDS + PLAN_FIELDS)
    assert list(status_labels().values()) == ["Nepradėta", "Vykdoma", "Įvykdyta", "Atidėta", "Atšaukta"]


@pytest.mark.parametrize("is_plan_variant", [False, True])
def test_untouched_sheet_says_what_went_out(is_plan_variant: bool) -> None:
    rows = [out_row(f"1.1.{n}-1", version=n) for n in range(1, 4)]
    sheet = read_work_sheet(write(rows, is_plan_variant=is_plan_variant))
    assert (sheet.plan, sheet.sheet, sheet.is_plan_variant) == ("2023-2024", SHEET, is_plan_variant)
    assert sheet.refused == ()
    assert [(row.row, row.key, row.seen_version) for row in sheet.rows] == [
        (FIRST_ROW + n, f"1.1.{n + 1}-1", n + 1) for n in range(3)
    ]
    plan_values = {
        "text": "Parengtas planas",
        "first_year": 2023,
        "last_year": 2024,
        "deadline": "2024-05-01",
        "condition": "gavus finansavimą",
    }
    assert sheet.rows[0].values == {
        "status": "in_progress",
        "percent": 60,
        **(plan_values if is_plan_variant else {}),
    }


texts = st.text(max_size=60) | st.sampled_from(
    ["–", " - ", "=1+1", "+1", "@a", "'a", "_x0041_", "a\r\nb", "\x00"]
)
years = st.none() | st.integers(2000, 2100)
out_rows = st.builds(
    out_row,
    version=st.integers(1, 10**6),
    number=texts,
    title=texts,
    description=texts,
    text=texts.map(as_typed),
    sub_items=texts,
    period=texts,
    first_year=years,
    last_year=years,
    deadline=st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    condition=texts.map(as_typed),
    owner=texts,
    note=texts,
    status=st.sampled_from([*Status]),
    percent=st.none() | st.integers(0, 100),
)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(out_rows, min_size=1, max_size=3), is_plan_variant=st.booleans())
def test_whatever_goes_out_comes_in_again(rows: list[OutRow], is_plan_variant: bool) -> None:
    rows = [
        out_row(**{**{n: getattr(row, n) for n in OutRow.__slots__}, "key": f"1.1.{index}-1"})
        for index, row in enumerate(rows)
    ]
    content = write(rows, is_plan_variant=is_plan_variant)
    # As it was written, and with shared texts, as Excel keeps them.
    for again in (content, saved(load_workbook(io.BytesIO(content)))):
        sheet = read_work_sheet(again)
        assert sheet.refused == ()
        assert [row.values for row in sheet.rows] == [
            expected(row, is_plan_variant=is_plan_variant) for row in rows
        ]
        assert [row.seen_version for row in sheet.rows] == [row.version for row in rows]


pieces = st.lists(st.sampled_from(["_", "x", "x0041_", "x005F_", "_x000D_", "\r", "a"])).map("".join)


@given(text=st.text() | pieces)
def test_cell_shows_the_text_that_was_written(text: str) -> None:
    assert text_of_cell(plain_text(text)) == xml_text(text)


@pytest.mark.parametrize("text", ["_x0041_", "_x005F_x0041_", "__x0041__", "x005F_", "_x_", "a_x000D_b"])
def test_codes_of_characters_stay_texts(text: str) -> None:
    assert text_of_cell(plain_text(text)) == text


def test_codes_that_excel_writes_are_characters() -> None:
    assert text_of_cell("a_x000D_\nb_x0009_c_x0000_") == "a\nb\tc\N{REPLACEMENT CHARACTER}"


def test_long_and_strange_texts_of_the_plan_are_left_blank_or_cleaned() -> None:
    assert as_typed("a" * MAX_TEXT) == "a" * MAX_TEXT
    assert as_typed("a" * (MAX_TEXT + 1)) == ""
    assert [as_typed(text) for text in ("–", " - ", "—")] == ["", "", ""]
    assert as_typed("a\r\nb\x00") == "a\nb\N{REPLACEMENT CHARACTER}"


# What the file is like.


def table(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))[SHEET]


def test_other_programs_read_the_same_table() -> None:
    rows = [out_row(note="=1+1", owner="@ona", period="+1", title="a\x00b")]
    book = CalamineWorkbook.from_filelike(io.BytesIO(write(rows, part="Atsakingas: Ona")))
    assert book.sheet_names == [SHEET, ABOUT_SHEET]
    found = book.get_sheet_by_name(SHEET).to_python()
    assert found[0][0] == f"{SHEET}: VEIKLOS PLANAS. Atsakingas: Ona"
    assert found[2] == [column.heading for column in columns_of(is_plan_variant=False)]
    assert found[3] == [
        *("1.1.1", "a\N{REPLACEMENT CHARACTER}b", "Parengtas planas\n• pirmas\n• antras"),
        *("+1", "@ona", "=1+1", "Vykdoma", 60.0, "", "", "1.1.1-1", 3.0),
    ]


def test_texts_like_formulas_are_marked_as_texts() -> None:
    sheet = table(write([out_row(owner="@ona", note="=1+1"), out_row("1.1.2-1")]))
    owner, note = (sheet[f"{letter_of(name)}{FIRST_ROW}"] for name in ("owner", "note"))
    assert [(cell.data_type, cell.quotePrefix) for cell in (owner, note)] == [("s", True), ("s", True)]
    assert not sheet[f"{letter_of('owner')}{FIRST_ROW + 1}"].quotePrefix


@pytest.mark.parametrize("is_plan_variant", [False, True])
def test_only_typed_cells_are_unlocked(is_plan_variant: bool) -> None:
    content = write([out_row()], is_plan_variant=is_plan_variant)
    sheet = table(content)
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    typed = typed_fields(is_plan_variant=is_plan_variant)
    assert unlocked == {f"{letter_of(name, is_plan_variant=is_plan_variant)}{FIRST_ROW}" for name in typed}
    protection = sheet.protection
    assert (protection.sheet, protection.password) == (True, None)
    assert [protection.autoFilter, protection.sort, protection.formatColumns, protection.formatRows] == [
        False
    ] * 4
    hidden = [letter for letter, dimension in sheet.column_dimensions.items() if dimension.hidden]
    assert hidden == [letter_of(column.name, is_plan_variant=is_plan_variant) for column in (KEY, VERSION)]
    about = load_workbook(io.BytesIO(content))[ABOUT_SHEET]
    assert (about.sheet_state, about.protection.sheet) == ("hidden", True)


def test_excel_checks_what_is_typed() -> None:
    rows = [out_row(f"1.1.{n}-1") for n in range(3)]
    rules = {
        str(rule.sqref): rule
        for rule in table(write(rows, is_plan_variant=True)).data_validations.dataValidation
    }
    letters = {name: letter_of(name, is_plan_variant=True) for name in typed_fields(is_plan_variant=True)}
    assert set(rules) == {f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + 2}" for letter in letters.values()}
    by_field = {
        name: rules[f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + 2}"] for name, letter in letters.items()
    }
    assert by_field["status"].formula1 == '"Nepradėta,Vykdoma,Įvykdyta,Atidėta,Atšaukta"'
    percent = f"{letters['percent']}{FIRST_ROW}"
    assert by_field["percent"].formula1 == (
        f"IF(ISNUMBER({percent}),AND({percent}>=0,{percent}<=100,{percent}=INT({percent})),"
        f'OR({percent}="-",{percent}="–",{percent}="—"))'
    )
    assert by_field["comment"].formula1 == str(MAX_TEXT)
    assert all(rule.showErrorMessage and rule.error and len(rule.error) < 256 for rule in rules.values())
    assert all(len(rule.errorTitle or "") <= 32 for rule in rules.values())


def test_sheet_is_made_for_screen_and_print() -> None:
    sheet = table(write([out_row(note="ilgas žodis " * 2000), out_row("1.1.2-1", note="", description="a")]))
    last = letter_of("correction")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B4", f"A3:{last}5")
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert [sheet.row_dimensions[row].height for row in (4, 5)] == [
        MAX_HEIGHT,
        sheet.row_dimensions[5].height,
    ]
    assert 15 < sheet.row_dimensions[5].height < 60
    percent = sheet[f"{letter_of('percent')}4"]
    assert (percent.value, percent.number_format) == (60, '0"\N{NO-BREAK SPACE}%"')


def test_sheet_without_rows_reads_as_none() -> None:
    assert read_work_sheet(write([])).rows == ()


# Reading what people have typed.


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("status", "Įvykdyta", "done"),
        ("status", "  vykdoma ", "in_progress"),
        ("status", "ATIDĖTA", "postponed"),
        ("percent", 0, 0),
        ("percent", 100.0, 100),
        ("percent", "60", 60),
        ("percent", "60 %", 60),
        ("percent", "60\N{NO-BREAK SPACE}%", 60),
        ("percent", " 60% ", 60),
        ("percent", (0.6, "0%"), 60),
        ("percent", (0.57, "0.00%"), 57),
        ("percent", (0.29, "0\\\N{NO-BREAK SPACE}%"), 29),
        ("percent", (1, "0%"), 100),
        ("percent", (7, '0" %"'), 7),
        ("percent", "–", None),
        ("percent", " - ", None),
        ("comment", "Surengtas  posėdis\n- pirmas", "Surengtas  posėdis\n- pirmas"),
        ("comment", "60", "60"),
        ("comment", "—", None),
        ("correction", "a_x000D_\nb", "a\nb"),
        ("text", "Kitas tekstas", "Kitas tekstas"),
        ("first_year", 2025, 2025),
        ("first_year", "2025", 2025),
        ("last_year", "–", None),
        ("deadline", datetime(2025, 1, 31), "2025-01-31"),  # noqa: DTZ001 # cells of Excel have no zone
        ("deadline", "2025-01-31", "2025-01-31"),
        ("deadline", "-", None),
        ("condition", "–", None),
    ],
)
def test_typed_value_is_read(field: str, typed: Any, value: Any) -> None:
    sheet = read_row(typed, field)
    assert sheet.refused == ()
    untouched = expected(out_row(), is_plan_variant=True)
    assert sheet.rows[0].values == {**untouched, field: value}


@pytest.mark.parametrize("blank", [None, "  ", "\n"])
@pytest.mark.parametrize("field", typed_fields(is_plan_variant=True))
def test_blank_cell_is_left_out(field: str, blank: str | None) -> None:
    sheet = read_row(blank, field)
    untouched = expected(out_row(), is_plan_variant=True)
    untouched.pop(field, None)
    assert (sheet.rows[0].values, sheet.refused) == (untouched, ())


FORMULA = "A formula stands here. Write its value instead."
NO_DATE = "“%(value)s” is no date that fits here. %(do)s"
NOT_FITTING = "“%(value)s” does not fit here. %(do)s"
NO_STATUS = "There is no status “%(value)s”. %(do)s"
NOT_EMPTY = "This can't be empty: leave the cell blank if nothing changes. %(do)s"
A_NUMBER, A_DATE = "A number stands here. %(do)s", "A date stands here. %(do)s"
LOGICAL, ERROR = (
    "A logical value stands here. %(do)s",
    "The cell shows the error %(error)s. Write a value instead.",
)
PERCENT, TEXT, YEAR, DAY = (
    "Write a whole number from 0 to 100.",
    "Write it as a text.",
    "Write a year from %(first)d to %(last)d.",
    "Write a date like 2024-06-30.",
)


@pytest.mark.parametrize(
    ("field", "typed", "reason", "shown", "do"),
    [
        ("status", "Padaryta", NO_STATUS, "Padaryta", None),
        ("status", 5, NO_STATUS, "5", None),
        ("status", "–", NOT_EMPTY, "", None),
        ("status", True, LOGICAL, "", None),
        ("status", '=IF(1,"Įvykdyta")', FORMULA, "", None),
        ("percent", 0.6, NOT_FITTING, "0.6", PERCENT),
        ("percent", (0.605, "0%"), NOT_FITTING, "0.605", PERCENT),
        ("percent", (0.6, '0"%"'), NOT_FITTING, "0.6", PERCENT),
        ("percent", (60, "0%"), NOT_FITTING, "60", PERCENT),
        ("percent", 101, NOT_FITTING, "101", PERCENT),
        ("percent", -1, NOT_FITTING, "-1", PERCENT),
        ("percent", "šešiasdešimt", NOT_FITTING, "šešiasdešimt", PERCENT),
        ("percent", "0.6", NOT_FITTING, "0.6", PERCENT),
        ("percent", True, LOGICAL, "", PERCENT),
        ("percent", datetime(2024, 6, 1), NOT_FITTING, "2024-06-01", PERCENT),  # noqa: DTZ001
        ("percent", time(10), NOT_FITTING, "10:00:00", PERCENT),
        ("percent", "=30+30", FORMULA, "", None),
        ("percent", "#REF!", ERROR, "#REF!", None),
        ("comment", 5, A_NUMBER, "", TEXT),
        ("comment", datetime(2024, 6, 1), A_DATE, "", TEXT),  # noqa: DTZ001
        ("comment", "=1+1", FORMULA, "", None),
        ("comment", "#N/A", ERROR, "#N/A", None),
        ("correction", False, LOGICAL, "", TEXT),
        ("text", "–", NOT_EMPTY, "", TEXT),
        ("first_year", 24, NOT_FITTING, "24", YEAR),
        ("first_year", 2024.5, NOT_FITTING, "2024.5", YEAR),
        ("last_year", "2024 m.", NOT_FITTING, "2024 m.", YEAR),
        ("deadline", 45000, NO_DATE, "45000", DAY),
        ("deadline", "2024-02-30", NO_DATE, "2024-02-30", DAY),
        ("deadline", "rudenį", NO_DATE, "rudenį", DAY),
        ("deadline", datetime(2024, 6, 1, 10, 30), NO_DATE, "2024-06-01 10:30:00", DAY),  # noqa: DTZ001
        ("deadline", datetime(1999, 12, 31), NO_DATE, "1999-12-31", DAY),  # noqa: DTZ001
        ("condition", 7, A_NUMBER, "", TEXT),
    ],
)
def test_what_is_no_value_is_refused_with_its_place(
    field: str, typed: Any, reason: str, shown: str, do: str | None
) -> None:
    sheet = read_row(typed, field)
    labels = _("Choose one of these: %(labels)s.") % {"labels": ", ".join(status_labels().values())}
    todo = _(do) % {"first": 2000, "last": 2100} if do else labels
    assert only_refused(sheet) == (place(field), _(reason) % {"value": shown, "do": todo, "error": shown})
    assert (sheet.rows, sheet.refused[0].subject, sheet.refused[0].title) == (
        (),
        "1.1.1-1",
        typed if field == "text" else "Parengtas planas",
    )


def test_too_long_text_is_refused() -> None:
    assert read_row("ą" * MAX_TEXT, "comment").refused == ()
    where, reason = only_refused(read_row("ą" * (MAX_TEXT + 1), "comment"))
    assert where == place("comment")
    assert reason == _("The text has %(length)d characters, %(limit)d are allowed. Make it shorter.") % {
        "length": MAX_TEXT + 1,
        "limit": MAX_TEXT,
    }


def test_all_faults_are_told_at_once() -> None:
    content = write([out_row("1.1.1-1"), out_row("1.1.2-1"), out_row("1.1.3-1")])
    status, percent = letter_of("status"), letter_of("percent")
    sheet = read_work_sheet(edited(content, {f"{status}4": "x", f"{percent}4": 101, f"{percent}6": "y"}))
    assert [line.place for line in sheet.refused] == [
        place("status", 4, is_plan_variant=False),
        place("percent", 4, is_plan_variant=False),
        place("percent", 6, is_plan_variant=False),
    ]
    assert [row.key for row in sheet.rows] == ["1.1.2-1"]


def test_no_more_faults_are_told_than_people_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_REFUSED", 2)
    content = write([out_row(f"1.1.{n}-1") for n in range(3)])
    sheet = read_work_sheet(edited(content, {f"{letter_of('percent')}{row}": 101 for row in (4, 5, 6)}))
    assert [line.subject for line in sheet.refused] == ["1.1.0-1", "1.1.1-1"]


# Rows.


def test_rows_may_be_sorted_missing_and_hidden() -> None:
    workbook = load_workbook(io.BytesIO(write([out_row(f"1.1.{n}-1", version=n) for n in range(1, 5)])))
    sheet = workbook[SHEET]
    last, first = ([cell.value for cell in sheet[row]] for row in (7, 4))
    for column, (top, bottom) in enumerate(zip(last, first, strict=True), start=1):
        sheet.cell(4, column).value, sheet.cell(7, column).value = top, bottom
    sheet.delete_rows(5)
    sheet.row_dimensions[4].hidden = True
    read = read_work_sheet(saved(workbook))
    assert read.refused == ()
    assert [(row.row, row.key, row.seen_version) for row in read.rows] == [
        (4, "1.1.4-1", 4),
        (5, "1.1.3-1", 3),
        (6, "1.1.1-1", 1),
    ]


def test_blank_rows_are_passed_over() -> None:
    workbook = load_workbook(io.BytesIO(write([out_row("1.1.1-1"), out_row("1.1.2-1")])))
    workbook[SHEET].insert_rows(5, 3)
    sheet = read_work_sheet(saved(workbook))
    assert ([row.row for row in sheet.rows], sheet.refused) == ([4, 8], ())


def test_same_key_twice_names_both_rows() -> None:
    content = edited(write([out_row(f"1.1.{n}-1") for n in range(3)]), {f"{letter_of('key')}6": "1.1.0-1"})
    sheet = read_work_sheet(content)
    reason = _("The same planned result stands in several rows: %(rows)s. Leave one of them.")
    assert [(line.place, line.subject, line.reason) for line in sheet.refused] == [
        (place("key", row, is_plan_variant=False), "1.1.0-1", reason % {"rows": "4, 6"}) for row in (4, 6)
    ]
    assert [row.key for row in sheet.rows] == ["1.1.1-1"]


@pytest.mark.parametrize("key", [None, "  ", 5, "=A1", True, "1" * 31])
def test_row_without_key_is_refused(key: Any) -> None:
    sheet = read_work_sheet(edited(write([out_row()]), {f"{letter_of('key')}4": key}))
    where, reason = only_refused(sheet)
    assert where == place("key", is_plan_variant=False)
    assert reason == _(
        "The hidden key of the row is missing or damaged. Download the work sheet anew and type the "
        "values there."
    )
    assert sheet.rows == ()


@pytest.mark.parametrize("version", [None, "3", 0, 1.5, 2**31, 1e300, "=3", True])
def test_row_without_version_is_refused(version: Any) -> None:
    sheet = read_work_sheet(edited(write([out_row()]), {f"{letter_of('version')}4": version}))
    where, reason = only_refused(sheet)
    assert where == place("version", is_plan_variant=False)
    assert reason == _(
        "The hidden version of the row is missing or damaged. Download the work sheet anew and type the "
        "values there."
    )
    assert (sheet.rows, sheet.refused[0].subject) == ((), "1.1.1-1")


def test_number_that_is_none_is_refused() -> None:
    content = replaced(ONE_ROW, b"<v>3</v>", b"<v>1e999</v>")
    assert only_refused(read_work_sheet(content))[0] == place("version", is_plan_variant=False)
    content = replaced(ONE_ROW, b"<v>60</v>", b"<v>1e999</v>")
    assert only_refused(read_work_sheet(content))[0] == place("percent", is_plan_variant=False)


def test_table_that_is_too_long_is_refused() -> None:
    below = f"{letter_of('comment')}{MAX_ROWS + 1}"
    where, reason = only_refused(read_work_sheet(edited(write([out_row()]), {below: "toli"})))
    assert where == place_of(SHEET, MAX_ROWS + 1)
    assert reason == _("The table is longer than %(limit)d rows. Download the work sheet anew.") % {
        "limit": MAX_ROWS
    }


# Columns.

MISSING = "The column “%(heading)s” is missing. Give it its heading back, or start anew."
UNKNOWN = "There is no such column in a work sheet. Give it its heading back, or delete it."


@pytest.mark.parametrize("column", columns_of(is_plan_variant=False), ids=lambda column: column.name)
def test_renamed_column_is_refused_under_both_names(column: Any) -> None:
    letter = letter_of(column.name)
    sheet = read_work_sheet(edited(write([out_row()]), {f"{letter}3": "Kitas  vardas"}))
    assert [(line.place, line.reason) for line in sheet.refused][:2] == [
        (place_of(SHEET, 3, letter, "Kitas vardas"), _(UNKNOWN)),
        (place_of(SHEET, 3), _(MISSING) % {"heading": column.heading}),
    ]
    assert len(sheet.refused) == 2


@pytest.mark.parametrize("field", ["percent", "owner"])
def test_missing_column_is_refused(field: str) -> None:
    workbook = load_workbook(io.BytesIO(write([out_row()])))
    workbook[SHEET].delete_cols("ABCDEFGHIJKL".index(letter_of(field)) + 1)
    heading = next(column.heading for column in columns_of(is_plan_variant=False) if column.name == field)
    sheet = read_work_sheet(saved(workbook))
    assert only_refused(sheet) == (place_of(SHEET, 3), _(MISSING) % {"heading": heading})


def test_added_column_is_refused() -> None:
    sheet = read_work_sheet(edited(write([out_row()]), {"M3": "Mano pastabos", "M4": "svarbu"}))
    assert only_refused(sheet) == (place_of(SHEET, 3, "M", "Mano pastabos"), _(UNKNOWN))


def test_column_of_the_other_variant_is_refused() -> None:
    sheet = read_work_sheet(edited(write([out_row()]), {"M3": "Sąlyga", "M4": "gavus lėšų"}))
    assert only_refused(sheet) == (place_of(SHEET, 3, "M", "Sąlyga"), _(UNKNOWN))


def test_doubled_column_is_refused() -> None:
    sheet = read_work_sheet(edited(write([out_row()]), {"M3": "būsena", "M4": "Įvykdyta"}))
    where, reason = only_refused(sheet)
    assert where == place_of(SHEET, 3, "M", "Būsena")
    assert reason == _("Column %(first)s has this heading already. Delete one of the two.") % {"first": "G"}


def test_text_beside_the_table_is_refused_once_a_column() -> None:
    sheet = read_work_sheet(
        edited(write([out_row(), out_row("1.1.2-1")]), {"N4": "a", "N5": "b", "CV5": "c"})
    )
    reason = _("The column has no heading, so it is not read. Move its text into the table.")
    assert [(line.place, line.reason) for line in sheet.refused] == [
        (place_of(SHEET, 4, "N"), reason),
        (place_of(SHEET, 5, "CV"), reason),
    ]


def test_columns_may_stand_in_another_order() -> None:
    rows = [out_row("1.1.1-1"), out_row("1.1.2-1", status=Status.DONE, percent=100)]
    content = write(rows, is_plan_variant=True)
    source = load_workbook(io.BytesIO(content))
    target = load_workbook(io.BytesIO(content))
    width = len(columns_of(is_plan_variant=True))
    for row in range(3, 6):
        for column in range(1, width + 1):
            cell = target[SHEET].cell(row, width + 1 - column)
            cell.value = source[SHEET].cell(row, column).value
            cell.number_format = source[SHEET].cell(row, column).number_format
    moved, usual = read_work_sheet(saved(target)), read_work_sheet(content)
    letters = {name: chr(ord("A") + ord("Q") - ord(letter)) for name, letter in usual.letters.items()}
    assert moved == replace(usual, letters=letters)


def test_headings_may_differ_in_case_and_blanks() -> None:
    content = edited(write([out_row()]), {"G3": " BŪSENA ", "I3": "kas\n padaryta", "I4": "posėdis"})
    sheet = read_work_sheet(content)
    assert (sheet.refused, sheet.rows[0].values["comment"]) == ((), "posėdis")


def merged(*ranges: str, rows: int = 3) -> bytes:
    """Return a sheet of some rows in which somebody has merged cells."""
    content = write([out_row(f"1.1.1-{number}") for number in range(1, rows + 1)])
    workbook = load_workbook(io.BytesIO(edited(content, {"I4": "posėdis"})))
    for cells in ranges:
        workbook[SHEET].merge_cells(cells)
    return saved(workbook)


@pytest.mark.parametrize(
    ("cells", "field", "row"),
    [("I4:I6", "comment", 4), ("I5:I6", "comment", 5), ("G6:H6", "status", 6), ("A4:I4", "status", 4)],
)
def test_merged_cells_where_people_type_are_refused(cells: str, field: str, row: int) -> None:
    sheet = read_work_sheet(merged(cells))
    where, reason = only_refused(sheet)
    assert where == place(field, row, is_plan_variant=False)
    assert cells in reason


def test_merged_cells_elsewhere_do_no_harm() -> None:
    assert read_work_sheet(merged("A4:B5", "I8:I9", "I1:I2")).refused == ()


@pytest.mark.parametrize("reference", [b"A:B", b"nieko", b""])
def test_merged_cells_that_are_none_are_no_workbook(reference: bytes) -> None:
    content = replaced(ONE_ROW, b'<mergeCell ref="A1', b'<mergeCell ref="' + reference + b'" at="A1')
    assert content != ONE_ROW
    assert notice_of(content) == "no-workbook"


def test_table_without_a_row_is_refused() -> None:
    where, _reason = only_refused(read_work_sheet(write([])))
    assert where == place_of(SHEET, 3)


@pytest.mark.parametrize("typed", ["  posėdis ", "posėdis\N{NO-BREAK SPACE}", "\n\tposėdis\r\n"])
def test_blanks_around_a_text_are_no_part_of_it(typed: str) -> None:
    [row] = read_row(typed, "comment").rows
    assert row.values["comment"] == "posėdis"


def test_sheet_knows_when_it_was_made_and_where_its_columns_are() -> None:
    sheet = read_work_sheet(ONE_ROW)
    assert sheet.made_at == datetime(2024, 6, 1, 12, tzinfo=UTC)
    assert sheet.letters["percent"] == letter_of("percent")


# Sheets and files.


def test_renamed_sheet_is_named_as_it_is() -> None:
    workbook = load_workbook(io.BytesIO(write([out_row()])))
    workbook[SHEET].title = "Onos lentelė"
    workbook["Onos lentelė"][f"{letter_of('percent')}4"] = 101
    sheet = read_work_sheet(saved(workbook))
    assert sheet.sheet == "Onos lentelė"
    assert sheet.refused[0].place == place_of("Onos lentelė", 4, letter_of("percent"), "Pažanga, %")


def test_another_sheet_that_says_something_is_refused() -> None:
    workbook = load_workbook(io.BytesIO(write([out_row()])))
    workbook.create_sheet("Tuščias")
    assert read_work_sheet(saved(workbook)).refused == ()
    workbook.copy_worksheet(workbook[SHEET]).title = "Kopija"
    where, reason = only_refused(read_work_sheet(saved(workbook)))
    assert where == place_of("Kopija")
    assert reason == _("This sheet is not read. Move what it says into the table and delete the sheet.")


def notice_of(content: bytes) -> str:
    """Return the code of what is wrong with the file as a whole."""
    with pytest.raises(DocumentError) as caught:
        read_work_sheet(content)
    [notice] = caught.value.notices
    return notice.code


def any_workbook() -> bytes:
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet["A1"] = "Sąrašas"
    return saved(workbook)


def without(member: str) -> bytes:
    """Return a work sheet that lacks a part of the archive."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(write([out_row()]))) as whole, ZipFile(stream, "w") as archive:
        for name in whole.namelist():
            if name != member:
                archive.writestr(name, whole.read(name))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no-workbook"),
        (b"Nr.,Veiksmas", "no-workbook"),
        (b"PK\x03\x04 nieko", "no-workbook"),
        (any_workbook(), "no-work-sheet"),
        ((DATA / "akr-blank.xlsx").read_bytes(), "no-work-sheet"),
        ((DATA / "akr.docx").read_bytes(), "no-workbook"),
        (write([out_row()])[:-30], "no-workbook"),
        (without("xl/worksheets/sheet1.xml"), "no-table"),
        (without("xl/styles.xml"), "no-workbook"),
        (with_about(ONE_ROW, PLAN_LABEL, None), "no-work-sheet"),
        (with_about(ONE_ROW, PLAN_LABEL, "a" * 51), "no-work-sheet"),
        (with_about(write([out_row()]), VARIANT_LABEL, "visas"), "no-work-sheet"),
        (with_about(write([out_row()]), FORMAT_LABEL, "2"), "other-format"),
        (with_about(write([out_row()]), MADE_LABEL, None), "no-work-sheet"),
        (with_about(write([out_row()]), MADE_LABEL, "vakar"), "no-work-sheet"),
        (with_about(write([out_row()]), MADE_LABEL, "2024-06-01T12:00:00"), "no-work-sheet"),
        (edited(write([out_row()]), {f"{letter}3": None for letter in "ABCDEFGHIJKL"}), "no-table"),
        (b"\0" * (MAX_BYTES + 1), "too-large"),
    ],
)
def test_other_files_are_no_work_sheets(content: bytes, code: str) -> None:
    assert notice_of(content) == code


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_damaged_file_is_refused_or_read_but_never_an_error(data: st.DataObject) -> None:
    content = bytearray(ONE_ROW)
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[position] = data.draw(st.integers(0, 255))
    with suppress(DocumentError):
        read_work_sheet(bytes(content))


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_damaged_table_is_refused_or_read_but_never_an_error(data: st.DataObject) -> None:
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(ONE_ROW)) as whole, ZipFile(stream, "w") as archive:
        for name in whole.namelist():
            part = bytearray(whole.read(name))
            if name in ("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"):
                for position in data.draw(st.lists(st.integers(0, len(part) - 1), max_size=3)):
                    part[position] = data.draw(st.sampled_from(b"<>&\"'=0129AZ /"))
            archive.writestr(name, bytes(part))
    with suppress(DocumentError):
        read_work_sheet(stream.getvalue())


# Saved by LibreOffice.


@pytest.mark.parametrize("is_plan_variant", [False, True])
def test_sheet_saved_by_libreoffice_is_unchanged(is_plan_variant: bool) -> None:
    name = "work-sheet-libreoffice-plan.xlsx" if is_plan_variant else "work-sheet-libreoffice.xlsx"
    sheet = read_work_sheet((DATA / name).read_bytes())
    assert sheet == read_work_sheet(write(LIBREOFFICE_ROWS, is_plan_variant=is_plan_variant))
    assert [row.values for row in sheet.rows] == [
        expected(row, is_plan_variant=is_plan_variant) for row in LIBREOFFICE_ROWS
    ]


def test_sheet_filled_in_and_saved_by_libreoffice_says_what_was_typed() -> None:
    sheet = read_work_sheet((DATA / "work-sheet-libreoffice-filled.xlsx").read_bytes())
    assert sheet.refused == ()
    assert [(row.row, row.key, row.values) for row in sheet.rows] == [
        (4, "1.1.1-1", {"status": "done", "percent": 60, "comment": "=1+1\n- antra eilutė"}),
        (5, "1.1.2-1", {"status": "in_progress", "percent": 57, "correction": None}),
        (6, "1.1.3-1", {"status": "postponed", "percent": None, "comment": "_x0041_ 60 %"}),
    ]
