"""What the databases are taught: the same answers on SQLite and PostgreSQL."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Collate

from akr_plan.db import in_lithuanian_order
from measures.models import Partner
from tests.akr_plan.test_text import IN_ORDER
from tests.make import make_partner

pytestmark = pytest.mark.django_db


def test_order_is_lithuanian_in_the_database() -> None:
    for name in reversed(IN_ORDER):
        make_partner(name)
    names = Partner.objects.order_by(in_lithuanian_order("name")).values_list("name", flat=True)
    assert list(names) == IN_ORDER


def test_icontains_ignores_case_of_every_letter() -> None:
    make_partner("Žemės ūkio rūmai")
    assert Partner.objects.filter(name__icontains="žemės ŪKIO").count() == 1


@pytest.mark.parametrize("wanted", ["silut", "Šilut", "ŠILUTĖS r", "cafe 100%"])
def test_folded_search_needs_no_diacritics(wanted: str) -> None:
    make_partner("Šilutės rajono savivaldybė, café 100% x")
    assert Partner.objects.filter(name__folded=wanted).count() == 1


@pytest.mark.parametrize("wanted", ["%", "_", "\\", "silut%rajono", "x_y"])
def test_folded_search_takes_wildcards_as_characters(wanted: str) -> None:
    make_partner("Šilutės rajono savivaldybė")
    assert not Partner.objects.filter(name__folded=wanted).exists()


def test_contains_escapes_wildcards() -> None:
    make_partner("100 % lėšų")
    make_partner("1000 lėšų")
    assert Partner.objects.filter(name__icontains="100 %").count() == 1


def test_collation_does_not_fold_what_differs() -> None:
    make_partner("Šakos")
    assert not Partner.objects.filter(name=Collate(Value("Sakos"), "lt")).exists()


def query(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_database_is_set_up_for_safe_writing(settings: Any) -> None:
    if connection.vendor == "postgresql":
        assert query("SELECT collprovider FROM pg_collation WHERE collname = 'lt'") == "i"
        assert query("SHOW jit") == "off"
        return
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert query("PRAGMA busy_timeout") == 20_000
    assert query("PRAGMA synchronous") == 2
    assert query("PRAGMA journal_mode") == ("wal" if settings.SQLITE_HAS_SAFE_WAL else "delete")
