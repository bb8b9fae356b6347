"""Documents that back an update, handed out as files that no browser runs."""

import logging
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ..enums import FileType
from ..evidence.files import CONTENT_TYPES
from ..models import Evidence
from .access import may_view

logger = logging.getLogger(__name__)

# A file is to be saved, not shown; should a browser show it all the same, nothing in it comes alive. That its
# type is not guessed ("nosniff") is said of all pages by Django.
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@require_safe
@may_view
@permission_required("measures.view_evidence", raise_exception=True)
def evidence(request: HttpRequest, name: UUID) -> HttpResponseBase:
    """Hand a document out under the name that people know, those of withdrawn updates as well."""
    document = get_object_or_404(Evidence, file=name.hex)
    try:
        content = document.file.open("rb")
    except FileNotFoundError:
        logger.exception("A document is not in its place: %s", document.file.name)
        return render(request, "measures/evidence_missing.html", {"document": document}, status=404)
    return FileResponse(
        content,
        as_attachment=True,
        filename=document.title,
        content_type=CONTENT_TYPES[FileType(document.file_type)],
        headers=HEADERS,
    )
