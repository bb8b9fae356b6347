"""Has packs made by a process of their own: it outlives the request, and the page stays usable meanwhile."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, connection

from measures.models import Pack
from measures.services.packs import fail_pack, note_life

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_SIGNS = 10


def start_pack(pack: Pack) -> None:
    """Start the process that makes the files of a pack; it tells in the pack's row how far it has come."""
    try:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "make_pack", str(pack.pk)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # What the server is told to stop by is not meant for it.
            start_new_session=True,
        )
    except OSError:
        logger.exception("No process could be started for a pack")
        fail_pack(pack=pack)
        return
    Thread(target=_note_end, args=(process, pack), daemon=True).start()


def _note_end(process: subprocess.Popen[bytes], pack: Pack) -> None:
    """Wait for the process, and note a failure that it could not note itself: it was killed, for example."""
    try:
        if process.wait():
            fail_pack(pack=pack)
    finally:
        connection.close()


@contextmanager
def signs_of_life(pack: Pack) -> Iterator[None]:
    """Note every few seconds that the pack is being made: one step of a long plan may take a minute."""
    is_over = Event()
    signs = Thread(target=_give_signs, args=(pack, is_over), daemon=True)
    signs.start()
    try:
        yield
    finally:
        is_over.set()
        signs.join()


def _give_signs(pack: Pack, is_over: Event) -> None:
    while not is_over.wait(SECONDS_BETWEEN_SIGNS):
        try:
            note_life(pack=pack)
        except DatabaseError:
            logger.exception("A sign of life could not be given")
    connection.close()
