"""The strategy's codes from a file: all or nothing, and every fault with its place."""

import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext

from measures.enums import CodeKind
from measures.exchange import code_file
from measures.exchange.code_file import CodeFileError, read_sheets
from measures.exchange.codes import CodesError, CodesImported, import_codes
from measures.exchange.fixtures import load_reference_lists
from measures.models import StrategyCode, StrategyDirection
from tests.make_files import make_xlsx, make_zip

pytestmark = pytest.mark.django_db

MACROS = "The file has macros. Save it without them, as .docx or .xlsx."

HEADINGS = ["kodas", "pavadinimas", "rūšis"]


@pytest.fixture(autouse=True)
def _directions() -> None:
    load_reference_lists()


def workbook(**sheets: Iterable[Iterable[Any]]) -> bytes:
    """Return a workbook of sheets of rows."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def faults(name: str, content: bytes) -> list[str]:
    """Return what the import says; it must have written nothing."""
    before = list(StrategyCode.history.values_list("history_id"))
    with pytest.raises(CodesError) as caught:
        import_codes(name, content)
    assert list(StrategyCode.history.values_list("history_id")) == before
    return caught.value.faults


def all_86() -> list[list[str]]:
    """Return 86 measures, as many as the strategy has, with made-up titles."""
    codes = [f"{d}.1.{b}.{c}" for d in ("I", "II", "III", "IV", "V") for b in (1, 2, 3) for c in range(1, 7)]
    return [[code, f"Bandymas {code}", "priemonė"] for code in codes[:86]]


def test_workbook_adds_changes_and_leaves() -> None:
    unchanged = StrategyCode.objects.get(code="I.1.3.3")
    rows: list[list[Any]] = [
        ["I.1.3.3", unchanged.title, None],
        ["KRSS2030 I.1.4.1.", "Naujas\n pavadinimas", "Priemonė"],
        ["V.1.1.1.2", "Naujas veiksmas", "veiksmas"],
        ["II.1.10.1", "Nauja priemonė", ""],
    ]
    outcome = import_codes("kodai.xlsx", workbook(Kodai=[HEADINGS, *rows]))
    assert outcome == CodesImported(("V.1.1.1.2", "II.1.10.1"), ("I.1.4.1",), ("I.1.3.3",))
    action = StrategyCode.objects.get(code="V.1.1.1.2")
    assert action.direction
    assert (action.kind, action.direction.code, action.title) == (CodeKind.ACTION, "V", "Naujas veiksmas")
    assert StrategyCode.objects.get(code="II.1.10.1").kind == CodeKind.MEASURE
    changed = StrategyCode.objects.get(code="I.1.4.1")
    assert (changed.title, changed.version) == ("Naujas pavadinimas", 2)
    newest = changed.history.latest()
    assert (newest.history_user.last_name, newest.history_change_reason) == ("Programa", "Importas")
    assert StrategyCode.objects.get(code="I.1.3.3").version == 1


def test_second_run_changes_nothing() -> None:
    content = workbook(Kodai=[HEADINGS, *all_86()])
    known = set(StrategyCode.objects.values_list("code", flat=True))
    assert import_codes("kodai.xlsx", content).added == tuple(
        code for code, _title, _kind in all_86() if code not in known
    )
    before = StrategyCode.history.count()
    outcome = import_codes("kodai.xlsx", content)
    assert (outcome.added, outcome.changed, len(outcome.unchanged)) == ((), (), 86)
    assert StrategyCode.history.count() == before


def test_carriage_returns_of_excel_are_no_words() -> None:
    import_codes("kodai.xlsx", workbook(Kodai=[HEADINGS, ["IV.1.2.4", "Naujas_x000D_\npavadinimas", None]]))
    assert StrategyCode.objects.get(code="IV.1.2.4").title == "Naujas pavadinimas"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_csv(encoding: str, delimiter: str) -> None:
    text = f'Pavadinimas{delimiter}KODAS\r\n"Žodis; kitas, „trečias“"{delimiter}IV.1.2.4\r\n\r\n'
    assert import_codes("kodai.CSV", text.encode(encoding)).added == ("IV.1.2.4",)
    assert StrategyCode.objects.get(code="IV.1.2.4").title == "Žodis; kitas, „trečias“"


def test_every_fault_is_told_with_its_place() -> None:
    rows: list[list[Any]] = [
        ["I.1.1.9", "Gera priemonė", None],
        [1.1, "Skaičius", None],
        [date(2030, 1, 4), "Data", None],
        ["=A2", "Formulė", None],
        ["VI.1.1.1", "", None],
        [None, "Be kodo", None],
        ["I.1.1.9.", "Kartojasi", "veiksmas"],
        ["I.1.1.9.1", 2030, "kas čia"],
        ["I.1.1.8", "x" * 1001, None],
        [],
        ["I.1.1.7", "Po antraštėmis", None, "be antraštės"],
    ]
    found = faults("kodai.xlsx", workbook(Pirmas=[HEADINGS, *rows], Antras=[["kodas", "spalva"]]))
    not_text = (
        "langelyje ne tekstas, o {}. Parinkite langelio formatą „Tekstas“ ir įrašykite reikšmę iš naujo."
    )
    assert found == [
        f"Lapas „Pirmas“, 3 eilutė, stulpelis „kodas“: {not_text.format('skaičius (1.1)')}",
        f"Lapas „Pirmas“, 4 eilutė, stulpelis „kodas“: {not_text.format('data (2030-01-04 00:00:00)')}",
        f"Lapas „Pirmas“, 5 eilutė, stulpelis „kodas“: {not_text.format('formulė (=A2)')}",
        "Lapas „Pirmas“, 6 eilutė, stulpelis „kodas“: „VI.1.1.1“ nėra kodas. Rašykite I–V ir tris arba "
        "keturis skaičius su taškais, pavyzdžiui, I.1.4.1.",
        "Lapas „Pirmas“, 6 eilutė, stulpelis „pavadinimas“: trūksta pavadinimo.",
        "Lapas „Pirmas“, 7 eilutė, stulpelis „kodas“: trūksta kodo.",
        "Lapas „Pirmas“, 8 eilutė, stulpelis „rūšis“: keturių dalių kodas yra „priemonė“, penkių dalių – "
        "„veiksmas“.",
        "Lapas „Pirmas“, 8 eilutė, stulpelis „kodas“: kodas I.1.1.9 jau yra: lapas „Pirmas“, 2 eilutė.",
        f"Lapas „Pirmas“, 9 eilutė, stulpelis „pavadinimas“: {not_text.format('skaičius (2030)')}",
        "Lapas „Pirmas“, 9 eilutė, stulpelis „rūšis“: „kas čia“ nėra rūšis. Rašykite „priemonė“ arba "
        "„veiksmas“ arba palikite tuščią langelį.",
        "Lapas „Pirmas“, 10 eilutė, stulpelis „pavadinimas“: Reikšmę gali sudaryti ne daugiau kaip "
        "1000 ženklų (dabar yra 1001).",
        "Lapas „Pirmas“, 12 eilutė: 4-as langelis neturi stulpelio antraštės.",
        "Lapas „Antras“, 1 eilutė: stulpelis „spalva“ nežinomas.",
        "Lapas „Antras“, 1 eilutė: trūksta stulpelio „pavadinimas“.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I.1.1.1;Be antraščių", "1 eilutė: stulpelis „I.1.1.1“ nežinomas."),
        ("kodas;kodas;pavadinimas\n", "1 eilutė: stulpelis „kodas“ pasikartoja."),
        ("kodas;pavadinimas\n", "1 eilutė: po antraštėmis nieko nėra."),
        ("kodas;pavadinimas\nI.1;a", "2 eilutė, stulpelis „kodas“: „I.1“ nėra kodas."),
        ("kodas;pavadinimas\nI.1.1.1.1.1;a", "2 eilutė, stulpelis „kodas“: „I.1.1.1.1.1“ nėra kodas."),
        ("kodas;pavadinimas\nI.1.1.٣;a", "2 eilutė, stulpelis „kodas“: „I.1.1.٣“ nėra kodas."),
        (
            "kodas;pavadinimas\nI.1.1.2;a\0b",
            "2 eilutė, stulpelis „pavadinimas“: pavadinime yra neatvaiz",
        ),
        ("kodas;pavadinimas\nAtviras regionas;a", "„Atviras regionas“ nėra kodas."),
    ],
)
def test_csv_faults(text: str, expected: str) -> None:
    assert expected in "\n".join(faults("kodai.csv", text.encode()))


def test_direction_has_to_exist() -> None:
    StrategyCode.objects.filter(direction__code="IV").delete()
    StrategyDirection.objects.filter(code="IV").delete()
    assert faults("kodai.csv", b"kodas,pavadinimas\nIV.1.1.1,a") == [
        "2 eilutė, stulpelis „kodas“: krypties IV nėra."
    ]


def stretched(reference: str) -> bytes:
    """Return a small workbook with one cell far out."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(HEADINGS)
    book.worksheets[0][reference] = "toli"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("kodai.csv", b"x" * (5 * 1024 * 1024 + 1), "Failas didesnis nei 5 MB."),
        ("kodai.csv", b"kodas;pavadinimas\n" + b"I.1.1.1;a\n" * 2001, "eilučių yra daugiau nei 2000."),
        ("kodai.csv", b"kodas;pavadinimas" + b";x" * 9, "1 eilutėje stulpelių yra daugiau nei 10."),
        ("kodai.csv", "kodas;pavadinimas\nI.1.1.1;Žodis".encode("cp1257"), "Failas nėra UTF-8 tekstas."),
        ("kodai.csv", b'kodas;pavadinimas\nI.1.1.1;"a', "2 eilutė nėra taisyklingas CSV"),
        ("kodai.csv", b"\n\n", "Failas tuščias."),
        ("kodai.xls", b"kodas", "Įrašykite failą kaip „Excel“ darbaknygę (.xlsx) arba CSV."),
        ("kodai.xlsx", b"kodas;pavadinimas", "Failas nėra tvarkinga „Excel“ darbaknygė"),
        ("kodai.xlsx", make_xlsx(), "Failas tuščias."),
        ("kodai.xlsx", make_xlsx({"xl/vbaProject.bin": b"x"}), MACROS),
        ("kodai.xlsx", make_xlsx({"xl/bomb.xml": b"0" * (21 * 1024 * 1024)}), "xl/bomb.xml"),
        ("kodai.xlsx", stretched("A1048576"), "A1048576"),
        ("kodai.xlsx", stretched("XFD2"), "XFD2"),
        ("kodai.xlsx", stretched("A2002"), "Lapas „Sheet“: eilučių yra daugiau nei 2000."),
        ("kodai.xlsx", stretched("K2"), "Lapas „Sheet“: 2 eilutėje stulpelių yra daugiau nei 10."),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_hostile_files_are_refused(name: str, content: bytes, expected: str) -> None:
    with pytest.raises(CodeFileError) as caught:
        import_codes(name, content)
    assert gettext(expected) in str(caught.value)


def test_only_so_many_rows_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def count(cell: Any) -> str:
        asked.append(cell)
        return ""

    monkeypatch.setattr(code_file, "_cell", count)
    with pytest.raises(CodeFileError):
        import_codes("kodai.xlsx", workbook(Kodai=[HEADINGS, *([["I.1.1.1", "a"]] * 5000)]))
    assert len(asked) == 3 + 2 * 2001


def test_size_that_the_file_claims_is_not_believed() -> None:
    content = workbook(Kodai=[HEADINGS, ["I.1.1.2", "Nauja", None]])
    sheet = "xl/worksheets/sheet1.xml"
    with ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
        claimed = archive.read(sheet).decode()
    assert '<dimension ref="A1:C2"' in claimed
    parts[sheet] = claimed.replace('ref="A1:C2"', 'ref="A1:A1"')
    assert import_codes("kodai.xlsx", make_zip(parts)).added == ("I.1.1.2",)


def test_two_thousand_rows_are_not_too_many() -> None:
    [sheet] = read_sheets("kodai.csv", b"kodas;pavadinimas\n" + b"I.1.1.1;a\n" * 2000)
    assert (len(sheet.rows), sheet.rows[-1]) == (2001, (2001, ("I.1.1.1", "a")))


def test_command_reports(tmp_path: Path) -> None:
    path = tmp_path / "kodai.xlsx"
    path.write_bytes(workbook(Kodai=[HEADINGS[:2], ["I.1.1.2", "Nauja"], ["I.1.1.1", "Kita"]]))
    out = io.StringIO()
    call_command("import_codes", path, stdout=out)
    assert out.getvalue().splitlines() == [
        "Pridėta: 1",
        "Pakeista: 1",
        "Nepakeista: 0",
        "  – I.1.1.2",
        "  – I.1.1.1",
    ]
    with pytest.raises(CommandError, match=r"Niekas neįrašyta\.\nĮrašykite failą kaip"):
        call_command("import_codes", path.rename(tmp_path / "kodai.ods"))
    with pytest.raises(CommandError, match="perskaityti nepavyko"):
        call_command("import_codes", tmp_path)
