"""Registers out and in: nothing lost, nothing guessed, and few queries."""

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _

from measures import roles
from measures.enums import ImportKind, LineKind, PartnerKind
from measures.exchange.preview import FieldChange
from measures.exchange.registers.handlers import SHEETS
from measures.models import (
    Partner,
    PartnerAlias,
    Project,
)
from tests.make import make_code, make_partner, make_resource, make_user
from tests.measures.exchange.registers import (
    AWKWARD,
    PARTNER_HEADINGS,
    attempt,
    everything,
    file_of,
    make_registers,
    workbook,
)

pytestmark = pytest.mark.django_db

KINDS = list(SHEETS)
LIBREOFFICE = Path(__file__).parent / "data" / "registers"


@pytest.fixture
def admin(cast):
    """A person with all rights that a role gives."""
    return cast.administrator


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["xlsx", "csv", "libreoffice"])
def test_export_then_import_changes_nothing(admin, kind, ending):
    make_registers()
    before = everything()
    is_saved = ending == "libreoffice"
    content = (LIBREOFFICE / f"{kind.value}.xlsx").read_bytes() if is_saved else file_of(kind, ending)

    tried = attempt(kind, admin, content)

    assert tried.refused == []
    assert tried.kinds == [LineKind.UNCHANGED] * len(SHEETS[kind]().get_queryset())
    assert len(tried.kinds) >= 4
    assert everything() == before


def test_partners_are_added_changed_and_left(admin):
    kept = make_partner("Lieka")
    changed = make_partner("Keičiama", member_from=date(2020, 1, 1), member_until=date(2021, 1, 1))
    changed.aliases.create(name="Senas")
    tried = attempt(
        ImportKind.PARTNERS,
        admin,
        workbook(
            PARTNER_HEADINGS,
            ["Nauja", "Savivaldybė", "ne", "2024-01-31", None, "Kitaip; Dar kitaip"],
            ["Keičiama", "savivaldybė", None, None, "–", "Naujas"],
            ["Lieka", None, None, None, None, None],
        ),
    )

    assert tried.kinds == [LineKind.ADDED, LineKind.CHANGED, LineKind.UNCHANGED]
    assert Partner.objects.filter(name="Nauja").count() == 0
    kind, active, since, until, aliases = PARTNER_HEADINGS[1:]
    municipality, other = str(PartnerKind.MUNICIPALITY.label), str(PartnerKind.OTHER.label)
    assert tried.preview.lines[0].changes == (
        FieldChange(kind, "", municipality),
        FieldChange(active, "", _("No")),
        FieldChange(since, "", "2024-01-31"),
        FieldChange(aliases, "", "Dar kitaip; Kitaip"),
    )
    assert tried.preview.lines[1].changes == (
        FieldChange(kind, other, municipality),
        FieldChange(until, "2021-01-01", ""),
        FieldChange(aliases, "Senas", "Naujas; Senas"),
    )

    tried.confirm()

    new = Partner.objects.get(name="Nauja")
    assert (new.kind, new.is_active, new.member_from, new.member_until) == (
        PartnerKind.MUNICIPALITY,
        False,
        date(2024, 1, 31),
        None,
    )
    assert set(new.aliases.values_list("name", flat=True)) == {"Kitaip", "Dar kitaip"}
    changed.refresh_from_db()
    assert (changed.kind, changed.member_from, changed.member_until, changed.version) == (
        PartnerKind.MUNICIPALITY,
        date(2020, 1, 1),
        None,
        2,
    )
    written = [new.history.latest(), changed.history.latest(), *PartnerAlias.history.all()[:3]]
    assert {(row.history_user, row.history_change_reason) for row in written} == {(admin, _("Import"))}
    assert (kept.history.count(), Partner.objects.get(pk=kept.pk).version) == (1, 1)


def test_blank_cell_leaves_a_value_and_a_dash_empties_it(admin):
    project = Project(name="Projektas", programme="Interreg", starts_on=date(2023, 1, 1))
    project.save()
    project.aliases.create(name="Kitaip")
    headings = ["Pavadinimas", "Programa", "Pradžia", "Kitokie užrašymai"]

    assert attempt(ImportKind.PROJECTS, admin, workbook(headings, ["Projektas"])).kinds == [
        LineKind.UNCHANGED
    ]
    attempt(ImportKind.PROJECTS, admin, workbook(headings, ["Projektas", "–", "–", "–"])).confirm()

    project.refresh_from_db()
    assert (project.programme, project.starts_on, project.aliases.count()) == ("", None, 0)


def test_spaces_that_files_can_not_keep_are_no_change(admin):
    project = Project.objects.create(name="Projektas", programme="Interreg  VI")
    project.aliases.create(name="Kitas  vardas")
    headings = ["Pavadinimas", "Programa", "Kitokie užrašymai"]
    content = workbook(headings, ["Projektas", "Interreg VI", "Kitas vardas"])
    assert attempt(ImportKind.PROJECTS, admin, content).kinds == [LineKind.UNCHANGED]


def test_other_spelling_alone_makes_no_version_of_the_row(admin):
    resource = make_resource("Lėšos")
    attempt(
        ImportKind.RESOURCES, admin, workbook(["Pavadinimas", "Kitokie užrašymai"], ["Lėšos", "Pinigai"])
    ).confirm()
    resource.refresh_from_db()
    assert (resource.version, resource.history.count()) == (1, 1)
    assert [alias.name for alias in resource.aliases.all()] == ["Pinigai"]


def test_date_typed_as_a_date_is_taken(admin):
    make_partner("Narys")
    attempt(
        ImportKind.PARTNERS, admin, workbook(["Pavadinimas", "Narys nuo"], ["Narys", date(2024, 5, 31)])
    ).confirm()
    assert Partner.objects.get().member_from == date(2024, 5, 31)


def test_cells_of_the_workbook_stay_texts(admin):
    make_registers()
    book = openpyxl.load_workbook(io.BytesIO(file_of(ImportKind.RESOURCES, "xlsx")))
    (sheet,) = book.worksheets
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == ["Pavadinimas", "Kitokie užrašymai"]
    assert sheet["A1"].font.bold
    cells = {cell.value: cell for cell in sheet["A"][1:]}
    assert {name.replace("  ", " ") for name in AWKWARD} <= cells.keys()
    assert {(cell.data_type, cell.number_format) for cell in cells.values()} == {("s", "@")}


def test_csv_has_no_formula(admin):
    make_registers()
    content = file_of(ImportKind.RESOURCES, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Pavadinimas", "Kitokie užrašymai"]
    assert {"'=1+1", "'+37060000000", "''kabutė", "''=1+1"} <= {row[0] for row in rows}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("kind", KINDS)
def test_export_costs_the_same_for_more_rows(admin, kind):
    def make(numbers):
        for n in numbers:
            make_resource(f"R{n}").aliases.create(name=f"r-{n}")
            make_partner(f"P{n}").aliases.create(name=f"p-{n}")
            Project.objects.create(name=f"J{n}").aliases.create(name=f"j-{n}")
            make_code(f"I.1.1.{n}")
            make_user(f"zmogus{n}", roles.UPDATER)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            table = SHEETS[kind]().table()
        return len(captured), len(table)

    make([1])
    one, fewer = queries()
    make([2, 3])
    three, more = queries()
    assert (one, more) == (three, fewer + 2)
    assert three <= 2


def test_unchanged_rows_cost_the_same_queries_for_more_rows(admin):
    def queries():
        content = file_of(ImportKind.PARTNERS, "csv")
        with CaptureQueriesContext(connection) as captured:
            tried = attempt(ImportKind.PARTNERS, admin, content)
        reading = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
        return len(reading), len(tried.kinds)

    make_partner("Pirmas").aliases.create(name="Pirma")
    queries()
    one = queries()
    make_partner("Antras").aliases.create(name="Antra")
    make_partner("Trečias").aliases.create(name="Trečia")
    three = queries()
    assert (one[1], three[1]) == (1, 3)
    assert one[0] == three[0]


@pytest.mark.parametrize("dash", ["–", "-", "—", "\N{NO-BREAK SPACE}-"])
def test_any_dash_empties(admin, dash):
    Project.objects.create(name="BASCIL", programme="Interreg").aliases.create(name="Bascil II")
    headings = ["Pavadinimas", "Programa", "Kitokie užrašymai"]
    attempt(ImportKind.PROJECTS, admin, workbook(headings, ["BASCIL", dash, dash])).confirm()
    project = Project.objects.get()
    assert (project.programme, project.aliases.count()) == ("", 0)


def test_dash_that_is_stored_already_stays(admin):
    Project.objects.create(name="BASCIL", programme="-")
    tried = attempt(ImportKind.PROJECTS, admin, workbook(["Pavadinimas", "Programa"], ["BASCIL", "-"]))
    assert tried.kinds == [LineKind.UNCHANGED]


def test_guard_of_csv_that_came_into_a_workbook_is_no_change(admin):
    Project.objects.create(name="+CityxChange", programme="=Interreg")
    guarded = ["'+CityxChange", "'=Interreg"]
    headings = ["Pavadinimas", "Programa"]
    assert attempt(ImportKind.PROJECTS, admin, workbook(headings, guarded)).kinds == [LineKind.UNCHANGED]
    # Beside the row itself it is another name.
    both = workbook(headings, guarded, ["+CityxChange", "Kita"])
    assert attempt(ImportKind.PROJECTS, admin, both).kinds == [LineKind.ADDED, LineKind.CHANGED]
    attempt(ImportKind.PROJECTS, admin, workbook(headings, ["'+CityxChange", "Kita"])).confirm()
    assert list(Project.objects.values_list("name", "programme")) == [("+CityxChange", "Kita")]
