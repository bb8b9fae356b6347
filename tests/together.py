"""Several people at once, each with a connection of their own."""

import threading
from collections.abc import Callable

from django.db import connection


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
