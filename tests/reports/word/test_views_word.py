"""The page's button and the address of the Word document: who gets it, of what, at what cost."""

import io
from datetime import date
from typing import Any

import docx
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from measures.enums import Status
from measures.exchange.document.docx_reader import read_docx
from measures.models import Plan, PlannedResult, ProgressUpdate
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import adopt, make_action, make_result

pytestmark = pytest.mark.django_db

ADDRESS = "/2023-2024/ataskaitos/planas.docx"


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


def cells(content: bytes) -> list[list[str]]:
    """Return the texts of the table, merged cells once for each row."""
    rows: list[list[str]] = []
    for row in docx.Document(io.BytesIO(content)).tables[0].rows:
        rows.append([cell.text for cell in row.cells])
    return rows


def test_page_offers_both_documents(manager: Client, akr_plan: Plan) -> None:
    html = manager.get("/2023-2024/ataskaitos/?uzdavinys=2").content.decode()
    assert 'href="/2023-2024/ataskaitos/planas.docx?uzdavinys=2"' in html
    assert 'href="/2023-2024/ataskaitos/planas.docx?uzdavinys=2&amp;busena=be"' in html


def test_document_has_five_columns_and_with_progress_ten(manager: Client, akr_plan: Plan) -> None:
    plain = manager.get(f"{ADDRESS}?busena=be")
    assert plain["Content-Type"].endswith("wordprocessingml.document")
    today = timezone.localdate().isoformat()
    assert plain["Content-Disposition"].endswith(f'"veiklos-planas-2023-2024_bukle-{today}.docx"')
    assert [len(row) for row in cells(plain.getvalue())] == [5] * (1 + 6 + 22)
    response = manager.get(ADDRESS)
    assert response["Content-Disposition"].endswith(f'-2023-2024_su-pazanga_bukle-{today}.docx"')
    rows = cells(response.getvalue())
    assert [len(row) for row in rows] == [10] * (1 + 6 + 47)
    assert rows[0][5:] == ["Būsena", "Pažanga (%)", "Atsakingas", "Kas padaryta", "Siūloma korekcija"]


def test_filter_is_respected_and_said(manager: Client, akr_plan: Plan) -> None:
    content = manager.get(f"{ADDRESS}?uzdavinys=2&busena=be").getvalue()
    assert [task.number for task in read_docx(content).plan.tasks] == ["2"]
    words = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert any(text.startswith("Rodoma: ") and "2" in text for text in words)


@pytest.mark.parametrize("query", ["data=vakar", "busena=kita", "uzdavinys=77"])
def test_wrong_address_leads_back_to_the_page(manager: Client, akr_plan: Plan, query: str) -> None:
    response = manager.get(f"{ADDRESS}?{query}", follow=True)
    assert response.redirect_chain == [("/2023-2024/ataskaitos/", 302)]
    assert f"„{query.partition('=')[2]}“" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("administrator", 200), ("coordinator", 200), ("manager", 200), ("updater", 403), ("stranger", 403)],
)
def test_rights(cast: Cast, as_user: Any, akr_plan: Plan, name: str, status: int) -> None:
    assert as_user(getattr(cast, name)).get(ADDRESS).status_code == status


def test_only_reading_is_possible(manager: Client, akr_plan: Plan) -> None:
    for method in ("post", "put", "delete", "patch"):
        assert getattr(manager, method)(ADDRESS).status_code == 405


@time_machine.travel("2024-06-28T09:00:00+03:00")
def test_progress_is_that_of_the_day(cast: Cast, manager: Client) -> None:
    result = make_result(make_action(owner=cast.updater))
    adopt(result.plan)
    for day, comment, correction in (
        (date(2024, 3, 31), "Pradėta.", "Pratęsti iki rudens."),
        (date(2024, 6, 28), "Baigta.", "Nukelti į 2025 metus."),
        (date(2024, 6, 28), "Dar kartą.", ""),
    ):
        report(cast, result, day, comment, correction)
    plan = result.plan.slug
    row = cells(manager.get(f"/{plan}/ataskaitos/planas.docx?data=2024-03-31").getvalue())[-1]
    assert row[5:] == ["Vykdoma", "40", str(cast.updater), "2024-03-31: Pradėta.", "Pratęsti iki rudens."]
    row = cells(manager.get(f"/{plan}/ataskaitos/planas.docx").getvalue())[-1]
    assert row[8:] == ["2024-06-28: Dar kartą.", "Nukelti į 2025 metus."]


def report(cast: Cast, result: PlannedResult, day: date, comment: str, correction: str) -> ProgressUpdate:
    """Say how a result is going."""
    result.refresh_from_db()
    return record_progress(
        action=result.action,
        author=cast.updater,
        reported_on=day,
        results=[ReportedResult(result.key, result.version, Status.IN_PROGRESS, 40)],
        comment=comment,
        correction=correction,
    )


@pytest.mark.parametrize("query", ["", "?busena=be"])
def test_queries_do_not_grow(
    cast: Cast, manager: Client, query: str, django_assert_max_num_queries: Any
) -> None:
    first = make_result(make_action(owner=cast.updater))
    address = f"/{first.plan.slug}/ataskaitos/planas.docx{query}"
    manager.get(address)
    counts = []
    for rows in (1, 3):
        for _index in range(rows - 1):
            report(cast, make_result(first.action), timezone.localdate(), "Pradėta.", "Pratęsti.")
        with django_assert_max_num_queries(15) as captured:
            response = manager.get(address)
        assert response.status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
