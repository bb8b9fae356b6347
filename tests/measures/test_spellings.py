"""A name means one row of a register: no spelling is the name of another row, and no name its spelling."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from measures.enums import ImportKind
from measures.exchange.plan_text.writer import known_names
from measures.models import Partner, PartnerAlias, Project, ProjectAlias, Resource, ResourceAlias
from tests.measures.exchange.registers import attempt, workbook

pytestmark = pytest.mark.django_db

REGISTERS = [(Partner, PartnerAlias), (Resource, ResourceAlias), (Project, ProjectAlias)]


def saved(row: Any) -> Any:
    """Return a row that is checked and stored."""
    row.full_clean()
    row.save()
    return row


def faults(row: Any) -> dict[str, list[str]]:
    """Return what is wrong with a row."""
    try:
        row.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


@pytest.mark.parametrize(("register", "alias"), REGISTERS)
class TestModels:
    def test_spelling_is_not_the_name_of_another_row(self, register: Any, alias: Any) -> None:
        alfa, beta = saved(register(name="Alfa")), saved(register(name="Žemės grupė (ŽG)"))
        said = _("This is the name of “%(name)s” in the register, so it can't be another spelling.")
        for name in ("Žemės grupė (ŽG)", "ZEMES grupe (žg)"):
            spelling = alias(name=name, **{alias.owner_field: alfa})
            assert faults(spelling) == {"name": [said % {"name": beta.name}]}
        for name in ("Žemės grupė", "Žemės grupė (ŽG) ir kiti", "ALFA"):
            assert faults(alias(name=name, **{alias.owner_field: alfa})) == {}

    def test_name_is_not_the_spelling_of_another_row(self, register: Any, alias: Any) -> None:
        alfa, beta = saved(register(name="Alfa")), saved(register(name="Beta"))
        saved(alias(name="AB r2", **{alias.owner_field: alfa}))
        said = _("This is another spelling of “%(name)s”. Write that name.") % {"name": "Alfa"}
        beta.name = "AB r2"
        assert faults(register(name="AB r2")) == faults(beta) == {"name": [said]}
        # A row may be called as it was only spelt so far.
        alfa.name = "AB r2"
        assert faults(alfa) == {}

    def test_name_counts_where_both_are_stored_already(self, register: Any, alias: Any) -> None:
        rows = [saved(register(name=name)) for name in ("AB r2", "Alfa", "Žirgas")]
        for row, name in zip(rows, ("Žirgas", "AB r2", "Alfa"), strict=True):
            alias(name=name, **{alias.owner_field: row}).save()
        assert {name: row.name for name, row in known_names(register).items()} == {
            name: name for name in ("AB r2", "Alfa", "Žirgas")
        }


@pytest.mark.parametrize("is_name_first", [True, False])
def test_both_in_one_file_are_refused(cast: Any, is_name_first: bool) -> None:
    rows = [["Beta", ""], ["Alfa", "Beta"]]
    content = workbook(["Pavadinimas", "Kitokie užrašymai"], *(rows if is_name_first else rows[::-1]))
    tried = attempt(ImportKind.PARTNERS, cast.administrator, content)
    (refused,) = tried.refused
    assert refused.title == ("Alfa" if is_name_first else "Beta")
    assert ("Beta" if is_name_first else "Alfa") in refused.reason
    assert not Partner.objects.exists()
