"""The plan as a PDF for the board: figures and charts, the document with progress, how it is counted."""

import io

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..asked import may_export, plan_page, warn
from ..asked_board import WrongAddressError, check_asked_tree
from ..file_names import plan_pdf_name
from ..pdf.compiler import PdfError
from ..pdf.plan import write_plan_pdf


@plan_page
@may_export
def plan_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Hand out the file; what can't be made leads back to the page that says so."""
    try:
        checked = check_asked_tree(request, slug)
    except WrongAddressError as error:
        warn(request, error.errors)
        return redirect("reports:exports", slug)
    found, asked = checked.found, checked.found.asked
    try:
        file = write_plan_pdf(
            found.tree,
            directions=asked.strategy.titles,
            trend=checked.read_trend(),
            period=checked.period,
            said=found.said,
            made_by=str(request.user),
            made_at=timezone.localtime(),
        )
    except PdfError:
        warn(request, [_("The PDF could not be made: there is too much in it. Narrow down what is shown.")])
        return redirect(reverse("reports:exports", args=[slug]) + asked.query())
    name = plan_pdf_name(found.tree)
    return FileResponse(io.BytesIO(file), as_attachment=True, filename=name, content_type="application/pdf")
