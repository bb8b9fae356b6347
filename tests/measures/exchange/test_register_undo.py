"""Registers all the way in and back: confirmed once, undone while nothing newer stands on it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from akr_plan.models import User
from measures import roles
from measures.enums import ImportKind, PartnerKind
from measures.exchange.import_jobs import ImportOverError, StaleImportError, UndoError, confirm, undo, upload
from measures.exchange.registers.fields import sign
from measures.exchange.registers.handlers import SHEETS
from measures.models import (
    Partner,
    PartnerAlias,
)
from tests.make import make_partner, make_user
from tests.measures.exchange.registers import (
    PARTNER_HEADINGS,
    USER_HEADINGS,
    attempt,
    everything,
    make_registers,
    refresh,
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


def let_sign_in(account):
    account.set_password("Ilgas-slaptazodis-1")


def sign_in(account):
    account.last_login = timezone.now()


def give_all_rights(account):
    account.is_superuser = True


def give_a_right(account):
    account.user_permissions.add(Permission.objects.get(codename="view_plan"))


@pytest.mark.parametrize("use", [let_sign_in, sign_in, give_all_rights, give_a_right])
def test_account_that_somebody_uses_by_now_is_not_taken_back(admin, use):
    tried = attempt(ImportKind.USERS, admin, workbook(USER_HEADINGS, ["naujas"], ["kitas"]))
    tried.confirm()
    assert tried.why_not_undone() == ""
    account = User.objects.get(username="naujas")
    use(account)
    account.save()
    before = everything()
    said = _("Somebody has signed in as “%(row)s” by now, or it was given a password or rights.")
    assert tried.why_not_undone() == said % {"row": "naujas"}
    with pytest.raises(ValidationError, match="naujas"), transaction.atomic():
        tried.undo()
    assert everything() == before


def test_sign_in_to_an_older_account_does_not_keep_its_new_name(admin, cast):
    tried = attempt(ImportKind.USERS, admin, workbook(USER_HEADINGS, ["ula", "Kita"]))
    tried.confirm()
    account = User.objects.get(pk=cast.updater.pk)
    sign_in(account)
    account.save()
    tried.undo()
    assert refresh(account).first_name == "Ula"


def clerk_with(*rights):
    """Return an updater who may import accounts, with these rights besides."""
    clerk = make_user("rastininke", roles.UPDATER)
    wanted = ["import_data", "add_user", "change_user", *rights]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return refresh(clerk)


@pytest.mark.parametrize(
    ("rights", "role", "is_taken_back"),
    [
        (["delete_user"], roles.UPDATER, True),
        ([], roles.UPDATER, False),
        (["delete_user"], roles.COORDINATOR, False),
    ],
)
def test_accounts_are_deleted_by_those_who_may(admin, rights, role, is_taken_back):
    content = workbook(USER_HEADINGS, ["naujas", None, None, None, role])
    job = upload(kind=ImportKind.USERS, owner=admin, file_name="paskyros.xlsx", content=content)
    job = confirm(job=job, author=admin, stamp=job.stamp)
    clerk = clerk_with(*rights)
    before = everything()
    if is_taken_back:
        undo(job=job, author=clerk)
        assert not User.objects.filter(username="naujas").exists()
    else:
        with pytest.raises(UndoError, match="naujas"):
            undo(job=job, author=clerk)
        assert everything() == before
        job.refresh_from_db()
        assert (job.undone_by, job.undone_at) == (None, None)


def test_nobody_deletes_the_account_of_ones_own(admin):
    content = workbook(USER_HEADINGS, ["naujas", None, None, None, roles.ADMINISTRATOR])
    job = upload(kind=ImportKind.USERS, owner=admin, file_name="paskyros.xlsx", content=content)
    job = confirm(job=job, author=admin, stamp=job.stamp)
    new = User.objects.get(username="naujas")
    said = _("Undoing this import deletes your own account, so ask another administrator to do it.")
    with pytest.raises(UndoError, match=said):
        undo(job=job, author=new)
    assert User.objects.filter(pk=new.pk).exists()


def test_asking_whether_it_can_be_undone_takes_as_many_queries_for_many(admin, django_assert_max_num_queries):
    counted = []
    for names in (["naujas"], ["pirmas", "antras", "trečias"]):
        tried = attempt(ImportKind.USERS, admin, workbook(USER_HEADINGS, *([name] for name in names)))
        tried.confirm()
        # Most of them ask whether something refers to the accounts, one for each model that may.
        with django_assert_max_num_queries(50) as queries:
            assert tried.why_not_undone() == ""
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_rows_are_locked_only_to_be_written(admin, monkeypatch):
    locks = []

    def note(rows, **options):
        locks.append(options)
        return rows.all()

    monkeypatch.setattr(QuerySet, "select_for_update", note)
    tried = attempt(ImportKind.PARTNERS, admin, workbook(PARTNER_HEADINGS, ["Nauja"]))
    assert locks == []
    tried.confirm()
    assert locks == [{"of": ("self",), "no_key": True}]
