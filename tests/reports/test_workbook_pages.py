"""Each sheet of the board's workbook says what the page says that shows the same."""

import io
import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook

from measures.enums import Standing
from measures.models import Plan
from measures.tree.reader import read_tree
from reports.rules_in_words import rules_in_words
from tests.conftest import Cast

from .figures import text_of

DAYS = [date(2023, 12, 31), date(2024, 6, 30), date(2024, 12, 31)]
SHEETS = ["Suvestinė", "Planas", "KRSS2030", "Dėmesio", "Pokyčiai", "Apie"]
SECTIONS = {
    "Vėluoja": "veluoja",
    "Artėja terminas": "arteja",
    "Nepranešta už laikotarpį": "nepranesta",
    "Be atsakingo asmens": "be-atsakingo",
    "Laukia sąlygos": "salygos",
}


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


class Pages:
    """What the pages of a day show, and the workbook of that day."""

    def __init__(self, client: Client, day: date) -> None:
        self.client, self.day = client, day
        file = b"".join(self.get("ataskaitos/susirinkimui.xlsx").streaming_content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(file))
        self.names = book.sheet_names
        self.sheets = {name: book.get_sheet_by_name(name).to_python() for name in self.names}
        self.workbook = load_workbook(io.BytesIO(file))

    def get(self, path: str) -> Any:
        return self.client.get(f"/2023-2024/{path}", {"data": self.day.isoformat()})

    def html(self, path: str) -> str:
        html: str = self.get(path).content.decode()
        return html

    def rows(self, path: str) -> list[list[str]]:
        """Return the texts of all rows of all tables of a page."""
        rows = re.findall(r"<tr[^>]*>(.*?)</tr>", self.html(path), re.DOTALL)
        cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows)
        return [[text_of(cell) for cell in row] for row in cells]

    def table(self, name: str) -> list[list[Any]]:
        """Return the rows under the head of the table that has this name."""
        sheet, _mark, place = self.workbook.defined_names[name].attr_text.rpartition("!")
        boundaries: Any = range_boundaries(place.replace("$", ""))
        first_column, head, last_column, last = boundaries
        rows = self.sheets[sheet.strip("'")][head:last]
        return [row[first_column - 1 : last_column] for row in rows]


def percent(share: float | str) -> str:
    """Return how pages write what a sheet has as a share."""
    return "–" if share == "" else f"{round(float(share) * 100 + 1e-9)} %"


def whole(*figures: Any) -> list[str]:
    return [str(int(figure)) for figure in figures]


@time_machine.travel("2025-01-02T12:00:00+02:00")
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_sheets_say_what_the_pages_say(manager: Client, sample_plan: Plan, day: date) -> None:
    pages = Pages(manager, day)
    assert pages.names == SHEETS
    check_summary(pages)
    check_plan(pages, sample_plan)
    check_strategy(pages)
    check_attention(pages)
    check_changes(pages)
    check_about(pages, sample_plan)


def check_summary(pages: Pages) -> None:
    html = text_of(pages.html("")).replace("\N{NO-BREAK SPACE}", " ")
    said = [str(row[0]).replace("\N{NO-BREAK SPACE}", " ") for row in pages.sheets["Suvestinė"]]
    headline = next(text for text in said if str(text).startswith("Iki šios dienos"))
    assert re.sub(r"\W", "", headline) in re.sub(r"\W", "", html)
    dashboard = pages.get("").context["dashboard"].figures
    for name, groups in {
        "Pagal_uzdavinius": dashboard.tasks,
        "Pagal_kryptis": dashboard.directions,
        "Pagal_metus": dashboard.years,
    }.items():
        shown = [
            [group.number, str(group.title), group.summary.results]
            + [group.summary.count(standing) for standing in Standing]
            + ["" if group.summary.percent is None else pytest.approx(group.summary.percent / 100)]
            for group in groups
        ]
        assert pages.table(name)[: len(shown)] == shown
        assert len(pages.table(name)) == len(shown) + (name == "Pagal_uzdavinius")
    trend = [
        [row[0].isoformat(), *("–" if n == "" else str(int(n)) for n in row[2:])]
        for row in pages.table("Eiga")
    ]
    assert trend == [
        row for row in pages.rows("") if len(row) == 3 and re.fullmatch(r"\d{4}-\d\d-\d\d", row[0])
    ]


def check_plan(pages: Pages, plan: Plan) -> None:
    shown = [(row[5], row[6]) for row in pages.table("Plano_lentele") if row[5]]
    listed = [(row[4], row[5]) for row in pages.rows("rezultatai/") if len(row) == 6][1:]
    assert [(status, percent(share)) for status, share in shown] == listed
    tree = read_tree(plan, pages.day, with_notes=True)
    corrections = {r.correction.text for _a, r in tree.results() if r.correction}
    written = {row[9].partition(": ")[2] for row in pages.table("Plano_lentele") if row[9]}
    assert corrections == written


def check_strategy(pages: Pages) -> None:
    table = [
        [row[1], *whole(row[7], row[8], row[9]), percent(row[10])] for row in pages.table("KRSS2030_kodai")
    ]
    listed = [[row[0], *row[4:]] for row in pages.rows("krss2030/") if len(row) == 8 and row[0] != "Kodas"]
    assert table == listed
    counted = re.search(r"(\d+) iš (\d+)", text_of(pages.html("krss2030/")))
    assert counted is not None
    assert f"{counted[1]} iš {counted[2]} žinom" in "".join(
        str(row[0]) for row in pages.sheets["KRSS2030"][:6]
    )


def check_attention(pages: Pages) -> None:
    rows = pages.table("Demesio")
    assert {row[0] for row in rows} <= SECTIONS.keys()
    for label, path in SECTIONS.items():
        listed = [
            [row[0], row[1], row[3][:10].replace("–", ""), row[4]]
            for row in pages.rows(f"demesio/{path}/")[1:]
        ]
        shown = [
            [row[1], " ".join(row[2].split()), row[4].isoformat() if row[4] else "", row[6]]
            for row in rows
            if row[0] == label
        ]
        assert shown == listed
    assert pages.get("demesio/").context["attention"].sentence in [row[0] for row in pages.sheets["Dėmesio"]]


def check_changes(pages: Pages) -> None:
    page = pages.client.get("/2023-2024/pokyciai/", {"iki": pages.day.isoformat()})
    comparison = page.context["comparison"]
    assert [row[:5] for row in pages.table("Pokyciai")] == [
        [str(c.kind.label), c.place.number or "Planas", str(c.place.title), c.before, c.after]
        for c in comparison.changes
    ]
    assert comparison.changes
    assert page.context["sentence"] in [row[0] for row in pages.sheets["Pokyčiai"]]
    before, after = comparison.summary_before, comparison.summary_after
    assert [row[3:5] for row in pages.table("Rodikliai")][:3] == [
        [before.due, after.due],
        [before.due_done, after.due_done],
        [before.late, after.late],
    ]


def check_about(pages: Pages, plan: Plan) -> None:
    page = text_of(pages.html("taisykles/"))
    rules = pages.table("Skaiciavimo_taisykles")
    assert [title for title, _text in rules if title not in page] == []
    # What the page says with figures and links is worded by itself; all the rest is the page's own.
    texts = [" ".join(text.removeprefix("– ").split()) for _title, text in rules]
    own = [text for text in texts if text.split(": ")[-1] not in page]
    assert own == ["Terminas artėja, kai iki jo liko ne daugiau kaip 90 dienų, paskutinę dieną įskaitant."]
    assert len(rules) == sum(len(lines) for _title, lines in rules_in_words(read_tree(plan)))
    assert ["Rodoma plano dalis", "Visas planas"] in pages.table("Apie")
