"""Pages and files of what partners, resources and projects carry."""

import io
from collections.abc import Callable, Iterable

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from measures.models import Plan
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree

from .asked import asked_tree
from .filters import read_day
from .parties import BY_LATE, PartyKind, PartySheet, check_order, list_parties, read_sheet
from .queries_parties import partner_facts, project_facts, resource_facts
from .rows import PartyFacts
from .views import XLSX, may_export, may_view

FACTS: dict[PartyKind, Callable[[], dict[str, PartyFacts]]] = {
    PartyKind.PARTNER: partner_facts,
    PartyKind.RESOURCE: resource_facts,
    PartyKind.PROJECT: project_facts,
}


def _warn(request: HttpRequest, errors: Iterable[str]) -> None:
    for error in errors:
        messages.warning(request, error)


def _asked_sheet(
    request: HttpRequest, slug: str, kind: PartyKind, name: str
) -> tuple[PlanTree, PartySheet, list[str]]:
    """Return the plan, what the party carries of it, and what is wrong with the address."""
    day = read_day(request.GET.get("data", ""))
    tree = read_tree(get_object_or_404(Plan, slug=slug), day.value)
    sheet, errors = read_sheet(tree, kind, name, FACTS[kind](), request.GET.dict())
    if sheet is None:
        raise Http404
    return tree, sheet, [*filter(None, [day.error]), *errors]


@require_safe
@may_view
def parties(request: HttpRequest, slug: str, kind: PartyKind) -> HttpResponse:
    """List the partners, resources or projects of a plan with the figures of what each carries."""
    late_first, errors = check_order(request.GET.get("rikiuoti", ""))
    _warn(request, errors)
    tree = asked_tree(request, slug)
    context = {
        "tree": tree,
        "kinds": list(PartyKind),
        "list": list_parties(tree, kind, FACTS[kind](), late_first=late_first),
        "order": BY_LATE if late_first else "",
        "kept": {"rikiuoti": BY_LATE} if late_first else {},
        "today": timezone.localdate(),
    }
    return render(request, "reports/parties.html", context)


@require_safe
@may_view
def party(request: HttpRequest, slug: str, kind: PartyKind, name: str) -> HttpResponse:
    """Show what one partner, resource or project carries: a sheet that can be sent to it."""
    tree, sheet, errors = _asked_sheet(request, slug, kind, name)
    _warn(request, errors)
    context = {"tree": tree, "sheet": sheet, "kept": sheet.asked.values, "today": timezone.localdate()}
    return render(request, "reports/party.html", context)


@require_safe
@may_export
def party_workbook(request: HttpRequest, slug: str, kind: PartyKind, name: str) -> HttpResponseBase:
    """Hand out the same rows as a workbook; a wrong address leads back to the page that says so."""
    # openpyxl takes 0.1 s to import: only who asks for a workbook waits for it.
    from .workbook_party import party_file_name, write_party_workbook

    tree, sheet, errors = _asked_sheet(request, slug, kind, name)
    if errors:
        _warn(request, errors)
        return redirect(f"reports:{kind.value}", slug, name)
    stream = io.BytesIO()
    write_party_workbook(tree, sheet, made_by=str(request.user), made_at=timezone.localtime(), stream=stream)
    stream.seek(0)
    filename = party_file_name(tree, sheet)
    return FileResponse(stream, as_attachment=True, filename=filename, content_type=XLSX)
