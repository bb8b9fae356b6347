"""Pages and files of what partners, resources and projects carry."""

import io
from collections.abc import Callable

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..asked import AskedTree, asked_tree, may_export, plan_page, read_asked_tree, warn
from ..file_names import party_file_name
from ..parties import BY_LATE, PartyKind, PartySheet, check_order, list_parties, read_sheet
from ..pdf.compiler import PdfError
from ..pdf.party import write_party_pdf
from ..queries.parties import partner_facts, project_facts, resource_facts
from ..rows import PartyFacts
from .plan import XLSX

FACTS: dict[PartyKind, Callable[[], dict[str, PartyFacts]]] = {
    PartyKind.PARTNER: partner_facts,
    PartyKind.RESOURCE: resource_facts,
    PartyKind.PROJECT: project_facts,
}


@plan_page
def parties(request: HttpRequest, slug: str, kind: PartyKind) -> HttpResponse:
    """List the partners, resources or projects of a plan with the figures of what each carries."""
    late_first, errors = check_order(request.GET.get("rikiuoti", ""))
    warn(request, errors)
    found = asked_tree(request, slug)
    context = {
        **found.context(),
        "kinds": list(PartyKind),
        "list": list_parties(found.tree, kind, FACTS[kind](), late_first=late_first),
        "order": BY_LATE if late_first else "",
        "kept": {"rikiuoti": BY_LATE} if late_first else {},
    }
    return render(request, "reports/parties.html", context)


@plan_page
def party(request: HttpRequest, slug: str, kind: PartyKind, name: str) -> HttpResponse:
    """Show what one partner, resource or project carries: a sheet that can be sent to it."""
    found, sheet = _asked_sheet(request, slug, kind, name)
    warn(request, found.asked.errors)
    return render(request, "reports/party.html", {**found.context(), "sheet": sheet})


@plan_page
@may_export
def party_workbook(request: HttpRequest, slug: str, kind: PartyKind, name: str) -> HttpResponseBase:
    """Hand out the same rows as a workbook; a wrong address leads back to the page that says so."""
    # openpyxl takes 0.1 s to import: only who asks for a workbook waits for it.
    from ..workbook.party import write_party_workbook

    found, sheet = _asked_sheet(request, slug, kind, name)
    if found.asked.errors:
        warn(request, found.asked.errors)
        return redirect(f"reports:{kind.value}", slug, name)
    stream = io.BytesIO()
    write_party_workbook(
        found.tree,
        sheet,
        said=found.said,
        made_by=str(request.user),
        made_at=timezone.localtime(),
        stream=stream,
    )
    stream.seek(0)
    filename = party_file_name(found.tree, sheet, "xlsx")
    return FileResponse(stream, as_attachment=True, filename=filename, content_type=XLSX)


@plan_page
@may_export
def party_pdf(request: HttpRequest, slug: str, kind: PartyKind, name: str) -> HttpResponseBase:
    """Hand out the same rows as a PDF; what can't be made leads back to the page that says so."""
    found, sheet = _asked_sheet(request, slug, kind, name)
    if found.asked.errors:
        warn(request, found.asked.errors)
        return redirect(f"reports:{kind.value}", slug, name)
    try:
        file = write_party_pdf(
            found.tree, sheet, said=found.said, made_by=str(request.user), made_at=timezone.localtime()
        )
    except PdfError:
        warn(request, [_("The PDF could not be made: there is too much in it. Narrow down what is shown.")])
        return redirect(reverse(f"reports:{kind.value}", args=[slug, name]) + found.asked.query())
    return FileResponse(
        io.BytesIO(file),
        as_attachment=True,
        filename=party_file_name(found.tree, sheet, "pdf"),
        content_type="application/pdf",
    )


def _asked_sheet(request: HttpRequest, slug: str, kind: PartyKind, name: str) -> tuple[AskedTree, PartySheet]:
    """Return the plan that is asked for and what the party carries of it."""
    found = read_asked_tree(request, slug)
    sheet = read_sheet(found.whole, found.tree, kind, name, FACTS[kind]())
    if sheet is None:
        raise Http404
    return found, sheet
