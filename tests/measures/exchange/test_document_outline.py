"""Rows of a document that are no rows of the plan, headings of tasks in other words, numbers with zeros."""

import pytest
from django.utils.translation import override

from measures.exchange.document.html_reader import read_html
from measures.exchange.document.notices import DocumentError
from measures.exchange.document.reader import read_document
from measures.exchange.document.tree import DocumentReading, TaskText
from measures.exchange.document.words import document_words, plan_words
from measures.exchange.plan_text.compare import in_words
from tests.measures.exchange.test_other_bodies import HEADING, TITLE, as_text, read

ROW = "1.1. Geri keliai\t1.1.1. Taisyti kelius\t– Parengta 2025\tSavivaldybės lėšos\tPolicija"


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def plan_with(*rows: str, task: str = "1 uždavinys: KELIAI") -> DocumentReading:
    text = "\n".join([as_text(task=task).decode().rstrip(), *rows, ""])
    reading = read_document(text)
    assert plan_words(reading.plan) == document_words(text)
    return reading


def page_with(*rows: str, first_row: str = ROW, task: str = "<p>1 uždavinys: KELIAI</p>") -> DocumentReading:
    lines = [HEADING, first_row, *rows]
    table = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split("\t")) + "</tr>" for line in lines
    )
    page = f"<html><body><p>{TITLE}</p><p>TIKSLAS: Gyventi</p>{task}<table>{table}</table></body></html>"
    return read_html(page.encode())


def errors_of(error: pytest.ExceptionInfo[DocumentError]) -> list[tuple[str, int, str]]:
    return [(notice.code, notice.place.line, notice.text) for notice in error.value.notices]


def only_task(reading: DocumentReading) -> TaskText:
    (task,) = reading.plan.tasks
    return task


class TestRemarkRows:
    @pytest.mark.parametrize(
        ("row", "text"),
        [
            (
                "Pastaba: visi veiksmai priklauso nuo finansavimo.\t\t\t\t",
                "Pastaba: visi veiksmai priklauso nuo finansavimo.",
            ),
            ("Parengė J. J.\t\t\t\t", "Parengė J. J."),
            ("Iš viso\t\t\t100 Eur\t", "Iš viso 100 Eur"),
            ("\tIš viso\t\t100 Eur\t", "Iš viso 100 Eur"),
        ],
    )
    def test_remark_below_the_last_action_is_an_error(self, row, text):
        with pytest.raises(DocumentError) as caught:
            plan_with(row)
        assert errors_of(caught) == [("stray-text", 10, text)]
        with pytest.raises(DocumentError) as caught:
            page_with(row)
        assert errors_of(caught) == [("stray-text", 1, text)]

    def test_row_across_the_table_is_an_error(self):
        with pytest.raises(DocumentError) as caught:
            page_with("Pastaba: visi veiksmai priklauso nuo finansavimo.")
        assert [text for _code, _line, text in errors_of(caught)] == [
            "Pastaba: visi veiksmai priklauso nuo finansavimo."
        ]

    def test_footnote_in_a_row_goes_to_its_action(self):
        marked = ROW.replace("kelius", "kelius*")
        (action,) = only_task(page_with("* Jei bus lėšų\t\t\t\t", first_row=marked)).measures[0].actions
        assert (action.title, action.lead_in) == ("Taisyti kelius*", "* Jei bus lėšų")

    @pytest.mark.parametrize(
        ("row", "title", "warned"),
        [
            ("(KRSS2030 I.1.1.1. priemonė)\t\t– Dar 2026\t\t", "Geri keliai", []),
            ("ir gatvės\t\t– Dar 2026\t\t", "Geri keliai ir gatvės", []),
            ("ir gatvės\t\t\t\t", "Geri keliai ir gatvės", ["ir gatvės"]),
            ("Kretingoje\t\t– Dar 2026\t\t", "Geri keliai Kretingoje", ["Kretingoje"]),
        ],
    )
    def test_end_of_a_title_on_the_next_page(self, row, title, warned):
        reading = plan_with(row)
        (measure,) = only_task(reading).measures
        assert (measure.title, len(measure.actions)) == (title, 1)
        assert [w.text for w in reading.warnings if w.code == "title-continued"] == warned

    def test_warning_names_the_column_and_the_words(self):
        (warning,) = plan_with("\tKretingoje\t– Dar 2026\t\t").warnings
        assert warning.message == (
            "Line 10, column “Veiksmai”: “Kretingoje” has no number. "
            "It was read as the end of the title above it; check it."
        )


class TestTaskHeadings:
    @pytest.mark.parametrize(
        "task",
        [
            "Uždavinys 1. KELIAI",
            "UŽDAVINYS 1: KELIAI",
            "Uždavinys 1 – KELIAI",
            "Uždavinys 1 KELIAI",
            "1 uždavinys KELIAI",
            "1. uždavinys KELIAI",
            "1 uždavinys\nKELIAI",
            "1 uždavinys\n\nKELIAI",
            "1 uždavinys:\n\nKELIAI",
            "Uždavinys 1\t\t\t\t\nKELIAI\t\t\t\t",
        ],
    )
    def test_plain_number(self, task):
        found = only_task(plan_with(task=task))
        assert (found.number, found.title) == ("1", "KELIAI")
        assert [measure.actions for measure in found.measures] == [(read(),)]

    def test_title_in_the_next_paragraph_of_a_page(self):
        found = only_task(page_with(task="<p>1 uždavinys</p><p>KELIAI</p>"))
        assert (found.number, found.title) == ("1", "KELIAI")

    def test_only_one_paragraph_is_the_title(self):
        with pytest.raises(DocumentError) as caught:
            plan_with(task="1 uždavinys\n\nKELIAI\n\nDar kas")
        assert [(code, text) for code, _line, text in errors_of(caught)] == [("stray-text", "Dar kas")]

    def test_title_that_is_missing_stays_an_error(self):
        with pytest.raises(DocumentError) as caught:
            plan_with(task="1 uždavinys")
        assert errors_of(caught) == [("title-missing", 8, "")]

    @pytest.mark.parametrize(
        "task",
        [
            "I uždavinys: KELIAI",
            "II uždavinys. KELIAI",
            "1.1 uždavinys: KELIAI",
            "1.1. uždavinys KELIAI",
            "Uždavinys 1.1. KELIAI",
            "Uždavinys II. KELIAI",
        ],
    )
    def test_other_numbers_are_refused_with_their_place(self, task):
        with pytest.raises(DocumentError) as caught:
            page_with(task=f"<p>{task}</p>", first_row=ROW.replace("1.1", "2.1"))
        assert errors_of(caught) == [("task-number", 1, task)]
        assert str(caught.value) == (
            f"Line 1: the number of the task “{task}” cannot be read. Write it like this: "
            "“1 uždavinys: …”, and begin the numbers of its measures with it: “1.1.”."
        )


class TestNumbersWithZeros:
    def test_zeros_are_left_out_and_told(self):
        text = as_text(task="01 uždavinys: KELIAI").decode()
        text = text.replace("1.1. Geri", "01.01. Geri").replace("1.1.1. Taisyti", "01.01.010. Taisyti")
        reading = read_document(text)
        (measure,) = only_task(reading).measures
        assert (only_task(reading).number, measure.number, measure.number_as_written) == (
            "1",
            "1.1",
            "01.01.",
        )
        assert [action.number for action in measure.actions] == ["1.1.10"]
        assert [(w.text, w.message) for w in reading.warnings if w.code == "number-zeros"] == [
            ("01", "Line 8: the number “01” was read as 1, without zeros before it."),
            ("01.01.", "Line 9: the number “01.01.” was read as 1.1, without zeros before it."),
            ("01.01.010.", "Line 9: the number “01.01.010.” was read as 1.1.10, without zeros before it."),
        ]

    def test_guard_of_words_still_sees_other_zeros(self):
        assert document_words("2023 m. 100 0 x07") == dict.fromkeys(["2023", "m", "100", "0", "x07"], 1)
        assert document_words("007 000") == document_words("7 0")


class TestTitle:
    def test_without_a_title_the_message_quotes_nothing(self):
        with pytest.raises(DocumentError) as caught:
            read_document(as_text().decode().replace(f"{TITLE}\n", ""))
        (notice,) = caught.value.notices
        assert notice.code == "years-missing"
        assert notice.message == (
            "The document has no title. Above the tasks, write one with the years of the plan, "
            "like this: VEIKLOS PLANAS 2023–2024 M."
        )

    def test_advice_holds_for_every_kind_of_document(self):
        with pytest.raises(DocumentError) as caught:
            read_document(as_text().decode().replace(TITLE, "# VEIKLOS PLANAS"))
        (notice,) = caught.value.notices
        assert notice.message == (
            "Line 3: the title “VEIKLOS PLANAS” does not tell the years of the plan. "
            "Write it like this: VEIKLOS PLANAS 2023–2024 M."
        )


def test_sub_items_in_words_have_no_doubled_stop() -> None:
    (result,) = read("<p>– Pirmas:</p><p>○ vertinimui;</p><p>○ parengtos 2025</p>").results
    assert in_words(result, "sub_items") == "○ vertinimui; ○ parengtos"
