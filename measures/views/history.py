"""Who changed what: of a plan, of one action; and taking the last change of a field back."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akr_plan.guarded_admin import parse_id
from akr_plan.models import User

from ..history.entries import describe_change, read_page
from ..history.filters import HistoryFilter, filter_options
from ..history.kinds import KINDS, Kind, kind_named
from ..history.scopes import KINDS_OF_ACTION, NUMBER, ActionScope, Scope, newest_version_of_action
from ..models import ConflictError, Plan
from ..services.undo import find_last_change, undo_change
from .access import may_view


@require_safe
@may_view
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all changes of a plan."""
    plan = get_object_or_404(Plan, slug=slug)
    asked, options = _asked(request, Scope(plan), KINDS)
    return _render(request, Scope(plan, asked.q), asked, {"plan": plan, "options": options})


@require_safe
@may_view
def action_history(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Show all changes of an action, with its results and references; of one that is gone, too."""
    plan = get_object_or_404(Plan, slug=slug)
    action = newest_version_of_action(plan, number)
    if action is None:
        raise Http404
    scope = ActionScope(plan, action.id)
    asked, options = _asked(request, scope, KINDS_OF_ACTION)
    return _render(request, scope, asked, {"plan": plan, "action": action, "options": options})


def _asked(
    request: HttpRequest, scope: Scope | ActionScope, kinds: Sequence[Kind]
) -> tuple[HistoryFilter, dict[str, dict[str, str]]]:
    """Return what the address asks for and what it could ask for; what makes no sense gets a message."""
    options = filter_options(scope, kinds)
    asked, errors = HistoryFilter.read(request.GET.dict()).check(options)
    for error in errors:
        messages.warning(request, error)
    return asked, options


def _render(
    request: HttpRequest, scope: Scope | ActionScope, asked: HistoryFilter, context: dict[str, Any]
) -> HttpResponse:
    reader = cast(User, request.user)
    page = read_page(scope, asked, number=request.GET.get("puslapis"), reader=reader)
    return render(request, "measures/history.html", {**context, "filter": asked, "page": page})


@require_POST
@may_view
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what taking a change back would write; write it once that is confirmed."""
    plan = get_object_or_404(Plan, slug=slug)
    kind, row, asked = _asked_change(request, plan)
    back = _back(request, plan)
    try:
        if "confirmed" in request.POST:
            undo_change(row=row, author=cast(User, request.user), **asked)
            messages.success(request, _("The earlier value is back."))
            return redirect(back)
        change = find_last_change(row=row, **asked)
    except LookupError as error:
        raise Http404 from error
    except ConflictError as error:
        return _refuse(request, back, [str(error)], status=409)
    except ValidationError as error:
        return _refuse(request, back, error.messages, status=422)
    subject, changes = describe_change(slug, kind, change.before, change.after, change.fields)
    hidden = {**asked, "kind": kind.name, "number": request.POST.get("number", "")}
    context = {"plan": plan, "subject": subject, "changes": changes, "hidden": hidden, "back": back}
    return render(request, "measures/history_undo.html", context)


def _asked_change(request: HttpRequest, plan: Plan) -> tuple[Kind, Any, dict[str, Any]]:
    """Return the row that a form is about and which of its changes; 404 unless it is one of this plan."""
    kind = kind_named(request.POST.get("kind", ""))
    history_id, seen_version = (parse_id(request.POST.get(name)) for name in ("history_id", "seen_version"))
    if kind is None or history_id is None or seen_version is None:
        raise Http404
    if not kind.may_be_undone_by(cast(User, request.user)):
        raise PermissionDenied
    version = get_object_or_404(Scope(plan).rows(kind), history_id=history_id)
    row = get_object_or_404(kind.model, pk=version.id)
    field = request.POST.get("field", "")
    return kind, row, {"field": field, "history_id": history_id, "seen_version": seen_version}


def _refuse(request: HttpRequest, back: str, errors: Sequence[str], status: int) -> HttpResponse:
    context = {"errors": errors, "back": back}
    return render(request, "measures/history_undo.html", context, status=status)


def _back(request: HttpRequest, plan: Plan) -> str:
    """Return the address of the history from which the reader came."""
    number = request.POST.get("number", "")
    if NUMBER.fullmatch(number):
        return reverse("measures:action_history", args=[plan.slug, number])
    return reverse("measures:history", args=[plan.slug])
