"""Registers all the way in and back: confirmed once, undone while nothing newer stands on it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from akr_plan.models import User
from measures import roles
from measures.enums import ImportKind, PartnerKind
from measures.exchange.import_jobs import ImportOverError, StaleImportError, confirm, undo, upload
from measures.exchange.register_fields import sign
from measures.exchange.register_import import SHEETS
from measures.models import (
    Partner,
    PartnerAlias,
)
from tests.make import make_partner
from tests.measures.exchange.registers import (
    PARTNER_HEADINGS,
    USER_HEADINGS,
    attempt,
    everything,
    make_registers,
    workbook,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast):
    """A person with all rights that a role gives."""
    return cast.administrator


def test_all_the_way_once_by_its_owner(cast):
    make_partner("Keičiama")
    content = workbook(PARTNER_HEADINGS, ["Keičiama", "Savivaldybė"], ["Nauja"])
    job = upload(
        kind=ImportKind.PARTNERS, owner=cast.coordinator, file_name="partneriai.xlsx", content=content
    )
    before = everything()
    with pytest.raises(PermissionDenied):
        confirm(job=job, author=cast.administrator, stamp=job.stamp)
    with pytest.raises(StaleImportError):
        confirm(job=job, author=cast.coordinator, stamp="0" * 64)
    assert everything() == before

    job = confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    assert Partner.objects.get(name="Keičiama").kind == PartnerKind.MUNICIPALITY
    with pytest.raises(ImportOverError):
        confirm(job=job, author=cast.coordinator, stamp=job.stamp)
    undo(job=job, author=cast.coordinator)
    assert [(partner.name, partner.kind) for partner in Partner.objects.all()] == [
        ("Keičiama", PartnerKind.OTHER)
    ]


def texts(kind):
    return sorted(SHEETS[kind]().table())


def test_undo_gives_back_what_there_was(admin):
    make_registers()
    before = texts(ImportKind.PARTNERS), texts(ImportKind.USERS)
    rows: list[list[str | None]] = [
        ["Šilutės r. savivaldybė", str(PartnerKind.STATE.label), "Taip", "–", "2025-01-01", "Nauja"],
        ["Žemės ūkio rūmai", None, None, "2024-01-01", None, "Rūmai"],
        ["Nauja įmonė", None, None, None, None, "Įmonė"],
    ]
    partners = attempt(ImportKind.PARTNERS, admin, workbook(PARTNER_HEADINGS, *rows))
    partners.confirm()
    people = attempt(
        ImportKind.USERS,
        admin,
        workbook(
            USER_HEADINGS, ["ula", "Kita", None, "–", "–", "Ne"], ["naujas", None, None, None, roles.MANAGER]
        ),
    )
    people.confirm()
    assert (texts(ImportKind.PARTNERS), texts(ImportKind.USERS)) != before
    assert (partners.why_not_undone(), people.why_not_undone()) == ("", "")

    partners.undo()
    people.undo()

    assert (texts(ImportKind.PARTNERS), texts(ImportKind.USERS)) == before
    gone = PartnerAlias.history.filter(name="Įmonė").latest()
    assert (gone.history_type, gone.history_user, gone.history_change_reason) == (
        "-",
        admin,
        _("Import undone"),
    )
    assert LogEntry.objects.filter(user=admin, action_flag=3, object_repr="naujas").count() == 1


def test_undo_of_emptied_spellings_brings_them_back(admin):
    partner = make_partner("Partneris")
    for name in ("Pirmas", "Antras"):
        partner.aliases.create(name=name)
    tried = attempt(ImportKind.PARTNERS, admin, workbook(PARTNER_HEADINGS, ["Partneris", *[None] * 4, "–"]))
    tried.confirm()
    assert partner.aliases.count() == 0
    tried.undo()
    assert {alias.name for alias in partner.aliases.all()} == {"Pirmas", "Antras"}


def test_what_has_changed_or_is_used_since_is_not_taken_back(admin, cast):
    from tests.measures.admin.tree import make_tree

    make_partner("Keičiama")
    tried = attempt(
        ImportKind.PARTNERS, admin, workbook(PARTNER_HEADINGS, ["Keičiama", "Savivaldybė"], ["Nauja"])
    )
    tried.confirm()
    assert tried.why_not_undone() == ""
    make_tree(slug="2023-2024").action.partner_links.create(partner=Partner.objects.get(name="Nauja"))
    assert "„Nauja“" in tried.why_not_undone().replace("“Nauja”", "„Nauja“")
    Partner.objects.get(name="Keičiama").save()
    assert "Keičiama" in tried.why_not_undone()
    before = everything()
    with pytest.raises(ValidationError), transaction.atomic():
        tried.undo()
    assert everything() == before


def test_account_that_has_done_something_is_not_taken_back(admin):
    tried = attempt(ImportKind.USERS, admin, workbook(USER_HEADINGS, ["naujas", "Jonas"]))
    tried.confirm()
    assert tried.why_not_undone() == ""
    new = User.objects.get(username="naujas")
    partner = make_partner()
    sign(partner, new, "")
    partner.save()
    assert "naujas" in tried.why_not_undone()
    assert Group.objects.filter(user=new).count() == 0
