"""Work sheets written, filled in as people do it, and read again."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from measures.enums import Status
from measures.exchange.work_sheet.columns import ABOUT_SHEET, SHEET, OutRow, columns_of
from measures.exchange.work_sheet.reader import read_work_sheet
from measures.exchange.work_sheet.sheet import WorkSheet
from measures.exchange.work_sheet.workbook import HEAD_ROW, SheetAbout, write_work_sheet

FIRST_ROW = HEAD_ROW + 1


def out_row(key: str = "1.1.1-1", **values: Any) -> OutRow:
    """Return a row of a result that is in progress."""
    defaults: dict[str, Any] = {
        "version": 3,
        "number": key.partition("-")[0],
        "title": "Parengti regiono plėtros planą",
        "description": "Parengtas planas\n• pirmas\n• antras",
        "text": "Parengtas planas",
        "sub_items": "• pirmas\n• antras",
        "period": "2023–2024 m.",
        "first_year": 2023,
        "last_year": 2024,
        "deadline": date(2024, 5, 1),
        "condition": "gavus finansavimą",
        "owner": "Ona Onaitė",
        "note": "2024-03-01\nĮvyko posėdis",
        "status": Status.IN_PROGRESS,
        "percent": 60,
    }
    return OutRow(key=key, **{**defaults, **values})


def write(rows: Sequence[OutRow], *, is_plan_variant: bool = False, part: str = "") -> bytes:
    """Return the file of a work sheet."""
    about = SheetAbout(
        "2023-2024", "VEIKLOS PLANAS", part, is_plan_variant, datetime(2024, 6, 1, 12, tzinfo=UTC)
    )
    return write_work_sheet(rows, about)


def letter_of(name: str, *, is_plan_variant: bool = False) -> str:
    """Return the letter of a field's column."""
    names = [column.name for column in columns_of(is_plan_variant=is_plan_variant)]
    return "ABCDEFGHIJKLMNOPQ"[names.index(name)]


def edited(content: bytes, cells: Mapping[str, Any]) -> bytes:
    """Return the file with other values in some cells of the table, by their place (D4)."""
    workbook = load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        cell = workbook[SHEET][place]
        if isinstance(value, tuple):
            cell.value, cell.number_format = value
        else:
            cell.value = value
            if isinstance(value, int | float) and not isinstance(value, bool):
                cell.number_format = "General"
    return saved(workbook)


def saved(workbook: Any) -> bytes:
    """Return the workbook as a file."""
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def replaced(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return the file with something else in the XML of its table, as no spreadsheet program writes it."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as whole, ZipFile(stream, "w") as archive:
        for name in whole.namelist():
            part = whole.read(name)
            archive.writestr(name, part.replace(old, new) if name == "xl/worksheets/sheet1.xml" else part)
    return stream.getvalue()


def with_about(content: bytes, label: str, value: str | None) -> bytes:
    """Return the file with something else in its hidden sheet."""
    workbook = load_workbook(io.BytesIO(content))
    for row in workbook[ABOUT_SHEET].iter_rows():
        if row[0].value == label:
            row[1].value = value
    return saved(workbook)


def read_row(value: Any, field: str, *, is_plan_variant: bool = True) -> WorkSheet:
    """Return what is read where somebody has put a value into one field of a row."""
    place = f"{letter_of(field, is_plan_variant=is_plan_variant)}{FIRST_ROW}"
    content = write([out_row()], is_plan_variant=is_plan_variant)
    return read_work_sheet(edited(content, {place: value}))


def typed_fields(*, is_plan_variant: bool) -> list[str]:
    """Return the names of the fields that come back."""
    names = {field.name for field in fields(OutRow)}
    columns = columns_of(is_plan_variant=is_plan_variant)
    return [column.name for column in columns if column.is_typed and column.name in names]
