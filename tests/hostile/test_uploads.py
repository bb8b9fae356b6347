"""Hostile names and files through the form of an action: refused, or kept so that they harm nobody."""

import re
import stat
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from measures.enums import FileType
from measures.evidence.files import CONTENT_TYPES
from measures.models import Action, Evidence, ProgressUpdate
from tests.conftest import Cast
from tests.make import make_action, make_result
from tests.make_files import SAMPLES

from .names import hostile_names
from .polyglots import POLYGLOTS

pytestmark = pytest.mark.django_db

BOUNDARY = b"----granica"
# Each part of so many starts with an empty journal: the page that answers a refusal shows all of it.
AT_ONCE = 25


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """Return a folder that holds all that an upload could write to: data, temporary files, where we stand."""
    for name in ("data", "temporary", "here"):
        (tmp_path / name).mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "temporary")
    # Every file then passes through the disk.
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


@pytest.fixture
def action(cast: Cast) -> Action:
    action = make_action(owner=cast.updater)
    make_result(action)
    return action


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.updater)
    return signed_in


def plain(name: str) -> bytes:
    """Return a name as a careless program sends it."""
    return b'filename="' + name.encode(errors="surrogatepass") + b'"'


def encoded(name: str) -> bytes:
    """Return a name so that every character of it arrives (RFC 2231)."""
    return f"filename*=UTF-8''{quote(name, safe='', errors='surrogatepass')}".encode()


def send(client: Client, action: Action, disposition: bytes, content: bytes) -> Any:
    """Post the form with one file and nothing else."""
    [result] = action.results.all()
    fields = {
        "1.1.1-1-version": str(result.version),
        "1.1.1-1-status": result.status,
        "reported_on": "2024-06-30",
    }
    parts = [
        b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), value.encode())
        for name, value in fields.items()
    ]
    parts.append(b'Content-Disposition: form-data; name="files"; %s\r\n\r\n%s' % (disposition, content))
    body = b"".join(b"--" + BOUNDARY + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + BOUNDARY + b"--"
    content_type = f"multipart/form-data; boundary={BOUNDARY.decode()}"
    return client.post(action.get_absolute_url(), body, content_type=content_type)


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def harm_done(client: Client, action: Action, world: Path, disposition: bytes, content: bytes) -> list[str]:
    """Send a file; return all that is wrong with what happened."""
    before = listing(world) | {"data/evidence"}
    known = set(Evidence.objects.values_list("pk", flat=True))
    reports = ProgressUpdate.objects.count()
    response = send(client, action, disposition, content)
    written = listing(world) - before
    new = list(Evidence.objects.exclude(pk__in=known))
    if response.status_code in (400, 422):
        untouched = not written and not new and ProgressUpdate.objects.count() == reports
        return [] if untouched else [f"refused, but left {written} {new}"]
    if response.status_code != 302 or len(new) != 1:
        return [f"status {response.status_code}, {len(new)} documents"]
    [evidence] = new
    path = world / "data" / "evidence" / evidence.file.name
    wrong = []
    if not re.fullmatch("[0-9a-f]{32}", evidence.file.name) or written != {str(path.relative_to(world))}:
        wrong.append(f"written {written} for {evidence.file.name}")
    if stat.S_IMODE(path.stat().st_mode) != 0o600 or stat.S_IMODE(path.parent.stat().st_mode) != 0o700:
        wrong.append("others can read it")
    return wrong + harm_of_download(client, evidence, content)


def harm_of_download(client: Client, evidence: Evidence, content: bytes) -> list[str]:
    """Return all that is wrong with the way in which a file comes back."""
    response: Any = client.get(evidence.get_absolute_url())
    wrong = []
    if response.status_code != 200 or response.getvalue() != content:
        wrong.append(f"status {response.status_code}, or other bytes")
    disposition = response["Content-Disposition"]
    if not disposition.startswith("attachment; ") or not disposition.isprintable():
        wrong.append(disposition)
    expected = {
        "Content-Type": CONTENT_TYPES[FileType(evidence.file_type)],
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return wrong + [
        f"{name}: {response[name]}" for name, value in expected.items() if response[name] != value
    ]


def in_parts(items: list[Any]) -> list[list[Any]]:
    return [items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE)]


@pytest.mark.parametrize("write", [plain, encoded])
@pytest.mark.parametrize("names", in_parts(hostile_names()), ids=lambda names: ascii(names[0][:20]))
def test_hostile_names(client: Client, action: Action, world: Path, names: list[str], write: Any) -> None:
    wrong = {name: harm_done(client, action, world, write(name), SAMPLES["pdf"]) for name in names}
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("files", in_parts(POLYGLOTS), ids=lambda files: files[0][0])
def test_polyglots(client: Client, action: Action, world: Path, files: list[tuple[str, bytes]]) -> None:
    wrong = {name: harm_done(client, action, world, plain(name), content) for name, content in files}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_there_are_enough_of_them() -> None:
    assert len(set(hostile_names())) == 200
    assert len({name for name, _content in POLYGLOTS}) >= 50


def test_some_are_kept_and_some_refused(client: Client, action: Action, world: Path) -> None:
    """Else the tests above could pass because nothing is ever kept, or nothing refused."""
    statuses = [
        send(client, action, encoded(name), SAMPLES["pdf"]).status_code for name in hostile_names()[:40]
    ]
    assert (statuses.count(302) > 10, statuses.count(422) > 5) == (True, True)
    for name, content in POLYGLOTS[::4]:
        statuses.append(send(client, action, plain(name), content).status_code)
    assert set(statuses) == {302, 422}
