"""The plan as a Word document: as the association writes it, with progress or without."""

import io

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from ..asked import may_export, plan_page, warn
from ..asked_board import WrongAddressError, check_asked_tree
from ..file_names import plan_document_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WITHOUT_PROGRESS = "be"


@plan_page
@may_export
def plan_document(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Hand out the document; a wrong address leads back to the page that says so."""
    # python-docx takes 0.1 s to import: only who asks for a document waits for it.
    from ..word.document import write_plan_document

    progress = request.GET.get("busena", "")
    with_progress = progress != WITHOUT_PROGRESS
    try:
        checked = check_asked_tree(request, slug, with_notes=with_progress)
        if progress not in ("", WITHOUT_PROGRESS):
            message = _("There is no document “%(value)s”. Choose one of these.")
            raise WrongAddressError(message % {"value": progress})
    except WrongAddressError as error:
        warn(request, error.errors)
        return redirect("reports:exports", slug)
    tree = checked.found.tree
    stream = io.BytesIO()
    write_plan_document(
        tree,
        with_progress=with_progress,
        period=checked.period,
        said=checked.found.said,
        made_by=str(request.user),
        made_at=timezone.localtime(),
        stream=stream,
    )
    stream.seek(0)
    name = plan_document_name(tree, with_progress=with_progress)
    return FileResponse(stream, as_attachment=True, filename=name, content_type=DOCX)
