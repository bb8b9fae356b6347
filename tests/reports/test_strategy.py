"""How the plan carries KRSS2030: coverage, figures with the rows behind them, the page of a code."""

import re
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from django.test import Client
from hypothesis import given

from measures.enums import CodeKind, Status
from measures.exchange.codes import import_codes
from measures.models import Plan
from measures.rules import Progress
from measures.tree.reader import read_tree
from measures.tree.rows import CodeRow, PlanTree
from reports.filters import read_day
from reports.queries.strategy import read_strategy
from reports.rollup import summarise
from reports.strategy import CodeReport, Shown, StrategyReport
from tests.conftest import Cast
from tests.make import (
    give_code,
    make_action,
    make_big_plan,
    make_code,
    make_measure,
    make_plan,
    make_result,
    make_task,
)

from .figures import part_behind
from .make_rows import AS_OF, CODES, make_action_row, make_result_row, make_tree, trees

TITLES = {"I": "Pirma", "II": "Antra"}
PAGE = "/2023-2024/krss2030/"
FIGURE = re.compile(r'<a[^>]*href="(/2023-2024/rezultatai/\?[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
ROW = re.compile(r'<td class="cell-lead">([IV][^<]*)</td>')


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


def load_86() -> None:
    """Load as many measures as the strategy has, with made-up titles."""
    codes = [
        f"{d}.1.{b}.{c}" for d in ("I", "II", "III", "IV", "V") for b in range(1, 6) for c in range(1, 5)
    ]
    known = {row.code for row in read_strategy().codes if row.kind == CodeKind.MEASURE}
    new = [code for code in codes if code not in known][: 86 - len(known)]
    import_codes("kodai.csv", "\n".join(["kodas;pavadinimas", *(f"{c};Bandymas {c}" for c in new)]).encode())


def words(html: str) -> str:
    """Return the text of a piece of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def lead(html: str) -> str:
    """Return the sentence on top."""
    found = re.search(r'<p class="lead">(.*?)</p>', html, re.DOTALL)
    assert found
    return words(found[1])


def page(client: Client, address: str = PAGE, **parameters: str) -> str:
    """Return a page that is there."""
    response = client.get(address, parameters)
    assert response.status_code == 200
    return response.content.decode()


@given(tree=trees())
def test_figures_are_those_of_the_effective_codes(tree: PlanTree) -> None:
    report = StrategyReport.of(tree, TITLES, CODES)
    for group in report.groups:
        for line in group.lines:
            carrying = [action for action in tree.actions if line.code in action.effective_codes]
            assert line.summary == summarise(carrying, tree.as_of)
            assert line.is_carried == bool(carrying)
        assert group.carried == sum(line.is_carried for line in group.lines)
    assert [group.known for group in report.groups] == [1, 2, 1]
    numbered = {
        code.code for action in tree.actions for code in action.effective_codes if not code.is_priority
    }
    assert (report.known, report.carried, report.missing) == (3, len(numbered), 3 - len(numbered))
    assert list(report.without_code) == [action for action in tree.actions if not action.effective_codes]


@given(tree=trees())
def test_what_is_shown_splits_the_codes_in_two(tree: PlanTree) -> None:
    counts = []
    for shown in Shown:
        groups = StrategyReport.of(tree, TITLES, CODES, shown).groups
        counts.append([len(group.lines) for group in groups])
    everything, carried, missing = counts
    assert everything == [a + b for a, b in zip(carried, missing, strict=True)]


def test_code_carried_only_in_parts_says_so() -> None:
    whole = CodeRow("II.1.2.1", "Visa", "measure", "II", "", "00002.15")
    similar = CodeRow("II.1.2", "Panašus", "measure", "II", "", "00002.14")
    tree = make_tree([[make_action_row("1.1.1", (), (CODES[2],))]])
    [_first, second, _priorities] = StrategyReport.of(tree, TITLES, [whole, similar, CODES[2]]).groups
    assert {line.code.code: line.parts for line in second.lines} == {
        "II.1.2": ("II.1.2.1.1",),
        "II.1.2.1": ("II.1.2.1.1",),
        "II.1.2.1.1": (),
    }


def test_code_that_is_known_no_more_stays_where_the_plan_carried_it() -> None:
    tree = make_tree([[make_action_row("1.1.1", (), (CODES[0],))]])
    report = StrategyReport.of(tree, TITLES, ())
    assert [line.code.code for line in report.groups[0].lines] == ["I.1.1.1"]


def test_late_actions_come_first_on_the_page_of_a_code() -> None:
    late = make_result_row("1.1.2", 1, Progress(Status.NOT_STARTED, 0), date(2023, 12, 31))
    fine = make_result_row("1.1.1", 1, Progress(Status.NOT_STARTED, 0), date(2024, 12, 31))
    actions = [make_action_row("1.1.1", (fine,), (CODES[0],)), make_action_row("1.1.2", (late,), (CODES[0],))]
    report = CodeReport.of(make_tree([actions], AS_OF), TITLES, CODES, "I.1.1.1")
    assert report
    assert [(action.row.number, action.is_late) for action in report.actions] == [
        ("1.1.2", True),
        ("1.1.1", False),
    ]
    assert CodeReport.of(make_tree([actions]), TITLES, CODES, "I.1.1.2") is None


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["", "2024-06-30"])
def test_every_figure_counts_the_rows_behind_it(manager: Client, sample_plan: Plan, day: str) -> None:
    parameters = {"data": day} if day else {}
    tree = read_tree(sample_plan, read_day(day).value)
    carried = {code.code for action in tree.actions for code in action.effective_codes}
    pages = [page(manager, **parameters)]
    pages += [page(manager, f"{PAGE}{quote(code)}/", **parameters) for code in sorted(carried)]
    seen = 0
    for html in pages:
        for href, shown in FIGURE.findall(html):
            asked = dict(parse_qsl(urlsplit(unescape(href)).query))
            assert asked.get("data", "") == day
            rows = list(part_behind(sample_plan, unescape(href)).results())
            text = words(shown)
            number = re.search(r"\d+", text)
            if not number or "%" in text or "pažanga" in text:
                continue
            assert int(number[0]) == len(rows), href
            seen += 1
    assert seen > 100
    assert manager.get(unescape(href)).context["page"].paginator.count == len(rows)


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["", "2024-06-30"])
def test_percents_are_the_means_of_the_rows_behind_them(manager: Client, sample_plan: Plan, day: str) -> None:
    tree = read_tree(sample_plan, read_day(day).value)
    percents = []
    for href, shown in FIGURE.findall(page(manager, **({"data": day} if day else {}))):
        asked = dict(parse_qsl(urlsplit(unescape(href)).query))
        if asked.get("pazanga") == "skaiciuojama":
            mean = summarise(part_behind(sample_plan, unescape(href)).actions, tree.as_of).percent
            percents.append(words(shown))
            assert percents[-1] == ("–" if mean is None else f"{int(mean + 0.5)} %")
    assert len(percents) == 6 + 17


@pytest.mark.django_db
def test_number_of_actions_leads_to_them(manager: Client, sample_plan: Plan) -> None:
    html = page(manager)
    found = re.findall(r'data-label="Veiksmai"><a href="([^"]+)">(\d+)</a>', html)
    assert len(found) == 17
    for href, number in found:
        listed = re.findall(r'<li>\s*<a href="/2023-2024/veiksmai/', page(manager, href))
        assert len(listed) == int(number)


@pytest.mark.django_db
def test_sentence_and_its_links(manager: Client, akr_plan: Plan) -> None:
    load_86()
    html = page(manager)
    known, carried = 12 + 2 + 74, 14
    assert lead(html) == (
        f"Plane veiksmų turi {carried} iš {known} žinomų KRSS2030 kodų, kodo neturi 2 veiksmai."
    )
    assert len(ROW.findall(html)) == known
    assert len(ROW.findall(page(manager, kodai="su-veiksmais"))) == carried
    missing = page(manager, kodai="be-veiksmu")
    assert len(ROW.findall(missing)) == known - carried
    assert missing.count("Plane veiksmų nėra") == known - carried
    without = html.split('id="be-kodo"')[1]
    assert re.findall(r'<a href="/2023-2024/veiksmai/([^"]+)/">', without) == ["2.1.7", "6.3.1"]


@pytest.mark.django_db
def test_coverage_of_each_direction(manager: Client, akr_plan: Plan) -> None:
    load_86()
    strategy = read_strategy()
    codes = {key: [row.code for row in strategy.codes if row.direction == key] for key in strategy.titles}
    covered = dict(re.findall(r'krss2030/\?kodai=su-veiksmais#(\w+)">(Veiksmų turi [^<]+)<', page(manager)))
    assert covered.pop("prioritetai") == "Veiksmų turi 3 iš 3 prioritetų"
    listed = ROW.findall(page(manager, kodai="su-veiksmais"))
    for key, known in codes.items():
        carried = [code for code in listed if code.split(".")[0] == key]
        assert covered[key] in (
            f"Veiksmų turi {len(carried)} iš {len(known)} {noun}" for noun in ("kodo", "kodų")
        )
    assert list(covered) == ["I", "II", "III", "IV", "V"]


@pytest.mark.django_db
def test_codes_come_in_the_order_of_the_strategy(manager: Client) -> None:
    plan = make_plan(slug="2023-2024")
    measure = make_measure(make_task(plan))
    for code in ("V.1.1.1", "IV.1.10.1", "IV.1.9.1", "I.1.1.10", "I.1.1.9"):
        action = make_action(measure)
        make_result(action)
        give_code(action, make_code(code))
    assert ROW.findall(page(manager)) == ["I.1.1.9", "I.1.1.10", "IV.1.9.1", "IV.1.10.1", "V.1.1.1"]


@pytest.mark.django_db
def test_titles_come_from_the_database(manager: Client, akr_plan: Plan) -> None:
    import_codes("kodai.csv", "kodas;pavadinimas\nI.1.3.3;Žinių <b>vieta</b>".encode())
    assert "Žinių &lt;b&gt;vieta&lt;/b&gt;" in page(manager)
    assert "Žinių &lt;b&gt;vieta&lt;/b&gt;" in page(manager, f"{PAGE}I.1.3.3/")


@pytest.mark.django_db
def test_page_of_a_code(manager: Client, sample_plan: Plan) -> None:
    html = page(manager, f"{PAGE}I.1.1.1/", data="2024-06-30")
    assert lead(html).startswith("Prie šio kodo prisideda 2 plano veiksmai. Iki šios dienos")
    tree = read_tree(sample_plan, date(2024, 6, 30))
    actions = [row for row in tree.actions if any(code.code == "I.1.1.1" for code in row.effective_codes)]
    text = words(html)
    for action in actions:
        assert " ".join(action.title.split()) in text
        assert action.owner in text
        for result in action.results:
            assert " ".join(result.text.split()) in text
    assert f'href="{PAGE}?data=2024-06-30#I"' in html


@pytest.mark.django_db
def test_page_of_a_code_that_nobody_carries(manager: Client, akr_plan: Plan) -> None:
    import_codes("kodai.csv", "kodas;pavadinimas\nII.1.2.1;Visa priemonė".encode())
    html = page(manager, f"{PAGE}II.1.2.1/")
    assert lead(html) == "Prie šio kodo neprisideda nė vienas plano veiksmas."
    assert "Plane yra tik smulkesni kodai: II.1.2.1.1, II.1.2.1.2" in words(html)
    assert "rezultatai/?" not in html


@pytest.mark.django_db
def test_unknown_codes_are_not_found(manager: Client, akr_plan: Plan) -> None:
    codes = ["I.1.1.99", "i.1.1.1", "I.1.1.1.", "x" * 5000, "<script>", "..%2F..", "a%0Ab", "%FF", "/", "Ą🙂"]
    assert [manager.get(f"{PAGE}{code}/").status_code for code in codes] == [404] * len(codes)
    # A null character is refused before any page is asked.
    assert manager.get(f"{PAGE}%00/").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Su / brūkšniu", "Dvi\neilutės", "Klaustukas? #1 %2F „ą“ <b>", "a//b/"])
def test_priorities_of_any_name_have_a_page(manager: Client, name: str) -> None:
    action = make_action(make_measure(make_task(make_plan(slug="2023-2024"))))
    make_result(action)
    give_code(action, make_code(name, title="Bet koks vardas", kind=CodeKind.PRIORITY))
    found = re.search(r'<a href="([^"]+)">Bet koks vardas</a>', page(manager))
    assert found
    assert action.title in page(manager, unescape(found[1]))


@pytest.mark.django_db
def test_nonsense_in_the_address_is_told(manager: Client, akr_plan: Plan) -> None:
    html = page(manager, kodai="niekai", data="vakar")
    assert "„vakar“ nėra data" in html
    assert "niekai" in words(html)
    assert len(ROW.findall(html)) == 14


@pytest.mark.django_db
def test_empty_plan_without_any_codes(manager: Client) -> None:
    make_plan(slug="2023-2024")
    assert lead(page(manager)).endswith("o kiekvienas veiksmas turi kodą.")


@pytest.mark.django_db
def test_rights_and_methods(cast: Cast, as_user: Any, akr_plan: Plan, manager: Client) -> None:
    for address in (PAGE, f"{PAGE}I.1.1.1/"):
        assert as_user(cast.updater).get(address).status_code == 200
        assert as_user(cast.stranger).get(address).status_code == 403
        assert Client().get(address).status_code == 302
        assert manager.post(address).status_code == 405


@pytest.mark.django_db
def test_menu_marks_the_section(manager: Client, akr_plan: Plan) -> None:
    for address in (PAGE, f"{PAGE}I.1.1.1/"):
        assert f'<a href="{PAGE}" aria-current="page">KRSS2030</a>' in page(manager, address)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "I.1.1.1/"])
def test_queries_do_not_grow(
    manager: Client, akr_plan: Plan, address: str, django_assert_max_num_queries: Any
) -> None:
    counts = set()
    for plan in (akr_plan, make_big_plan(actions=1, results=1), make_big_plan(actions=1000)):
        manager.get(f"/{plan.slug}/krss2030/{address}")
        with django_assert_max_num_queries(14) as captured:
            page(manager, f"/{plan.slug}/krss2030/{address}")
        counts.add(len(captured))
    load_86()
    with django_assert_max_num_queries(14) as captured:
        page(manager, f"{PAGE}{address}")
    counts.add(len(captured))
    assert len(counts) == 1
