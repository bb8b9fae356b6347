"""Plans of other bodies: other headings, other years, no codes, deeper lists, numbers instead of dashes."""

from collections.abc import Callable

import pytest

from measures.exchange.document.html_reader import read_html
from measures.exchange.document.notices import DocumentError
from measures.exchange.document.reader import read_document
from measures.exchange.document.tree import ActionText, DocumentReading, ResultText

HEADING = "Priemonės pavadinimas\tVeiksmas\tLaukiami rezultatai\tFinansavimas\tAtsakingi vykdytojai"
TITLE = "RAJONO PLĖTROS PLANAS 2025–2027 METAMS"
Read = Callable[..., DocumentReading]


def as_text(
    result: str = "– Parengta 2025", heading: str = HEADING, task: str = "1 uždavinys: KELIAI"
) -> bytes:
    row = f"1.1. Geri keliai\t1.1.1. Taisyti kelius\t{result}\tSavivaldybės lėšos\tSeniūnijos; Policija"
    return f"RAJONO TARYBA\n\n{TITLE}\n\nTIKSLAS: Gyventi geriau\n\n{heading}\n{task}\n{row}\n".encode()


def read(result: str = "– Parengta 2025", **values: str) -> ActionText:
    (action,) = (
        action
        for task in read_document(as_text(result, **values).decode()).plan.tasks
        for measure in task.measures
        for action in measure.actions
    )
    return action


def items(action: ActionText) -> list[tuple[str, tuple[str, ...], str]]:
    return [(result.text, result.sub_items, result.period_text) for result in action.results]


def test_plan_without_codes_and_of_other_years() -> None:
    plan = read_document(as_text().decode()).plan
    assert (plan.organisation, plan.title, plan.first_year, plan.last_year) == (
        "RAJONO TARYBA",
        TITLE,
        2025,
        2027,
    )
    assert read() == ActionText(
        "1.1.1",
        "Taisyti kelius",
        results=(ResultText("Parengta", (), 2025, 2025, "2025"),),
        resources=("Savivaldybės lėšos",),
        partners=("Seniūnijos", "Policija"),
    )


@pytest.mark.parametrize(
    "heading",
    [
        "PRIEMONĖS\tVEIKSMAI\tREZULTATAI\tLĖŠOS\tPARTNERIAI",
        "Priemonių grupė\tNumatomi veiksmai\tRezultatai\tLėšos\tPartneriai",
        "Eil. Nr., priemonė\tVeiksmas\tRezultatas\tLėšos\tVykdytojas",
    ],
)
def test_headings_in_other_words_are_no_text_of_the_plan(heading: str) -> None:
    assert read(heading=heading) == read()


def test_heading_in_other_words_on_a_page() -> None:
    rows = [HEADING.split("\t"), as_text().decode().splitlines()[-1].split("\t")]
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = (
        f"<html><body><p>{TITLE}</p><p>TIKSLAS: Gyventi</p><p>1 uždavinys: KELIAI</p><table>{table}</table>"
    )
    (task,) = read_html(f"{page}</body></html>".encode()).plan.tasks
    assert task.measures[0].actions == (read(),)


def test_row_of_words_that_is_no_heading_stays_an_error() -> None:
    with pytest.raises(DocumentError) as caught:
        read(heading="Kryptis\tDarbai\tRezultatai\tLėšos\tVykdytojai")
    assert {notice.code for notice in caught.value.notices} == {"stray-text"}


@pytest.mark.parametrize("task", ["1 UŽDAVINYS. KELIAI", "1 uždavinys – KELIAI", "1. Uždavinys: KELIAI"])
def test_tasks_in_other_words(task: str) -> None:
    (found,) = read_document(as_text(task=task).decode()).plan.tasks
    assert (found.number, found.title) == ("1", "KELIAI")


@pytest.mark.parametrize("sign", [".", ")"])
@pytest.mark.parametrize("between", ["<br>", "</p><p>"])
def test_numbered_results_keep_their_numbers(sign: str, between: str) -> None:
    texts = [f"1{sign} Pirmas 2025", f"2{sign} Antras", f"3{sign} Trečias 2026-2027"]
    assert items(read(f"<p>{between.join(texts)}</p>")) == [
        (f"1{sign} Pirmas", (), "2025"),
        (f"2{sign} Antras", (), ""),
        (f"3{sign} Trečias", (), "2026-2027"),
    ]


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        # Numbers that count nothing are words.
        ("Įrengta iki<br>2. pusmečio 2025", ["Įrengta iki 2. pusmečio"]),
        ("1. Vienintelis punktas 2025", ["1. Vienintelis punktas"]),
        ("– Pirmas<br>1. dalis<br>2. dalis 2025", ["Pirmas 1. dalis 2. dalis"]),
        ("1. Pirmas<br>3. Trečias 2025", ["1. Pirmas 3. Trečias"]),
    ],
)
def test_other_numbers_cut_nothing(cell: str, texts: list[str]) -> None:
    assert [text for text, _sub_items, _period in items(read(cell))] == texts


def test_link_stays_with_its_numbered_result() -> None:
    action = read('<p>1. Pirmas 2025<br>2. Antras <a href="https://a.lt">čia</a> 2026</p>')
    assert [[link.href for link in result.links] for result in action.results] == [[], ["https://a.lt"]]


@pytest.mark.parametrize("bullet", ["•", "●", "▪", "■", "►"])
def test_bullets_are_items_where_no_dash_is(bullet: str) -> None:
    cell = f"<p>{bullet} Pirmas:</p><p>o dalis</p><p>o kita 2025</p><p>{bullet} Antras 2026</p>"
    assert items(read(cell)) == [("Pirmas:", ("dalis", "kita"), "2025"), ("Antras", (), "2026")]


def test_deeper_bullets_are_sub_items_with_their_text() -> None:
    cell = "<p>– Pirmas:<br>o dalis:<br>▪ gilesnė<br>▪ dar viena<br>o kita 2025</p>"
    assert items(read(cell)) == [("Pirmas:", ("dalis:", "gilesnė", "dar viena", "kita"), "2025")]


def test_deeper_lists_of_a_page_are_sub_items_with_their_text() -> None:
    cell = "<ul><li>Pirmas:<ul><li>dalis<ul><li>gilesnė</li></ul></li><li>kita 2025</li></ul></li></ul>"
    row = ["1.1. Geri keliai", "1.1.1. Taisyti", cell, "Lėšos", "Policija"]
    table = "".join(
        "<tr>" + "".join(f"<td>{text}</td>" for text in texts) + "</tr>"
        for texts in (HEADING.split("\t"), row)
    )
    page = f"<html><body><p>{TITLE}</p><p>TIKSLAS: G</p><p>1 uždavinys: KELIAI</p><table>{table}</table>"
    (task,) = read_html(f"{page}</body></html>".encode()).plan.tasks
    assert items(task.measures[0].actions[0]) == [("Pirmas:", ("dalis", "gilesnė", "kita"), "2025")]
