"""People who save the same action at once, over a real server: nobody's work is lost unnoticed."""

import itertools
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from psycopg2 import sql

from .editor import Answer, Editor, read_form
from .site import Site, running_site

pytestmark = pytest.mark.own_database

PATH = "/2023-2024/veiksmai/4.1.1/"
KEY = "4.1.1-1"
PASSWORD = "rytoj-bus-geriau-7"

MAKE_EDITORS = """
from akr_plan.models import User
from measures import roles
for number in range({count}):
    user = User.objects.create_user(f"redaktorius{{number}}", password="{password}")
    user.groups.add(roles.group(roles.COORDINATOR))
"""
READ_JOURNAL = """
import json
from measures.models import Action, PlannedResult, ResultProgress
result = PlannedResult.objects.get(key="{key}")
lines = ResultProgress.objects.filter(result=result).order_by("id")
print(json.dumps({{
    "comments": [line.update.comment for line in lines.select_related("update")],
    "percents": [line.percent for line in lines],
    "updates": Action.objects.get(number="4.1.1").progress_updates.count(),
    "history": result.history.count(),
    "version": result.version,
    "percent": result.percent,
}}))
"""


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """Yield a new empty database of the kind that the tests run on."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        yield f"sqlite:///{tmp_path / 'plan.sqlite3'}"
        return
    name = f"load_{uuid.uuid4().hex}"
    server = {"host": database["HOST"], "port": database["PORT"] or None, "user": database["USER"]}
    with maintenance(server) as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield f"postgres://{server['user']}@/{server['host']}/{name}"
    finally:
        with maintenance(server) as cursor:
            cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def maintenance(server: dict[str, Any]) -> Iterator[Any]:
    """Yield a cursor outside any transaction, as making a database needs."""
    connection = psycopg2.connect(dbname="postgres", **server)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


@dataclass(frozen=True)
class Save:
    """One answered attempt: by whom, of what, and which version he or she had seen."""

    comment: str
    percent: int
    seen_version: int
    answer: Answer


def edit(site: Site, number: int, percents: Sequence[int]) -> list[Save]:
    """Save one percent after the other, each upon what the page shows."""
    done = []
    with closing(Editor(site.port)) as editor:
        editor.sign_in(f"redaktorius{number}", PASSWORD)
        page = editor.get(PATH).text
        for turn, percent in enumerate(percents):
            form = read_form(page)
            comment = f"{number}-{turn}"
            form |= {f"{KEY}-status": "in_progress", f"{KEY}-percent": str(percent), "comment": comment}
            answer = editor.post(PATH, form)
            done.append(Save(comment, percent, int(form[f"{KEY}-version"]), answer))
            page = answer.text if answer.status == 409 else editor.get(PATH).text
    return done


def edit_together(site: Site, editors: int, saves: int) -> list[Save]:
    """Let all of them work at the same time."""
    site.run(MAKE_EDITORS.format(count=editors, password=PASSWORD))
    # Each has percents of his or her own, so that every save is a change and no two are the same.
    percents = [
        list(itertools.islice(itertools.cycle(range(number, 101, editors)), saves))
        for number in range(editors)
    ]
    with ThreadPoolExecutor(editors) as pool:
        done = list(pool.map(edit, itertools.repeat(site), range(editors), percents))
    return list(itertools.chain.from_iterable(done))


def lost_saves(acknowledged: list[Save], journal: dict[str, Any]) -> list[str]:
    """Return the saves that undid another one which their author had not seen."""
    version_before = {comment: number + 1 for number, comment in enumerate(journal["comments"])}
    return [save.comment for save in acknowledged if version_before[save.comment] != save.seen_version]


@pytest.mark.parametrize(("editors", "quick", "thorough"), [(2, 100, 500), (8, 25, 100)])
def test_no_acknowledged_save_is_lost(
    database_url: str, tmp_path: Path, is_thorough: bool, editors: int, quick: int, thorough: int
) -> None:
    saves = thorough if is_thorough else quick
    with running_site(database_url, tmp_path) as site:
        done = edit_together(site, editors, saves)
        journal = site.run(READ_JOURNAL.format(key=KEY))
    acknowledged = [save for save in done if save.answer.status == 302]
    refused = [save for save in done if save.answer.status != 302]
    print(f"{editors} × {saves}: {len(acknowledged)} saved, {len(refused)} conflicts")

    assert {save.answer.status for save in refused} == {409}
    for save in refused:
        assert "Tuos pačius rezultatus tuo metu pakeitė kitas naudotojas" in save.answer.text
        assert f"Vykdoma {save.percent}\N{NO-BREAK SPACE}%" in save.answer.text
        assert save.comment in save.answer.text
    assert sorted(journal["comments"]) == sorted(save.comment for save in acknowledged)
    assert len(acknowledged) == journal["updates"] == journal["history"] - 1 == journal["version"] - 1
    percents = {save.comment: save.percent for save in acknowledged}
    assert journal["percents"] == [percents[comment] for comment in journal["comments"]]
    assert journal["percent"] == journal["percents"][-1]
    assert lost_saves(acknowledged, journal) == []


def test_without_the_comparison_saves_are_lost(database_url: str, tmp_path: Path) -> None:
    with running_site(database_url, tmp_path, application="tests.load.unchecked:application") as site:
        done = edit_together(site, editors=2, saves=50)
        journal = site.run(READ_JOURNAL.format(key=KEY))
    acknowledged = [save for save in done if save.answer.status == 302]
    assert lost_saves(acknowledged, journal)
