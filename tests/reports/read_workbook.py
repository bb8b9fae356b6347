"""Rows of a plan written out by hand, and the workbook made of them as other programs read it."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from measures import rules
from measures.enums import CodeKind, Status
from measures.tree.rows import ActionRow, CodeRow, MeasureRow, NameRow, PlanTree, ResultRow, TaskRow
from reports.workbook.board import write_board_workbook

from .make_board import make_board

AS_OF = date(2024, 12, 31)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def result_row(text="Parengta metodika", status=Status.IN_PROGRESS, percent=60, condition_state="", **values):
    progress = rules.Progress(status, percent, condition_state)
    due_on = values.get("due_on", date(2024, 12, 31))
    schedule = rules.schedule_of(progress, due_on, AS_OF)
    row = ResultRow(
        key="1.1.1-1",
        action_number="1.1.1",
        text=text,
        sub_items=(),
        links=(),
        first_year=2023,
        last_year=2024,
        years="2023–2024",
        period_text="2023–2024",
        due_on=due_on,
        condition="sėkmės atveju" if condition_state else "",
        progress=progress,
        schedule=schedule,
        standing=rules.standing_of(progress, schedule),
        projects=(),
        note=None,
    )
    return replace(row, **values)


def action_row(*results, number="1.1.1", **values):
    row = ActionRow(
        number=number,
        title="Surengti renginį",
        lead_in="",
        task_number="1",
        owner="Rasa Kazlauskienė",
        owner_username="rasa",
        codes=(),
        effective_codes=(),
        links=(),
        resources=(NameRow("AKR biudžetas / DU", "AKR Biudžetas / DU"), NameRow("ES lėšos", "ES lėšos")),
        partners=(NameRow("KU", "KU institutas"), NameRow("Uostas", "Uosto direkcija")),
        results=results,
        last_reported_on=None,
    )
    return replace(row, **values)


def measure_row(*actions, **values):
    return replace(MeasureRow("1.1", "1.1.", "Įtvirtinti kryptį", (), actions), **values)


def tree_of(*measures, **values):
    tree = PlanTree(
        slug="2023-2024",
        title="VEIKLOS PLANAS 2023-2024 M.",
        organisation="Asociacija „Klaipėdos regionas“",
        goal="Strategijos įgyvendinimas",
        first_year=2023,
        last_year=2024,
        years="2023–2024",
        is_sample=False,
        as_of=AS_OF,
        is_today=False,
        tasks=(TaskRow("1", "JŪRINĖS EKONOMIKOS KRYPTIS", measures),),
    )
    return replace(tree, **values)


def code_row(code, as_written="", kind=CodeKind.MEASURE):
    direction = "" if kind == CodeKind.PRIORITY else code.split(".")[0]
    return CodeRow(code, f"Kodas {code}", kind, direction, as_written, code)


class Book:
    """A written workbook: values as calamine reads them, the rest from openpyxl and the XML."""

    def __init__(self, shown, **values):
        stream = io.BytesIO()
        options: dict[str, Any] = {"made_by": "Rasa", "made_at": datetime(2025, 1, 7, 8, 15, tzinfo=UTC)}
        board = make_board(shown) if isinstance(shown, PlanTree) else shown
        write_board_workbook(board, **(options | values), stream=stream)
        self.archive = zipfile.ZipFile(stream)
        self.workbook = load_workbook(stream, rich_text=True)
        stream.seek(0)
        sheets = CalamineWorkbook.from_filelike(stream)
        self.names = sheets.sheet_names
        self.sheets: dict[str, list[list[Any]]] = {
            name: sheets.get_sheet_by_name(name).to_python() for name in self.names
        }
        self.summary, self.plan, *_others = self.sheets.values()

    def xml(self, path):
        return ElementTree.fromstring(self.archive.read(path))  # noqa: S314 - the file is our own

    @property
    def sheet(self):
        return self.xml("xl/worksheets/sheet2.xml")

    @property
    def merged(self):
        return {cell.get("ref") for cell in self.sheet.iter(f"{MAIN}mergeCell")}

    @property
    def heights(self):
        return [float(row.get("ht")) for row in self.sheet.iter(f"{MAIN}row")]

    def cell(self, reference):
        return next(cell for cell in self.sheet.iter(f"{MAIN}c") if cell.get("r") == reference)
