"""Files of a closed period say the same next year, whatever becomes of the plan until then."""

import hashlib
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from openpyxl import load_workbook

from measures.models import Plan, Snapshot, StrategyDirection
from tests.conftest import Cast
from tests.copies import write_or_copy
from tests.make import load_sample_plan

from .make_changes import NEW, change_everything, close_again
from .pdf import poppler

PAGE = "/2023-2024/ataskaitos/"
PERIOD, EARLIER = "laikotarpis-2024-04-01", "laikotarpis-2024-01-01"
CLOSED_ON = date(2024, 6, 30)
THEN, CHANGED, NEXT_YEAR = (
    datetime.fromisoformat(text)
    for text in ("2025-01-02T12:00:00+02:00", "2025-03-02T12:00:00+02:00", "2026-05-04T15:00:00+03:00")
)
# The whole plan; a part of it that the words of the filter name; changes since a day, since a closed period.
ASKED = {
    "whole": {},
    "part": {"kryptis": "I"},
    "day": {"nuo": "2024-02-10"},
    "period": {"nuo": EARLIER},
}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    with time_machine.travel(THEN):
        write_or_copy("sample plan of then", load_sample_plan)
    return Plan.objects.get()


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


def fetch(client: Client, file: str, asked: dict[str, str], made_at: datetime) -> bytes:
    """Return a file that is made at a moment, without the moment."""
    with time_machine.travel(made_at, tick=False):
        response: Any = client.get(f"{PAGE}{file}", {"laikotarpis": PERIOD, **asked})
        assert response.status_code == 200, response.headers
        return b"".join(response.streaming_content)


def without_moment(text: str, made_at: datetime) -> str:
    """Return a text without the moment at which its file was made: the only thing that may differ."""
    return text.replace(date_format(timezone.localtime(made_at), "SHORT_DATETIME_FORMAT"), "*")


def read_workbook(content: bytes, made_at: datetime) -> dict[str, Any]:
    """Return all cells of all sheets with their styles and links, merged ranges, heights and charts."""
    found: dict[str, Any] = {}
    workbook: Any = load_workbook(io.BytesIO(content), rich_text=True)
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                value = cell.value
                text = without_moment(str(value), made_at) if value is not None else None
                link = cell.hyperlink.target if cell.hyperlink else None
                found[f"{sheet.title}!{cell.coordinate}"] = (type(value), text, cell.style, link)
        found[sheet.title] = (
            sorted(map(str, sheet.merged_cells.ranges)),
            {row: size.height for row, size in sheet.row_dimensions.items()},
            sheet.oddHeader.left.text,
            sheet.oddFooter.left.text,
            len(sheet._charts),
        )
    return found


def read_document(content: bytes, made_at: datetime) -> list[Any]:
    """Return all paragraphs, cells, links and what stands on each page."""
    document = docx.Document(io.BytesIO(content))
    section = document.sections[0]
    paragraphs = [*section.header.paragraphs, *section.footer.paragraphs, *document.paragraphs]
    texts = [(row.style.name, without_moment(row.text, made_at)) for row in paragraphs if row.style]
    links = sorted(part.target_ref for part in document.part.rels.values() if part.is_external)
    return [texts, links, [[cell.text for cell in row.cells] for row in document.tables[0].rows]]


def read_pdf(content: bytes, made_at: datetime, path: Path) -> list[str]:
    """Return all lines, where they stand, and those of the drawings' descriptions."""
    path.write_bytes(content)
    structure = [without_moment(text, made_at) for text in poppler.texts(path)]
    return [*without_moment(poppler.run("pdftotext", path, "-layout"), made_at).splitlines(), *structure]


@pytest.fixture
def read(manager: Client, tmp_path: Path) -> Callable[[datetime], dict[str, Any]]:
    """Return a function that makes all files at a moment and returns what is in them."""

    def read_all(made_at: datetime) -> dict[str, Any]:
        found: dict[str, Any] = {
            f"xlsx {name}": read_workbook(fetch(manager, "susirinkimui.xlsx", asked, made_at), made_at)
            for name, asked in ASKED.items()
        }
        for name, asked in {"with": {}, "without": {"busena": "be"}, "part": ASKED["part"]}.items():
            content = fetch(manager, "planas.docx", asked, made_at)
            found[f"docx {name}"] = read_document(content, made_at)
        for name in ("whole", "part"):
            content = fetch(manager, "planas.pdf", ASKED[name], made_at)
            found[f"pdf {name}"] = read_pdf(content, made_at, tmp_path / "planas.pdf")
        return found

    return read_all


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Any]:
    """Return where two readings differ: the file, the place, both values."""
    found: list[Any] = []
    for file, old in before.items():
        new = after[file]
        if isinstance(old, dict):
            places = {**old, **new}
            found += [(file, at, old.get(at), new.get(at)) for at in places if old.get(at) != new.get(at)]
        elif old != new:
            found.append((file, [pair for pair in zip(old, new, strict=False) if pair[0] != pair[1]][:5]))
    return found


def test_files_of_a_closed_period_stay_as_they_were(
    plan: Plan, cast: Cast, read: Callable[[datetime], dict[str, Any]]
) -> None:
    before = read(THEN)
    with time_machine.travel(CHANGED):
        change_everything(plan, cast, closed_on=CLOSED_ON)
        # The period that the changes begin at is closed anew, too; the one of the files is not.
        close_again(plan, cast, starts_on=date(2024, 1, 1))
    after = read(NEXT_YEAR)
    assert differences(before, after) == []
    assert NEW not in str(after)
    assert all(str(plan.first_year) in str(content) for content in after.values())


def test_page_offers_word_and_pdf_of_closed_periods(plan: Plan, manager: Client) -> None:
    html = manager.get(PAGE, {"uzdavinys": "1"}).content.decode()
    form = html[html.index('aria-labelledby="frozen"') :]
    for part in (
        'action="/2023-2024/ataskaitos/planas.docx"',
        'formaction="/2023-2024/ataskaitos/planas.pdf"',
        '<input type="hidden" name="uzdavinys" value="1">',
        f'<option value="{PERIOD}">2024 m. II ketvirtis (2024-06-30)</option>',
    ):
        assert part in form
    assert "laikotarpis-2024-10-01" not in form


def test_the_files_of_today_do_show_what_has_changed(plan: Plan, cast: Cast, manager: Client) -> None:
    with time_machine.travel(CHANGED):
        change_everything(plan, cast, closed_on=CLOSED_ON)
        response: Any = manager.get(f"{PAGE}susirinkimui.xlsx")
        sheets = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    for sheet in sheets:
        assert any(NEW in str(cell.value) for row in sheet.iter_rows() for cell in row), sheet.title


@pytest.mark.parametrize("file", ["susirinkimui.xlsx", "planas.docx", "planas.pdf"])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"laikotarpis": "laikotarpis-2024-10-01"}, "Uždaryto laikotarpio „laikotarpis-2024-10-01“ nėra."),
        ({"laikotarpis": PERIOD, "uzdavinys": "77"}, "filtruoti negalima"),
    ],
)
def test_what_can_not_be_leads_back_and_is_said(
    plan: Plan, manager: Client, file: str, asked: dict[str, str], said: str
) -> None:
    response = manager.get(f"{PAGE}{file}", asked, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert said in response.content.decode()


def test_snapshot_of_the_first_format_makes_files_with_the_names_of_today(
    plan: Plan, manager: Client
) -> None:
    for snapshot in Snapshot.objects.all():
        content = json.dumps({"format": 1, "tree": json.loads(snapshot.content)["tree"]})
        sha256 = hashlib.sha256(content.encode()).hexdigest()
        with connection.cursor() as cursor:
            change = "UPDATE measures_snapshot SET content = %s, sha256 = %s WHERE id = %s"
            cursor.execute(change, [content, sha256, snapshot.pk])
    direction = StrategyDirection.objects.get(code="I")
    direction.title = NEW
    direction.save()
    for asked in ({}, ASKED["day"]):
        book = read_workbook(fetch(manager, "susirinkimui.xlsx", asked, NEXT_YEAR), NEXT_YEAR)
        texts = {str(value[1]) for value in book.values()}
        assert NEW in texts
        assert any("2024 m. II ketvirtis" in text for text in texts)
    for file in ("planas.docx", "planas.pdf"):
        assert fetch(manager, file, {}, NEXT_YEAR)


@pytest.mark.parametrize("file", ["susirinkimui.xlsx", "planas.docx", "planas.pdf"])
def test_damaged_snapshot_makes_no_file(plan: Plan, manager: Client, file: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE measures_snapshot SET content = content || ' '")
    response = manager.get(f"{PAGE}{file}", {"laikotarpis": PERIOD}, follow=True)
    assert "užfiksuota būklė sugadinta" in response.content.decode()
