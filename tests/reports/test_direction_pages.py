"""The pages of the reports on directions: figures, links, addresses, rights, queries."""

from html import unescape
from itertools import product
from typing import Any

import pytest
from django.test import Client

from measures.models import Action, Plan
from tests.conftest import Cast
from tests.make import give_code, make_big_plan, make_code

from .direction_rows import KEYS, PAGE, page
from .figures import figures, rows_behind

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    client: Client = as_user(cast.manager)
    return client


@pytest.mark.parametrize("query", ["", "?data=2024-06-30", "?padetis=veluoja&data=2024-06-30"])
def test_every_figure_counts_the_rows_behind_it(manager: Client, sample_plan: Plan, query: str) -> None:
    found = set()
    for key in KEYS:
        found |= set(figures(page(manager, key, query).content.decode()))
    assert len(found) >= 3
    assert {(href, rows_behind(sample_plan, href)) for href, _number in found} == found


def test_pages_are_linked(manager: Client, sample_plan: Plan) -> None:
    html = unescape(manager.get("/2023-2024/krss2030/?data=2024-06-30").content.decode())
    for key in KEYS:
        assert f'href="{PAGE}{key}/?data=2024-06-30"' in html
    for ending, key in product(("docx", "xlsx"), KEYS):
        assert f'href="/2023-2024/krss2030/kryptys.{ending}?data=2024-06-30"' in html
        own = unescape(page(manager, key, "?data=2024-06-30").content.decode())
        assert f'href="{PAGE}{key}.{ending}?data=2024-06-30"' in own
        assert f'href="/2023-2024/krss2030/kryptys.{ending}?data=2024-06-30"' in own
    assert 'href="/2023-2024/veiksmai/2.1.1/?data=2024-06-30"' in unescape(
        page(manager, "II", "?data=2024-06-30").content.decode()
    )


def test_wrong_directions_are_not_found(manager: Client, akr_plan: Plan) -> None:
    keys = ["VI", "i", "I.", "I.1.1.1", "x" * 300, "<script>", "..%2F..", "%FF", "Ą🙂", "I%0A"]
    for key, end in product(keys, ("/", ".docx", ".xlsx")):
        assert manager.get(f"{PAGE}{key}{end}", follow=True).status_code == 404, (key, end)
    assert manager.get(f"{PAGE}I.pdf", follow=True).status_code == 404
    assert manager.get("/nera/krss2030/kryptis/I/").status_code == 404
    assert manager.get("/2023-2024/krss2030/kryptis/").status_code == 404


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_wrong_wishes_lead_back_to_the_page(manager: Client, akr_plan: Plan, ending: str) -> None:
    for address, back in ((f"{PAGE}I", f"{PAGE}I/"), ("/2023-2024/krss2030/kryptys", "/2023-2024/krss2030/")):
        response = manager.get(f"{address}.{ending}?data=vakar", follow=True)
        assert response.redirect_chain == [(back, 302)]
        assert "„vakar“ nėra data" in response.content.decode()
    assert "„vakar“ nėra data" in page(manager, "I", "?data=vakar").content.decode()


@pytest.mark.parametrize(
    ("name", "seen", "files"),
    [
        ("administrator", 200, 200),
        ("coordinator", 200, 200),
        ("manager", 200, 200),
        ("updater", 200, 403),
        ("stranger", 403, 403),
    ],
)
def test_rights(cast: Cast, as_user: Any, akr_plan: Plan, name: str, seen: int, files: int) -> None:
    client = as_user(getattr(cast, name))
    response = client.get(f"{PAGE}I/")
    assert response.status_code == seen
    assert (".docx" in response.content.decode()) == (files == 200)
    for address in (f"{PAGE}I", "/2023-2024/krss2030/kryptys"):
        for ending in ("docx", "xlsx"):
            assert client.get(f"{address}.{ending}").status_code == files
            assert client.post(f"{address}.{ending}").status_code == 405
            assert Client().get(f"{address}.{ending}").status_code == 302
    assert client.post(f"{PAGE}I/").status_code == 405


@pytest.mark.parametrize("address", ["I/", "I.docx", "I.xlsx"])
def test_queries_do_not_grow(manager: Client, address: str, django_assert_max_num_queries: Any) -> None:
    code = make_code("I.1.1.1")
    counts = set()
    for number in (1, 3, 30):
        plan = make_big_plan(actions=number)
        for action in Action.objects.filter(plan=plan):
            give_code(action, code)
        path = f"/{plan.slug}/krss2030/kryptis/{address}"
        manager.get(path)
        with django_assert_max_num_queries(16) as captured:
            assert manager.get(path).status_code == 200
        counts.add(len(captured))
    assert len(counts) == 1


def test_menu_marks_the_section(manager: Client, akr_plan: Plan) -> None:
    html = page(manager, "I").content.decode()
    assert '<a href="/2023-2024/krss2030/" aria-current="page">KRSS2030</a>' in html
