"""Pages that are not about the plan."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from . import first_administrator as invitation
from .forms import FirstAdministratorForm


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@transaction.atomic
def first_administrator(request: HttpRequest, encoded_id: str, token: str) -> HttpResponse:
    """Let the holder of the one-time link choose a user name and a password, and sign in."""
    user = invitation.waiting_user(encoded_id, token)
    if user is None:
        return render(request, "first_administrator_invalid.html", status=410)
    form = FirstAdministratorForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        login(request, form.save(), backend="akr_plan.rights.RightsBackend")
        return redirect("reports:home")
    return render(request, "first_administrator.html", {"form": form})


@login_not_required
@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process serves requests; asks nothing of the database, which has its own watch."""
    return HttpResponse(_("In working order"), content_type="text/plain; charset=utf-8")
