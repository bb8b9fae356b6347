"""What the pages of imports say of files that do nothing, plans that look alike, and files without room."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from measures.enums import ImportKind, PlanState, Status
from measures.models import Action, ImportJob, Plan, PlannedResult
from measures.models.private_files import PrivateStorage
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_plan, make_result
from tests.make_imports import sheet_of, upload_document, upload_sheet
from tests.measures.exchange.plan_texts import plain

pytestmark = pytest.mark.django_db

LIST = "/importas/"


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.coordinator)
    return signed_in


@pytest.fixture
def plan() -> Plan:
    return make_result(make_action(make_measure())).plan


def test_file_with_nothing_to_write_does_not_wait_for_anybody(
    monkeypatch: Any, client: Client, plan: Plan, cast: Cast
) -> None:
    done = sheet_of(plan, {"1.1.1-1": {"status": Status.DONE.value}})
    # Words of a file don't pass for kinds of lines.
    said = sheet_of(plan, {"1.1.1-1": {"comment": '"kind": "added"'}})
    idle = upload_sheet(monkeypatch, sheet_of(plan, {}), cast.coordinator)
    waits = upload_sheet(monkeypatch, done, cast.coordinator)
    quotes = upload_sheet(monkeypatch, said, cast.coordinator)
    result = PlannedResult.objects.get()
    record_progress(
        action=Action.objects.get(),
        author=cast.administrator,
        results=[ReportedResult(result.key, result.version, Status.POSTPONED)],
    )
    conflict = upload_sheet(monkeypatch, done, cast.coordinator)
    listed = {job.pk: job for job in client.get(LIST).context["page"]}
    found = {job.pk: listed[job.pk].writes_nothing for job in (idle, waits, quotes, conflict)}
    assert found == {idle.pk: True, waits.pk: False, quotes.pk: False, conflict.pk: False}
    states = {job.pk: client.get(job.get_absolute_url()).context["page"].state for job in (idle, waits)}
    assert states[waits.pk] == waits.get_state_display()
    assert states[idle.pk] != states[waits.pk]
    assert states[idle.pk] in client.get(LIST).content.decode()


def test_plans_that_look_alike_can_be_told_apart(client: Client) -> None:
    first, second = make_plan(slug="pirmas"), make_plan(slug="antras", state=PlanState.DRAFT)
    labels = dict(client.get(LIST).context["form"].fields["plan"].choices)
    assert labels[first.pk].startswith(f"pirmas ({first.get_state_display()}): ")
    assert labels[second.pk].startswith(f"antras ({second.get_state_display()}): ")


def test_facts_tell_the_plan_by_short_name_and_state(
    monkeypatch: Any, client: Client, plan: Plan, cast: Cast
) -> None:
    job = upload_sheet(monkeypatch, sheet_of(plan, {}), cast.coordinator)
    content = client.get(job.get_absolute_url()).content.decode()
    assert f"</a>, {plan.slug} ({plan.get_state_display()})</dd>" in content


def test_backup_that_is_gone_is_not_promised(
    monkeypatch: Any, client: Client, plan: Plan, cast: Cast, settings: Any
) -> None:
    job = upload_sheet(
        monkeypatch, sheet_of(plan, {"1.1.1-1": {"status": Status.DONE.value}}), cast.coordinator
    )
    client.post(reverse("measures:import_confirm", args=[job.code]), {"stamp": job.stamp}, follow=True)
    kept = client.get(job.get_absolute_url())
    assert kept.context["page"].is_backup_kept
    (settings.DATA_DIR / "backups" / ImportJob.objects.get().backup).unlink()
    gone = client.get(job.get_absolute_url())
    assert not gone.context["page"].is_backup_kept
    assert len(gone.content) > len(kept.content)


# --- files that can't be taken ---------------------------------------------------------------------


def send(client: Client, kind: ImportKind, name: str, content: bytes, **values: str) -> Any:
    data = {"kind": kind.value, "file": SimpleUploadedFile(name, content), **values}
    return client.post(LIST, data)


DOCUMENT = Path(__file__).parents[1] / "exchange/data/akr.docx"


def fail_half_way(monkeypatch: Any) -> None:
    """Let the disk be full as soon as the file of an upload has been begun."""

    def begun(file: Any, flags: int) -> bool:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("django.core.files.storage.filesystem.locks.lock", begun)


def test_full_disk_is_told_and_leaves_nothing(monkeypatch: Any, client: Client, settings: Any) -> None:
    fail_half_way(monkeypatch)
    answer = send(client, ImportKind.NEW_PLAN, "planas.docx", DOCUMENT.read_bytes())
    assert answer.status_code == 503
    assert os.strerror(errno.ENOSPC) in str(answer.context["form"].errors["file"])
    assert not ImportJob.objects.exists()
    assert [path for path in (settings.DATA_DIR / "imports").rglob("*") if path.is_file()] == []


def test_full_database_is_told_and_leaves_nothing(monkeypatch: Any, client: Client, settings: Any) -> None:
    def refuse(self: Any, **kwargs: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(ImportJob, "save", refuse)
    answer = send(client, ImportKind.NEW_PLAN, "planas.docx", DOCUMENT.read_bytes())
    assert answer.status_code == 503
    assert "database or disk is full" in str(answer.context["form"].errors["file"])
    assert [path for path in (settings.DATA_DIR / "imports").rglob("*") if path.is_file()] == []


def test_private_files_keep_their_names_and_contents(settings: Any) -> None:
    storage = PrivateStorage("bandymas")
    name = storage.save("failas", ContentFile(b"turinys"))
    assert (settings.DATA_DIR / "bandymas" / name).read_bytes() == b"turinys"


@pytest.mark.parametrize("name", ["lentele.csv", "lentele.ods", "lentele.docx", "lentele"])
def test_work_sheet_of_another_kind_of_file_is_told_what_is_expected(client: Client, name: str) -> None:
    answer = send(client, ImportKind.WORK_SHEET, name, b"Raktas;Statusas")
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == [
        _("A work sheet is an Excel file (.xlsx). Choose the one downloaded here and filled in.")
    ]


# --- forms in other encodings ------------------------------------------------------------------------


def post_raw(client: Client, address: str, fields: dict[str, str], charset: str) -> Any:
    parts = [
        f'--riba\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    body = ("".join(parts) + "--riba--\r\n").encode("ascii")
    return client.post(address, body, content_type=f"multipart/form-data; boundary=riba; charset={charset}")


@pytest.mark.parametrize("charset", ["raw_unicode_escape", "unicode_escape", "utf-7", "utf-16"])
def test_halves_of_characters_are_refused(monkeypatch: Any, client: Client, cast: Cast, charset: str) -> None:
    job = upload_document(monkeypatch, plain(), cast.coordinator)
    for address in (LIST, reverse("measures:import_decide", args=[job.code])):
        answer = post_raw(client, address, {"slug": r"\ud800", "kind": r"\ud800"}, charset)
        assert answer.status_code == 400
    assert ImportJob.objects.get().choices == {}


def test_forms_in_utf_8_are_read_with_or_without_saying_so(
    monkeypatch: Any, client: Client, cast: Cast
) -> None:
    job = upload_document(monkeypatch, plain(), cast.coordinator)
    for charset in ("utf-8", "UTF8"):
        address = reverse("measures:import_decide", args=[job.code])
        assert post_raw(client, address, {"slug": f"planas-{charset.lower()}"}, charset).status_code == 302
        assert ImportJob.objects.get().choices["slug"] == f"planas-{charset.lower()}"
