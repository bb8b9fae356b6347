"""A comparison in sections, one for each kind of change; a long one comes in pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from .rows import Change, ChangeKind, Comparison

CHANGES_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of one kind, of which one page is shown."""

    kind: ChangeKind
    page: "Page[Change]"


def sections_of(comparison: Comparison, parameters: Mapping[str, str]) -> list[Section]:
    """Return all sections, each at the page that the address asks for by the name of its kind."""
    return [
        Section(kind, Paginator(changes, CHANGES_PER_PAGE).get_page(parameters.get(kind.value)))
        for kind, changes in comparison.groups.items()
    ]
