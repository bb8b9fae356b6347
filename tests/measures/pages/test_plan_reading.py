"""The document beside what was understood: nothing of it is left out, and each warning is told once."""

from collections import Counter

import pytest
from django.template.loader import render_to_string

from measures.exchange.document.reader import read_document
from measures.exchange.document.tree import DocumentReading
from measures.exchange.document.words import document_words, words_of
from measures.exchange.fixtures import AKR_DOCUMENT
from measures.pages.plan_reading import PlanReadingPage

TEXT = AKR_DOCUMENT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reading() -> DocumentReading:
    return read_document(TEXT)


def test_source_has_all_words_of_the_table(reading: DocumentReading) -> None:
    page = PlanReadingPage(reading)
    shown = Counter(
        word for task in page.tasks for row in task.rows for text in row.source for word in words_of(text)
    )
    # Above the table stand the plan's name and goal; below it a footnote; a task's number has a label.
    missing = document_words(TEXT) - shown
    above = Counter(words_of(" ".join((reading.plan.organisation, reading.plan.title, reading.plan.goal))))
    tasks = Counter(task.number for task in reading.plan.tasks)
    assert missing - above - tasks == Counter()


def test_each_place_says_what_was_understood(reading: DocumentReading) -> None:
    rows = {(row.number, row.column): row for task in PlanReadingPage(reading).tasks for row in task.rows}
    row = rows["6.2.2", "Planuojamos veiklos / rezultatai"]
    (action,) = (a for t in reading.plan.tasks for m in t.measures for a in m.actions if a.number == "6.2.2")
    assert row.line == action.line == 51
    assert [item.text for item in row.understood][-len(action.results) :] == [r.text for r in action.results]
    said = [words for item in row.understood for _label, words in item.details]
    assert all(result.period_text in " ".join(said) for result in action.results)
    assert [item.text for item in rows["6.2.2", "Reikalingi resursai"].understood] == list(action.resources)
    assert rows["6.2", "Priemonė"].source[0].startswith("6..")


def test_each_warning_stands_at_its_place_or_above_all(reading: DocumentReading) -> None:
    page = PlanReadingPage(reading)
    placed = [message for task in page.tasks for row in task.rows for message in row.warnings]
    assert Counter([*placed, *page.warnings]) == Counter(notice.message for notice in reading.warnings)
    # Also where there is nothing in the document to stand beside: an action without resources.
    assert page.warnings == ()
    assert sum(task.warned for task in page.tasks) == len(placed)


def test_page_shows_all_of_it_and_no_markup_of_the_document() -> None:
    text = TEXT.replace("Surinkti", "Surinkti &lt;script&gt;alert(1)&lt;/script&gt;", 1)
    page = PlanReadingPage(read_document(text))
    html = render_to_string("measures/_plan_reading.html", {"reading": page})
    assert html.count("<details") == 6
    assert html.count("<tr>") == 6 + sum(len(task.rows) for task in page.tasks)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert " style=" not in html
