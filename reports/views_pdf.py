"""The plan as a PDF for the board: figures and charts, the document with progress, how it is counted."""

import io

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .asked import may_export, plan_page, read_asked_tree, warn
from .file_names import plan_pdf_name
from .pdf.compiler import PdfError
from .pdf.plan import write_plan_pdf
from .queries_trend import read_trend


@plan_page
@may_export
def plan_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Hand out the file; what can't be made leads back to the page that says so."""
    found = read_asked_tree(request, slug)
    asked = found.asked
    if asked.errors:
        warn(request, asked.errors)
        return redirect("reports:exports", slug)
    try:
        file = write_plan_pdf(
            found.tree,
            directions=asked.strategy.titles,
            trend=read_trend(asked.plan, found.tree),
            said=found.said,
            made_by=str(request.user),
            made_at=timezone.localtime(),
        )
    except PdfError:
        warn(request, [_("The PDF could not be made: there is too much in it. Narrow down what is shown.")])
        return redirect(reverse("reports:exports", args=[slug]) + asked.query())
    name = plan_pdf_name(found.tree)
    return FileResponse(io.BytesIO(file), as_attachment=True, filename=name, content_type="application/pdf")
