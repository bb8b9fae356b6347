"""Importing: upload a file, look at what it would do, confirm, and undo the last one."""

import logging
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akr_plan.backup import BackupError
from akr_plan.models import User

from ..enums import ImportKind
from ..exchange.document.notices import DocumentError
from ..exchange.guard.file_guard import FileRefusedError, guard_file
from ..exchange.import_handlers import may_import_kind
from ..exchange.import_jobs import (
    ImportOverError,
    NotStoredError,
    StaleImportError,
    UndoError,
    confirm,
    decide,
    discard,
    undo,
    upload,
)
from ..forms.imports import UploadForm
from ..models import ImportJob
from ..pages.imports import ImportPage, import_list
from .evidence import HEADERS

logger = logging.getLogger(__name__)

may_import = permission_required("measures.import_data", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@may_import
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports; take a file and go on to what it would do."""
    kinds = _kinds(request)
    if request.method != "POST":
        return _list(request, UploadForm(kinds=kinds, initial={"kind": request.GET.get("rusis")}))
    form = UploadForm(request.POST, request.FILES, kinds=kinds)
    try:
        job = _upload(cast(User, request.user), form) if form.is_valid() else None
    except NotStoredError as error:
        logger.exception("An uploaded file could not be stored")
        form.add_error("file", str(error))
        return _list(request, form, status=503)
    return _list(request, form, status=422) if job is None else redirect(job)


def _kinds(request: HttpRequest) -> list[ImportKind]:
    return [kind for kind in ImportKind if may_import_kind(kind, cast(User, request.user))]


def _upload(user: User, form: UploadForm) -> ImportJob | None:
    """Return the import, or put on the form why the file can't be read. Raises NotStoredError."""
    values = form.cleaned_data
    content = values["file"].read()
    try:
        guard_file(values["file"].name, content)
        return upload(
            kind=ImportKind(values["kind"]),
            owner=user,
            file_name=values["file"].name,
            content=content,
            plan=values["plan"],
            choices=form.choices(),
        )
    except DocumentError as error:
        form.add_error("file", [notice.message for notice in error.notices])
    except FileRefusedError as error:
        form.add_error("file", str(error))
    except ValidationError as error:
        form.add_error("file", error.messages)
    return None


def _list(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "page": import_list(request.GET.get("puslapis"), _kinds(request))}
    return render(request, "measures/imports.html", context, status=status)


def _job(request: HttpRequest, code: UUID) -> ImportJob:
    """Return an import of a kind that the user may bring in. Raises PermissionDenied or Http404."""
    jobs = ImportJob.objects.select_related("plan", "owner", "undone_by")
    job: ImportJob = get_object_or_404(jobs, code=code)
    user = cast(User, request.user)
    # What another version of the program called a kind has no rights of its own here.
    is_known = job.kind in ImportKind
    if not (may_import_kind(ImportKind(job.kind), user) if is_known else job.owner_id == user.pk):
        raise PermissionDenied
    return job


@require_safe
@may_import
def import_job(request: HttpRequest, code: UUID) -> HttpResponse:
    """Show what an import would do, or did, row by row."""
    return _render(request, _job(request, code))


def _render(request: HttpRequest, job: ImportJob, error: str = "", status: int = 200) -> HttpResponse:
    page = ImportPage(
        job, cast(User, request.user), request.GET.get("rodyti", ""), request.GET.get("puslapis")
    )
    return render(request, "measures/import_job.html", {"page": page, "error": error}, status=status)


@require_POST
@may_import
def import_decide(request: HttpRequest, code: UUID) -> HttpResponse:
    """Keep what was decided about conflicts and new names, and preview anew."""
    job = _job(request, code)
    page = ImportPage(job, cast(User, request.user))
    if page.unreadable:
        return _render(request, job, status=409)
    return _decide(request, page, _("This is what the import does after your decisions."))


def _decide(request: HttpRequest, page: ImportPage, said: str) -> HttpResponse:
    try:
        decide(job=page.job, author=page.user, choices=page.read_choices(request.POST))
    except ImportOverError as error:
        return _render(request, _job(request, page.job.code), str(error), status=409)
    messages.success(request, said)
    return redirect(page.job)


@require_POST
@may_import
def import_confirm(request: HttpRequest, code: UUID) -> HttpResponse:
    """Do what the preview said; where that would be something else by now, show it anew.

    A decision that came along and wasn't previewed yet is previewed first.
    """
    job = _job(request, code)
    page = ImportPage(job, cast(User, request.user))
    if page.unreadable:
        return _render(request, job, status=409)
    if page.decides_otherwise(request.POST):
        return _decide(
            request,
            page,
            _(
                "You have decided something anew, so nothing was written yet. "
                "Look at the preview and confirm it."
            ),
        )
    try:
        confirm(job=job, author=cast(User, request.user), stamp=request.POST.get("stamp", ""))
    except (ImportOverError, StaleImportError) as error:
        return _render(request, _job(request, code), str(error), status=409)
    except ValidationError as error:
        return _render(request, _job(request, code), " ".join(error.messages), status=422)
    except BackupError as error:
        logger.exception("No backup could be taken before an import")
        return _render(request, _job(request, code), str(error), status=503)
    messages.success(request, _("The import is applied."))
    return redirect(job)


@require_POST
@may_import
def import_discard(request: HttpRequest, code: UUID) -> HttpResponse:
    """Put an import aside."""
    try:
        discard(job=_job(request, code), author=cast(User, request.user))
    except ImportOverError as error:
        return _render(request, _job(request, code), str(error), status=409)
    messages.success(request, _("The import is discarded; nothing has been changed."))
    return redirect("measures:imports")


@require_POST
@may_import
def import_undo(request: HttpRequest, code: UUID) -> HttpResponse:
    """Take back what an import wrote."""
    job = _job(request, code)
    try:
        undo(job=job, author=cast(User, request.user))
    except (ImportOverError, UndoError) as error:
        return _render(request, _job(request, code), str(error), status=409)
    messages.success(request, _("The import is undone."))
    return redirect(job)


@require_safe
@may_import
def import_file(request: HttpRequest, code: UUID) -> HttpResponseBase:
    """Hand the file out as it was uploaded."""
    job = _job(request, code)
    try:
        content: Any = job.file.open("rb")
    except FileNotFoundError:
        logger.exception("An imported file is not in its place: %s", job.file.name)
        return _render(request, job, _("The file is no longer in its place."), status=404)
    return FileResponse(
        content,
        as_attachment=True,
        filename=job.file_name,
        content_type="application/octet-stream",
        headers=HEADERS,
    )
