"""What the Word document is made of: its table, lists, links and frame; hostile text stays text."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zipfile import ZipFile

import docx
import pytest
import time_machine
from docx.oxml.ns import qn

from measures.enums import Status
from measures.exchange.document.docx_reader import read_docx
from measures.exchange.document.styles import Role
from measures.rules import Progress
from measures.tree.rows import LinkRow, Note, PlanTree

from ..make_rows import make_action_row, make_result_row, make_tree
from .test_round_trip import written

HOSTILE = (
    '=HYPERLINK("http://x.lt")',
    "+1",
    "-1",
    "@SUM(A1)",
    "<w:p/>]]>&amp;",
    "\u202eatgal\u2069 🌊 e\u0301 中文",
    "ilgas " * 6_667,
)


def plan(*texts: str, **values: Any) -> PlanTree:
    """Return a plan with one action, whose planned results have these texts."""
    rows = []
    for index, text in enumerate(texts or ("Parengta tvarka",), start=1):
        row = make_result_row("1.1.1", index, Progress(Status.IN_PROGRESS, 40), date(2024, 12, 31))
        rows.append(replace(row, first_year=2024, text=text, **values))
    return make_tree([[make_action_row("1.1.1", tuple(rows), owner="Jonė")]])


def opened(tree: PlanTree, **values: Any) -> Any:
    return docx.Document(io.BytesIO(written(tree, **values)))


def cell_lines(tree: PlanTree, **values: Any) -> list[list[str]]:
    """Return the texts of the last row."""
    return [[p.text for p in cell.paragraphs] for cell in opened(tree, **values).tables[0].rows[-1].cells]


def test_same_plan_and_moment_give_the_same_bytes() -> None:
    with time_machine.travel("2025-01-01"):
        first = written(plan(), with_progress=True)
    with time_machine.travel("2026-06-30"):
        assert written(plan(), with_progress=True) == first
    moments = {member.date_time for member in ZipFile(io.BytesIO(first)).infolist()}
    assert moments == {(1980, 1, 1, 0, 0, 0)}
    assert written(plan("Kita tvarka"), with_progress=True) != first


def test_properties_and_page() -> None:
    made = opened(plan(), made_by="Jonė \x00", made_at=datetime(2024, 12, 31, 12, 30, tzinfo=UTC))
    properties = made.core_properties
    assert properties.title == "VEIKLOS PLANAS 2023-2024 M. – Būklė 2024 m. birželio 30 d."
    assert (properties.author, properties.last_modified_by) == ("Jonė �", "Jonė �")
    assert properties.created == properties.modified == datetime(2024, 12, 31, 12, 30, tzinfo=UTC)
    section = made.sections[0]
    assert (section.page_width.mm, section.page_height.mm) == (pytest.approx(297, 1), pytest.approx(210, 1))
    assert section.page_width > section.page_height
    language = made.styles.element.find(f".//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "lt-LT"
    assert "VEIKLOS PLANAS 2023-2024 M. – Būklė" in section.header.paragraphs[0].text
    footer = section.footer.paragraphs[0]._p
    fields = [field.get(qn("w:instr")) for field in footer.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "".join(text.text for text in footer.iter(qn("w:t"))) == "1 / 1"


def test_heading_says_what_is_shown_and_who_made_it() -> None:
    tree = replace(plan(), organisation="AKR", title="Planas", is_sample=True)
    made = opened(tree, said="2 uždavinys", made_by="Jonė")
    assert [(p.style.name, p.text) for p in made.paragraphs] == [
        (Role.ORGANISATION.value, "AKR"),
        (Role.TITLE.value, "Planas"),
        # The title does not tell the years.
        (Role.YEARS.value, "2023–2024"),
        (Role.GOAL.value, "TIKSLAS: Tikslas"),
        (Role.REMARK.value, "Pavyzdiniai duomenys"),
        (Role.REMARK.value, "Būklė 2024 m. birželio 30 d."),
        (Role.REMARK.value, "Rodoma: 2 uždavinys"),
        (Role.REMARK.value, "Parengė Jonė, 2024-12-31 14:00"),
    ]


def test_heading_row_repeats_and_short_rows_stay_whole() -> None:
    table = opened(plan("žodis " * 2000)).tables[0]
    heading, band, row = table._tbl.tr_lst
    assert heading.trPr.find(qn("w:tblHeader")) is not None
    assert band.trPr.find(qn("w:cantSplit")) is not None
    assert row.trPr is None
    (short,) = opened(plan()).tables[0]._tbl.tr_lst[2:]
    assert short.trPr.find(qn("w:cantSplit")) is not None


def test_cells_of_measure_and_action_are_merged_over_their_rows() -> None:
    rows = opened(plan("Pirmas", "Antras"), with_progress=True).tables[0]._tbl.tr_lst[2:]
    merges = [[cell.tcPr.find(qn("w:vMerge")) for cell in row.tc_lst] for row in rows]
    told = [
        [None if merge is None else merge.get(qn("w:val"), "continue") for merge in row] for row in merges
    ]
    whole, each = [0, 1, 3, 4, 7, 9], [2, 5, 6]
    for row, word in zip(told, ("restart", "continue"), strict=True):
        assert [row[column] for column in whole] == [word] * len(whole)
        assert [row[column] for column in each] == [None] * len(each)


def test_results_are_a_real_list_with_bold_periods() -> None:
    made = opened(plan("Pirmas", sub_items=("dalis", "kita dalis"), period_text="2024"))
    item, below, last = made.tables[0].rows[-1].cells[2].paragraphs
    assert [p.style.name for p in (item, below, last)] == [
        Role.ITEM.value,
        Role.SUB_ITEM.value,
        Role.SUB_ITEM.value,
    ]
    levels = [p._p.pPr.numPr.ilvl.val for p in (item, below, last)]
    assert levels == [0, 1, 1]
    number = item._p.pPr.numPr.numId.val
    numbering = made.part.numbering_part.element
    (kind,) = (num.abstractNumId.val for num in numbering.num_lst if num.numId == number)
    (signs,) = (
        [sign.get(qn("w:val")) for sign in item.iter(qn("w:lvlText"))]
        for item in numbering.iter(qn("w:abstractNum"))
        if item.get(qn("w:abstractNumId")) == str(kind)
    )
    assert signs == ["–", "o"]
    assert last.text == "kita dalis\n2024"
    period = last.runs[-1]
    assert (period.text, period.style.font.bold) == ("2024", True)


def test_links_are_live_only_where_they_lead_to_the_web() -> None:
    hrefs = ("https://x.lt/?a=1&b=2", "#", "javascript:alert(1)", "file:///etc/passwd")
    links = tuple(LinkRow(f"žodis{n}", href) for n, href in enumerate(hrefs))
    made = opened(plan(" ".join(link.text for link in links), links=links))
    shown = made.tables[0].rows[-1].cells[2].paragraphs[0].hyperlinks
    assert [link.text for link in shown] == [link.text for link in links]
    assert [link.address for link in shown] == ["https://x.lt/?a=1&b=2", "", "", ""]
    outside = [relation.target_ref for relation in made.part.rels.values() if relation.is_external]
    assert outside == ["https://x.lt/?a=1&b=2"]


def test_progress_is_said_in_words_and_once_for_what_was_reported_together() -> None:
    day = date(2024, 6, 18)
    tree = plan("Pirmas", "Antras", note=Note(1, day, "Susitikta"), correction=Note(1, day, "Pratęsti"))
    rows = opened(tree, with_progress=True).tables[0]._tbl.tr_lst[2:]
    texts = [["".join(text.text for text in cell.iter(qn("w:t"))) for cell in row.tc_lst] for row in rows]
    assert texts[0][5:] == ["Vykdoma", "40", "Jonė", "2024-06-18: Susitikta", "Pratęsti"]
    assert texts[1][5:] == ["Vykdoma", "40", "", "", ""]


def test_unknown_percent_is_a_dash() -> None:
    tree = plan(progress=Progress(Status.IN_PROGRESS, None))
    assert cell_lines(tree, with_progress=True)[6] == ["–"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    note = Note(1, date(2024, 6, 18), text)
    tree = replace(plan(text.strip(), note=note, correction=note), goal=text.strip(), organisation="")
    content = written(tree, with_progress=True, said=text, made_by=text)
    lines = [p.text for p in docx.Document(io.BytesIO(content)).tables[0].rows[-1].cells[2].paragraphs]
    assert lines == [f"{text.strip()} 2024"]
    xml = ZipFile(io.BytesIO(content)).read("word/document.xml")
    assert b"w:instrText" not in xml


def test_what_xml_forbids_is_replaced() -> None:
    text = "a\x00b\x1fc\ud800d\uffffe\x0bf"
    assert cell_lines(plan(text))[2] == ["a�b�c�d�e\nf 2024"]


def test_line_ends_and_tabs_are_words_apart() -> None:
    content = written(plan("pirma\r\nantra\ttrečia"))
    (task,) = read_docx(content).plan.tasks
    assert task.measures[0].actions[0].results[0].text == "pirma antra trečia"


@pytest.mark.parametrize(
    ("first", "last", "period", "expected"),
    [
        # The years count; a period that tells others is not repeated.
        (2023, 2024, "2023", ("2023–2024", 2023, 2024)),
        (2024, None, "nuo rudens", ("2024–", 2024, None)),
        (None, None, "kai bus lėšų", ("kai bus lėšų", None, None)),
    ],
)
def test_period_that_does_not_tell_the_years(first: Any, last: Any, period: str, expected: Any) -> None:
    years = "2023–2024" if last else "2024–"
    (row,) = plan().actions[0].results
    row = replace(row, first_year=first, last_year=last, years=years, period_text=period)
    tree = make_tree([[make_action_row("1.1.1", (row,))]])
    (result,) = read_docx(written(tree)).plan.tasks[0].measures[0].actions[0].results
    assert (result.period_text, result.first_year, result.last_year) == expected
