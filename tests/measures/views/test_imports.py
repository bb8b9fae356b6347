"""The pages of imports: who sees what, forged and repeated posts, and files that can't be read."""

import hashlib
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from akr_plan.models import User
from measures import roles
from measures.enums import ImportKind, ImportState, LineKind, Status
from measures.exchange.fixtures import AKR_DOCUMENT
from measures.exchange.guard.file_guard import MAX_BYTES
from measures.exchange.import_jobs import confirm, discard, upload
from measures.models import Action, ImportJob, Partner, Plan, PlannedResult, ProgressUpdate
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_result, make_user
from tests.make_imports import sheet_of, upload_sheet
from tests.measures.exchange.registers import USER_HEADINGS, workbook

pytestmark = pytest.mark.django_db

DONE = {"status": Status.DONE.value}


@pytest.fixture
def plan() -> Plan:
    action = make_action(make_measure())
    make_result(action)
    make_result(action)
    return action.plan


@pytest.fixture
def job(monkeypatch: Any, plan: Plan, cast: Cast) -> ImportJob:
    return upload_sheet(monkeypatch, sheet_of(plan, {"1.1.1-1": DONE}), cast.coordinator)


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.coordinator)
    return signed_in


def written() -> tuple[Any, ...]:
    """Return all that an import could change."""
    return (
        list(PlannedResult.objects.order_by("pk").values_list("key", "status", "percent", "version", "text")),
        ProgressUpdate.objects.count(),
        PlannedResult.history.count(),
        list(ImportJob.objects.order_by("pk").values_list("state", "stamp", "written", "applied_at")),
    )


def address(job: ImportJob | uuid.UUID, page: str = "job") -> str:
    return reverse(f"measures:import_{page}", args=[getattr(job, "code", job)])


def test_preview_confirm_and_undo(client: Client, job: ImportJob, cast: Cast) -> None:
    page = client.get(job.get_absolute_url())
    assert page.status_code == 200
    shown = page.context["page"]
    assert [(row.line.subject, row.changes[0].after) for row in shown.rows] == [("1.1.1-1", "Įvykdyta")]
    assert shown.may_confirm
    answer = client.post(address(job, "confirm"), {"stamp": job.stamp}, follow=True)
    assert answer.redirect_chain == [(job.get_absolute_url(), 302)]
    assert PlannedResult.objects.get(key="1.1.1-1").status == Status.DONE
    assert answer.context["page"].why_not_undone == ""
    client.post(address(job, "undo"))
    assert PlannedResult.objects.get(key="1.1.1-1").status == Status.NOT_STARTED
    assert ImportJob.objects.get().undone_by == cast.coordinator


def test_pages_are_for_those_who_may_import(as_user: Any, cast: Cast, job: ImportJob) -> None:
    before = written()
    for person in (cast.updater, cast.manager, cast.stranger):
        visitor = as_user(person)
        assert visitor.get(reverse("measures:imports")).status_code == 403
        assert visitor.get(job.get_absolute_url()).status_code == 403
        assert visitor.get(address(job, "file")).status_code == 403
        for page in ("confirm", "discard", "decide", "undo"):
            assert visitor.post(address(job, page), {"stamp": job.stamp}).status_code == 403
    assert as_user(cast.administrator).get(job.get_absolute_url()).status_code == 200
    assert Client().get(job.get_absolute_url()).status_code == 302
    assert written() == before


@pytest.fixture
def accounts(cast: Cast) -> ImportJob:
    content = workbook(USER_HEADINGS, ["naujas", "Jonas"])
    return upload(kind=ImportKind.USERS, owner=cast.administrator, file_name="paskyros.xlsx", content=content)


def test_import_of_accounts_is_for_those_who_may_change_them(
    as_user: Any, client: Client, cast: Cast, job: ImportJob, accounts: ImportJob
) -> None:
    before = written()
    assert client.get(accounts.get_absolute_url()).status_code == 403
    assert client.get(address(accounts, "file")).status_code == 403
    for page in ("confirm", "discard", "decide", "undo"):
        assert client.post(address(accounts, page), {"stamp": accounts.stamp}).status_code == 403
    assert written() == before
    listed = reverse("measures:imports")
    assert list(client.get(listed).context["page"]) == [job]
    administrator = as_user(cast.administrator)
    assert list(administrator.get(listed).context["page"]) == [accounts, job]
    assert administrator.get(accounts.get_absolute_url()).context["page"].may_confirm
    file: Any = administrator.get(address(accounts, "file"))
    assert hashlib.sha256(b"".join(file.streaming_content)).hexdigest() == accounts.sha256


def test_who_is_an_imported_account_can_not_undo_it(as_user: Any, cast: Cast, accounts: ImportJob) -> None:
    confirm(job=accounts, author=cast.administrator, stamp=accounts.stamp)
    new = User.objects.get(username="naujas")
    new.groups.set(cast.administrator.groups.all())
    assert as_user(new).post(address(accounts, "undo")).status_code == 409
    assert User.objects.filter(pk=new.pk).exists()


# --- twenty posts that were never offered ----------------------------------------------------------

Forgery = Callable[[Any, Cast, ImportJob], Any]


def as_other(send: Callable[[Client, ImportJob], Any]) -> Forgery:
    """Return a forgery of another coordinator, who may see the import but not confirm it."""

    def forge(as_user: Any, cast: Cast, job: ImportJob) -> Any:
        return send(as_user(make_user("kita", roles.COORDINATOR)), job)

    return forge


def as_owner(send: Callable[[Client, ImportJob], Any]) -> Forgery:
    """Return a forgery of the owner."""
    return lambda as_user, cast, job: send(as_user(cast.coordinator), job)


def as_role(role: str, page: str = "confirm") -> Forgery:
    """Return a forgery of somebody who knows the address and the stamp."""
    return lambda as_user, cast, job: as_user(getattr(cast, role)).post(
        address(job, page), {"stamp": job.stamp}
    )


def after(operation: Callable[[ImportJob, Cast], Any], page: str = "confirm") -> Forgery:
    """Return a post that comes after the import is over."""

    def forge(as_user: Any, cast: Cast, job: ImportJob) -> Any:
        operation(job, cast)
        forge.before = written()  # type: ignore[attr-defined]
        return as_user(cast.coordinator).post(address(job, page), {"stamp": job.stamp})

    return forge


def confirm_now(job: ImportJob, cast: Cast) -> None:
    confirm(job=job, author=cast.coordinator, stamp=job.stamp)


def discard_now(job: ImportJob, cast: Cast) -> None:
    discard(job=job, author=cast.coordinator)


def delete_result(job: ImportJob, cast: Cast) -> None:
    PlannedResult.objects.get(key="1.1.1-1").delete()


def stamped(stamp: Any) -> Forgery:
    return as_owner(lambda client, job: client.post(address(job, "confirm"), {"stamp": stamp}))


FORGERIES: dict[str, Forgery] = {
    "no stamp": as_owner(lambda client, job: client.post(address(job, "confirm"))),
    "empty stamp": stamped(""),
    "zeros": stamped("0" * 64),
    "long stamp": stamped("f" * 100_000),
    "another alphabet": stamped("ąčęėįšųūž“„\u202e"),
    "several stamps": as_owner(
        lambda client, job: client.post(address(job, "confirm"), {"stamp": [job.stamp, "0"]})
    ),
    "capital letters": as_owner(
        lambda client, job: client.post(address(job, "confirm"), {"stamp": job.stamp.upper()})
    ),
    "stamp in the address": as_owner(
        lambda client, job: client.post(f"{address(job, 'confirm')}?stamp={job.stamp}")
    ),
    "confirm by reading": as_owner(lambda client, job: client.get(address(job, "confirm"))),
    "undo by reading": as_owner(lambda client, job: client.get(address(job, "undo"))),
    "no such import": as_owner(
        lambda client, job: client.post(address(uuid.uuid4(), "confirm"), {"stamp": job.stamp})
    ),
    "undo before confirm": as_owner(lambda client, job: client.post(address(job, "undo"))),
    "somebody else confirms": as_other(
        lambda client, job: client.post(address(job, "confirm"), {"stamp": job.stamp})
    ),
    "somebody else discards": as_other(lambda client, job: client.post(address(job, "discard"))),
    "somebody else decides": as_other(
        lambda client, job: client.post(address(job, "decide"), {"conflict-1.1.1-1": "file"})
    ),
    "updater": as_role("updater"),
    "manager": as_role("manager"),
    "stranger": as_role("stranger", "undo"),
    "confirmed already": after(confirm_now),
    "discarded already": after(discard_now),
    "decide after the end": after(confirm_now, "decide"),
    "without a token": lambda as_user, cast, job: _without_token(as_user(cast.coordinator), job),
    "result is gone": after(delete_result),
}


def _without_token(client: Client, job: ImportJob) -> Any:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    return strict.post(address(job, "confirm"), {"stamp": job.stamp})


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_posts_change_nothing(forgery: str, as_user: Any, cast: Cast, job: ImportJob) -> None:
    before = written()
    answer = FORGERIES[forgery](as_user, cast, job)
    assert 400 <= answer.status_code < 500
    before = getattr(FORGERIES[forgery], "before", before)
    now = written()
    if forgery == "result is gone":
        # The preview has been renewed; that is all.
        before, now = before[:3], now[:3]
    assert now == before


# --- uploads ----------------------------------------------------------------------------------------


def send(client: Client, content: bytes, name: str = "planas.txt", **values: Any) -> Any:
    data = {"kind": ImportKind.NEW_PLAN.value, "file": SimpleUploadedFile(name, content), **values}
    return client.post(reverse("measures:imports"), data)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "nežinia"},
        {"kind": ImportKind.PLAN_TEXT.value},
        {"kind": ImportKind.PLAN_TEXT.value, "plan": "999999999999999999999"},
        {"slug": "Ne Trumpas!"},
        {"file": ""},
    ],
)
def test_wrong_upload_is_explained(client: Client, cast: Cast, values: dict[str, str]) -> None:
    answer = send(client, b"VEIKLOS PLANAS", **values)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not ImportJob.objects.exists()


def test_file_that_is_too_large_is_refused_unread(client: Client) -> None:
    answer = send(client, b" " * (MAX_BYTES + 1))
    assert answer.status_code == 422
    assert not ImportJob.objects.exists()


def test_uploaded_file_can_be_had_again_but_never_shown(client: Client, job: ImportJob) -> None:
    answer: Any = client.get(address(job, "file"))
    assert b"".join(answer.streaming_content) == b"lentele"
    assert answer["Content-Disposition"] == 'attachment; filename="lentele.xlsx"'
    assert "sandbox" in answer["Content-Security-Policy"]


def test_file_that_is_gone_is_no_crash(client: Client, job: ImportJob) -> None:
    job.file.storage.delete(job.file.name)
    assert client.get(address(job, "file")).status_code == 404


def test_conflict_is_decided_on_the_page(monkeypatch: Any, client: Client, plan: Plan, cast: Cast) -> None:
    sheet = sheet_of(plan, {"1.1.1-1": DONE})
    result = PlannedResult.objects.get(key="1.1.1-1")
    record_progress(
        action=Action.objects.get(),
        author=cast.administrator,
        results=[ReportedResult(result.key, result.version, Status.POSTPONED)],
    )
    job = upload_sheet(monkeypatch, sheet, cast.coordinator)
    page = client.get(job.get_absolute_url()).context["page"]
    assert [(c.shown.line.subject, c.said) for c in page.conflicts] == [("1.1.1-1", "")]
    assert not page.may_confirm
    assert client.post(address(job, "confirm"), {"stamp": job.stamp}).status_code == 422
    answer = client.post(address(job, "decide"), {"conflict-1.1.1-1": "file"}, follow=True)
    page = answer.context["page"]
    assert [(c.shown.line.subject, c.said) for c in page.conflicts] == [("1.1.1-1", "file")]
    client.post(address(job, "confirm"), {"stamp": page.job.stamp})
    assert PlannedResult.objects.get(key="1.1.1-1").status == Status.DONE
    assert ImportJob.objects.get().state == ImportState.APPLIED


def test_queries_do_not_grow(
    monkeypatch: Any, client: Client, plan: Plan, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    sheet = sheet_of(plan, {"1.1.1-1": DONE})
    first = upload_sheet(monkeypatch, sheet, cast.coordinator)
    counted = []
    for _ in range(2):
        with django_assert_max_num_queries(12) as one:
            client.get(first.get_absolute_url())
        with django_assert_max_num_queries(12) as many:
            client.get(reverse("measures:imports"))
        counted.append((len(one), len(many)))
        for _more in range(2):
            upload_sheet(monkeypatch, sheet, cast.coordinator)
    assert counted[0] == counted[1]


# --- plan documents ---------------------------------------------------------------------------------


@pytest.fixture
def document(akr_plan: Plan) -> bytes:
    """Return the real plan's document with a partner and a resource in another spelling."""
    text = AKR_DOCUMENT.read_text(encoding="utf-8")
    return text.replace("Lietuvos inovacijų centras", "Lietuvos inovacijų centro", 1).encode()


@pytest.mark.parametrize("kind", [ImportKind.NEW_PLAN, ImportKind.PLAN_TEXT])
def test_new_name_is_merged_as_decided(
    client: Client, akr_plan: Plan, document: bytes, kind: ImportKind
) -> None:
    partners = Partner.objects.count()
    values = {"slug": "kopija"} if kind == ImportKind.NEW_PLAN else {"plan": str(akr_plan.pk)}
    answer = send(client, document, kind=kind.value, **values)
    job = ImportJob.objects.get()
    assert answer.headers["Location"] == job.get_absolute_url()
    page = client.get(job.get_absolute_url())
    [proposed] = page.context["page"].proposals
    assert proposed.proposal.name == "Lietuvos inovacijų centro"
    assert "Lietuvos inovacijų centras" in proposed.proposal.candidates
    [label] = re.findall(r'<label for="name-0">([^<]*)</label>', page.content.decode())
    assert "Lietuvos inovacijų centro" in label
    chosen = {"name-partner-Lietuvos inovacijų centro": "Lietuvos inovacijų centras", "slug": "kopija"}
    page = client.post(address(job, "decide"), chosen, follow=True).context["page"]
    assert page.may_confirm
    client.post(address(job, "confirm"), {"stamp": page.job.stamp})
    assert Partner.objects.count() == partners
    assert Partner.objects.get(aliases__name="Lietuvos inovacijų centro").name == "Lietuvos inovacijų centras"


@pytest.mark.parametrize("slug", ["a\0b", "a" * 100_000, "importas", "Ne trumpas", "<b>"])
def test_forged_short_name_is_refused_on_the_page(
    client: Client, akr_plan: Plan, document: bytes, slug: str
) -> None:
    send(client, document, slug="kopija")
    job = ImportJob.objects.get()
    page = client.post(address(job, "decide"), {"slug": slug}, follow=True).context["page"]
    assert page.preview.is_refused
    assert not page.may_confirm


# --- backups and decisions --------------------------------------------------------------------------


def test_refused_confirms_take_no_backups(client: Client, job: ImportJob, settings: Any) -> None:
    for _ in range(3):
        client.post(address(job, "confirm"), {"stamp": "0" * 64})
    PlannedResult.objects.get(key="1.1.1-1").delete()
    client.post(address(job, "confirm"), {"stamp": job.stamp})
    folder = settings.DATA_DIR / "backups"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_decision_does_not_outlive_the_state_that_it_was_made_about(
    monkeypatch: Any, client: Client, plan: Plan, cast: Cast
) -> None:
    def report(status: Status) -> None:
        result = PlannedResult.objects.get(key="1.1.1-1")
        reported = ReportedResult(result.key, result.version, status)
        record_progress(action=result.action, author=cast.administrator, results=[reported])

    sheet = sheet_of(plan, {"1.1.1-1": DONE})
    report(Status.POSTPONED)
    job = upload_sheet(monkeypatch, sheet, cast.coordinator)
    client.post(address(job, "decide"), {"conflict-1.1.1-1": "file"})
    stamp = ImportJob.objects.get().stamp
    report(Status.CANCELLED)
    answer = client.post(address(job, "confirm"), {"stamp": stamp})
    assert answer.status_code == 409
    page = answer.context["page"]
    assert [(c.shown.line.kind, c.said) for c in page.conflicts] == [(LineKind.CONFLICT, "")]
    assert PlannedResult.objects.get(key="1.1.1-1").status == Status.CANCELLED
