"""The page of one action."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from akr_plan.models import User

from ..models import Action
from ..pages.action import ActionPage
from .access import may_view
from .drafts import keeps_draft
from .progress import open_editor, submit
from .withdrawals import withdrawable

ENTRIES_SHOWN = 20


@keeps_draft
@require_http_methods(["GET", "POST"])
@may_view
def action(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Show one action, and record its progress."""
    found = get_object_or_404(Action.objects.with_parents(), plan__slug=slug, number=number)
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
    shows_all = request.GET.get("zurnalas") == "visas"
    context = {
        "page": page,
        "action": found,
        "editor": editor,
        "entries": page.journal if shows_all else page.journal[:ENTRIES_SHOWN],
        "withdrawable": withdrawable(page, user),
    }
    return render(request, "measures/action.html", context, status=editor.status if editor else 200)
