"""Plans in web pages: captions, headings in another order, and cells that reach over several rows."""

import pytest

from measures.exchange.document.html_reader import read_html
from measures.exchange.document.notices import DocumentError
from measures.exchange.document.tree import COLUMNS

ABOVE = "<p>VEIKLOS PLANAS 2023–2024 M.</p><p>TIKSLAS: Įgyvendinti strategiją</p>"
TASK = '<tr><td colspan="5">1 uždavinys: JŪRA</td></tr>'
FIRST = "<td>1.1. Tvari žuvininkystė</td><td>1.1.1. Parengti tvarką</td><td>– Parengta 2023</td>"


def page(*rows: str, caption: str = "") -> bytes:
    heading = "<tr>" + "".join(f"<th>{name}</th>" for name in COLUMNS) + "</tr>"
    table = "".join((caption, heading, TASK, *(f"<tr>{row}</tr>" for row in rows)))
    return f"<html><body>{'' if caption else ABOVE}<table>{table}</table></body></html>".encode()


def codes(content: bytes) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read_html(content)
    return [notice.code for notice in caught.value.notices]


def test_caption_is_read_like_what_stands_above() -> None:
    row = f"{FIRST}<td>ES lėšos</td><td>Neringa</td>"
    plan = read_html(page(row)).plan
    assert plan.title == "VEIKLOS PLANAS 2023–2024 M."
    assert read_html(page(row, caption=f"<caption>{ABOVE}</caption>")).plan == plan


def test_names_that_reach_over_actions_belong_to_each() -> None:
    names = '<td rowspan="2">ES lėšos</td><td rowspan="2">Neringa</td>'
    reading = read_html(page(FIRST + names, "<td></td><td>1.1.2. Kita</td><td>– Kita 2024</td>"))
    actions = reading.plan.tasks[0].measures[0].actions
    assert [(each.resources, each.partners) for each in actions] == [(("ES lėšos",), ("Neringa",))] * 2
    assert reading.warnings == ()


def test_results_that_reach_over_actions_are_an_error() -> None:
    first = FIRST.replace("<td>– ", '<td rowspan="2">– ') + "<td>ES lėšos</td><td>Neringa</td>"
    second = "<td></td><td>1.1.2. Kita</td><td>ES lėšos</td><td>Neringa</td>"
    assert codes(page(first, second)) == ["shared-results"]


def test_sixth_cell_is_an_error() -> None:
    assert codes(page(f"{FIRST}<td>ES lėšos</td><td>Neringa</td><td>Pastaba</td>")) == ["beside-table"]


@pytest.mark.parametrize(
    "loose",
    ["Pastaba", "<p>Pastaba</p>", "</tr>Pastaba<tr>", "<tbody>Pastaba</tbody>", "<b>Pasta<i>ba</i></b>"],
)
def test_words_between_cells_are_an_error(loose: str) -> None:
    row = f"{FIRST}<td>ES lėšos</td><td>Neringa</td>"
    assert set(codes(page(row + loose))) == {"loose-text"}


def test_what_a_browser_does_not_show_between_cells_is_no_error() -> None:
    row = f"{FIRST}<td>ES lėšos</td><td>Neringa</td>"
    assert read_html(page(f"{row}<!-- Pastaba --><script>1</script> \n")).plan == read_html(page(row)).plan
