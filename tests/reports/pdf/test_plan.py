"""The PDF of the plan: the document in its order, figures as on pages, what the file says, access."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from measures.enums import ConditionState, Standing, Status
from measures.models import Plan
from measures.rules import Progress
from measures.tree.reader import read_tree
from measures.tree.rows import ActionRow, LinkRow, NameRow, PlanTree
from reports.pdf import plan_cover
from reports.pdf.compiler import PdfError
from reports.pdf.plan import write_plan_pdf
from reports.plan_words import DOCUMENT_COLUMNS
from reports.rollup import Group, roll_up
from reports.sentences import headline
from reports.trend import Trend
from reports.views import pdf as pdf_views
from tests.conftest import Cast

from ..make_rows import CODES, make_action_row, make_result_row, make_tree
from . import poppler
from .test_compiler import HOSTILE, LETTERS

Save = Callable[[bytes], Path]
ADDRESS = "/2023-2024/ataskaitos/planas.pdf"
DIRECTIONS = {"I": "Jūrinė ekonomika", "II": "Bioekonomika"}
DAYS = ["2023-06-30", "2024-06-30", "2025-01-31"]
TABLE = [*DOCUMENT_COLUMNS, "Būsena", "Pažanga"]


def make_pdf(tree: PlanTree, **about: Any) -> bytes:
    """Return the file of a tree, nothing of it done before its day."""
    trend = Trend.of(tree, {}, {result.due_on: 1 for _action, result in tree.results()})
    defaults: dict[str, Any] = {"made_by": "Ula", "made_at": datetime(2024, 7, 1, 9, 0, tzinfo=UTC)}
    return write_plan_pdf(tree, directions=DIRECTIONS, trend=trend, **{**defaults, **about})


def make_action(number: str, *texts: str, **values: Any) -> ActionRow:
    """Return an action with a late result for each text."""
    progress = Progress(Status.IN_PROGRESS, 40, "")
    rows = [make_result_row(number, index, progress, date(2023, 12, 31)) for index in range(len(texts))]
    results = [replace(row, text=text) for row, text in zip(rows, texts, strict=True)]
    return make_action_row(number, tuple(results), **values)


def download(client: Client, query: str = "") -> bytes:
    response: Any = client.get(ADDRESS + query)
    assert response["Content-Type"] == "application/pdf"
    return b"".join(response)


def joined(text: str) -> str:
    """Return the text without spaces and hyphens, for lines may end at any of them."""
    return re.sub(r"[\s\-\N{SOFT HYPHEN}]+", "", text)


def column(path: Path, number: int) -> str:
    """Return what stands in one column of the table, from the first page to the last."""
    found = []
    for page in poppler.run("pdftotext", path, "-bbox").split("<page ")[1:]:
        words = [
            (float(top), float(left), word)
            for left, top, word in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)".*?>(.*?)</word>', page)
        ]
        heads = [joined(head.split()[0]) for head in TABLE]
        edges = [next((left for _top, left, word in words if word == head), None) for head in heads]
        if None in edges:
            continue
        left, right = edges[number], edges[number + 1]
        assert left
        assert right
        found += [word for top, x, word in sorted(words) if left - 2 < x < right - 2]
    return joined(unescape("".join(found)))


def is_in_order(parts: list[str], text: str) -> bool:
    """Return whether all parts are in the text, each after the one before."""
    place = 0
    for part in map(joined, parts):
        place = text.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS)
def test_every_action_and_result_is_there_in_order(
    manager: Client, sample_plan: Plan, saved: Save, day: str
) -> None:
    path = saved(download(manager, f"?data={day}"))
    tree = read_tree(sample_plan, date.fromisoformat(day))
    titles = [f"{action.number}. {action.title}" for action in tree.actions]
    results = [
        "".join([result.text, *(f"o{item}" for item in result.sub_items), result.period_text])
        for _action, result in tree.results()
    ]
    assert (len(titles), len(results)) == (22, 47)
    assert is_in_order(titles, column(path, 1))
    assert is_in_order(results, column(path, 2))
    assert not is_in_order([results[1], results[0]], column(path, 2))
    standings = [str(result.standing.label) for _action, result in tree.results()]
    assert is_in_order(standings, column(path, 5))


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["uzdavinys=1&data=2024-06-30", "uzdavinys=6&data=2023-06-30"])
def test_table_has_the_cells_of_the_document(
    manager: Client, sample_plan: Plan, saved: Save, query: str
) -> None:
    path = saved(download(manager, f"?{query}"))
    number, day = re.findall(r"=([\d-]+)", query)
    [task] = [task for task in read_tree(sample_plan, date.fromisoformat(day)).tasks if task.number == number]
    rows = [[joined(cell) for cell in row] for row in poppler.rows(path)]
    start = rows.index([joined(head) for head in TABLE])
    assert rows[start + 1] == [joined(f"{number} uždavinys: {task.title}")]
    cells = rows[start + 2 :]
    expected = [
        (measure, action, result)
        for measure in task.measures
        for action in measure.actions
        for result in action.results
    ]
    assert len(cells) == len(expected)
    for row, (measure, action, result) in zip(cells, expected, strict=True):
        percent = "–" if result.percent is None else f"{result.percent}%"
        assert row[-2] == joined(str(result.standing.label))
        assert row[-1].startswith(percent)
        texts = [result.text, *result.sub_items, result.period_text]
        is_first = result is action.results[0]
        text = joined("".join([action.lead_in if is_first else "", *texts]))
        names = [
            joined("".join(name.as_written for name in rows)) for rows in (action.resources, action.partners)
        ]
        if not is_first:
            assert row[:-2] == [text]
            continue
        assert row[-5:-2] == [text, *names]
        assert row[-6].startswith(joined(f"{action.number}. {action.title}"))
        assert len(row) == (7 if action is measure.actions[0] else 6)
        if action is measure.actions[0]:
            assert row[0].startswith(joined(f"{measure.number_as_written} {measure.title}"))


def expected_lines(groups: Any, *, numbered: bool = True) -> list[list[str]]:
    def line(group: Group) -> list[str]:
        summary = group.summary
        percent = "–" if summary.percent is None else f"{summary.percent:.0f} %"
        counts = [summary.results, summary.count(Standing.DONE), summary.count(Standing.LATE)]
        return [*([group.number] if numbered else []), str(group.title), "", *map(str, counts), percent]

    return [line(group) for group in groups]


def test_figures_of_the_cover_are_those_of_the_rollup(saved: Save) -> None:
    states = [
        Progress(Status.DONE, 100, ""),
        Progress(Status.IN_PROGRESS, None, ""),
        Progress(Status.NOT_STARTED, 0, ConditionState.PENDING),
        Progress(Status.CANCELLED, None, ""),
    ]
    results = tuple(
        make_result_row("1.1.1", index, state, date(2023 + index % 2, 12, 31))
        for index, state in enumerate(states)
    )
    first = make_action_row("1.1.1", results, CODES[:2])
    tree = make_tree([[first], [make_action("2.1.1", "Vėlu", "Ir tai vėlu", codes=CODES[1:2])]])
    path = saved(make_pdf(tree))
    figures = roll_up(tree, DIRECTIONS)
    rows = poppler.rows(path)
    for groups, numbered in ((figures.tasks, True), (figures.directions, True), (figures.years, False)):
        lines = expected_lines(groups, numbered=numbered)
        start = rows.index(lines[0])
        # Poppler counts the heading after a table to its last cell.
        assert [row[:-1] for row in rows[start : start + len(lines)]] == [line[:-1] for line in lines]
        assert all(row[-1].startswith(line[-1]) for row, line in zip(rows[start:], lines, strict=False))
    texts = " ".join(poppler.texts(path))
    total = figures.total
    assert " ".join(headline(total).split()) in texts
    assert f"{total.percent:.0f} % pažanga (veiksmų vidurkis)" in texts
    assert f"{total.known} iš {total.counted} skaičiuojamų rezultatų pažanga žinoma" in texts
    assert f"{total.not_counted} neskaičiuojama: sąlyginiai, atidėti, atšaukti" in texts
    for standing, count in total.standings.items():
        assert re.search(rf"{standing.label} {count}\b", texts)
    late = [row for row in rows if row[0] == "2.1.1"]
    assert [row[1:4] for row in late[:2]] == [
        [text, "2023-12-31", "be atsakingo asmens"] for text in ("Vėlu", "Ir tai vėlu")
    ]


def test_trend_says_the_same_in_words_and_drawing() -> None:
    tree = make_tree([[make_action("1.1.1", "Vėlu")]])
    trend = Trend.of(tree, {date(2024, 3, 1): 4}, {date(2023, 12, 31): 3})
    with translation.override("lt"):
        part = plan_cover.cover_of(tree, DIRECTIONS, trend).trend
    assert part.chart
    assert (part.chart.done_end.value, part.chart.due_end.value) == (4, 3)
    assert "2024-06-30: Įvykdyta 4, Terminas suėjęs 3" in part.numbers
    assert "2024-12-31: Terminas suėjęs 3." in part.numbers
    assert len(re.findall(r"\d{4}-\d\d-\d\d: ", part.numbers)) == len(trend.points)


@pytest.mark.django_db
@time_machine.travel("2024-08-15T12:00:00+03:00", tick=False)
def test_file_says_what_it_is(manager: Client, sample_plan: Plan, saved: Save) -> None:
    response: Any = manager.get(ADDRESS)
    name = "veiklos-planas-2023-2024_bukle-2024-08-15.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    content = b"".join(response)
    path = saved(content)
    info = poppler.info(path)
    assert info["Title"] == f"{sample_plan.title} – Būklė 2024 m. rugpjūčio 15 d."
    assert info["Author"] == sample_plan.organisation
    assert info["Tagged"] == "yes"
    for part in (b"/Lang(lt)", b"<pdfuaid:part>1<", b"/Alt", b"/RowSpan", b"/ColSpan"):
        assert part in content
    pages = poppler.run("pdftotext", path).split("\f")[:-1]
    for text in (
        "Pavyzdiniai duomenys",
        sample_plan.organisation,
        sample_plan.title,
        sample_plan.goal,
        "Būklė 2024 m. rugpjūčio 15 d.",
        "Parengė Vilius Viliūnas, 2024-08-15 12:00",
    ):
        assert text in pages[0]
    assert "Rodoma:" not in pages[0]
    assert all(joined(page).endswith(f"{number}/{len(pages)}") for number, page in enumerate(pages, start=1))
    with_table = ["Planuojamos veiklos / rezultatai" in " ".join(page.split()) for page in pages]
    assert with_table == [False, False, *[True] * (len(pages) - 3), False]
    sizes = re.findall(r"size: +([\d.]+) x", poppler.run("pdfinfo", path, "-l", "99"))
    assert sizes == ["595.276", "595.276", *["841.89"] * (len(pages) - 2)]
    assert "Kaip skaičiuojama" in pages[-1]
    assert download(manager) == content


@pytest.mark.django_db
def test_only_what_was_asked_for_is_there(manager: Client, sample_plan: Plan, saved: Save) -> None:
    path = saved(download(manager, "?padetis=veluoja&data=2024-06-30"))
    text = poppler.run("pdftotext", path)
    assert "Rodoma:" in text
    tree = read_tree(sample_plan, date(2024, 6, 30))
    late = {action.number for action, row in tree.results() if row.standing == Standing.LATE}
    shown = {action.number for action in tree.actions if f"\n{action.number}. " in text}
    assert late
    assert shown == late


@pytest.mark.django_db
def test_nothing_to_show_is_said(manager: Client, sample_plan: Plan, saved: Save) -> None:
    path = saved(download(manager, "?q=nieko-tokio"))
    text = poppler.run("pdftotext", path)
    assert "Tokių planuojamų rezultatų nėra." in text
    assert "Niekas nevėluoja." in text


@pytest.mark.parametrize("text", [LETTERS, *HOSTILE])
def test_text_is_printed_as_it_is_written(text: str, saved: Save) -> None:
    name = (NameRow(text, text),)
    action = make_action("1.1.1", text, title=text, lead_in=text, partners=name, resources=name, owner=text)
    tree = replace(make_tree([[action]]), title=text, goal=text, organisation=text)
    content = make_pdf(tree, said=text, made_by=text)
    path = saved(content)
    assert b"<pdfuaid:part>1<" in content
    rows = poppler.rows(path)
    row = rows[-1]
    assert row[-2] == "Vėluoja"
    assert [joined(cell) for cell in row[1:5]] == [
        joined(cell) for cell in (f"1.1.1. {text}", f"{text} {text} 2023", text, text)
    ]
    assert make_pdf(tree, said=text, made_by=text) == content


def test_links_are_links_if_they_lead_to_the_web(saved: Save) -> None:
    links = (
        LinkRow("svetainę", "https://pavyzdys.lt/a?b=1&c=„2“"),
        LinkRow("kodą", "javascript:alert(1)"),
        LinkRow("", "http://kitur.lt/"),
    )
    action = make_action("1.1.1", "Žiūrėti svetainę ir kodą")
    action = action.with_results(tuple(replace(row, links=links) for row in action.results))
    path = saved(make_pdf(make_tree([[action]])))
    addresses = poppler.run("pdfinfo", path, "-url")
    assert re.findall(r"\S+://\S+|\S*javascript\S*", addresses) == [
        "https://pavyzdys.lt/a?b=1&c=%E2%80%9E2%E2%80%9C",
        "http://kitur.lt/",
    ]
    assert "Žiūrėti svetainę ir kodą http://kitur.lt/" in " ".join(poppler.run("pdftotext", path).split())


def test_what_has_nothing_under_it_still_has_its_row(saved: Save) -> None:
    path = saved(make_pdf(make_tree([[make_action("1.1.1", lead_in="Tik įvadas")], []])))
    rows = poppler.rows(path)
    start = rows.index(TABLE)
    found = [[cell for cell in row if cell] for row in rows[start + 1 :]]
    assert found[:3] == [
        ["1 uždavinys: Uždavinys 1"],
        ["1.1. Priemonė", "1.1.1. Veiksmas 1.1.1", "Tik įvadas"],
        ["2 uždavinys: Uždavinys 2"],
    ]
    assert found[3][0] == "2.1. Priemonė"


@pytest.mark.parametrize("text", ["W" * 300, "žodis " * 2000])
def test_nothing_sticks_out_of_its_page(text: str, saved: Save) -> None:
    name = (NameRow(text[:300], text[:300]),) * 3
    action = make_action("1.1.1", text, text, title=text, lead_in=text, partners=name, resources=name)
    path = saved(make_pdf(replace(make_tree([[action, action]]), title=text[:300])))
    pages = poppler.run("pdftotext", path, "-bbox").split("<page ")[1:]
    assert len(pages) > 4
    for page in pages:
        width, height = re.findall(r'(?:width|height)="([\d.]+)"', page)[:2]
        corners = re.findall(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)"', page)
        assert all(
            30 < float(left) < float(right) < float(width) - 30
            and 20 < float(top) < float(low) < float(height) - 25
            for left, top, right, low in corners
        )


def test_three_hundred_actions_are_within_the_limits(saved: Save) -> None:
    actions = [
        make_action(f"1.1.{number}", *[f"Rezultatas {number} " + "ilgas tekstas " * 8] * 2)
        for number in range(1, 301)
    ]
    path = saved(make_pdf(make_tree([actions])))
    titles = [f"{action.number}. {action.title}" for action in actions]
    assert is_in_order(titles, column(path, 1))


@pytest.mark.django_db
def test_only_who_may_export_gets_the_file(cast: Cast, as_user: Any, sample_plan: Plan) -> None:
    assert Client().get(ADDRESS).status_code == 302
    cast.stranger.user_permissions.add(Permission.objects.get(codename="view_plan"))
    reader, manager = as_user(cast.stranger), as_user(cast.manager)
    assert reader.get(ADDRESS).status_code == 403
    assert manager.post(ADDRESS).status_code == 405
    assert manager.get("/nera/ataskaitos/planas.pdf").status_code == 404
    page = manager.get("/2023-2024/ataskaitos/?padetis=veluoja&data=2024-06-30").content.decode()
    assert f'href="{ADDRESS}?padetis=veluoja&amp;data=2024-06-30"' in page


@pytest.mark.django_db
def test_wrong_wish_leads_back_to_the_page(manager: Client, sample_plan: Plan) -> None:
    response = manager.get(f"{ADDRESS}?padetis=nera", follow=True)
    assert response.redirect_chain == [("/2023-2024/ataskaitos/", 302)]
    assert "„nera“" in response.content.decode()


@pytest.mark.django_db
def test_what_cannot_be_made_leads_back_to_the_same_choice(
    manager: Client, sample_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_rows: Any, **_about: Any) -> bytes:
        raise PdfError

    monkeypatch.setattr(pdf_views, "write_plan_pdf", fail)
    query = "?padetis=veluoja&data=2024-06-30"
    response = manager.get(ADDRESS + query, follow=True)
    assert response.redirect_chain == [(f"/2023-2024/ataskaitos/{query}", 302)]
    assert "PDF failo parengti nepavyko" in response.content.decode()


@pytest.mark.django_db
def test_number_of_queries_does_not_grow(manager: Client, sample_plan: Plan) -> None:
    def queries(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(ADDRESS + query).status_code == 200
        return len(queries)

    assert queries("?uzdavinys=4") == queries("?uzdavinys=4&uzdavinys=6")
