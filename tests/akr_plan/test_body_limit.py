"""Requests that are too large are refused before anything is read."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from akr_plan.body_limit import LARGEST_BODY
from measures.evidence.files import MAX_BYTES, MAX_FILES
from tests.conftest import Cast

MULTIPART = "multipart/form-data; boundary=b"
BODY = b'--b\r\nContent-Disposition: form-data; name="username"\r\n\r\nula\r\n--b--\r\n'


class Unreadable(BytesIO):
    """A body that nobody may touch."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def post(length: str | None, body: BytesIO) -> Any:
    """Send a form with whatever length is announced."""
    environ: dict[str, Any] = {"CONTENT_TYPE": MULTIPART, "wsgi.input": body}
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    return Client().generic("POST", "/prisijungti/", **environ)


def test_too_large_a_request_is_refused_unread() -> None:
    response = post(str(LARGEST_BODY + 1), Unreadable())
    assert response.status_code == 413
    html = response.content.decode()
    assert "<h1>Siunčiama per daug</h1>" in html
    assert "daugiau nei 51\N{NO-BREAK SPACE}MB" in html
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_largest_request_is_read() -> None:
    with pytest.raises(AssertionError, match="the body was read"):
        post(str(LARGEST_BODY), Unreadable())


@pytest.mark.django_db
@pytest.mark.parametrize("length", [None, "", "x", "²", "0"])
def test_request_without_a_length_is_not_read(length: str | None) -> None:
    response = post(length, Unreadable())
    assert response.status_code == 200
    assert b"ula" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["-1", "-99999999999"])
def test_negative_length_is_refused(length: str) -> None:
    assert post(length, Unreadable()).status_code == 400


@pytest.mark.django_db
def test_no_more_is_read_than_announced() -> None:
    body = BytesIO(BODY + bytes(10_000))
    assert b'value="ula"' in post(str(len(BODY)), body).content
    assert body.tell() <= len(BODY)


def test_too_many_files_are_refused(cast: Cast, as_user: Any) -> None:
    files = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-") for n in range(11)]
    response = as_user(cast.updater).post("/prisijungti/", {"files": files})
    assert response.status_code == 400
    assert "Užklausos suprasti nepavyko" in response.content.decode()


def test_limits_agree() -> None:
    assert MAX_FILES * MAX_BYTES + 1024**2 == LARGEST_BODY
    assert MAX_FILES < settings.DATA_UPLOAD_MAX_NUMBER_FILES
    deploy = Path(settings.BASE_DIR) / "deploy"
    limit = LARGEST_BODY // 1024**2
    assert re.findall(r"client_max_body_size (\w+);", (deploy / "nginx.conf").read_text()) == [f"{limit}m"]
    assert f"daugiau nei {limit}&nbsp;MB" in (deploy / "413.html").read_text()
