"""The pages of applied imports of plans, outside of any transaction as people ask for them."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext as _

from akr_plan.models import User
from measures.enums import ImportKind, ImportState, LineKind
from measures.exchange import import_jobs
from measures.exchange.import_handlers import may_import_kind
from measures.exchange.plan_text.handlers import PlanTextImport
from measures.models import Action, ImportJob, Measure, Partner, Plan, Resource
from tests.conftest import Cast
from tests.make import make_action, make_partner, make_result
from tests.make_imports import sheet_of, upload_document, upload_sheet

from ..exchange.plan_texts import plain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick_backup(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(import_jobs, "take_backup", lambda reason: tmp_path / "be-kopijos")


def applied(job: ImportJob) -> ImportJob:
    """Have an import confirmed by its owner."""
    return import_jobs.confirm(job=job, author=job.owner, stamp=job.stamp)


def test_plan_is_imported_looked_at_and_taken_back(monkeypatch: Any, cast: Cast, as_user: Any) -> None:
    client = as_user(cast.coordinator)
    for title, is_new in (("Veiksmas 1.1.1", True), ("Kitas", False)):
        plan = None if is_new else Plan.objects.get()
        job = applied(upload_document(monkeypatch, plain(title=title), cast.coordinator, plan))
        page = client.get(job.get_absolute_url()).context["page"]
        assert (page.job.state, page.why_not_undone) == (ImportState.APPLIED, "")
        assert Action.objects.get().title == title
    client.post(reverse("measures:import_undo", args=[job.code]))
    assert Action.objects.get().title == "Veiksmas 1.1.1"


def test_page_of_an_import_outlives_its_plan(monkeypatch: Any, cast: Cast, as_user: Any) -> None:
    new = applied(upload_document(monkeypatch, plain(), cast.coordinator))
    plan = Plan.objects.get()
    other = applied(upload_document(monkeypatch, plain(title="Kitas"), cast.coordinator, plan))
    sheet = upload_sheet(monkeypatch, sheet_of(plan, {}), cast.coordinator)
    # Nothing was typed into it, as when all was decided against the file.
    ImportJob.objects.filter(pk=sheet.pk).update(
        state=ImportState.APPLIED, written={"updates": [], "versions": {}, "earlier": {}}
    )
    plan.delete()
    client = as_user(cast.coordinator)
    for job in (new, other, sheet):
        page = client.get(job.get_absolute_url()).context["page"]
        assert page.why_not_undone
        answer = client.post(reverse("measures:import_undo", args=[job.code]))
        assert (answer.status_code, answer.context["error"]) == (409, page.why_not_undone)
    assert set(ImportJob.objects.values_list("state", flat=True)) == {ImportState.APPLIED}


def test_parts_that_the_document_lacks_are_shown_and_nothing_is_said_to_be_the_same(
    monkeypatch: Any, cast: Cast, as_user: Any
) -> None:
    applied(upload_document(monkeypatch, plain(), cast.coordinator))
    plan, client = Plan.objects.get(), as_user(cast.coordinator)
    same = client.get(
        upload_document(monkeypatch, plain(), cast.coordinator, plan).get_absolute_url()
    ).context["page"]
    assert (same.is_idle, same.only_lacks_parts, list(same.lines)) == (True, False, [])
    make_result(make_action(Measure.objects.get(), "1.1.2"))
    job = upload_document(monkeypatch, plain(), cast.coordinator, plan)
    answer = client.get(job.get_absolute_url())
    page = answer.context["page"]
    assert (page.is_idle, page.only_lacks_parts, page.may_confirm) == (False, True, False)
    assert [(line.kind, line.subject) for line in page.lines] == [(LineKind.MISSING, "1.1.2")]
    assert [(choice.word, choice.count) for choice in page.choices] == [
        ("truksta", 1),
        ("nepakeistos", 5),
        ("visos", 6),
    ]
    said = _(
        "The document lacks some parts of the plan; the rest is the same. "
        "Nothing is deleted, so there is nothing to write."
    )
    assert said in answer.content.decode()


def test_what_the_database_does_not_take_is_not_said_to_have_changed(
    monkeypatch: Any, cast: Cast, as_user: Any, caplog: Any
) -> None:
    applied(upload_document(monkeypatch, plain(), cast.coordinator))
    job = upload_document(monkeypatch, plain(title="Kitas"), cast.coordinator, Plan.objects.get())

    def fail(*_arguments: Any) -> None:
        raise IntegrityError("vieninteliškumas")

    monkeypatch.setattr(PlanTextImport, "apply", fail)
    answer = as_user(cast.coordinator).post(
        reverse("measures:import_confirm", args=[job.code]), {"stamp": job.stamp}
    )
    said = _(
        "The database does not take this import, though nothing has changed since the preview. "
        "Nothing was written. Tell an administrator."
    )
    assert (answer.status_code, answer.context["error"]) == (422, said)
    assert "vieninteliškumas" in caplog.text
    assert Action.objects.get().title == "Veiksmas 1.1.1"


def give(user: User, *names: str) -> User:
    """Return an account with some rights of its own."""
    permissions = Permission.objects.filter(content_type__app_label="measures", codename__in=names)
    assert len(permissions) == len(names)
    user.user_permissions.add(*permissions)
    return User.objects.get(pk=user.pk)


def test_who_may_not_write_a_plan_by_hand_may_not_import_one(
    monkeypatch: Any, cast: Cast, as_user: Any
) -> None:
    applied(upload_document(monkeypatch, plain(), cast.coordinator))
    user = give(cast.stranger, "import_data")
    job = upload_document(monkeypatch, plain(title="Kitas"), user, Plan.objects.get())
    answer = as_user(user).post(reverse("measures:import_confirm", args=[job.code]), {"stamp": job.stamp})
    assert answer.status_code == 403
    assert Action.objects.get().title == "Veiksmas 1.1.1"


@pytest.mark.parametrize("kind", [ImportKind.NEW_PLAN, ImportKind.PLAN_TEXT])
def test_each_right_that_a_document_needs_is_asked_for(cast: Cast, kind: ImportKind) -> None:
    tree = "task", "measure", "action", "plannedresult"
    both = *tree, "measurecode", "actioncode", "actionresource", "actionpartner"
    needed = {f"add_{name}" for name in (*both, "resultproject", "partner", "resource", "strategycode")}
    needed |= {"import_data", "add_partneralias", "add_resourcealias"}
    if kind == ImportKind.NEW_PLAN:
        needed |= {"add_plan"}
    else:
        needed |= {f"change_{name}" for name in ("plan", *both)} | {f"delete_{name}" for name in both[4:]}
    assert may_import_kind(kind, give(cast.stranger, *needed))
    for name in needed:
        cast.stranger.user_permissions.remove(Permission.objects.get(codename=name))
        assert not may_import_kind(kind, User.objects.get(pk=cast.stranger.pk))
        give(cast.stranger, name)
    for person in (cast.administrator, cast.coordinator):
        assert may_import_kind(kind, person)
    assert not may_import_kind(kind, cast.updater)


def test_draft_is_taken_back_by_who_may_delete_plans(monkeypatch: Any, cast: Cast, as_user: Any) -> None:
    job = applied(upload_document(monkeypatch, plain(), cast.coordinator))
    for group in cast.coordinator.groups.all():
        group.permissions.remove(Permission.objects.get(codename="delete_plan"))
    client = as_user(cast.coordinator)
    answer = client.post(reverse("measures:import_undo", args=[job.code]))
    assert answer.status_code == 409
    assert Plan.objects.count() == 1
    give(cast.coordinator, "delete_plan")
    client.post(reverse("measures:import_undo", args=[job.code]))
    assert not Plan.objects.exists()


def test_decisions_ask_whether_a_name_is_known(monkeypatch: Any, cast: Cast, as_user: Any) -> None:
    make_partner("Marso institutas")
    Resource(name="Valstybės biudžetas").save()
    text = plain(partners=("Marso instituto",), resources=("Valstybės biudžeto",))
    job = upload_document(monkeypatch, text, cast.coordinator)
    said = as_user(cast.coordinator).get(job.get_absolute_url()).content.decode()
    partner = _("The partner “%(name)s” is new in the register. Is it a partner that is known already?")
    resource = _("The resource “%(name)s” is new in the register. Is it a resource that is known already?")
    assert f">{partner % {'name': 'Marso instituto'}}</label>" in said
    assert f">{resource % {'name': 'Valstybės biudžeto'}}</label>" in said
    assert list(Partner.objects.values_list("name", flat=True)) == ["Marso institutas"]
