"""Addresses of the sheets of partners, resources and projects."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from measures.tree.rows import PlanTree
from reports.parties import PartyKind

register = template.Library()


@register.simple_tag
def party_url(
    tree: PlanTree, kind: PartyKind, name: str, asked: Mapping[str, str] | None = None, **parameters: Any
) -> str:
    """Return the address of a sheet on the same day, with the parameters that are not empty."""
    return _address(f"reports:{kind.value}", tree, name, {**(asked or {}), **parameters})


@register.simple_tag
def party_file_url(tree: PlanTree, kind: PartyKind, name: str, asked: Mapping[str, str]) -> str:
    """Return the address of the workbook of a sheet."""
    return _address(f"reports:{kind.value}_workbook", tree, name, asked)


def _address(page: str, tree: PlanTree, name: str, parameters: Mapping[str, Any]) -> str:
    day = "" if tree.is_today else tree.as_of.isoformat()
    query = urlencode({key: str(value) for key, value in {**parameters, "data": day}.items() if value})
    return reverse(page, args=[tree.slug, name]) + (f"?{query}" if query else "")
