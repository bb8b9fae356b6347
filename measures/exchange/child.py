"""Has files parsed by a process of their own: whatever a file does to its parser, the server keeps answering.

The child gets one request on its standard input: the length of a header (4 bytes, big-endian), the header as
JSON, and the file as it is. It answers on its standard output with one JSON object that holds one of: `value`
(a dataclass), `notices` (of a DocumentError), `said` (of a FileRefusedError), or `refused` ("memory").
Anything else counts as a crash.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from .child_main import HEADER_LENGTH
from .code_file import Sheets
from .document.notices import DocumentError, Notice
from .document.tree import DocumentReading
from .guard.refusal import FileRefusedError
from .work_sheet.sheet import WorkSheet

if TYPE_CHECKING:
    from pydantic import TypeAdapter

logger = logging.getLogger(__name__)

# What each reader returns.
READINGS = {"plan": DocumentReading, "work_sheet": WorkSheet, "cells": Sheets}

# A file may cost so many seconds of a processor; on a busy machine they take longer by the clock.
MAX_CPU_SECONDS = 4
MAX_SECONDS = 10
MAX_MEMORY = 256 * 1024**2
MAX_ANSWER = 16 * 1024**2
# How many files a server process has read at once, and how many seconds one more waits for its turn.
MAX_CHILDREN = 2
MAX_WAIT = 2

_turns = BoundedSemaphore(MAX_CHILDREN)


def read_in_child(reader: str, content: bytes, **arguments: Any) -> Any:
    """Return what a reader ("plan", "work_sheet" or "cells") makes of a file; arguments are JSON values.

    Raises DocumentError, as the reader does, and FileRefusedError if reading takes too much time or memory,
    crashes, or too many files are being read already. Messages are in the current language.
    """
    header = {
        "reader": reader,
        "arguments": arguments,
        "language": translation.get_language(),
        "locale_paths": [str(path) for path in settings.LOCALE_PATHS],
        "seconds": MAX_CPU_SECONDS,
        "memory": MAX_MEMORY,
        "answer": MAX_ANSWER,
    }
    if not _turns.acquire(timeout=MAX_WAIT):
        raise FileRefusedError(_("Other files are being read just now. Try again in a minute."))
    try:
        answer = _ask(json.dumps(header).encode(), content)
    finally:
        _turns.release()
    return _understood(reader, answer)


def _ask(header: bytes, content: bytes) -> bytes:
    """Return what a child answers; it is over when this returns, however it ends."""
    with subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.child_main"],
        cwd=settings.BASE_DIR,
        # It needs neither the passwords nor the paths that the server runs with.
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            request = HEADER_LENGTH.pack(len(header)) + header + content
            answer, said = process.communicate(request, timeout=MAX_SECONDS)
        except subprocess.TimeoutExpired as error:
            logger.warning("Reading a file of %d bytes was ended after %s s", len(content), MAX_SECONDS)
            raise FileRefusedError(_too_much()) from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        logger.warning("Reading a file of %d bytes was ended by the system", len(content))
        raise FileRefusedError(_too_much())
    if process.returncode:
        raise _crash(said.decode(errors="replace"))
    return answer


def _understood(reader: str, answer: bytes) -> Any:
    """Return the value in an answer, or raise what it tells."""
    try:
        match json.loads(answer):
            case {"value": value}:
                return _adapter(reader).validate_python(value)
            case {"notices": notices}:
                raise DocumentError(_notices_adapter().validate_python(notices))
            case {"said": str(said)}:
                raise FileRefusedError(said)
            case {"refused": "memory"}:
                logger.warning("A file needs more memory than %d bytes, or a longer answer", MAX_MEMORY)
                raise FileRefusedError(_too_much())
    except ValueError as error:
        raise _crash(str(error)) from error
    raise _crash("no answer")


def _too_much() -> str:
    return _(
        "The file is too large or too intricate to be read. Copy only what has to be imported to a new file "
        "and try again."
    )


def _crash(said: str) -> FileRefusedError:
    """Tell the operator what went wrong, and return what its owner is told."""
    logger.error("A file could not be read: %s", said[-4000:])
    return FileRefusedError(
        _(
            "The file could not be read; the log of the server says why. Save the document anew and try "
            "again, and if that does not help, tell the administrator."
        )
    )


# pydantic takes 0.1 s to import: only who imports files waits for it.
@cache
def _adapter(reader: str) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(READINGS[reader])


@cache
def _notices_adapter() -> "TypeAdapter[list[Notice]]":
    from pydantic import TypeAdapter

    return TypeAdapter(list[Notice])
