"""Addresses of the sheets of partners, resources and projects."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from measures.tree.rows import PlanTree
from reports.asked import Asked
from reports.parties import PartyKind

register = template.Library()


@register.simple_tag(takes_context=True)
def party_url(context: Context, tree: PlanTree, kind: PartyKind, name: str, **parameters: Any) -> str:
    """Return the address of a sheet for what this page shows, and for the parameters as well."""
    asked: Asked = context["asked"]
    return _path(kind.value, tree, name) + asked.query(parameters)


@register.simple_tag(takes_context=True)
def party_file_url(context: Context, tree: PlanTree, kind: PartyKind, name: str, file: str) -> str:
    """Return the address of a file with the rows of a sheet: its workbook or its PDF."""
    asked: Asked = context["asked"]
    return _path(f"{kind.value}_{file}", tree, name) + asked.query()


def _path(page: str, tree: PlanTree, name: str) -> str:
    return reverse(f"reports:{page}", args=[tree.slug, name])
