"""The links above the lists of registers, and the files behind them: for those who may have them."""

import csv
import io
import re

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from akr_plan.models import User
from measures.enums import ImportKind
from measures.exchange.registers.handlers import SHEETS
from measures.models import Partner
from tests.make import make_user

LISTS = {
    ImportKind.PARTNERS: "measures_partner",
    ImportKind.RESOURCES: "measures_resource",
    ImportKind.PROJECTS: "measures_project",
    ImportKind.CODES: "measures_strategycode",
    ImportKind.USERS: "akr_plan_user",
}
FILE_NAMES = {
    ImportKind.PARTNERS: "partneriai",
    ImportKind.RESOURCES: "istekliai",
    ImportKind.PROJECTS: "projektai",
    ImportKind.CODES: "krss2030-kodai",
    ImportKind.USERS: "naudotojai",
}


def links_of(client, kind):
    page = client.get(reverse(f"admin:{LISTS[kind]}_changelist")).content.decode()
    tools = re.search(r'<ul class="object-tools">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r'href="([^"]+)"', tools[1]) if tools else []


def exports_of(kind):
    return [reverse(f"admin:{LISTS[kind]}_export_{ending}") for ending in ("xlsx", "csv")]


@pytest.mark.parametrize("kind", LISTS)
def test_administrator_finds_the_ways_out_and_in(cast, as_user, kind):
    links = links_of(as_user(cast.administrator), kind)
    assert links[:3] == [f"{reverse('measures:imports')}?rusis={kind.value}", *exports_of(kind)]


def test_coordinator_finds_no_way_in_for_accounts(client):
    assert links_of(client, ImportKind.USERS) == exports_of(ImportKind.USERS)
    assert len(links_of(client, ImportKind.PARTNERS)) == 4


@pytest.mark.parametrize("kind", LISTS)
def test_list_has_nothing_that_our_policy_refuses(cast, as_user, kind):
    page = as_user(cast.administrator).get(reverse(f"admin:{LISTS[kind]}_changelist")).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)[^>]*>\s*\S", page)


@pytest.mark.parametrize("kind", LISTS)
def test_file_holds_the_register(client, registers, strategy, kind):
    wanted = SHEETS[kind]().table()
    excel, plain = [client.get(address) for address in exports_of(kind)]

    (sheet,) = openpyxl.load_workbook(io.BytesIO(b"".join(excel.streaming_content))).worksheets
    read = [[value or "" for value in row] for row in sheet.iter_rows(values_only=True)]
    text = b"".join(plain.streaming_content).decode("utf-8-sig")

    assert read == wanted
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == wanted
    assert len(wanted) >= 2
    names = [response["Content-Disposition"] for response in (excel, plain)]
    assert names == [f'attachment; filename="{FILE_NAMES[kind]}.{ending}"' for ending in ("xlsx", "csv")]


@pytest.mark.parametrize("kind", LISTS)
def test_nobody_else_gets_the_file(cast, as_user, registers, kind):
    reader = make_user("skaitytoja")
    reader.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", *_view_permissions()])
    )
    exporter = make_user("isvezeja")
    exporter.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "export_plan"]))
    people = {"updater": 302, "manager": 302, "stranger": 302, reader: 403, exporter: 403}
    for person, status in people.items():
        client = as_user(getattr(cast, person) if isinstance(person, str) else person)
        for address in exports_of(kind):
            response = client.get(address)
            assert response.status_code in (status, 403), (person, address)
            assert registers.partner.name not in response.content.decode()
    assert links_of(as_user(reader), kind) == []


def _view_permissions():
    return [f"view_{SHEETS[kind]._meta.model._meta.model_name}" for kind in LISTS]


def test_file_is_only_read(client, registers):
    before = list(Partner.history.values())
    for address in exports_of(ImportKind.PARTNERS):
        assert client.post(address).status_code == 405
    assert list(Partner.history.values()) == before


def test_library_has_no_way_of_its_own_into_the_data(cast, as_user):
    client = as_user(cast.administrator)
    before = User.objects.count(), Partner.objects.count()
    for name in LISTS.values():
        address = reverse(f"admin:{name}_changelist")
        for page in ("import/", "process_import/", "export/"):
            assert client.post(address + page, {"import_file_name": "x", "format": "0"}).status_code in (
                302,
                404,
            )
    assert (User.objects.count(), Partner.objects.count()) == before
