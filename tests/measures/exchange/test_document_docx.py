"""Word documents of other programs: the same plan as from their text; hostile ones refused."""

import io
from collections.abc import Callable
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from measures.exchange.document import docx_file
from measures.exchange.document.docx_reader import read_docx
from measures.exchange.document.reader import DocumentError, read_document
from measures.exchange.document.tree import ActionText, CodeMention, Link, PlanText

HEADING = (
    "Priemonė",
    "Veiksmai",
    "Planuojamos veiklos / rezultatai",
    "Reikalingi resursai",
    "Susijusios institucijos",
)
MEASURE = "1.1. Tvari žuvininkystė (KRSS2030 I.1.4.1. priemonė)"
Cells = list[list[str]]
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
DRAWING = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def document(*tables: Cells, before: Callable[[Any], None] | None = None) -> Any:
    """Return a document with a heading, a goal and these tables; a cell's lines are its paragraphs."""
    made = docx.Document()
    for text in ("KLAIPĖDOS REGIONAS", "VEIKLOS PLANAS 2023–2024 M.", "TIKSLAS: Įgyvendinti strategiją"):
        made.add_paragraph(text)
    for rows in tables:
        table = made.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                first, *more = text.split("\n")
                cell.paragraphs[0].text = first
                for line in more:
                    cell.add_paragraph(line)
    return made


def saved(made: Any) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def row(result: str = "– Parengta tvarka 2023", number: str = "1.1.1", measure: str = MEASURE) -> list[str]:
    return [measure, f"{number}. Parengti tvarką", result, "ES lėšos", "Palangos miestas;\nNeringa"]


BAND = ["1 uždavinys: JŪRA", "", "", "", ""]


def read(made: Any) -> PlanText:
    return read_docx(saved(made)).plan


def only_action(made: Any) -> ActionText:
    (action,) = (a for task in read(made).tasks for m in task.measures for a in m.actions)
    return action


def codes(made: Any) -> list[str]:
    """Return the codes of the errors that a document gives."""
    with pytest.raises(DocumentError) as caught:
        read_docx(made if isinstance(made, bytes) else saved(made))
    return [notice.code for notice in caught.value.notices]


def paragraph(xml: str) -> Any:
    return parse_xml(f"<w:p {nsdecls('w', 'r')}>{xml}</w:p>")


class TestSamePlanAsFromText:
    def test_table(self) -> None:
        rows = [
            row("– Pirmas 2023\n– Antras:\no dalis;\no kita dalis 2024-"),
            row(number="1.1.2", measure=""),
        ]
        made = document([list(HEADING), BAND, *rows])
        lines = [
            "KLAIPĖDOS REGIONAS",
            "",
            "VEIKLOS PLANAS 2023–2024 M.",
            "",
            "TIKSLAS: Įgyvendinti strategiją",
            "",
        ]
        for cells in (list(HEADING), BAND, *rows):
            lines.append("\t".join(cell.replace("\n", "<br>") for cell in cells))
        assert read(made) == read_document("\n".join(lines)).plan

    def test_merged_cells_belong_to_all_their_rows(self) -> None:
        made = document([list(HEADING), BAND, row(), row("– Kita 2024", measure="")])
        table = made.tables[0]
        table.cell(1, 0).merge(table.cell(1, 4))
        table.cell(2, 0).merge(table.cell(3, 0))
        table.cell(3, 1).paragraphs[0].text = ""
        table.cell(2, 1).merge(table.cell(3, 1))
        for column in (3, 4):
            for text in table.cell(3, column).paragraphs:
                text.text = ""
        action = only_action(made)
        assert [result.text for result in action.results] == ["Parengta tvarka", "Kita"]
        assert (action.resources, action.partners) == (("ES lėšos",), ("Palangos miestas", "Neringa"))

    def test_several_tables_with_a_task_before_each(self) -> None:
        made = document([list(HEADING), BAND, row()])
        made.add_paragraph("2 uždavinys: BIOEKONOMIKA")
        other = document([row(number="2.1.1", measure="2.1. Bioekonomika")])
        made.element.body.insert(len(made.element.body) - 1, other.tables[0]._tbl)
        plan = read(made)
        assert [(task.number, task.measures[0].number) for task in plan.tasks] == [("1", "1.1"), ("2", "2.1")]

    def test_columns_begin_where_the_heading_says(self) -> None:
        made = document([list(HEADING), BAND, row()])
        cell = made.tables[0].rows[2].cells[2]._tc
        second = parse_xml(f"<w:tc {nsdecls('w')}><w:p><w:r><w:t>– Perkirsta 2024</w:t></w:r></w:p></w:tc>")
        cell.addnext(second)
        for line in made.tables[0]._tbl.tr_lst[:2]:
            line.tc_lst[2].get_or_add_tcPr().append(parse_xml(f'<w:gridSpan {nsdecls("w")} w:val="2"/>'))
        assert [result.text for result in only_action(made).results] == ["Parengta tvarka", "Perkirsta"]

    @pytest.mark.parametrize("sign", ["o", "–"])
    def test_lists_are_items_and_sub_items(self, sign: str) -> None:
        made = document([list(HEADING), BAND, row("Pirmas:\ndalis\nkita dalis 2023\nAntras 2024")])
        numbering = made.part.numbering_part.element
        for number, text in ((90, "–"), (91, sign)):
            levels = "".join(
                f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="bullet"/><w:lvlText w:val="{text}"/></w:lvl>'
                for level in (0, 1)
            )
            numbering.insert(
                0,
                parse_xml(
                    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{levels}</w:abstractNum>'
                ),
            )
            numbering.append(
                parse_xml(
                    f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
                )
            )
        # A list inside a list, or a list of its own whose sign is a circle.
        below = (0, 91) if sign == "o" else (1, 90)
        places = [(0, 90), below, below, (0, 90)]
        for text, (level, number) in zip(made.tables[0].cell(2, 2).paragraphs, places, strict=True):
            settings = parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
            )
            text._p.get_or_add_pPr().append(settings)
        results = only_action(made).results
        assert [(result.text, result.sub_items) for result in results] == [
            ("Pirmas:", ("dalis", "kita dalis")),
            ("Antras", ()),
        ]
        assert [result.period_text for result in results] == ["2023", "2024"]

    def test_tracked_changes_are_accepted(self) -> None:
        made = document([list(HEADING), BAND, row("")])
        made.tables[0].cell(2, 2)._tc.append(
            paragraph(
                '<w:r><w:t xml:space="preserve">– Parengta </w:t></w:r>'
                '<w:del w:id="1" w:author="x"><w:r><w:delText>sena</w:delText></w:r></w:del>'
                '<w:ins w:id="2" w:author="x"><w:r><w:t>nauja</w:t></w:r></w:ins>'
                '<w:r><w:t xml:space="preserve"> tvarka 2024</w:t></w:r>'
            )
        )
        assert only_action(made).results[0].text == "Parengta nauja tvarka"

    def test_deleted_row_and_paragraph_end_are_gone(self) -> None:
        made = document([list(HEADING), BAND, row("– Parengta\nnauja tvarka 2024"), row(number="1.1.2")])
        gone = parse_xml(f'<w:trPr {nsdecls("w")}><w:del w:id="1" w:author="x"/></w:trPr>')
        made.tables[0]._tbl.tr_lst[3].insert(0, gone)
        first = made.tables[0].cell(2, 2).paragraphs[0]
        first.add_run(" ")
        mark = parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="2" w:author="x"/></w:rPr>')
        first._p.get_or_add_pPr().append(mark)
        assert [result.text for result in only_action(made).results] == ["Parengta nauja tvarka"]

    def test_links_breaks_and_controls(self) -> None:
        made = document([list(HEADING), BAND, row("")])
        relation = made.part.relate_to("https://pavyzdys.lt/", RELATIONSHIP_TYPE.HYPERLINK, True)
        made.tables[0].cell(2, 2)._tc.append(
            paragraph(
                "<w:sdt><w:sdtContent><w:r><w:t>– Pirmas</w:t></w:r></w:sdtContent></w:sdt>"
                '<w:r><w:br w:type="page"/></w:r>'
                f'<w:hyperlink r:id="{relation}" w:anchor="čia"><w:r><w:t>su</w:t></w:r>'
                "<w:r><w:t> nuoroda</w:t></w:r>"
                "</w:hyperlink><w:r><w:t> 2023</w:t><w:br/><w:t>– Antras</w:t><w:tab/><w:t>2024</w:t></w:r>"
            )
        )
        first, second = only_action(made).results
        assert (first.text, first.period_text) == ("Pirmas su nuoroda", "2023")
        assert first.links == (Link("su nuoroda", "https://pavyzdys.lt/#čia"),)
        assert (second.text, second.period_text) == ("Antras", "2024")

    def test_what_looks_like_markup_is_text(self) -> None:
        action = only_action(document([list(HEADING), BAND, row("– <b>Ne</b> **žymė** &amp; <script> 2023")]))
        assert action.results[0].text == "<b>Ne</b> **žymė** &amp; <script>"

    def test_codes_are_read(self) -> None:
        (task,) = read(document([list(HEADING), BAND, row()])).tasks
        assert task.measures[0].codes == (CodeMention("I.1.4.1", "measure", "KRSS2030 I.1.4.1. priemonė"),)

    def test_progress_columns_are_read_past_and_told(self) -> None:
        rows = [[*HEADING, "Būsena", "Kas padaryta"], [*BAND, "", ""], [*row(), "Vykdoma", "Sutarta"]]
        reading = read_docx(saved(document(rows)))
        assert reading.plan == read(document([line[:5] for line in rows]))
        assert [notice.code for notice in reading.warnings] == ["progress-ignored"]
        assert "(Būsena, Kas padaryta)" in reading.warnings[0].message


def test_columns_may_stand_in_another_order() -> None:
    rows = [list(HEADING), BAND, row()]
    swapped = [[*cells[:3], cells[4], cells[3]] for cells in rows]
    assert read(document(swapped)) == read(document(rows))


def test_names_merged_over_actions_belong_to_each() -> None:
    made = document([list(HEADING), BAND, row(), [*row(number="1.1.2", measure="")[:3], "", ""]])
    for column in (3, 4):
        made.tables[0].cell(2, column).merge(made.tables[0].cell(3, column))
    reading = read_docx(saved(made))
    actions = reading.plan.tasks[0].measures[0].actions
    assert [(action.resources, action.partners) for action in actions] == [
        (("ES lėšos",), ("Palangos miestas", "Neringa"))
    ] * 2
    assert reading.warnings == ()


def test_results_merged_over_actions_are_an_error() -> None:
    made = document([list(HEADING), BAND, row(), row("", number="1.1.2", measure="")])
    made.tables[0].cell(2, 2).merge(made.tables[0].cell(3, 2))
    assert codes(made) == ["shared-results"]


class TestWhatIsNotRead:
    """The paragraphs: three above the table, five headings, the task's five cells, then those of the row."""

    @staticmethod
    def with_run(xml: str) -> Any:
        made = document([list(HEADING), BAND, row()])
        made.tables[0].cell(2, 3)._tc.append(paragraph(xml))
        return made

    @pytest.mark.parametrize(
        ("xml", "code", "words"),
        [
            (f"<m:oMath {MATH}><m:r><m:t>a+b</m:t></m:r></m:oMath>", "unread-text", "a+b"),
            (
                "<w:r><w:ruby><w:rt><w:r><w:t>viršus</w:t></w:r></w:rt>"
                "<w:rubyBase><w:r><w:t>pagrindas</w:t></w:r></w:rubyBase></w:ruby></w:r>",
                "unread-text",
                "viršus",
            ),
            (f"<w:r><w:drawing><a:t {DRAWING}>Brėžinys</a:t></w:drawing></w:r>", "frame", "Brėžinys"),
        ],
    )
    def test_text_of_other_kinds_is_an_error_with_its_paragraph(
        self, xml: str, code: str, words: str
    ) -> None:
        with pytest.raises(DocumentError) as caught:
            read_docx(saved(self.with_run(xml)))
        first = caught.value.notices[0]
        assert (first.code, first.text, first.place.line) == (code, words, 18)

    def test_document_inside_is_an_error(self) -> None:
        made = document([list(HEADING), BAND, row()])
        made.element.body.insert(3, parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="rId99"/>'))
        with pytest.raises(DocumentError) as caught:
            read_docx(saved(made))
        assert [(notice.code, notice.place.line) for notice in caught.value.notices] == [
            ("other-document", 3)
        ]

    def test_deleted_text_is_nothing(self) -> None:
        made = self.with_run('<w:moveFrom w:id="1" w:author="x"><w:r><w:t>Perkelta</w:t></w:r></w:moveFrom>')
        assert read_docx(saved(made)).warnings == ()

    def test_comments_are_told(self) -> None:
        made = self.with_run('<w:r><w:commentReference w:id="7"/></w:r>')
        words = '<w:comment w:id="7"><w:p><w:r><w:t>Ar ES?</w:t></w:r></w:p></w:comment>'
        comment = f"<w:comments {nsdecls('w')}>{words}</w:comments>"
        content = with_related_part(saved(made), "comments", comment.encode())
        (notice,) = read_docx(content).warnings
        assert (notice.code, notice.text, notice.place.line) == ("comment-dropped", "Ar ES?", 18)

    def test_words_of_headers_and_footers_are_told_once(self) -> None:
        made = document([list(HEADING), BAND, row()])
        made.sections[0].header.paragraphs[0].text = "PROJEKTAS"
        footer = made.sections[0].footer.paragraphs[0]._p
        pages = '<w:fldSimple w:instr="PAGE"><w:r><w:t>7</w:t></w:r></w:fldSimple>'
        footer.append(paragraph(pages)[0])
        for kind, text in (("begin", ""), ("", "12"), ("end", "")):
            char = f'<w:fldChar w:fldCharType="{kind}"/>' if kind else f"<w:t>{text}</w:t>"
            footer.append(paragraph(f"<w:r>{char}</w:r>")[0])
        notices = read_docx(saved(made)).warnings
        assert [(notice.code, notice.text) for notice in notices] == [("margin-dropped", "PROJEKTAS")]


class TestErrors:
    def test_unknown_column_is_refused(self) -> None:
        made = document([[*HEADING, "Biudžetas"], [*BAND, ""], [*row(), "100"]])
        assert codes(made) == ["unknown-heading"]

    def test_footnote_is_no_silent_loss(self) -> None:
        made = document([list(HEADING), BAND, row()])
        made.tables[0].cell(2, 2).paragraphs[0].add_run()._r.append(OxmlElement("w:footnoteReference"))
        with pytest.raises(DocumentError, match=r"^\d+ pastraipa: išnašos neskaitomos\."):
            read_docx(saved(made))

    def test_text_in_a_frame_is_no_silent_loss(self) -> None:
        made = document([list(HEADING), BAND, row()])
        frame = "<w:txbxContent><w:p><w:r><w:t>Rėmelyje</w:t></w:r></w:p></w:txbxContent>"
        made.tables[0].cell(2, 2)._tc.append(paragraph(f"<w:r><w:pict>{frame}</w:pict></w:r>"))
        assert codes(made) == ["frame"]

    def test_automatic_number_is_no_silent_loss(self) -> None:
        made = document([list(HEADING), BAND, row()])
        text = made.tables[0].cell(2, 1).paragraphs[0]
        text.text = "Parengti tvarką"
        text.style = made.styles["List Number"]
        assert "automatic-number" in codes(made)

    def test_document_without_a_plan_says_what_is_missing(self) -> None:
        assert codes(docx.Document()) == ["years-missing", "no-task"]


class TestHostileFiles:
    @pytest.mark.parametrize(
        "content", [b"", b"PK\x03\x04", b"%PDF-1.7\n%%EOF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99]
    )
    def test_other_files(self, content: bytes) -> None:
        assert codes(content) == ["no-word-file"]

    def test_every_cut_off_file_is_refused(self) -> None:
        content = saved(document([list(HEADING), BAND, row()]))
        for length in range(0, len(content) - 1, 997):
            assert codes(content[:length]) == ["no-word-file"]

    def test_macros(self) -> None:
        content = with_part(saved(document()), "word/vbaProject.bin", b"x")
        with pytest.raises(DocumentError, match="makrokomand"):
            read_docx(content)

    @pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/numbering.xml"])
    def test_broken_and_hostile_parts(self, part: str) -> None:
        content = saved(document([list(HEADING), BAND, row()]))
        entities = b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><x>&a;&c;</x>'
        for hostile in (b"", b"<x", b"<x/>" if part.endswith("document.xml") else b"<x>", entities):
            assert codes(with_part(content, part, hostile)) == ["no-word-file"]

    def test_entities_are_refused_in_a_document_that_is_fine_otherwise(self) -> None:
        content = saved(document([list(HEADING), BAND, row("– XXX 2023")]))
        xml = ZipFile(io.BytesIO(content)).read("word/document.xml")
        start, end = xml.split(b"?>", 1)
        declared = start + b'?><!DOCTYPE x [<!ENTITY a "Tekstas">]>' + end.replace(b"XXX", b"&a;")
        assert codes(with_part(content, "word/document.xml", declared)) == ["no-word-file"]

    def test_deep_nesting(self) -> None:
        body = b"<w:sdt>" * 5000 + b"</w:sdt>" * 5000
        name = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        xml = b'<w:document xmlns:w="' + name + b'"><w:body>' + body + b"</w:body></w:document>"
        assert codes(with_part(saved(document()), "word/document.xml", xml)) == ["too-deep"]

    def test_part_that_unpacks_to_too_much(self, monkeypatch: pytest.MonkeyPatch) -> None:
        content = saved(document([list(HEADING), BAND, row("– " + "Žodis " * 3000 + "2024")]))
        assert read_docx(content).plan.tasks
        monkeypatch.setattr(docx_file, "MAX_PART", 10_000)
        assert codes(content) == ["no-word-file"]

    def test_large_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        content = saved(document([list(HEADING), BAND, row()]))
        monkeypatch.setattr(docx_file, "MAX_BYTES", len(content) - 1)
        assert codes(content) == ["too-large"]


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return the file with one of its parts replaced or added."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for member in source.namelist():
            target.writestr(member, part if member == name else source.read(member))
        if name not in source.namelist():
            target.writestr(name, part)
    return stream.getvalue()


def with_related_part(content: bytes, kind: str, part: bytes) -> bytes:
    """Return the document with a part that it refers to."""
    relations = "word/_rels/document.xml.rels"
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    old = ZipFile(io.BytesIO(content)).read(relations).decode()
    # The template of python-docx may have such a part of its own.
    assert f"{base}/{kind}" not in old
    relation = f'<Relationship Id="rIdNew" Type="{base}/{kind}" Target="{kind}.xml"/></Relationships>'
    with_relation = with_part(content, relations, old.replace("</Relationships>", relation).encode())
    return with_part(with_relation, f"word/{kind}.xml", part)
