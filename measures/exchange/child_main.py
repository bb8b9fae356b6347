"""The process that parses one file, see `child`: under limits of memory and time, and knowing no database.

Only what a reader needs is imported, so that a small file takes little longer than Python needs to start.
"""

import json
import resource
import struct
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, BinaryIO

HEADER_LENGTH = struct.Struct(">I")


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Read one file and answer."""
    (length,) = HEADER_LENGTH.unpack(source.read(HEADER_LENGTH.size))
    header = json.loads(source.read(length))
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, header["memory"])
    _limit(resource.RLIMIT_CPU, header["seconds"])
    try:
        answer = _answer(header, source.read())
    except MemoryError:
        answer = b""
    if not answer or len(answer) > header["answer"]:
        answer = b'{"refused": "memory"}'
    target.write(answer)


def _limit(what: int, most: int) -> None:
    _soft, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _answer(header: dict[str, Any], content: bytes) -> bytes:
    _speak(header["language"], header["locale_paths"])
    read = _reader(header["reader"])
    # Nothing here writes files, and nothing in a file shall make it.
    _limit(resource.RLIMIT_FSIZE, 0)

    from .document.notices import DocumentError
    from .guard.refusal import FileRefusedError

    try:
        answer: dict[str, Any] = {"value": asdict(read(content, **header["arguments"]))}
    except DocumentError as error:
        answer = {"notices": [asdict(notice) for notice in error.notices]}
    except FileRefusedError as error:
        answer = {"said": str(error)}
    # Labels may be translated late.
    return json.dumps(answer, default=str).encode()


def _speak(language: str | None, locale_paths: list[str]) -> None:
    """Have Django translate without a project: no apps, no settings of the server."""
    from django.apps import apps
    from django.conf import settings
    from django.utils import translation

    settings.configure(LANGUAGE_CODE=language or "en", LOCALE_PATHS=locale_paths)
    apps.populate(())
    if language is None:
        translation.deactivate_all()


def _reader(name: str) -> Callable[..., Any]:
    """Return the reader; only its own libraries are loaded."""
    if name == "plan":
        from .document.file import read_plan_file

        return read_plan_file
    if name == "cells":
        from .code_file import read_all_sheets

        return read_all_sheets
    from .work_sheet.reader import read_work_sheet

    return read_work_sheet


if __name__ == "__main__":
    answers, sys.stdout = sys.stdout, sys.stderr
    main(sys.stdin.buffer, answers.buffer)
    answers.buffer.flush()
