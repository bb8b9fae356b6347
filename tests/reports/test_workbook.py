"""The board's workbook, read back by another library and as the XML that Excel gets."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from akr_plan.file_text import MAX_HEIGHT, MAX_TEXT
from measures.enums import CodeKind, Standing, Status
from measures.exchange.document.words import document_words, words_of
from measures.exchange.fixtures import AKR_DOCUMENT
from measures.tree.reader import read_tree
from measures.tree.rows import LinkRow, NameRow, Note
from reports.rollup import summarise
from reports.sentences import headline
from reports.trend import Point, Trend
from reports.workbook.board import board_file_name
from reports.workbook.plan import WIDTHS
from reports.workbook.styles import STANDINGS
from reports.workbook.text import text_height
from tests.make import make_big_plan

from .make_board import make_board, read_whole_board
from .read_workbook import AS_OF, MAIN, Book, action_row, code_row, measure_row, result_row, tree_of

PROGRESS_HEAD = ["Status", "Progress", "Owner", "What was done", "Proposed correction"]
DOCUMENT_HEAD = [
    "Priemonė",
    "Veiksmai",
    "Planuojamos veiklos / rezultatai (įgyvendinimo laikotarpis)",
    "Reikalingi resursai",
    "Susijusios institucijos, partneriai",
]


@pytest.fixture(autouse=True)
def _in_english():
    """Read the program's own words as they stand in the code; one test looks at the Lithuanian."""
    with override("en"):
        yield


# Four lines, the table's head and the first task stand above the first measure.
FIRST = 7


def test_plan_sheet_is_the_documents_table_with_progress():
    note = Note(1, date(2024, 6, 18), "Susitikta su partneriais")
    tree = tree_of(
        measure_row(
            action_row(
                result_row("Suburta grupė;", Status.DONE, 100, period_text="", note=note),
                result_row(
                    "Surengti du renginiai:",
                    sub_items=("Klaipėdoje;", "Palangoje."),
                    note=note,
                    correction=Note(2, date(2024, 3, 31), "Nukelti terminą"),
                ),
                lead_in="Visuomenei:",
            ),
            action_row(
                result_row("Atrinkti", percent=None, condition_state="pending"),
                number="1.1.2",
                codes=(code_row("I.1.1.1.2", "KRSS2030 I.1.1.1.2. veiksmas", CodeKind.ACTION),),
                resources=(),
            ),
            codes=(code_row("I.1.1.1", "KRSS2030 I.1.1.1. priemonė"),),
        )
    )

    book = Book(tree)

    resources, partners = "AKR Biudžetas / DU\nES lėšos", "KU institutas;\nUosto direkcija"
    assert [row[0] for row in book.plan[:4]] == [
        "Asociacija „Klaipėdos regionas“",
        "VEIKLOS PLANAS 2023-2024 M.",
        "TIKSLAS: Strategijos įgyvendinimas",
        "As of Dec. 31, 2024",
    ]
    assert book.plan[4:] == [
        [*DOCUMENT_HEAD, *PROGRESS_HEAD],
        ["1 uždavinys: JŪRINĖS EKONOMIKOS KRYPTIS", *[""] * 9],
        [
            "1.1. Įtvirtinti kryptį (KRSS2030 I.1.1.1. priemonė)",
            "1.1.1. Surengti renginį",
            "Visuomenei:\n– Suburta grupė;",
            resources,
            partners,
            "Done",
            1.0,
            "Rasa Kazlauskienė",
            "2024-06-18: Susitikta su partneriais",
            "",
        ],
        [
            "",
            "",
            "– Surengti du renginiai:\no Klaipėdoje;\no Palangoje.\n2023–2024",
            "",
            "",
            "In progress",
            0.6,
            "",
            "",
            "2024-03-31: Nukelti terminą",
        ],
        [
            "",
            "1.1.2. Surengti renginį (KRSS2030 I.1.1.1.2. veiksmas)",
            "– Atrinkti 2023–2024",
            "",
            partners,
            "Depends on a condition",
            "",
            "Rasa Kazlauskienė",
            "",
            "",
        ],
    ]
    head = {f"A{row}:J{row}" for row in (1, 2, 3, 4, 6)}
    assert book.merged == head | {"A7:A9", "B7:B8", "D7:D8", "E7:E8", "H7:H8", "I7:I8"}


def test_notes_are_merged_only_between_neighbours_that_share_an_update():
    first, other = Note(1, date(2024, 3, 1), "Pirma"), Note(2, date(2024, 6, 1), "Antra")
    results = [result_row(note=note, correction=note) for note in (first, other, other, None, first)]

    other_action = action_row(result_row(note=first, correction=first), number="1.1.2")

    book = Book(tree_of(measure_row(action_row(*results), other_action)))

    assert [row[8] for row in book.plan[6:]] == [row[9] for row in book.plan[6:]]
    assert [row[8] for row in book.plan[6:]] == [
        "2024-03-01: Pirma",
        "2024-06-01: Antra",
        "",
        "",
        "2024-03-01: Pirma",
        "2024-03-01: Pirma",
    ]
    assert {ref for ref in book.merged if ref[0] in "IJ"} == {"I8:I9", "J8:J9"}


def test_what_has_no_results_or_actions_still_stands_in_the_table():
    book = Book(tree_of(measure_row(action_row(lead_in="Dar tik svarstoma")), measure_row(title="Tuščia")))

    assert [row[:3] for row in book.plan[6:]] == [
        ["1.1. Įtvirtinti kryptį", "1.1.1. Surengti renginį", "Dar tik svarstoma"],
        ["1.1. Tuščia", "", ""],
    ]


def test_a_plan_without_tasks_has_all_sheets():
    book = Book(tree_of(tasks=()))

    assert len(book.names) == 6
    assert book.plan[4] == [*DOCUMENT_HEAD, *PROGRESS_HEAD]
    assert "No result was due by this day." in [row[0] for row in book.summary]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(CodeKind.MEASURE, "(KRSS2030 I.1.1.1. priemonė)"), (CodeKind.PRIORITY, "(Gerovė)")],
)
def test_a_code_without_words_of_its_own_is_written_as_the_document_would(kind, expected):
    code = code_row("Gerovė" if kind == CodeKind.PRIORITY else "I.1.1.1", kind=kind)

    book = Book(tree_of(measure_row(action_row(result_row(), codes=(code,)))))

    assert book.plan[6][1] == f"1.1.1. Surengti renginį {expected}"


def test_a_priority_that_the_title_names_is_not_repeated():
    code = code_row("Ugdantis regionas", kind=CodeKind.PRIORITY)
    action = action_row(result_row(), title="Prioriteto „Ugdantis regionas“ programa", codes=(code,))

    assert Book(tree_of(measure_row(action))).plan[6][1] == "1.1.1. Prioriteto „Ugdantis regionas“ programa"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.com";"x")',
        "+1",
        "-1",
        "@SUM(A1)",
        "#N/A",
        "\u200fשלום\u200e",
        "a\tb",
        " tarpai ",
        "_x0041_",
        "<b>&amp;",
        "1.10",
        "2024-01-05",
    ],
)
def test_a_text_stays_the_same_text(text):
    row = result_row(text, note=None)
    action = action_row(row, resources=(NameRow(text, text),), title=text)
    book = Book(tree_of(measure_row(action), organisation=text, goal=text))

    assert book.plan[0][0] == text
    assert book.plan[6][1:4] == [f"1.1.1. {text}", f"– {text} 2023–2024", text]
    assert book.cell("D7").get("t") == "inlineStr"
    assert book.cell("A1").get("t") == "inlineStr"
    # Marked as a text, it stays one even when somebody edits the cell.
    assert book.workbook["Plan"]["D7"].quotePrefix == text.startswith(tuple("=+-@"))
    assert not list(book.sheet.iter(f"{MAIN}f"))


def test_what_xml_forbids_is_shown_as_replaced():
    book = Book(
        tree_of(measure_row(action_row(result_row("a\x00b\x1fc\ufffed\ud800e\x0bf\r\ng")))), made_by="R\x01"
    )

    assert book.plan[6][2] == "– a�b�c�d�e\nf\ng 2023–2024"


@pytest.mark.parametrize("letter", ["a", "😀"])
def test_too_long_a_text_is_cut_visibly_and_shown_in_several_rows(letter):
    long = " ".join([letter * 9] * 4000)

    book = Book(tree_of(measure_row(action_row(result_row(long), result_row()))))

    shown = book.plan[6][2]
    assert len(shown.encode("utf-16-le")) in {2 * MAX_TEXT, 2 * MAX_TEXT - 2}
    assert shown.endswith("…")
    last = len(book.plan)
    assert book.plan[last - 1][2] == "– Parengta metodika 2023–2024"
    assert {
        f"A7:A{last}",
        f"B7:B{last}",
        f"C7:C{last - 1}",
        f"F7:F{last - 1}",
        f"G7:G{last - 1}",
    } <= book.merged
    assert max(book.heights) <= MAX_HEIGHT
    assert sum(book.heights[FIRST - 1 : last - 1]) >= text_height(shown, WIDTHS[2])


def test_rows_are_high_enough_for_merged_texts():
    words = "Klaipėdos regiono savivaldybių administracijos " * 12
    note = Note(1, date(2024, 6, 18), words * 2)
    tree = tree_of(
        measure_row(
            action_row(result_row("Trumpas", note=note), result_row("Trumpas", note=note), title=words),
            action_row(result_row("Trumpas"), number="1.1.2"),
            title=words * 2,
        )
    )

    book = Book(tree)

    heights = book.heights[FIRST - 1 :]
    assert len(heights) == 3
    assert sum(heights) >= text_height(book.plan[6][0], WIDTHS[0])
    assert sum(heights[:2]) >= text_height(book.plan[6][1], WIDTHS[1])
    assert sum(heights[:2]) >= text_height(book.plan[6][8], WIDTHS[8])
    assert max(book.heights) <= MAX_HEIGHT


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 20, 1), ("žodis", 20, 1), ("viena\ndvi\n", 20, 3), ("a" * 100, 21, 5), ("abcde " * 20, 11, 10)],
)
def test_height_counts_wrapped_lines(text, width, lines):
    assert text_height(text, width) == lines * 13 + 4


def test_period_is_bold():
    book = Book(tree_of(measure_row(action_row(result_row("Renginys")))))

    runs = [
        (run.findtext(f"{MAIN}t"), run.find(f"{MAIN}rPr/{MAIN}b") is not None)
        for run in book.cell("C7").iter(f"{MAIN}r")
    ]
    assert runs == [("– Renginys ", False), ("2023–2024", True)]


def test_web_addresses_stand_after_their_words_and_no_others():
    hrefs = ["#", "javascript:alert(1)", "file:///etc/passwd", "http://", "https://example.lt/a?b=1&c=2"]
    links = tuple(LinkRow(f"žodis{number}", href) for number, href in enumerate(hrefs))
    nameless = (LinkRow("", "https://example.lt/"),)
    results = [result_row("Apie žodis4 ir žodis1", links=links), result_row("Kita", links=nameless)]

    book = Book(tree_of(measure_row(action_row(*results, title="Žr. žodis4", links=links))))

    address = "(https://example.lt/a?b=1&c=2)"
    assert book.plan[6][1] == f"1.1.1. Žr. žodis4 {address}"
    assert book.plan[6][2] == f"– Apie žodis4 {address} ir žodis1 2023–2024"
    assert book.plan[7][2] == "– Kita (https://example.lt/) 2023–2024"
    assert not list(book.sheet.iter(f"{MAIN}hyperlink"))


def test_links_that_lead_somewhere_are_listed_to_be_followed():
    links = (LinkRow("tyrimo", "https://example.lt/a?b=1&c=„2“"), LinkRow("niekur", "#"))
    other = LinkRow("knygos", "http://example.lt/2")
    tree = tree_of(measure_row(action_row(result_row(links=(other,)), links=links)))

    with override("lt"):
        book = Book(tree)
        none = Book(tree_of(measure_row(action_row(result_row(links=links[1:])))))

    rows = book.sheets["Apie"]
    first = rows.index(["Veiksmas ir nuorodos žodžiai", "Adresas"]) + 1
    assert rows[first : first + 2] == [["1.1.1 tyrimo", links[0].href], ["1.1.1 knygos", other.href]]
    cells = [book.workbook["Apie"].cell(row, 2) for row in range(first + 1, first + 3)]
    assert [cell.hyperlink and cell.hyperlink.target for cell in cells] == [links[0].href, other.href]
    assert book.workbook.defined_names["Plano_nuorodos"].attr_text == f"'Apie'!$A${first}:$B${first + 2}"
    assert "Plano_nuorodos" not in none.workbook.defined_names


def test_sheet_is_set_up_for_screen_and_paper():
    book = Book(tree_of(measure_row(action_row(result_row())), title="Planas R&D 2023"))

    sheet = book.sheet
    pane = next(sheet.iter(f"{MAIN}pane"))
    assert (pane.get("ySplit"), pane.get("xSplit"), pane.get("state")) == ("5", None, "frozen")
    page = sheet.find(f"{MAIN}pageSetup")
    assert (page.get("orientation"), page.get("paperSize"), page.get("fitToHeight")) == (
        "landscape",
        "9",
        "0",
    )
    assert sheet.find(f"{MAIN}sheetPr/{MAIN}pageSetUpPr").get("fitToPage") == "1"
    assert sheet.findtext(f"{MAIN}headerFooter/{MAIN}oddFooter") == "&LPlanas R&&D 2023&R&P / &N"
    assert sheet.find(f"{MAIN}headerFooter/{MAIN}oddHeader").text is None
    names = {name.get("name"): name.text for name in book.xml("xl/workbook.xml").iter(f"{MAIN}definedName")}
    assert names["Plano_lentele"] == "'Plan'!$A$5:$J$7"
    assert sheet.find(f"{MAIN}autoFilter").get("ref") == "F5:G7"


def test_document_properties_say_who_made_what():
    book = Book(tree_of(), made_by="Rasa Kazlauskienė")

    properties = book.workbook.properties
    assert (properties.creator, properties.lastModifiedBy) == ("Rasa Kazlauskienė", "Rasa Kazlauskienė")
    assert properties.title == "VEIKLOS PLANAS 2023-2024 M. – As of Dec. 31, 2024"
    assert (properties.created, properties.language) == (datetime(2025, 1, 7, 8, 15), "en")  # noqa: DTZ001
    assert "Made by Rasa Kazlauskienė, 01/07/2025 10:15 a.m." in [row[0] for row in book.summary]


@pytest.mark.parametrize("is_sample", [True, False])
def test_sample_data_are_marked_on_every_sheet_and_on_paper(is_sample):
    book = Book(tree_of(measure_row(action_row(result_row())), is_sample=is_sample))

    marks = {"Sample data" in (row[0] for row in rows) for rows in book.sheets.values()}
    headers = {b"&amp;CSample data" in book.archive.read(f"xl/worksheets/sheet{n}.xml") for n in range(1, 7)}
    assert marks == headers == {is_sample}


def test_summary_shows_the_figures_of_the_rollup():
    late = result_row("Vėluojantis", Status.NOT_STARTED, 0, due_on=date(2023, 12, 31))
    code = code_row("I.1.1.1", "KRSS2030 I.1.1.1. priemonė")
    results = [
        result_row(status=Status.DONE, percent=100, due_on=date(2023, 12, 31)),
        late,
        result_row(condition_state="pending"),
        result_row(status=Status.POSTPONED, percent=None),
    ]
    tree = tree_of(measure_row(action_row(*results, effective_codes=(code,)), codes=(code,)))

    points = (Point(date(2024, 6, 30), 0, 1), Point(AS_OF, 1, 2))
    rows = Book(make_board(tree, trend=Trend(date(2023, 1, 1), AS_OF, points))).summary

    head = ["Results", "Done", "In progress", "Late", "Depends on a condition", "Postponed", "Cancelled"]
    head += ["Not started", "Progress"]
    figures = [4.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.5]
    nothing = [*[0.0] * 8, ""]
    blank = [""] * 11
    assert [*rows[5:7], *rows[8:]] == [
        ["By this day 2 results were due: 1 done (50\xa0%), 1 is late.", *blank[1:]],
        [
            "Progress (mean of actions): 50\xa0%, known of 2 of 2 counted results. "
            "Not counted: 2 (conditional, postponed, cancelled).",
            *blank[1:],
        ],
        blank,
        ["By task", *blank[1:]],
        ["No.", "Task", *head],
        ["1", "JŪRINĖS EKONOMIKOS KRYPTIS", *figures],
        ["", "The whole plan", *figures],
        blank,
        ["By KRSS2030 direction", *blank[1:]],
        ["No.", "Direction", *head],
        ["I", "Jūrinė ekonomika", *figures],
        ["", "Horizontal priorities", *nothing],
        ["", "Without a KRSS2030 code", *nothing],
        blank,
        ["By KRSS2030 code", *blank[1:]],
        ["No.", "KRSS2030 measure or action", *head],
        ["I.1.1.1", "Kodas I.1.1.1", *figures],
        blank,
        ["By year of the term", *blank[1:]],
        ["No.", "Year", *head],
        ["", "2023", 2.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.5],
        ["", "2024", 2.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, ""],
        blank,
        ["Late results", *blank[1:]],
        ["No.", "Planned result", "Term", "Owner", *[""] * 6, "Progress"],
        ["1.1.1", "Vėluojantis", date(2023, 12, 31), "Rasa Kazlauskienė", *[""] * 6, 0.0],
        blank,
        ["Trend", *blank[1:]],
        ["Day", "Month", "Done", "Term come", *[""] * 7],
        [date(2024, 6, 30), "June 2024", 0.0, 1.0, *[""] * 7],
        [date(2024, 12, 31), "December 2024", 1.0, 2.0, *[""] * 7],
    ]


def test_headline_counts_what_is_due_today():
    rows = [result_row() for _number in range(3)]

    assert headline(summarise([action_row(*rows)], AS_OF)) == (
        "By this day 3 results were due: 0 done (0\xa0%), 3 have their term today."
    )


def test_words_of_the_program_are_lithuanian_for_lithuanians():
    with override("lt"):
        book = Book(tree_of(measure_row(action_row(result_row(condition_state="pending")))))

    assert book.names == ["Suvestinė", "Planas", "KRSS2030", "Dėmesio", "Pokyčiai", "Apie"]
    assert book.plan[3][0] == "Būklė 2024 m. gruodžio 31 d."
    head = ["Būsena", "Pažanga", "Atsakingas asmuo", "Kas padaryta", "Siūloma korekcija"]
    assert book.plan[4] == [*DOCUMENT_HEAD, *head]
    assert book.plan[6][5] == "Priklauso nuo sąlygos"


def test_text_of_every_standing_can_be_read_on_its_fill():
    def luminance(colour):
        parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert set(STANDINGS) == set(Standing)
    for look in STANDINGS.values():
        assert (luminance(look.fill) + 0.05) / (luminance(look.colour) + 0.05) >= 4.5


def test_file_name_says_plan_and_day():
    assert board_file_name(tree_of()) == "veiklos-planas-2023-2024_bukle-2024-12-31.xlsx"


def test_no_word_of_the_real_document_is_lost(akr_plan):
    book = Book(read_tree(akr_plan))

    shown = [row[0] for row in book.plan[:3]] + [cell for row in book.plan[5:] for cell in row[:5]]
    found = {word for text in shown for word in words_of(text)}
    assert set(document_words(AKR_DOCUMENT.read_text(encoding="utf-8"))) - found == set()


def test_workbook_takes_the_same_queries_for_one_action_and_for_a_thousand(db):
    counts = []
    # SQLite is asked once what it can do; that is no query of the workbook.
    read_whole_board(make_big_plan(1))
    for actions in (1, 1000):
        plan = make_big_plan(actions, 3)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            book = Book(read_whole_board(plan))
        assert len(book.plan) == 5 + 3 * actions
        counts.append(len(queries))
    assert counts[0] == counts[1] == 7
