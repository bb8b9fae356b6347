"""Pages that show what asks for attention."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..asked import AskedTree, asked_tree, plan_page
from ..attention import Attention, Section
from ..queries.attention import read_reporting

ROWS_PER_PAGE = 100


@plan_page
def attention(request: HttpRequest, slug: str) -> HttpResponse:
    """Show each section with its most urgent rows."""
    found = asked_tree(request, slug)
    return render(request, "reports/attention.html", {**found.context(), "attention": _attention_of(found)})


@plan_page
def attention_section(request: HttpRequest, slug: str, section: Section) -> HttpResponse:
    """List all rows of one section, a long list on several pages."""
    found = asked_tree(request, slug)
    attention = _attention_of(found)
    part = attention.part(section)
    context = {
        **found.context(),
        "attention": attention,
        "part": part,
        "page": Paginator(part.rows, ROWS_PER_PAGE).get_page(request.GET.get("puslapis")),
    }
    return render(request, "reports/attention_section.html", context)


def _attention_of(found: AskedTree) -> Attention:
    reporting = read_reporting(found.asked.plan, found.tree.as_of)
    numbers = {action.number for action in found.tree.actions} if found.asked.filter else None
    return Attention.of(found.tree, reporting, numbers)
