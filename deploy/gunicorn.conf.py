"""How gunicorn serves the program; `manage.py serve` and the systemd unit both use it."""

import signal
from pathlib import Path
from typing import Any

# Django's worker is a process with a few threads: pages are short, exports are not.
worker_class = "gthread"
workers = 2
threads = 4

# An export of a large plan takes seconds; more than this is a mistake.
timeout = 120
graceful_timeout = 30

# A worker is replaced now and then, not all at once, so that memory freed late does not pile up.
max_requests = 2000
max_requests_jitter = 200

# The heartbeat file must not wait for a slow disk.
shared_memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes an unnamed file there
worker_tmp_dir = str(shared_memory) if shared_memory.is_dir() else None

# One start for all workers: less memory, and an error in the settings is said once.
preload_app = True

# nginx writes the access log; on one's own machine nobody reads it.
accesslog = None
loglevel = "warning"

# Nothing here is steered through gunicorn's own control socket.
control_socket_disable = True


def when_ready(server: object) -> None:
    """Let Ctrl+C through, which `manage.py serve` holds back while nothing could handle it."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def post_fork(server: object, worker: object) -> None:
    """Leave Ctrl+C to the main process: a worker that is stopped by it and by the other at once can hang."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def post_worker_init(worker: Any) -> None:
    """Let a worker that is to stop at once do so between two events.

    Its own handler takes a lock that the main thread may hold, when it just hands a request to a thread:
    then it would wait for itself until it is killed.
    """

    def stop(signal_number: int, frame: object) -> None:
        worker.method_queue.defer(worker.handle_quit, signal_number, frame)

    signal.signal(signal.SIGQUIT, stop)
