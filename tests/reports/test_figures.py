"""Every figure on every page leads to exactly the rows that it counts, whatever is asked for."""

from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client

from measures.models import Plan
from measures.tree.reader import read_tree
from reports.filters import PlanFilter, read_day
from reports.filters.choices import choices_of
from reports.filters.names import Names
from reports.queries.strategy import read_strategy
from tests.conftest import Cast

from .figures import figures

pytestmark = pytest.mark.django_db

PARTNER = "Regiono savivaldybės"
PAGES = {
    "": 30,
    "krss2030/": 40,
    "krss2030/I.1.4.1/": 3,
    "laiko-juosta/": 2,
}
ASKED = [
    "",
    "data=2024-06-30",
    "uzdavinys=1&padetis=veluoja",
    "kryptis=I&kryptis=II&data=2024-06-30",
    "kryptis=prioritetai",
    "kodas=I.1.4.1",
    "metai=2023&pazanga=skaiciuojama",
    f"partneris={quote(PARTNER)}&terminas=suejes",
    "atsakingas=be-atsakingo",
    "salyga=laukiama",
    "projektas=be-projekto&q=%C5%BEuv",
]


@pytest.fixture
def plan(sample_plan: Plan) -> Plan:
    return sample_plan


class Rows:
    """Counts what addresses ask for, reading each day's plan once."""

    def __init__(self, plan: Plan) -> None:
        titles = read_strategy().titles
        self.whole = cache(lambda day: read_tree(plan, read_day(day).value))
        self.choices = cache(lambda day: choices_of(Names.of(self.whole(day)), titles))

    def behind(self, href: str) -> int:
        asked = QueryDict(urlsplit(href).query)
        day = asked.get("data", "")
        checked, errors = PlanFilter.read(asked).check(self.choices(day))
        assert not errors, href
        return sum(1 for _row in checked.narrow(self.whole(day)).results())


@pytest.mark.parametrize("asked", ASKED)
def test_every_figure_counts_the_rows_behind_it(cast: Cast, as_user: Any, plan: Plan, asked: str) -> None:
    client: Client = as_user(cast.manager)
    rows, seen = Rows(plan), []
    for page, at_least in PAGES.items():
        response = client.get(f"/2023-2024/{page}?{asked}")
        assert not response.context["asked"].errors
        found = figures(response.content.decode())
        assert response.context["asked"].filter or len(found) >= at_least
        assert [(href, rows.behind(href)) for href, _number in found] == found
        seen += found
    href, number = max(seen, key=lambda figure: figure[1])
    assert client.get(href).context["page"].paginator.count == number
