"""The page of one action."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from akr_plan.models import User

from ..journal import Entry
from ..models import Action
from ..pages.action import ActionPage
from .access import may_view
from .drafts import keeps_draft
from .past_action import look_back, past_context
from .progress import open_editor, submit
from .withdrawals import withdrawable

ENTRIES_SHOWN = 20


@keeps_draft
@require_http_methods(["GET", "POST"])
@may_view
def action(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Show one action, and record its progress; as of a past day only show it."""
    asked = look_back(request, slug, number)
    if asked.page:
        asked.warn(request)
        context = {**past_context(asked.page), "entries": _shown(request, asked.page.journal)}
        return render(request, "measures/action_past.html", context)
    found = get_object_or_404(Action.objects.with_parents(), plan__slug=slug, number=number)
    asked.warn(request)
    return _today(request, found)


def _today(request: HttpRequest, found: Action) -> HttpResponse:
    """Show an action as it is now, with the form to whoever may report; record what was sent."""
    user = cast(User, request.user)
    page = ActionPage(found)
    if request.method == "POST":
        editor = submit(request, page, user)
        if editor is None:
            messages.success(
                request, _("The progress of action %(number)s is saved.") % {"number": found.number}
            )
            return redirect(found)
    else:
        editor = open_editor(page, user)
    context = {
        "page": page,
        "plan": found.plan,
        "action": found,
        "editor": editor,
        "entries": _shown(request, page.journal),
        "withdrawable": withdrawable(page, user),
    }
    return render(request, "measures/action.html", context, status=editor.status if editor else 200)


def _shown(request: HttpRequest, entries: list[Entry]) -> list[Entry]:
    """Return the newest entries, or all where the address asks for them."""
    return entries if request.GET.get("zurnalas") == "visas" else entries[:ENTRIES_SHOWN]
