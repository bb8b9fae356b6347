"""Who may bring registers in, and what an import may do to accounts."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from akr_plan.models import User
from measures import roles
from measures.enums import ImportKind
from measures.exchange.preview import FieldChange
from measures.exchange.registers.handlers import SHEETS
from tests.make import make_user
from tests.measures.exchange.registers import (
    USER_HEADINGS,
    attempt,
    refresh,
    refused,
    workbook,
)

pytestmark = pytest.mark.django_db

KINDS = list(SHEETS)


@pytest.fixture
def admin(cast):
    """A person with all rights that a role gives."""
    return cast.administrator


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != ImportKind.USERS])
def test_registers_are_for_those_who_may_change_them(cast, kind):
    content = workbook([next(iter(SHEETS[kind]().headings().values()))], ["Nauja"])
    attempt(kind, cast.coordinator, content)
    for person in (cast.updater, cast.manager, cast.stranger):
        person.user_permissions.add(Permission.objects.get(codename="import_data"))
        with pytest.raises(PermissionDenied):
            attempt(kind, refresh(person), content)
    cast.stranger.user_permissions.set(Permission.objects.exclude(codename="import_data"))
    with pytest.raises(PermissionDenied):
        attempt(kind, refresh(cast.stranger), content)


def test_accounts_are_for_administrators(cast):
    content = workbook(USER_HEADINGS, ["naujas"])
    with pytest.raises(PermissionDenied):
        attempt(ImportKind.USERS, cast.coordinator, content)
    tried = attempt(ImportKind.USERS, cast.administrator, content)
    tried.job.owner = cast.coordinator
    with pytest.raises(PermissionDenied):
        tried.confirm()
    assert not User.objects.filter(username="naujas").exists()


def test_fault_in_a_field_that_is_no_column_is_told(admin):
    account = make_user("be.slaptazodzio")
    User.objects.filter(pk=account.pk).update(password="")
    content = workbook(["Naudotojo vardas", "Vardas"], ["be.slaptazodzio", "Jonas"])
    [(place, reason)] = refused(ImportKind.USERS, admin, content)
    assert "2" in place
    field = User._meta.get_field("password")
    assert reason == str(field.error_messages["blank"])


def test_accounts_get_names_and_roles_and_no_password(admin, cast):
    rows = [
        ["naujas", "Jonas", "Jonaitis", "jonas@example.lt", f"{roles.MANAGER}; {roles.UPDATER}", "Taip"],
        ["ula", None, "Pakeista", None, roles.MANAGER, "Ne"],
    ]
    tried = attempt(ImportKind.USERS, admin, workbook(USER_HEADINGS, *rows))
    assert tried.preview.lines[1].changes == (
        FieldChange("Pavardė", "Ulaitė", "Pakeista"),
        FieldChange("Grupės", roles.UPDATER, roles.MANAGER),
        FieldChange("Veikiantis", _("Yes"), _("No")),
    )
    password = cast.updater.password

    tried.confirm()

    new, ula = User.objects.get(username="naujas"), User.objects.get(username="ula")
    assert (new.get_full_name(), new.email, new.is_active) == ("Jonas Jonaitis", "jonas@example.lt", True)
    assert (new.has_usable_password(), new.is_superuser) == (False, False)
    assert {group.name for group in new.groups.all()} == {roles.MANAGER, roles.UPDATER}
    assert (ula.first_name, ula.last_name, ula.is_active, ula.password) == (
        "Ula",
        "Pakeista",
        False,
        password,
    )
    assert [group.name for group in ula.groups.all()] == [roles.MANAGER]
    logged = LogEntry.objects.order_by("pk").values_list("user__username", "object_repr", "action_flag")
    assert list(logged) == [("adomas", "Jonas Jonaitis", 1), ("adomas", "Ula Pakeista", 2)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["naujas", None, None, None, roles.ADMINISTRATOR, None], "Grupės"),
        (["naujas", None, None, None, "Karalius", None], "Grupės"),
        (["naujas", None, None, "ne adresas", None, None], "El. pašto adresas"),
        (["blogas vardas", None, None, None, None, None], "Naudotojo vardas"),
        (["adomas", None, None, "kitas@example.lt", None, None], ""),
        (["adomas", None, None, None, "–", None], "Grupės"),
        (["visagalis", None, None, "kitas@example.lt", None, None], ""),
        (["rastininke", "Kita", None, None, None, None], ""),
        (["Ula", "Kita", None, None, None, None], "Naudotojo vardas"),
    ],
)
def test_nobody_gives_or_takes_more_rights_than_his_own(cast, row, column):
    make_user("visagalis", is_superuser=True, is_active=False)
    clerk = make_user("rastininke", roles.UPDATER)
    wanted = ["import_data", "add_user", "change_user"]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    ((where, reason),) = refused(
        ImportKind.USERS, refresh(clerk), workbook(USER_HEADINGS, row, title="Paskyros")
    )
    assert "„Paskyros“" in where
    assert "2 eilutė" in where
    assert column_of(reason) == column


def column_of(reason):
    """Return the column that a reason names first, "" for the row as a whole."""
    return next((heading for heading in USER_HEADINGS if reason.find(heading) in range(12)), "")


def test_clerk_may_give_what_she_has(cast):
    clerk = make_user("rastininke", roles.UPDATER)
    wanted = ["import_data", "add_user", "change_user"]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    attempt(
        ImportKind.USERS, refresh(clerk), workbook(USER_HEADINGS, ["nauja", *[None] * 3, roles.UPDATER])
    ).confirm()
    assert [group.name for group in User.objects.get(username="nauja").groups.all()] == [roles.UPDATER]
