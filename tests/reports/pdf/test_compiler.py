"""From content to PDF: texts stay texts, files say what they are, limits hold, assets are what they claim."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from measures.enums import Status
from measures.rules import Progress
from measures.tree.rows import NameRow
from reports.parties import PartyKind, read_sheet
from reports.pdf import compiler
from reports.pdf.compiler import PRESS, PdfError, running_head
from reports.pdf.party import write_party_pdf
from reports.rows import PartyFacts

from ..make_rows import make_action_row, make_result_row, make_tree
from . import poppler

FOLDER = PRESS.parent
MADE_AT = datetime(2024, 7, 1, 9, 0, tzinfo=UTC)
LETTERS = "ąčęėįšųūž ĄČĘĖĮŠŲŪŽ „kabutės“ – … ≥ € ½ 1 000 %"
HOSTILE = [
    '#eval("1 + 1") #panic() #read("/etc/passwd") #import "@preview/cetz:0.2.0"',
    "] ) } *x* _y_ `z` $a$ \\ \\u{41} // /* <tag> @nuoroda = Antraštė - + / ~ -- --- ... -> != 'a' \"b\"",
    "]]] #{sys.inputs} ${HOME} %s {0} {{ sheet }} &amp; <b>",
]
Save = Callable[[bytes], Path]


def make_pdf(text: str, *, name: str = "Uostas", title: str = "Veiksmas", organisation: str = "AKR") -> bytes:
    """Return the sheet of a partner with one action and one planned result."""
    result = make_result_row("1.1.1", 1, Progress(Status.IN_PROGRESS, 40, ""), date(2024, 12, 31))
    result = replace(result, text=text, sub_items=(text, text), condition=text)
    action = make_action_row(
        "1.1.1", (result,), title=title, owner=name, partners=(NameRow(name, f"{name} raštu"),)
    )
    tree = replace(make_tree([[action]]), organisation=organisation)
    facts = {name: PartyFacts(about=name, aliases=(name,))}
    sheet = read_sheet(tree, tree, PartyKind.PARTNER, name, facts)
    assert sheet
    return write_party_pdf(tree, sheet, said=text, made_by=name, made_at=MADE_AT)


@pytest.mark.parametrize("text", [LETTERS, *HOSTILE])
def test_text_is_printed_as_it_is_written(text: str, saved: Save) -> None:
    path = saved(make_pdf(text, name=text, title=text, organisation=text))
    found = poppler.texts(path)
    assert found.count(text) >= 5  # organisation, name, result, two sub-items
    assert [text, "2024-12-31", "Vykdoma"] == [
        cell.split(f" {text} ")[0] for cell in poppler.rows(path)[-1][1:4]
    ]
    assert b"pdfuaid" in path.read_bytes()


def test_white_space_counts_as_on_pages_and_directions_do_not_spread(saved: Save) -> None:
    path = saved(make_pdf("pirma\r\n\tantra\u2028trečia   ketvirta\x0b \u202eatbulai\u2066?"))
    assert "pirma antra trečia ketvirta atbulai?" in poppler.texts(path)


def test_characters_without_shape_show_that_they_were_there(saved: Save) -> None:
    path = saved(make_pdf("a\x00b\x07c\ud800d\uffff"))
    assert "a�b�c�d�" in poppler.texts(path)
    assert b"pdfuaid" in path.read_bytes()


def test_character_of_no_typeface_costs_the_claim_to_the_standard_only(saved: Save) -> None:
    path = saved(make_pdf("bangos 🌊 克莱佩达", title="Klaipėda"))
    assert b"pdfuaid" not in path.read_bytes()
    assert poppler.info(path)["Tagged"] == "yes"
    assert "Klaipėda" in poppler.texts(path)


def test_long_words_stay_in_their_column(saved: Save) -> None:
    path = saved(make_pdf("W" * 300, name="N" * 300, title="M" * 300))
    boxes = re.findall(r'xMin="([\d.]+)" .*?xMax="([\d.]+)"', poppler.run("pdftotext", path, "-bbox"))
    width = 595.276
    assert boxes
    assert all(40 < float(left) < float(right) < width - 40 for left, right in boxes)
    assert (
        poppler.run("pdftotext", path).count("W") == 5 * 300
    )  # what is shown, result, two sub-items, condition


def test_row_longer_than_a_page_goes_on_under_the_same_head(saved: Save) -> None:
    text = " ".join(f"žodis{number}" for number in range(2500))
    path = saved(make_pdf(text))
    pages = poppler.run("pdftotext", path).split("\f")[:-1]
    assert len(pages) > 3
    words = re.findall(r"žodis\d+", "".join(pages).replace("\N{SOFT HYPHEN}\n", ""))
    assert set(text.split()) <= set(words)
    with_head = ["Planuojamas rezultatas" in page for page in pages]
    assert with_head.count(True) >= 3
    assert with_head == sorted(with_head)  # from where the table begins to the end
    assert all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages, start=1))


def test_same_content_and_moment_give_the_same_bytes() -> None:
    assert make_pdf(LETTERS) == make_pdf(LETTERS)
    assert make_pdf(LETTERS) != make_pdf(LETTERS + "!")


@given(text=st.text(st.characters(), max_size=60), name=st.text(st.characters(), min_size=1, max_size=40))
@example(text="", name=" ")
@example(text="\u202e", name="\x00")
@example(text="\u0301\u200d\ufe0f", name="\U0010ffff\ue000")
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
def test_no_text_is_too_odd(text: str, name: str) -> None:
    content = make_pdf(text, name=name, title=text, organisation=text)
    assert content.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in content


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "MAX_SECONDS", 0.001)
    with pytest.raises(PdfError):
        make_pdf("x")


def test_what_takes_too_much_memory_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    greedy = tmp_path / "press.py"
    source = PRESS.read_text().replace("3 * 1024**3", "64 * 1024**2")
    assert source != PRESS.read_text()
    greedy.write_text(source.replace("Path(__file__).resolve().parent", f"Path({str(FOLDER)!r})"))
    monkeypatch.setattr(compiler, "PRESS", greedy)
    with pytest.raises(PdfError):
        make_pdf("x")


def test_running_head_is_one_short_line() -> None:
    assert running_head("Planas", "Dvi\neilutės") == "Planas · Dvi eilutės"
    assert len(running_head("W" * 300)) == compiler.MAX_RUNNING


def test_templates_fetch_nothing() -> None:
    imports = [
        target
        for template in (FOLDER / "templates").glob("*.typ")
        for target in re.findall(r'#(?:import|include)\s+"([^"]+)"', template.read_text())
    ]
    assert imports
    assert {target for target in imports if not (FOLDER / "templates" / target).is_file()} == set()


def test_typefaces_are_those_that_were_checked_in() -> None:
    sums = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=FOLDER / "fonts", capture_output=True)
    assert sums.returncode == 0, sums.stdout
    listed = {line.split()[1] for line in (FOLDER / "fonts" / "SHA256SUMS").read_text().splitlines()}
    assert {path.name for path in (FOLDER / "fonts").iterdir()} == {*listed, "SHA256SUMS", "README.md"}


def test_colours_of_statuses_are_those_of_pages() -> None:
    pages = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text().lower()
    colours = set(re.findall(r"#[0-9a-f]{6}\b", (FOLDER / "templates" / "status.typ").read_text()))
    assert len(colours) > 20
    assert {colour for colour in colours if colour not in pages} == set()
