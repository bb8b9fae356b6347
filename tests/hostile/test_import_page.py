"""Hostile files on the page of imports of a real server: refused with a reason, and nothing changes."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.load.editor import Answer, Editor
from tests.load.site import Site, running_site
from tests.load.test_lost_updates import MAKE_EDITORS, PASSWORD
from tests.load.test_lost_updates import database_url as database_url

from .hostile_files import hostile_files

pytestmark = pytest.mark.own_database

PATH = "/importas/"
BOUNDARY = "----hostile"
KINDS = ("new_plan", "plan_text", "work_sheet", "partners", "codes", "projects")
# All that could have been written: how many rows each table has, what history says, and the plan's own words.
READ_ALL = """
import hashlib, json
from django.apps import apps
from django.core import serializers
models = [model for model in apps.get_app_config("measures").get_models() if model.__name__ != "ImportJob"]
digest = hashlib.sha256()
for model in models:
    digest.update(serializers.serialize("json", model._base_manager.order_by("pk")).encode())
print(json.dumps(digest.hexdigest()))
"""


def form_of(fields: dict[str, str], name: str, content: bytes) -> bytes:
    """Return a form with a file, as a browser sends it."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return b"".join(parts) + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def send_all(site: Site, files: Iterator[tuple[str, bytes]]) -> list[tuple[str, Answer, float]]:
    """Upload one file after the other as all kinds in turn; return the answers and the seconds they took."""
    answers = []
    with closing(Editor(site.port)) as editor:
        editor.sign_in("redaktorius0", PASSWORD)
        page = editor.get(PATH).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        plan = re.search(r'<option value="(\d+)"', page)
        assert token
        assert plan
        for kind, (name, content) in zip(cycle(KINDS), files):
            fields = {"csrfmiddlewaretoken": token[1], "kind": kind}
            if kind == "plan_text":
                fields["plan"] = plan[1]
            # The server hangs up on those who are silent while the next file is being made.
            editor.close()
            start = time.monotonic()
            body = form_of(fields, name, content)
            answer = editor.send(PATH, body, f"multipart/form-data; boundary={BOUNDARY}")
            answers.append((f"{kind} {name}", answer, time.monotonic() - start))
    return answers


def watch_health(site: Site, is_over: Event) -> list[Answer]:
    """Ask whether the server is well, again and again."""
    answers = []
    with closing(Editor(site.port)) as visitor:
        while not is_over.wait(0.2):
            answers.append(visitor.get("/healthz"))
    return answers


def test_hostile_files_are_refused_and_the_server_goes_on(
    database_url: str, tmp_path: Path, some_hostile: Any
) -> None:
    with running_site(database_url, tmp_path) as site, ThreadPoolExecutor(1) as pool:
        site.run(MAKE_EDITORS.format(count=1, password=PASSWORD))
        before = site.run(READ_ALL)
        is_over = Event()
        health = pool.submit(watch_health, site, is_over)
        try:
            answers = send_all(site, some_hostile(hostile_files(), 20))
        finally:
            is_over.set()
        after = site.run(READ_ALL)
    print(Counter(answer.status for _name, answer, _seconds in answers), len(answers))
    print("longest:", sorted((seconds, name) for name, _answer, seconds in answers)[-3:])
    # A file that is still a proper plan after its mutation is previewed, and that is all.
    assert [(name, answer.status) for name, answer, _ in answers if answer.status not in (302, 422)] == []
    reasons = [answer.text for _name, answer, _seconds in answers if answer.status == 422]
    assert [text for text in reasons if 'class="errors"' not in text] == []
    assert after == before
    assert {answer.status for answer in health.result()} == {200}
