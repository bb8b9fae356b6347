"""What partners, resources and projects carry: arithmetic, pages, addresses, and the workbook."""

import io
import re
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import resolve, reverse
from python_calamine import CalamineWorkbook

from measures.enums import Standing, Status
from measures.models import ActionPartner, Partner, Plan, Project, ResultProject
from measures.rules import Progress
from measures.tree.reader import read_tree
from measures.tree.rows import NameRow
from reports.file_names import MAX_NAME, party_file_name
from reports.filters import read_day
from reports.parties import PartyKind, PartySheet, list_parties, read_sheet
from reports.rows import PartyFacts
from tests.conftest import Cast
from tests.make import (
    adopt,
    make_action,
    make_big_plan,
    make_measure,
    make_partner,
    make_plan,
    make_result,
    make_task,
)

from .figures import asking
from .make_rows import make_action_row, make_result_row, make_tree

LATE, SOON, LATER = date(2023, 12, 31), date(2024, 7, 31), date(2024, 12, 31)
OPEN = Progress(Status.IN_PROGRESS, 40, "")
DONE = Progress(Status.DONE, 100, "")
LISTS = {"partneriai": PartyKind.PARTNER, "istekliai": PartyKind.RESOURCE, "projektai": PartyKind.PROJECT}
LINK = re.compile(
    r'<a[^>]*href="(/2023-2024/(?:partneriai|istekliai|projektai)/[^"]*)"[^>]*>(.*?)</a>', re.DOTALL
)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
AWKWARD = [
    "AKR biudžetas / DU",
    "VšĮ „Keliauk Lietuvoje“ & Co",
    "\"Kabutės\" ir 'apostrofai'",
    "<script>alert(1)</script>",
    "50 % lėšų %2F",
    "Kas? #vienas;du=trys+keturi",
    "../../administravimas",
    "..",
    "/pradžia ir galas/",
    "lapas.xlsx",
    "Dvi\neilutės\tir tabas",
    "Клайпеда 克莱佩达 🌊",
    "A" * 300,
]


def name_rows(*names: str) -> tuple[NameRow, ...]:
    return tuple(NameRow(name, name) for name in names)


def carried(kind: PartyKind, tree: Any, name: str, **asked: str) -> PartySheet:
    sheet = read_sheet(tree, asking(**asked).narrow(tree), kind, name, {})
    assert sheet
    return sheet


def test_partner_carries_whole_actions_and_each_once() -> None:
    first = make_action_row(
        "1.1.1",
        (make_result_row("1.1.1", 1, OPEN, LATE), make_result_row("1.1.1", 2, DONE, LATE)),
        partners=name_rows("Žvejai", "Uostas", "Žvejai"),
    )
    second = make_action_row(
        "1.1.2", (make_result_row("1.1.2", 1, OPEN, LATER),), partners=name_rows("Žvejai")
    )
    alone = make_action_row("1.1.3", ())
    listed = list_parties(make_tree([[first, second, alone]]), PartyKind.PARTNER, {})
    figures = [
        (party.name, party.summary.actions, party.summary.results, party.summary.late, party.summary.percent)
        for party in listed.parties
    ]
    assert figures == [("Uostas", 1, 2, 1, 70.0), ("Žvejai", 2, 3, 1, 55.0)]
    assert listed.without == [alone]
    assert listed.late == 2


def test_project_carries_its_own_results_only() -> None:
    results = (
        replace(make_result_row("1.1.1", 1, OPEN, LATE), projects=("BASCIL", "WaterMan")),
        replace(make_result_row("1.1.1", 2, DONE, LATE), projects=("BASCIL",)),
        make_result_row("1.1.1", 3, OPEN, LATE),
    )
    listed = list_parties(make_tree([[make_action_row("1.1.1", results)]]), PartyKind.PROJECT, {})
    figures = [(party.name, party.summary.results, party.summary.percent) for party in listed.parties]
    assert figures == [("BASCIL", 2, 70.0), ("WaterMan", 1, 40.0)]
    assert not listed.without


def test_names_are_in_lithuanian_order_or_late_ones_come_first() -> None:
    names = ["Zarasai", "Šilutė", "Žvejai", "Čiurlys", "Cukrus", "Ypač", "Iki", "Įranga"]
    actions = [
        make_action_row(
            f"1.1.{number}",
            (make_result_row("1", 1, OPEN, LATE if name in ("Žvejai", "Čiurlys") else LATER),),
            resources=name_rows(name),
        )
        for number, name in enumerate(names, start=1)
    ]
    tree = make_tree([actions])
    alphabetical = ["Cukrus", "Čiurlys", "Iki", "Ypač", "Įranga", "Šilutė", "Zarasai", "Žvejai"]
    assert [party.name for party in list_parties(tree, PartyKind.RESOURCE, {}).parties] == alphabetical
    late_first = list_parties(tree, PartyKind.RESOURCE, {}, late_first=True).parties
    rest = [name for name in alphabetical if name not in ("Žvejai", "Čiurlys")]
    assert [party.name for party in late_first] == ["Čiurlys", "Žvejai", *rest]


def test_sheet_shows_late_then_due_soon_then_the_rest() -> None:
    def action(number: str, *terms: date) -> Any:
        results = tuple(make_result_row(number, i, OPEN, term) for i, term in enumerate(terms, start=1))
        return make_action_row(number, results, partners=name_rows("Uostas"))

    tree = make_tree(
        [
            [
                action("1.1.1", LATER),
                action("1.1.2", SOON),
                action("1.1.3", LATER, SOON, LATE),
                action("1.1.4", LATE),
            ]
        ]
    )
    sheet = carried(PartyKind.PARTNER, tree, "Uostas")
    keys = [[result.key for result in action.results] for action in sheet.actions]
    assert keys == [["1.1.3-3", "1.1.3-2", "1.1.3-1"], ["1.1.4-1"], ["1.1.2-1"], ["1.1.1-1"]]
    late = carried(PartyKind.PARTNER, tree, "Uostas", padetis="veluoja")
    assert [result.key for action in late.actions for result in action.results] == ["1.1.3-3", "1.1.4-1"]
    assert late.summary.late == late.summary.results == sheet.summary.late == 2


def test_spellings_of_the_document_are_told() -> None:
    written = (NameRow("Klaipėdos universitetas", "KU"),)
    tree = make_tree(
        [
            [
                make_action_row("1.1.1", (), partners=written),
                make_action_row("1.1.2", (), partners=name_rows("Klaipėdos universitetas")),
                make_action_row("1.1.3", (), partners=written),
            ]
        ]
    )
    spellings = carried(PartyKind.PARTNER, tree, "Klaipėdos universitetas").spellings
    assert [(spelling.text, spelling.actions) for spelling in spellings] == [("KU", ("1.1.1", "1.1.3"))]


def test_name_of_the_register_that_the_plan_lacks_has_an_empty_sheet_and_another_none() -> None:
    tree = make_tree([[make_action_row("1.1.1", ())]])
    sheet = read_sheet(tree, tree, PartyKind.PARTNER, "Uostas", {"Uostas": PartyFacts()})
    assert sheet
    assert sheet.actions == []
    assert read_sheet(tree, tree, PartyKind.PARTNER, "Kas nors", {"Uostas": PartyFacts()}) is None


@pytest.mark.parametrize("name", AWKWARD)
def test_every_name_survives_its_address(name: str) -> None:
    for page in ("partner", "resource", "project", "project_workbook", "project_pdf"):
        address = reverse(f"reports:{page}", args=["2023-2024", name])
        assert not re.search(r"[\x00-\x20<>\"?#]|/\.", address)
        match = resolve(unquote(address))
        assert (match.url_name, match.kwargs["name"]) == (page, name)


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def figures(html: str) -> list[tuple[str, int]]:
    """Return each link to a sheet with the number that it shows; a percent is the mean of its rows."""
    found = [(unescape(href), text_of(inner)) for href, inner in LINK.findall(html)]
    return [
        (href, int(number[0]))
        for href, text in found
        if "%" not in text and (number := re.match(r"\d+", text))
    ]


def rows_behind(plan: Plan, href: str) -> int:
    """Return how many rows the sheet at an address has: actions where no filter is asked for."""
    address = urlsplit(href)
    asked = dict(parse_qsl(address.query))
    match = resolve(unquote(address.path))
    kind = match.kwargs["kind"]
    day = asked.pop("data", "")
    sheet = carried(kind, read_tree(plan, read_day(day).value), match.kwargs["name"], **asked)
    return len(sheet.actions) if kind != PartyKind.PROJECT and not asked else sheet.results


@pytest.mark.django_db
def test_who_was_removed_from_the_register_still_carries_the_past(manager: Client) -> None:
    with time_machine.travel("2024-03-01T12:00:00+02:00"):
        plan = make_plan(slug="2023-2024")
        result = make_result(make_action(make_measure(make_task(plan))))
        partner, project = make_partner("Uostas"), Project(name="BASCIL")
        project.save()
        links = [
            ActionPartner(action=result.action, partner=partner, position=1),
            ResultProject(result=result, project=project, position=1),
        ]
        for link in links:
            link.save()
        adopt(plan)
    with time_machine.travel("2024-09-01T12:00:00+03:00"):
        for row in (*links, partner, project):
            row.delete()
        for word in ("partneriai", "projektai"):
            page = f"/2023-2024/{word}/"
            assert manager.get(page).context["list"].parties == []
            [party] = manager.get(page, {"data": "2024-06-30"}).context["list"].parties
            assert (party.summary.actions, party.summary.results) == (1, 1)
            address = reverse(f"reports:{LISTS[word].value}", args=["2023-2024", party.name])
            assert manager.get(address, {"data": "2024-06-30"}).context["sheet"].results == 1


@pytest.mark.django_db
def test_every_figure_counts_the_rows_behind_it(manager: Client, sample_plan: Plan) -> None:
    for word, day in product(LISTS, ["", "2024-06-30"]):
        asked = {"data": day} if day else {}
        response = manager.get(f"/2023-2024/{word}/", asked)
        found = set(figures(response.content.decode()))
        parties = response.context["list"].parties
        assert len(found) >= 4 * len(parties)
        for party in parties[:3]:
            page = manager.get(reverse(f"reports:{LISTS[word].value}", args=["2023-2024", party.name]), asked)
            on_sheet = set(figures(page.content.decode()))
            assert len(on_sheet) >= 3
            found |= on_sheet
        assert {(href, rows_behind(sample_plan, href)) for href, _number in found} == found
        for href, number in sorted(found)[::40]:
            sheet = manager.get(href).context["sheet"]
            assert number in (sheet.results, len(sheet.actions))


@pytest.mark.django_db
def test_actions_without_a_resource_are_counted_and_listed(manager: Client, sample_plan: Plan) -> None:
    html = manager.get("/2023-2024/istekliai/").content.decode()
    tree = read_tree(sample_plan)
    without = [action.number for action in tree.actions if not action.resources]
    assert without == ["5.2.2"]
    section = html[html.index('<h2 id="be">') :]
    assert re.findall(r'href="/2023-2024/veiksmai/([^"/]+)/"', section) == without
    assert f'<a href="#be"><strong>{len(without)}</strong>' in html


def page_rows(html: str) -> list[tuple[str, ...]]:
    """Return the rows of the table of a sheet: number, result, term, status, percent."""
    rows, number = [], ""
    for row in ROW.findall(html):
        cells = [text_of(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)]
        if len(cells) == 2:
            number = cells[0]
        elif not cells[0]:
            rows.append((number, *cells[1:]))
    return rows


def workbook_rows(content: bytes) -> list[list[Any]]:
    """Return the rows below the head of the table."""
    (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()
    head = next(index for index, row in enumerate(rows) if all(row))
    return rows[head + 1 :]


@pytest.mark.django_db
def test_workbook_has_the_rows_of_the_page(manager: Client, sample_plan: Plan) -> None:
    parties = [("resource", "AKR biudžetas / DU"), ("partner", "Regiono savivaldybės"), ("project", "BASCIL")]
    for party, query in product(parties, ["", "?data=2024-06-30", "?padetis=veluoja&data=2024-06-30"]):
        _check_workbook(manager, reverse(f"reports:{party[0]}", args=["2023-2024", party[1]]) + query)


def _check_workbook(manager: Client, path: str) -> None:
    page = manager.get(path)
    html = page.content.decode()
    [address] = [unescape(href) for href in re.findall(r'href="([^"]*\.xlsx[^"]*)"', html)]
    response = manager.get(address)
    rows = workbook_rows(response.getvalue())
    shown = [
        (
            str(row[0]),
            " ".join(str(row[2]).replace("\n– ", "\n").split()),
            row[3].isoformat(),
            row[4],
            "–" if row[5] == "" else f"{row[5] * 100:.0f} %",
        )
        for row in rows
    ]
    assert shown == page_rows(html)
    assert len(shown) == page.context["sheet"].results
    expected = [
        (action.title, action.owner or "be atsakingo asmens", action.last_reported_on or "")
        for action in page.context["sheet"].actions
        for _result in action.results
    ]
    assert [(row[1], row[6], row[7]) for row in rows] == expected


@pytest.mark.django_db
@time_machine.travel("2024-08-15T12:00:00+03:00")
def test_workbook_is_ready_to_filter_and_to_print(manager: Client, sample_plan: Plan) -> None:
    response = manager.get("/2023-2024/partneriai/Regiono%20savivaldyb%C4%97s.xlsx")
    name = "veiklos-planas-2023-2024_regiono-savivaldybes_bukle-2024-08-15.xlsx"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).worksheets[0]
    head = next(row for row in range(1, 20) if sheet.cell(row, 8).value)
    assert sheet.freeze_panes == f"A{head + 1}"
    assert sheet.auto_filter.ref == f"A{head}:H{sheet.max_row}"
    assert sheet.print_title_rows == f"${head}:${head}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    heading = " ".join(str(sheet.cell(row, 1).value) for row in range(1, head))
    for text in ("Regiono savivaldybės", sample_plan.title, "2024 m. rugpjūčio 15 d."):
        assert text in heading
    progress = [sheet.cell(row, 6) for row in range(head + 1, sheet.max_row + 1)]
    assert {type(cell.value) for cell in progress} <= {int, float, type(None)}
    assert all("%" in cell.number_format for cell in progress)


@pytest.mark.django_db
def test_awkward_names_work_on_pages_and_in_files(manager: Client) -> None:
    action = make_action(make_measure(make_task(make_plan(slug="2023-2024"))), title="=HYPERLINK(1)")
    make_result(action)
    for position, name in enumerate(AWKWARD, start=1):
        partner = make_partner(name)
        ActionPartner(action=action, partner=partner, as_written="+KU", position=position).save()
    listed = LINK.findall(manager.get("/2023-2024/partneriai/").content.decode())
    for name in AWKWARD:
        [href] = [unescape(href) for href, inner in listed if text_of(inner) == " ".join(name.split())]
        page = manager.get(href)
        assert page.context["sheet"].name == name
        html = page.content.decode()
        assert "<script>alert" not in html
        assert "+KU" in html
        [file_href] = [unescape(found) for found in re.findall(r'href="([^"]*\.xlsx)"', html)]
        file = manager.get(file_href)
        assert re.fullmatch(r'attachment; filename="[a-z0-9_-]+\.xlsx"', file["Content-Disposition"])
        sheet = openpyxl.load_workbook(io.BytesIO(file.getvalue())).worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert [cell.data_type for cell in cells if cell.value == "=HYPERLINK(1)"] == ["s"]


@pytest.mark.django_db
def test_file_name_is_plain_and_short(sample_plan: Plan) -> None:
    tree = read_tree(sample_plan, date(2024, 6, 30))
    names = {
        "Savivaldybių lėšos": "savivaldybiu-lesos",
        "„“ / ?": "partner",
        "A" * 300: "a" * MAX_NAME,
    }
    for name, expected in names.items():
        sheet = read_sheet(tree, tree, PartyKind.PARTNER, name, {name: PartyFacts()})
        assert sheet
        assert (
            party_file_name(tree, sheet, "xlsx")
            == f"veiklos-planas-2023-2024_{expected}_bukle-2024-06-30.xlsx"
        )


@pytest.mark.django_db
def test_sheet_tells_what_the_register_knows(manager: Client, sample_plan: Plan) -> None:
    project = text_of(manager.get("/2023-2024/projektai/Land2Sea/").content.decode())
    assert "„Baltic Sea2Land“" in project
    assert Project.objects.get(name="Land2Sea").programme in project
    partner = Partner.objects.get(name__contains="Jūrinių tyrimų institutas")
    html = manager.get(reverse("reports:partner", args=["2023-2024", partner.name])).content.decode()
    assert "„KU Jūrinių tyrimų institutas“ (" in text_of(html)
    assert partner.get_kind_display() in text_of(html)


@pytest.mark.django_db
def test_title_and_heading_say_plan_and_day(manager: Client, sample_plan: Plan) -> None:
    html = manager.get("/2023-2024/projektai/BASCIL/?data=2024-06-30").content.decode()
    title = re.search(r"<title>(.*?)</title>", html)
    assert title
    assert title[1].startswith("BASCIL – Veiklos planas 2023-2024 m. – 2024-06-30")
    head = text_of(html[html.index("<h1>") : html.index("page-actions")])
    assert head.startswith("BASCIL")
    assert sample_plan.title in head
    assert "2024 m. birželio 30 d." in head


@pytest.mark.django_db
def test_wrong_wishes_get_a_message_and_the_whole(manager: Client) -> None:
    make_plan(slug="2023-2024")
    Project(name="BASCIL").save()
    messages = {
        "partneriai/?rikiuoti=%3Cb%3E": "Rikiavimo „&lt;b&gt;“ nėra",
        "istekliai/?data=vakar": "„vakar“",
        "projektai/BASCIL/?padetis=nera": "„nera“",
        "projektai/BASCIL/?data=3000-01-01": "3000-01-01",
    }
    for path, message in messages.items():
        response = manager.get(f"/2023-2024/{path}")
        assert response.status_code == 200
        assert message in response.content.decode()
        assert not response.context["asked"].filter
    response = manager.get("/2023-2024/projektai/BASCIL.xlsx?padetis=nera", follow=True)
    assert response.redirect_chain == [("/2023-2024/projektai/BASCIL/", 302)]
    assert "„nera“" in response.content.decode()


@pytest.mark.django_db
def test_unknown_names_are_not_found(manager: Client) -> None:
    make_plan(slug="2023-2024")
    make_partner("BASCIL")
    unknown = ["Nėra%20tokio", "%2500", "%FF%FE", "%25FF", "A" * 3000, "%252e%252e%252F", "bascil"]
    for word in LISTS:
        for name in unknown:
            assert manager.get(f"/2023-2024/{word}/{name}/").status_code == 404
            assert manager.get(f"/2023-2024/{word}/{name}.xlsx").status_code == 404
        assert manager.get(f"/2023-2024/{word}/%00/").status_code == 400
        assert manager.get(f"/nera/{word}/").status_code == 404


@pytest.mark.django_db
def test_who_may_see_and_take_away(cast: Cast, as_user: Any, sample_plan: Plan, client: Client) -> None:
    pages = ["projektai/", "projektai/BASCIL/", "projektai/BASCIL.xlsx"]
    addresses = [f"/2023-2024/{page}" for page in pages]
    assert [as_user(cast.stranger).get(address).status_code for address in addresses] == [403, 403, 403]
    assert [as_user(cast.updater).get(address).status_code for address in addresses] == [200, 200, 403]
    assert [as_user(cast.manager).get(address).status_code for address in addresses] == [200, 200, 200]
    assert [as_user(cast.manager).post(address).status_code for address in addresses] == [405, 405, 405]
    assert [client.get(address).status_code for address in addresses] == [302, 302, 302]
    assert ".xlsx" not in as_user(cast.updater).get(addresses[1]).content.decode()


@pytest.mark.django_db
def test_queries_do_not_grow(manager: Client, akr_plan: Plan, django_assert_max_num_queries: Any) -> None:
    big = make_big_plan(actions=1000, results=1)
    partner = Partner.objects.get(name="Regiono savivaldybės")
    ActionPartner.objects.bulk_create(
        ActionPartner(action=action, partner=partner, position=1) for action in big.action_set.all()
    )
    names = {"partneriai": partner.name, "istekliai": "ES lėšos", "projektai": "BASCIL"}
    pages = [f"{word}/{end}" for word, name in names.items() for end in ("", f"{name}/", f"{name}.xlsx")]
    for page in pages:
        counts = set()
        for plan in (akr_plan, big):
            manager.get(f"/{plan.slug}/{page}")
            with django_assert_max_num_queries(14) as captured:
                assert manager.get(f"/{plan.slug}/{page}").status_code == 200
            counts.add(len(captured))
        assert len(counts) == 1, page


def test_lists_show_the_standing_of_every_result() -> None:
    results = (make_result_row("1.1.1", 1, OPEN, LATE), make_result_row("1.1.1", 2, DONE, LATE))
    tree = make_tree([[make_action_row("1.1.1", results, partners=name_rows("Uostas"))]])
    [party] = list_parties(tree, PartyKind.PARTNER, {"Uostas": PartyFacts("Kita")}).parties
    assert party.summary.standings == {Standing.LATE: 1, Standing.DONE: 1}
    assert party.facts.about == "Kita"
