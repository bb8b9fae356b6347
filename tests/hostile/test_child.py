"""Files are parsed in a process of their own, which ends by itself or is ended, and leaves nothing behind."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from measures.exchange import child
from measures.exchange.child import read_in_child
from measures.exchange.document.file import read_plan_file
from measures.exchange.document.notices import DocumentError, Notice
from measures.exchange.document.tree import DocumentReading
from measures.exchange.fixtures import AKR_DOCUMENT
from measures.exchange.guard.file_guard import FileRefusedError, guard_file
from measures.exchange.work_sheet.reader import read_work_sheet

from .hostile_archives import DATA, MAIN, altered, members_of
from .hostile_files import REAL_FILES, unguarded_files

TEXT = AKR_DOCUMENT.read_bytes()
# Each of its paragraphs takes some hundred bytes of memory.
PARAGRAPHS = b'<w:p w:rsidR="00000000"/>' * 400_000
# Keeps a reader busy for many seconds.
ENDLESS = b"<html><table>" + b"<tr><td>1.1. A<td>1.1.1. B<td><ul><li>c<li>d</ul><td>e<td>f\n" * 100_000


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test depend on how busy the machine is, unless it is about that."""
    monkeypatch.setattr(child, "MAX_CPU_SECONDS", 60)
    monkeypatch.setattr(child, "MAX_WAIT", 60)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Return the processes that the test has started."""
    processes: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.options = options
            processes.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return processes


def is_gone(process: subprocess.Popen[bytes]) -> bool:
    """Return whether the process has ended and was waited for."""
    return process.returncode is not None and not Path(f"/proc/{process.pid}").exists()


@pytest.mark.parametrize("path", REAL_FILES, ids=lambda path: path.name)
def test_plan_is_the_same_as_without_a_child(path: Path) -> None:
    content = path.read_bytes()
    expected = read_plan_file(content, ["Neringa"], ["Neįprastas išteklius"])
    read = read_in_child(
        "plan", content, known_partners=["Neringa"], known_resources=["Neįprastas išteklius"]
    )
    assert read == expected


def notices_of(read: Callable[..., Any], *arguments: Any) -> list[Notice]:
    with pytest.raises(DocumentError) as caught:
        read(*arguments)
    return caught.value.notices


@pytest.mark.parametrize("language", ["lt", "en", None])
def test_notices_are_the_same_in_the_language_of_the_moment(language: str | None) -> None:
    content = "Žodžiai be plano".encode("cp1257")
    with translation.override(language):
        expected = notices_of(read_plan_file, content)
        assert notices_of(read_in_child, "plan", content) == expected
    assert expected[0].message.startswith("Failas" if language == "lt" else "The file")


@pytest.mark.parametrize("path", sorted(DATA.glob("work-sheet-*.xlsx")), ids=lambda path: path.name)
def test_work_sheet_is_the_same_as_without_a_child(path: Path) -> None:
    content = path.read_bytes()
    guard_file(path.name, content)
    assert read_in_child("work_sheet", content) == read_work_sheet(content)


def test_file_that_is_no_work_sheet() -> None:
    content = REAL_FILES[0].read_bytes()
    assert notices_of(read_in_child, "work_sheet", content) == notices_of(read_work_sheet, content)


def test_memory_is_limited(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(child, "MAX_MEMORY", 128 * 1024**2)
    main = MAIN["docx"]
    part = members_of("docx")[main].replace(b"</w:body>", PARAGRAPHS + b"</w:body>")
    with pytest.raises(FileRefusedError):
        read_in_child("plan", altered("docx", {main: part}))
    assert "more memory than 134217728 bytes" in caplog.text
    assert [process.returncode for process in started] == [0]
    assert is_gone(started[0])


def test_time_is_limited(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(child, "MAX_SECONDS", 1)
    # A fast machine would come to the limit of memory first.
    monkeypatch.setattr(child, "MAX_MEMORY", 2**40)
    ended = []
    end = os.killpg

    def killpg(group: int, sign: int) -> None:
        ended.append((group, sign))
        end(group, sign)

    monkeypatch.setattr(os, "killpg", killpg)
    with pytest.raises(FileRefusedError):
        read_in_child("plan", ENDLESS)
    assert "was ended after 1 s" in caplog.text
    assert ended == [(started[0].pid, signal.SIGKILL)]
    assert is_gone(started[0])


def test_processor_time_is_limited_even_if_nobody_watches(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    header = header_of(monkeypatch)
    with pytest.raises(FileRefusedError):
        child._ask(json.dumps({**header, "seconds": 1, "memory": 2**40}).encode(), ENDLESS)
    assert "was ended by the system" in caplog.text
    assert started[-1].returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def header_of(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what a child is told."""
    headers = []

    def ask(header: bytes, content: bytes) -> bytes:
        headers.append(json.loads(header))
        return b'{"notices": []}'

    with monkeypatch.context() as patch:
        patch.setattr(child, "_ask", ask)
        notices_of(read_in_child, "plan", b"")
    return dict(headers[0])


def test_long_answers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MAX_ANSWER", 1000)
    with pytest.raises(FileRefusedError):
        read_in_child("plan", TEXT)


def test_crash_is_told_and_logged(
    caplog: pytest.LogCaptureFixture, started: list[subprocess.Popen[bytes]]
) -> None:
    with pytest.raises(FileRefusedError) as caught:
        read_in_child("plan", TEXT, nera_tokio=1)
    assert "nera_tokio" not in str(caught.value)
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "TypeError" in record.getMessage()
    assert is_gone(started[0])


@pytest.mark.parametrize("answer", [b"", b"[]", b"{", b'{"value": {}}', b'{"notices": [1]}', b"\xff"])
def test_answer_that_is_none_counts_as_a_crash(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_ask", lambda header, content: answer)
    with pytest.raises(FileRefusedError):
        read_in_child("plan", TEXT)


def test_only_so_many_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MAX_WAIT", 0.01)
    for _turn in range(child.MAX_CHILDREN):
        child._turns.acquire()
    try:
        with pytest.raises(FileRefusedError):
            read_in_child("plan", TEXT)
    finally:
        for _turn in range(child.MAX_CHILDREN):
            child._turns.release()
    with pytest.raises(FileRefusedError):
        read_in_child("plan", TEXT, nera_tokio=1)
    # Turns come back, also after a crash; one more than there are could not be given back.
    with pytest.raises(ValueError, match="released too many times"):
        child._turns.release()


def test_several_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        readings = list(threads.map(lambda path: read_in_child("plan", path.read_bytes()), REAL_FILES))
    assert readings == [read_plan_file(path.read_bytes()) for path in REAL_FILES]


def test_child_knows_no_secrets(started: list[subprocess.Popen[bytes]]) -> None:
    read_in_child("plan", TEXT)
    [process] = started
    assert process.options["env"] == {}  # type: ignore[attr-defined]
    assert process.options["start_new_session"]  # type: ignore[attr-defined]


def test_readers_need_neither_models_nor_settings() -> None:
    program = (
        "import sys, measures.exchange.document.file, measures.exchange.work_sheet.reader;"
        "from django.conf import settings;"
        "print(settings.configured, *(name for name in sys.modules if name.startswith('measures.models')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, check=True, env={}
    )
    assert run.stdout.decode().split() == ["False"]


def test_what_passes_the_guard_is_read_or_refused_but_never_crashes(
    some_hostile: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    started: list[subprocess.Popen[bytes]],
) -> None:
    monkeypatch.setattr(child, "MAX_CPU_SECONDS", 4)

    def outcome(file: tuple[str, bytes]) -> str:
        try:
            reading = read_in_child("plan", file[1])
        except (DocumentError, FileRefusedError) as error:
            return type(error).__name__
        assert isinstance(reading, DocumentReading)
        return "read"

    with ThreadPoolExecutor(child.MAX_CHILDREN) as threads:
        outcomes = list(threads.map(outcome, some_hostile(passing(), 5)))
    assert set(outcomes) >= {"read", "DocumentError"}
    assert len(outcomes) > 40
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert all(map(is_gone, started))


def passing() -> Any:
    """Yield the files that the guard lets through."""
    for name, content in unguarded_files():
        try:
            guard_file(name, content)
        except FileRefusedError:
            continue
        yield name, content
