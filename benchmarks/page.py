"""How long Suvestinė of the real plan takes, beside a view that returns the same bytes ready-made.

    python benchmarks/page.py

Both go through the whole stack: middleware, session, account and rights; they take turns in one process.
"""

import io
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TURNS = 200


def main() -> None:
    """Load the real plan into a temporary database, ask for both pages in turn, print times and ratio."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/benchmark.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "akr_plan.settings"
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection
        from django.test.utils import setup_test_environment

        setup_test_environment()
        call_command("migrate", verbosity=0)
        call_command("seed_demo", stdout=io.StringIO())
        measure()
        connection.close()


def measure() -> None:
    """Print the medians of CPU seconds and how they compare."""
    from django.conf import settings
    from django.http import HttpRequest, HttpResponse
    from django.test import Client
    from django.urls import path

    from akr_plan import urls
    from akr_plan.models import User
    from reports.asked import plan_page

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    page = b""

    @plan_page
    def ready_made(request: HttpRequest, slug: str) -> HttpResponse:
        return HttpResponse(page)

    urls.urlpatterns.insert(0, path("<slug:slug>/paruosta/", ready_made))
    client = Client()
    reader = User.objects.filter(groups__isnull=False).order_by("pk")[0]
    client.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = client.get("/2023-2024/").content
    times: dict[str, list[float]] = {"/2023-2024/": [], "/2023-2024/paruosta/": []}
    for _turn in range(TURNS):
        for address, taken in times.items():
            taken.append(_seconds(client, address))
    suvestine, ready = (median(taken) for taken in times.values())
    ratio = suvestine / ready
    print(f"{len(page)} bytes: {suvestine * 1000:.1f} ms, ready-made {ready * 1000:.1f} ms, {ratio:.1f} x")


def _seconds(client: Any, address: str) -> float:
    start = time.process_time()
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")
    return time.process_time() - start


if __name__ == "__main__":
    main()
