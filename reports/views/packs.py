"""Packs for the members' meeting: asking for one, how far it has come, and its files again at any time."""

import io
import logging
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akr_plan.models import User
from measures.enums import FileType, PackFileKind
from measures.evidence.files import CONTENT_TYPES
from measures.models import Pack, PackFile
from measures.models.pack import LONGEST_QUERY
from measures.services.packs import fail_pack, request_pack
from measures.views.evidence import HEADERS

from ..asked import may_export, may_view, warn
from ..asked_board import CheckedBoard, WrongAddressError, check_asked_board
from ..asked_pack import asking, content_of
from ..pack_process import start_pack

logger = logging.getLogger(__name__)

FILE_TYPES = {
    PackFileKind.EXCEL: FileType.XLSX,
    PackFileKind.WORD: FileType.DOCX,
    PackFileKind.PDF: FileType.PDF,
}


@require_POST
@may_view
@may_export
def new_pack(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that a pack is wanted and have it made; what can't be is said."""
    asked = request.POST.copy()
    asked.pop("csrfmiddlewaretoken", None)
    return _begin(request, slug, asked.urlencode())


@require_POST
@may_view
@may_export
def pack_again(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Have a pack made that asks for the same as one that could not be made."""
    pack = _pack(slug, number)
    if not pack.is_failed:
        messages.warning(request, _("Only a pack that could not be made is made again."))
        return redirect(_place(pack))
    # Should the one that has fallen silent wake up, it finds that it is too late.
    fail_pack(pack=pack)
    return _begin(request, slug, pack.query)


def _begin(request: HttpRequest, slug: str, query: str) -> HttpResponse:
    if "%00" in query:
        raise BadRequest(_("The address has a character that is not allowed."))
    try:
        checked = check_asked_board(asking(query), slug)
        if len(checked.query) > LONGEST_QUERY:
            raise WrongAddressError(_("That is too much to filter by. Choose less."))
    except WrongAddressError as error:
        warn(request, error.errors)
        return redirect("reports:exports", slug)
    author = cast(User, request.user)
    pack = request_pack(plan=checked.found.asked.plan, author=author, content=content_of(checked))
    start_pack(pack)
    return redirect(_place(pack, checked))


@require_safe
@may_view
@may_export
def pack_state(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show how far a pack has come, for the row that asks every second; 204 where nothing has changed."""
    pack = _pack(slug, number)
    if not request.htmx:  # type: ignore[attr-defined] # django-htmx puts it there
        return redirect(_place(pack))
    is_going_on = not (pack.is_finished or pack.is_failed)
    if is_going_on and request.GET.get("zingsnis") == str(pack.step):
        return HttpResponse(status=204)
    return render(request, "reports/_pack_state.html", {"pack": pack})


@require_safe
@may_view
@may_export
def pack_file(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponseBase:
    """Hand a file out as it was made; one that is no longer that is not handed out."""
    files = PackFile.objects.select_related("pack__plan")
    file = get_object_or_404(files, pack__plan__slug=slug, pack__number=number, kind=kind)
    try:
        content = file.read()
    except OSError:
        logger.exception("A file of a pack can't be read: %s", file.file.name)
        return _render_damaged(request, file, is_missing=True)
    if content is None:
        logger.error("A file of a pack is not what was made: %s", file.file.name)
        return _render_damaged(request, file)
    return FileResponse(
        io.BytesIO(content),
        as_attachment=True,
        filename=file.name,
        content_type=CONTENT_TYPES[FILE_TYPES[PackFileKind(file.kind)]],
        headers=HEADERS,
    )


def _render_damaged(request: HttpRequest, file: PackFile, **context: Any) -> HttpResponse:
    context |= {"file": file, "reports": _place(file.pack)}
    return render(request, "reports/pack_file_damaged.html", context, status=404)


def _pack(slug: str, number: int) -> Pack:
    pack: Pack = get_object_or_404(Pack.objects.with_files(), plan__slug=slug, number=number)
    return pack


def _place(pack: Pack, checked: CheckedBoard | None = None) -> str:
    """Return where the pack stands on the page of reports."""
    query = checked.found.asked.query() if checked else ""
    return f"{reverse('reports:exports', args=[pack.plan.slug])}{query}#paketas-{pack.number}"
