"""What is wrong with the file of a register is told with its place, and nothing of it is written."""

import openpyxl
import pytest
from django.db import transaction
from django.utils.translation import gettext as _

from measures.enums import ImportKind, LineKind, PartnerKind
from measures.exchange.guard.refusal import FileRefusedError
from measures.exchange.import_handlers import handler_of
from measures.exchange.registers.handlers import SHEETS
from measures.models import (
    ConflictError,
)
from tests.make import make_code, make_partner
from tests.make_files import make_docx, make_xlsx
from tests.measures.exchange.registers import (
    CODE_HEADINGS,
    PARTNER_HEADINGS,
    attempt,
    everything,
    refused,
    saved,
    workbook,
)

pytestmark = pytest.mark.django_db

KINDS = list(SHEETS)


@pytest.fixture
def admin(cast):
    """A person with all rights that a role gives."""
    return cast.administrator


@pytest.mark.parametrize(
    ("headings", "row", "place"),
    [
        (["Pavadinimas", "Rūšis"], ["Nauja", "Būrelis"], "B"),
        (["Pavadinimas", "Rūšis"], ["Nauja", "–"], "B"),
        (["Pavadinimas", "Veikiantis"], ["Nauja", "galbūt"], "C"),
        (["Pavadinimas", "Veikiantis"], ["Nauja", True], "C"),
        (["Pavadinimas", "Narys nuo"], ["Nauja", "2024-02-30"], "D"),
        (["Pavadinimas", "Narys nuo"], ["Nauja", "20240201"], "D"),
        (["Pavadinimas", "Narys nuo"], ["Nauja", 45000], "D"),
        (["Pavadinimas"], ["x" * 301], "A"),
        (["Pavadinimas"], [1.10], "A"),
        (["Pavadinimas"], ["=1+1"], "A"),
        (["Pavadinimas", "Rūšis"], [None, "Savivaldybė"], "A"),
        (["Pavadinimas", "Rūšis"], ["–", "Savivaldybė"], "A"),
        (["Pavadinimas", "Rūšis"], ["-", "Savivaldybė"], "A"),
        (["Pavadinimas", "Rūšis"], ["\N{NO-BREAK SPACE}—", "Savivaldybė"], "A"),
        (["Pavadinimas", "Rūšis"], ["\N{NO-BREAK SPACE}", "Savivaldybė"], "A"),
        (["Pavadinimas", "Kitokie užrašymai"], ["Nauja", "Užimtas"], "F"),
        (["Pavadinimas"], ["Užimtas"], "A"),
        (["Pavadinimas"], ["senas PARTNERIS"], "A"),
    ],
)
def test_bad_cell_is_told_with_its_place_and_nothing_is_written(admin, headings, row, place):
    make_partner("Senas partneris").aliases.create(name="Užimtas")
    column = PARTNER_HEADINGS["ABCDEF".index(place)]

    ((where, reason),) = refused(
        ImportKind.PARTNERS, admin, workbook(headings, ["Gera"], row, title="Partneriai")
    )

    assert where.startswith("Lapas „Partneriai“, 3 eilutė")
    assert column in f"{where} {reason}"


def test_unseen_characters_are_refused(admin):
    ((where, _reason),) = refused(ImportKind.RESOURCES, admin, "Pavadinimas\nLėšos\x00\n".encode())
    assert ("2" in where, "„Pavadinimas“" in where) == (True, True)


def test_number_that_lost_its_end_is_no_code(admin):
    make_code("I.1.1.1")
    ((where, reason),) = refused(ImportKind.CODES, admin, workbook(CODE_HEADINGS, [1.10, "Kodas"]))
    assert "„Kodas“" in where
    assert "1.1" in reason


def test_formula_without_a_value_is_refused(admin):
    ((where, reason),) = refused(
        ImportKind.RESOURCES, admin, workbook(["Pavadinimas"], ['=CONCATENATE("ES"," lėšos")'])
    )
    assert "CONCATENATE" in reason
    assert "„Pavadinimas“" in where


def test_membership_that_ends_before_it_begins_is_refused(admin):
    rows = [PARTNER_HEADINGS, ["Nauja", None, None, "2024-02-01", "2024-01-01"]]
    ((where, reason),) = refused(ImportKind.PARTNERS, admin, workbook(*rows))
    assert "2" in where
    assert reason == _("The membership ends before it begins.")


@pytest.mark.parametrize(
    "headings",
    [
        ["Pavadinimas", "Rušys"],
        ["Pavadinimas", "Pavadinimas"],
        ["Pavadinimas", None, "Rūšis"],
        ["Rūšis"],
        ["Pavadinimas", "Slaptažodis"],
    ],
)
def test_wrong_headings_are_refused(admin, headings):
    make_partner("Nauja")
    faults = refused(ImportKind.PARTNERS, admin, workbook(headings, ["Nauja", "Savivaldybė"]))
    assert len(faults) == 1
    assert "1" in faults[0][0]


def test_cell_under_no_heading_is_refused(admin):
    faults = refused(ImportKind.RESOURCES, admin, workbook(["Pavadinimas"], ["Lėšos", "ir dar"]))
    assert len(faults) == 1
    assert "2" in faults[0][0]


def test_file_of_headings_only_is_refused(admin):
    assert len(refused(ImportKind.RESOURCES, admin, workbook(["Pavadinimas"]))) == 1


def test_second_sheet_is_not_left_out_in_silence(admin):
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Pavadinimas"])
    book.worksheets[0].append(["Lėšos"])
    book.create_sheet("Kitas").append(["Pavadinimas"])
    ((where, _reason),) = refused(ImportKind.RESOURCES, admin, saved(book))
    assert "„Kitas“" in where


def test_same_name_twice_is_refused_and_the_first_is_named(admin):
    ((where, reason),) = refused(
        ImportKind.RESOURCES, admin, workbook(["Pavadinimas"], ["Lėšos"], ["Kitos"], ["Lėšos"])
    )
    assert "4" in where
    assert "2" in reason


def test_nearly_the_same_name_twice_is_refused(admin):
    ((where, reason),) = refused(
        ImportKind.RESOURCES, admin, workbook(["Pavadinimas"], ["Žemės lėšos"], ["Zemes LĖŠOS"])
    )
    assert "3" in where
    assert "Žemės lėšos" in reason


def test_good_rows_are_not_written_beside_bad_ones(admin):
    make_partner("Keičiama")
    rows = [["Gera"], ["Keičiama", "Savivaldybė"], ["Bloga", "Būrelis"]]
    tried = attempt(ImportKind.PARTNERS, admin, workbook(PARTNER_HEADINGS, *rows))
    assert tried.kinds == [LineKind.ADDED, LineKind.CHANGED, LineKind.REFUSED]
    before = everything()
    # Without a transaction around it: what the library writes it has to take back itself.
    result = SHEETS[ImportKind.PARTNERS]().read_rows(
        [row["values"] for row in tried.job.parsed["rows"]], author=admin, reason="Importas"
    )
    assert [row.import_type for row in result.rows] == ["new", "update", "invalid"]
    assert everything() == before


@pytest.mark.parametrize(
    "content",
    [
        make_docx(),
        make_xlsx(),
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xff\xfe",
        b"",
        b'Pavadinimas\n"x',
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_or_broken_file_is_refused(admin, kind, content):
    with pytest.raises(FileRefusedError, match=r"\w"):
        handler_of(kind).read(content)


def test_more_than_2000_rows_are_refused(admin):
    with pytest.raises(FileRefusedError, match="2000"):
        handler_of(ImportKind.RESOURCES).read(b"Pavadinimas\n" + b"".join(b"r%d\n" % n for n in range(2001)))


def test_rows_that_would_take_too_long_are_refused(admin):
    def rows(count):
        return b"Pavadinimas\n" + b"".join(b"r%d\n" % number for number in range(count))

    assert len(handler_of(ImportKind.RESOURCES).read(rows(500)).rows) == 500
    with pytest.raises(FileRefusedError, match=r"501\b.*\b500\b"):
        handler_of(ImportKind.RESOURCES).read(rows(501))


def test_changed_meanwhile_is_not_written(admin):
    partner = make_partner("Keičiama")
    tried = attempt(ImportKind.PARTNERS, admin, workbook(PARTNER_HEADINGS, ["Keičiama", "Savivaldybė"]))
    partner.kind = PartnerKind.STATE
    partner.save()
    before = everything()
    with pytest.raises(ConflictError), transaction.atomic():
        tried.confirm()
    assert everything() == before
