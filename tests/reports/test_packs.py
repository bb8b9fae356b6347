"""Packs are made of the same rows, all or nothing, by processes of their own, two at once if need be."""

import io
import logging
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from docx import Document
from python_calamine import CalamineWorkbook

from measures.enums import PackState, PackStep, PeriodKind
from measures.models import Pack, PackFile, Plan
from measures.services.packs import finish_pack, request_pack
from measures.services.periods import close_period, make_periods, reopen_period
from reports import packs
from reports.asked_board import check_asked_board
from reports.asked_pack import asking, content_of
from reports.pack_process import start_pack
from reports.packs import PackError, make_pack
from reports.pdf.compiler import PdfError
from tests.conftest import Cast
from tests.make import adopt, make_action, make_measure, make_plan, make_result, make_task
from tests.make_packs import FILES, make_finished, make_request, process_environment
from tests.reports.pdf.poppler import texts
from tests.together import run_together

pytestmark = pytest.mark.django_db

NAMES = ["Suvestinė", "Planas", "KRSS2030", "Dėmesio", "Pokyčiai", "Apie"]
LONGEST_WAIT = 120


@pytest.fixture
def plan(cast: Cast) -> Plan:
    with time_machine.travel("2024-01-10T12:00:00+02:00"):
        plan = make_plan(slug="2023-2024")
        for number in ("1", "2"):
            make_result(make_action(make_measure(make_task(plan, number)), title=f"Tyrimas {number}"))
        return adopt(plan)


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something holds, for as long as a slow machine may need."""
    end = time.monotonic() + LONGEST_WAIT
    while not condition():
        assert time.monotonic() < end, "It did not happen."
        time.sleep(0.1)


@time_machine.travel("2024-10-01T12:00:00+03:00", tick=False)
def test_all_three_files_show_the_same(cast: Cast, plan: Plan, tmp_path: Path) -> None:
    pack = make_request(
        plan, cast.manager, date(2024, 9, 30), query="uzdavinys=2&data=2024-09-30&nuo=2024-03-01"
    )
    make_pack(pack)
    excel, word, pdf = pack.files.all()
    book = CalamineWorkbook.from_filelike(io.BytesIO(excel.read() or b""))
    table = Document(io.BytesIO(word.read() or b""))
    (tmp_path / "planas.pdf").write_bytes(pdf.read() or b"")
    shown = {
        "excel": str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names]),
        "word": "\n".join(
            [p.text for p in table.paragraphs] + [c.text for r in table.tables[0].rows for c in r.cells]
        ),
        "pdf": "\n".join(texts(tmp_path / "planas.pdf")),
    }
    assert book.sheet_names == NAMES
    for kind, text in shown.items():
        assert "Tyrimas 2" in text, kind
        assert "Tyrimas 1" not in text, kind
        assert "Vilius Viliūnas" in text, kind
        assert "2024-10-01 12:00" in text, kind
    assert ["Pokyčiai", "2024-03-01 → 2024-09-30"] in book.get_sheet_by_name("Apie").to_python()
    assert [file.name for file in (excel, word, pdf)] == [
        "veiklos-planas-2023-2024_bukle-2024-09-30.xlsx",
        "veiklos-planas-2023-2024_su-pazanga_bukle-2024-09-30.docx",
        "veiklos-planas-2023-2024_bukle-2024-09-30.pdf",
    ]


def test_plan_is_read_once_for_all_files(cast: Cast, plan: Plan) -> None:
    pack = make_request(plan, cast.manager)
    boards = []
    makers = {step: lambda board, pack: boards.append(board) for step in packs.MAKERS}
    with patch.object(packs, "MAKERS", makers), patch.object(packs, "finish_pack"):
        make_pack(pack)
    first, *others = boards
    assert len(others) == 2
    assert all(board is first for board in others)


def test_each_step_is_noted_before_it_is_taken(cast: Cast, plan: Plan) -> None:
    pack = make_request(plan, cast.manager)
    steps: list[int] = []

    def note(board: Any, pack: Pack) -> None:
        steps.append(Pack.objects.get().step)

    with patch.object(packs, "MAKERS", dict.fromkeys(packs.MAKERS, note)), patch.object(packs, "finish_pack"):
        make_pack(pack)
    assert steps == [PackStep.EXCEL, PackStep.WORD, PackStep.PDF]


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (PdfError("x"), "PDF failo parengti nepavyko: per daug duomenų. Susiaurinkite, kas rodoma."),
        (ValueError("secret"), ""),
        (MemoryError(), ""),
    ],
)
def test_failing_maker_leaves_no_file_and_says_so(
    cast: Cast, plan: Plan, monkeypatch: Any, error: Exception, failure: str
) -> None:
    def fail(*args: Any, **kwargs: Any) -> bytes:
        raise error

    monkeypatch.setattr(packs, "write_plan_pdf", fail)
    pack = make_request(plan, cast.manager)
    with pytest.raises((PackError, type(error))):
        make_pack(pack)
    pack.refresh_from_db()
    assert (pack.state, pack.step, pack.failure) == (PackState.FAILED, PackStep.PDF, failure)
    assert not PackFile.objects.exists()
    assert not list((Path(settings.DATA_DIR) / "packs").glob("*"))


def test_what_can_not_be_asked_for_any_more_is_said(cast: Cast, plan: Plan) -> None:
    pack = make_request(plan, cast.manager, query="laikotarpis=laikotarpis-2024-01-01")
    with pytest.raises(CommandError, match="laikotarpis-2024-01-01"):
        call_command("make_pack", str(pack.pk))
    pack.refresh_from_db()
    assert pack.failure == "Uždaryto laikotarpio „laikotarpis-2024-01-01“ nėra."


def test_command_can_be_called_by_hand(cast: Cast, plan: Plan) -> None:
    pack = make_request(plan, cast.manager)
    stream = io.StringIO()
    call_command("make_pack", str(pack.pk), stdout=stream)
    assert stream.getvalue() == "Parengta: 2023-2024 #1\n"
    assert pack.files.count() == 3
    with pytest.raises(CommandError, match="nėra rengiamas"):
        call_command("make_pack", str(pack.pk))
    with pytest.raises(CommandError, match="nėra"):
        call_command("make_pack", "0")


@time_machine.travel("2024-10-01T12:00:00+03:00")
@pytest.mark.parametrize(
    ("days", "asked", "since"),
    [
        ([], "", "2024-07-03"),
        ([date(2024, 5, 1)], "", "2024-05-01"),
        ([date(2024, 5, 1), date(2024, 4, 1)], "", "2024-05-01"),
        ([date(2024, 5, 1), date(2024, 10, 1)], "", "2024-05-01"),
        ([date(2024, 5, 1)], "data=2024-05-01", "2024-02-01"),
        ([date(2024, 5, 1)], "nuo=2024-02-02", "2024-02-02"),
    ],
)
def test_changes_begin_where_the_last_pack_ended(
    cast: Cast, plan: Plan, days: list[date], asked: str, since: str
) -> None:
    for day in days:
        make_finished(plan, cast.manager, day)
    make_request(plan, cast.manager, date(2024, 8, 1))
    make_finished(make_plan(), cast.manager, date(2024, 8, 2))
    checked = check_asked_board(asking(asked), plan.slug)
    assert content_of(checked).since == since
    assert f"nuo={since}" in checked.query


@time_machine.travel("2024-10-01T12:00:00+03:00")
@pytest.mark.parametrize(
    ("is_reopened", "since"), [(False, "2024 m. I pusmetis (2024-06-30)"), (True, "2024-06-30")]
)
def test_changes_begin_with_the_closed_period_that_the_last_pack_showed(
    cast: Cast, plan: Plan, is_reopened: bool, since: str
) -> None:
    periods = make_periods(plan=plan, author=cast.coordinator, kind=PeriodKind.HALF_YEAR)
    [period] = [period for period in periods if period.starts_on == date(2024, 1, 1)]
    close_period(period=period, author=cast.coordinator, seen_version=period.version)
    content = content_of(check_asked_board(asking("laikotarpis=laikotarpis-2024-01-01"), plan.slug))
    assert (content.as_of, content.period_title) == (date(2024, 6, 30), "2024 m. I pusmetis")
    assert content.query.startswith("laikotarpis=laikotarpis-2024-01-01&nuo=")
    finish_pack(pack=request_pack(plan=plan, author=cast.manager, content=content), files=FILES)
    if is_reopened:
        period.refresh_from_db()
        reopen_period(period=period, author=cast.administrator, reason="Klaida", seen_version=period.version)
    assert content_of(check_asked_board(asking(""), plan.slug)).since == since


@pytest.mark.django_db(transaction=True)
def test_two_packs_at_once_both_finish(cast: Cast, plan: Plan) -> None:
    wanted = [make_request(plan, cast.manager), make_request(plan, cast.coordinator)]
    run_together(lambda writer: make_pack(wanted[writer]), writers=len(wanted))
    assert [(pack.state, pack.files.count()) for pack in Pack.objects.all()] == [(PackState.FINISHED, 3)] * 2


@pytest.mark.django_db(transaction=True)
def test_process_of_its_own_makes_the_pack(cast: Cast, plan: Plan, tmp_path: Path, monkeypatch: Any) -> None:
    for name, value in process_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    pack = make_request(plan, cast.manager)
    start_pack(pack)
    wait_for(lambda: Pack.objects.exclude(state=PackState.MAKING).exists())
    assert Pack.objects.get().state == PackState.FINISHED
    assert [file.kind for file in pack.files.all()] == ["excel", "word", "pdf"]
    assert all(file.read() for file in pack.files.all())


@pytest.mark.django_db(transaction=True)
def test_process_that_dies_is_noted(cast: Cast, plan: Plan, monkeypatch: Any) -> None:
    monkeypatch.setattr("reports.pack_process.sys.executable", "/bin/false")
    start_pack(make_request(plan, cast.manager))
    wait_for(lambda: Pack.objects.get().state == PackState.FAILED)


def test_process_that_can_not_be_started_is_noted(
    cast: Cast, plan: Plan, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("reports.pack_process.sys.executable", "/nera/tokio")
    with caplog.at_level(logging.ERROR):
        start_pack(make_request(plan, cast.manager))
    assert Pack.objects.get().state == PackState.FAILED
    assert "No process could be started" in caplog.text
