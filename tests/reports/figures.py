"""Figures on pages: each is a link to the rows that it counts."""

import re
from html import unescape
from urllib.parse import urlsplit

from django.http import QueryDict

from measures.models import Plan
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree
from reports.filters import PlanFilter, read_day
from reports.filters.choices import choices_of
from reports.filters.names import Names
from reports.queries.strategy import read_strategy

FIGURE = re.compile(r'<a[^>]*href="(/[^"/]+/rezultatai/[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def text_of(html: str) -> str:
    """Return what people read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def figures(html: str) -> list[tuple[str, int]]:
    """Return each link to planned results with the number that it shows."""
    found = []
    for href, inner in FIGURE.findall(html):
        text = text_of(inner)
        # „33 iš 34“ counts the first; a percent stands for the rows that it is the mean of.
        if "%" not in text and (number := re.search(r"\d+", text)):
            found.append((unescape(href), int(number[0])))
    return found


def part_behind(plan: Plan, href: str) -> PlanTree:
    """Return the part of the plan that the address asks for, which has to ask for what there is."""
    asked = QueryDict(urlsplit(href).query)
    whole = read_tree(plan, read_day(asked.get("data", "")).value)
    checked, errors = PlanFilter.read(asked).check(choices_of(Names.of(whole), read_strategy().titles))
    assert not errors
    return checked.narrow(whole)


def rows_behind(plan: Plan, href: str) -> int:
    """Return how many planned results the address asks for."""
    return sum(1 for _row in part_behind(plan, href).results())


def asking(**values: str) -> PlanFilter:
    """Return a filter with one value for each field."""
    return PlanFilter({name: (value,) for name, value in values.items()})
