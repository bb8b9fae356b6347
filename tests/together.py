"""Several people at once, each with a connection of their own."""

import threading
from collections.abc import Callable

from django.db import connection, transaction


def run_together(work: Callable[[int], None], *, writers: int) -> None:
    """Run `work` in so many threads; each is told its number."""

    def run(writer: int) -> None:
        try:
            work(writer)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)


def in_the_middle_of(first: Callable[[], object], second: Callable[[], object]) -> None:
    """Start `second` on a connection of its own while what `first` wrote is not yet committed."""

    def run() -> None:
        try:
            second()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        thread.join(timeout=1)
        assert thread.is_alive()
    thread.join(timeout=60)
