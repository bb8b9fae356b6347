"""What is typed into an update form and not saved: kept while typing, and after the session has expired."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akr_plan.models import User
from akr_plan.sign_in import HtmxRequest, redirect_to_sign_in

from ..models import Action
from ..pages.action import ActionPage
from ..services.drafts import OpenedForm, discard_draft, keep_draft, read_token
from .access import may_view
from .progress import read_form

View = Callable[..., HttpResponseBase]


def keeps_draft(view: View) -> View:
    """Keep what was typed when an update form is sent after the session has expired; then ask to sign in."""

    @login_not_required
    @wraps(view)
    def checked(request: HtmxRequest, slug: str, number: str) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, slug, number)
        if request.method != "POST":
            return redirect_to_sign_in(request)
        opened = read_token(request.POST.get("token", ""), slug=slug, number=number)
        if opened:
            _keep(request, opened, slug, number, is_sent=True)
        return redirect_to_sign_in(request, back_to=request.path)

    return checked


@login_not_required
@require_POST
def draft(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Keep what is being typed. Says nothing in return: nobody has asked for it to be kept."""
    opened = read_token(request.POST.get("token", ""), slug=slug, number=number)
    if opened and request.user.get_username() in ("", opened.username):
        _keep(request, opened, slug, number, is_sent=False)
    return HttpResponse(status=204)


@require_POST
@may_view
def discard(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Throw the user's draft away, and show the form as the plan stands: in its row, or on its own page."""
    action = get_object_or_404(Action, plan__slug=slug, number=number)
    discard_draft(author=cast(User, request.user), action=action)
    return redirect("measures:my_form" if "in_row" in request.POST else "measures:action", slug, number)


def _keep(request: HttpRequest, opened: OpenedForm, slug: str, number: str, *, is_sent: bool) -> None:
    """Keep what was typed for the person whose form it is, if that person may still record it."""
    author = opened.author()
    action = Action.objects.with_parents().filter(plan__slug=slug, number=number).first()
    if author is None or action is None or not action.may_be_updated_by(author):
        return
    typed = read_form(request, ActionPage(action)).as_draft()
    moment = None if is_sent else opened.opened_at
    is_kept = keep_draft(author=author, action=action, typed=typed, unless_saved_since=moment)
    if is_sent and not is_kept:
        raise BadRequest(_("What you typed is too long to be kept."))
