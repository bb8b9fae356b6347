"""The rows of the page of results as files of data: exactly the same rows, in every kind of file."""

import csv
import io
import json
import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.utils.translation import override
from jsonschema import Draft202012Validator, FormatChecker
from python_calamine import CalamineWorkbook

from measures.models import Plan
from measures.tree.reader import read_tree
from reports.filters import PlanFilter
from reports.filters.choices import choices_of
from reports.filters.names import Names
from reports.queries.strategy import read_strategy
from reports.result_rows import COLUMNS, flat_results, results_file_name, write_results_csv
from tests.conftest import Cast

from .figures import text_of
from .read_workbook import action_row, measure_row, result_row, tree_of

PAGE, DAY = "/2023-2024/rezultatai/", "2024-06-30"
NAMES = list(COLUMNS)


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def csv_rows(file: bytes) -> list[list[str]]:
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_rows(file: bytes) -> list[list[Any]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    head = next(n for n, row in enumerate(rows) if row[:3] == ["Uždavinys", "Priemonė", "Veiksmas"])
    return rows[head + 1 :]


def page_rows(html: str) -> list[tuple[str, ...]]:
    """Return action, text with sub-items and condition, term, status and progress of each row."""
    found = []
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.DOTALL)[1:]:
        action, text, _owner, *rest = (
            text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        )
        found.append((action, text, *rest))
    return found


def as_on_the_page(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the same of a row of the JSON."""
    text = f"{row['text']} {row['sub_items']}"
    if row["condition"]:
        text += f" Sąlyga: {row['condition']} ({row['condition_state'].lower()})"
    percent = "–" if row["percent"] is None else f"{row['percent']} %"
    return row["action"], " ".join(text.split()), row["due_on"], row["status"], percent


def in_csv(value: Any) -> str:
    """Return how a value of the JSON stands in a CSV; none of the real texts needs an apostrophe."""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return "" if value is None else str(value)


def in_sheet(name: str, value: Any) -> Any:
    if value is None:
        return ""
    if name in ("due_on", "done_on", "last_reported_on"):
        return date.fromisoformat(value)
    return pytest.approx(value / 100) if name in ("percent", "action_percent") else value


def random_filters(plan: Plan, count: int) -> list[str]:
    """Return random addresses, of which some ask for everything and some for nothing."""
    chance = random.Random(7)
    choices = choices_of(Names.of(read_tree(plan)), read_strategy().titles)
    found = [""]
    while len(found) < count:
        asked = PlanFilter({})
        for field in chance.sample(list(choices), chance.choice([1, 1, 2, 3])):
            if choices[field]:
                asked = asked.having({field: chance.choice(list(choices[field]))})
        query = QueryDict(mutable=True)
        query.update(dict(asked.pairs))
        found.append(query.urlencode())
    return found


@time_machine.travel("2025-01-02T12:00:00+02:00")
def test_page_json_csv_and_excel_have_equal_rows(manager: Client, sample_plan: Plan) -> None:
    counts = set()
    for query in random_filters(sample_plan, 12):
        address = f"?{query}&data={DAY}"
        data = json.loads(body(manager.get(f"/2023-2024/rezultatai.json{address}")))["rows"]
        html = manager.get(f"{PAGE}{address}").content.decode()
        assert [as_on_the_page(row) for row in data] == page_rows(html)
        table = csv_rows(body(manager.get(f"/2023-2024/rezultatai.csv{address}")))
        assert table[0] == [str(label) for label in COLUMNS.values()]
        assert table[1:] == [[in_csv(row[name]) for name in NAMES] for row in data]
        sheet = sheet_rows(body(manager.get(f"/2023-2024/rezultatai.xlsx{address}")))
        assert sheet == [[in_sheet(name, row[name]) for name in NAMES] for row in data]
        counts.add(len(data))
    assert 47 in counts
    assert len(counts) > 4


@time_machine.travel("2025-01-02T12:00:00+02:00")
def test_json_keeps_to_its_schema(manager: Client, sample_plan: Plan) -> None:
    schema = json.loads(
        (Path(settings.BASE_DIR) / "docs/result-rows.schema.json").read_text(encoding="utf-8")
    )
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    response = manager.get(f"/2023-2024/rezultatai.json?data={DAY}&uzdavinys=2")
    assert response["Content-Disposition"] == (
        'attachment; filename="planuojami-rezultatai-2023-2024_bukle-2024-06-30.json"'
    )
    data = json.loads(body(response))
    validator.validate(data)
    assert (data["as_of"], data["plan"]["slug"], len(data["rows"])) == (DAY, "2023-2024", 12)
    assert data["shown"].startswith("Uždavinys: 2. ")
    assert list(schema["properties"]["rows"]["items"]["properties"]) == NAMES
    for broken in ({"percent": 101}, {"due_on": "rytoj"}, {"kita": 1}):
        assert not validator.is_valid({**data, "rows": [data["rows"][0] | broken]})


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_files_are_for_those_who_may_export(cast: Cast, as_user: Any, akr_plan: Plan, ending: str) -> None:
    def status(user: Any, query: str = "") -> int:
        code: int = as_user(user).get(f"/2023-2024/rezultatai.{ending}{query}").status_code
        return code

    assert status(cast.manager) == status(cast.coordinator) == 200
    assert status(cast.stranger) == 403
    assert as_user(cast.manager).post(f"/2023-2024/rezultatai.{ending}").status_code == 405
    html = as_user(cast.updater).get(PAGE).content.decode()
    assert (f"rezultatai.{ending}" in html) == (status(cast.updater) == 200)
    wrong = as_user(cast.manager).get(f"/2023-2024/rezultatai.{ending}?uzdavinys=99", follow=True)
    assert wrong.redirect_chain == [(PAGE, 302)]
    assert "filtruoti negalima" in wrong.content.decode()


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_files_take_the_same_queries_for_any_number_of_rows(
    manager: Client, akr_plan: Plan, ending: str, django_assert_num_queries: Any
) -> None:
    manager.get(f"/2023-2024/rezultatai.{ending}")
    with django_assert_num_queries(9):
        few = manager.get(f"/2023-2024/rezultatai.{ending}?uzdavinys=4")
    with django_assert_num_queries(9):
        many = manager.get(f"/2023-2024/rezultatai.{ending}")
    assert few.status_code == many.status_code == 200


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://example.com";"x")', '\'=HYPERLINK("http://example.com";"x")'),
        ("+370 600", "'+370 600"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        (" \u00a0=1", "' \u00a0=1"),
        ("\u200f=1", "'\u200f=1"),
        ("\ta", "'\ta"),
        ("\r=1", "'\n=1"),
        ("'a'", "''a'"),
        ("– Parengta; „gerai“\nir 5-6 %", "– Parengta; „gerai“\nir 5-6 %"),
        ("\u200fשלום\u200e", "\u200fשלום\u200e"),
        ("a\x00b", "a�b"),
        ("1.10", "1.10"),
    ],
)
def test_no_text_of_the_csv_is_a_formula_and_none_is_harmed(text: str, written: str) -> None:
    stream = io.StringIO()
    tree = tree_of(measure_row(action_row(result_row(text), title=text)))

    write_results_csv(tree, stream)

    [_head, row] = csv.reader(
        io.StringIO(stream.getvalue().removeprefix("\ufeff"), newline=""), delimiter=";"
    )
    assert (row[NAMES.index("text")], row[NAMES.index("action_title")]) == (written, written)
    had_back = written.removeprefix("'")
    assert had_back == text.replace("\r", "\n").replace("\x00", "�")


def test_long_texts_stay_whole_in_data() -> None:
    [row] = flat_results(tree_of(measure_row(action_row(result_row("žodis " * 10_000)))))
    assert row.text == "žodis " * 10_000


def test_numbers_have_a_decimal_comma_and_days_are_iso() -> None:
    results = [result_row(percent=percent) for percent in (10, 20, 30, 31)]
    stream = io.StringIO()
    with override("lt"):
        write_results_csv(tree_of(measure_row(action_row(*results))), stream)
    line = stream.getvalue().splitlines()[1]
    assert ';"2024-12-31";"Vykdoma";10;"22,8";' in line
    assert results_file_name(tree_of(), "csv") == "planuojami-rezultatai-2023-2024_bukle-2024-12-31.csv"
