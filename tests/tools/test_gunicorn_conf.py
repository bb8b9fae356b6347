"""How a worker of the server is told to stop at once."""

import os
import runpy
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn.workers.gthread import PollableMethodQueue

CONFIGURATION = Path(__file__).resolve().parent.parent.parent / "deploy" / "gunicorn.conf.py"


@pytest.fixture
def worker() -> Iterator[SimpleNamespace]:
    """Return what the hook needs of a worker; its own handler takes the lock of the threads."""
    before = signal.getsignal(signal.SIGQUIT)
    pool, queue, stopped = ThreadPoolExecutor(), PollableMethodQueue(), []

    def handle_quit(signal_number: int, frame: object) -> None:
        assert pool._shutdown_lock.acquire(timeout=0.1)
        pool._shutdown_lock.release()
        stopped.append(signal_number)

    queue.init()
    yield SimpleNamespace(pool=pool, method_queue=queue, handle_quit=handle_quit, stopped=stopped)
    signal.signal(signal.SIGQUIT, before)
    queue.close()
    pool.shutdown()


def test_worker_stops_after_it_has_handed_a_request_to_a_thread(worker: SimpleNamespace) -> None:
    runpy.run_path(str(CONFIGURATION))["post_worker_init"](worker)
    with worker.pool._shutdown_lock:
        os.kill(os.getpid(), signal.SIGQUIT)
    assert worker.stopped == []
    worker.method_queue.run_callbacks(None)
    assert worker.stopped == [signal.SIGQUIT]
