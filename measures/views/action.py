"""The page of one action."""

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from akr_plan.models import User

from ..action_page import ActionPage
from ..forms import ProgressForm
from ..models import Action
from ..services.progress import Conflict, ProgressConflictError, record_progress
from .access import may_view


@require_http_methods(["GET", "POST"])
@may_view
def action(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Show one action, and record its progress."""
    found = get_object_or_404(Action.objects.with_parents(), plan__slug=slug, number=number)
    user = cast(User, request.user)
    page = ActionPage(found)
    if request.method == "POST":
        return _record(request, page, user)
    form = ProgressForm(None, action=found, results=page.results) if _may_update(page, user) else None
    return _render(request, page, form)


def _may_update(page: ActionPage, user: User) -> bool:
    return page.accepts_updates and page.action.may_be_updated_by(user)


def _record(request: HttpRequest, page: ActionPage, user: User) -> HttpResponse:
    if not page.action.may_be_updated_by(user):
        raise PermissionDenied
    form = ProgressForm(request.POST, action=page.action, results=page.results)
    if not form.is_valid():
        return _render(request, page, form, status=422)
    try:
        record_progress(author=user, **form.values())
    except ProgressConflictError as error:
        return _render_conflict(request, page, error.conflicts)
    except ValidationError as error:
        form.update.add_error(None, error)
        return _render(request, page, form, status=422)
    messages.success(
        request, _("The progress of action %(number)s is saved.") % {"number": page.action.number}
    )
    return redirect(page.action)


def _render_conflict(request: HttpRequest, page: ActionPage, conflicts: Sequence[Conflict]) -> HttpResponse:
    """Show both values; what was typed stays, and saving again is a decision made with open eyes."""
    data = request.POST.copy()
    for conflict in conflicts:
        data[f"{conflict.stored.key}-version"] = str(conflict.stored.version)
    form = ProgressForm(data, action=page.action, results=page.results)
    form.is_valid()
    return _render(request, page, form, conflicts=conflicts, status=409)


def _render(
    request: HttpRequest,
    page: ActionPage,
    form: ProgressForm | None,
    conflicts: Sequence[Conflict] = (),
    status: int = 200,
) -> HttpResponse:
    context = {"page": page, "action": page.action, "form": form, "conflicts": conflicts}
    return render(request, "measures/action.html", context, status=status)
