"""The page on which an entry of the journal is taken back."""

from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from akr_plan.models import User

from ..journal import Entry, find_update
from ..models import Action
from ..pages.action import ActionPage
from ..services.progress import closed_period
from ..services.withdrawals import may_withdraw, withdraw_update
from .access import may_view


class WithdrawalForm(forms.Form):
    """Why an entry is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It will be shown at the entry."),
    )


@require_http_methods(["GET", "POST"])
@may_view
def withdraw(request: HttpRequest, slug: str, number: str, ordinal: int) -> HttpResponse:
    """Show an entry and what withdrawing it means; withdraw it."""
    page = ActionPage(get_object_or_404(Action.objects.with_parents(), plan__slug=slug, number=number))
    user = cast(User, request.user)
    if not may_withdraw(author_id=_entry(page, ordinal).author_id, action=page.action, user=user):
        raise PermissionDenied
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _withdraw(page, ordinal, user, form):
        messages.success(request, _("The entry is withdrawn."))
        return redirect(f"{page.action.get_absolute_url()}?zurnalas=visas#entry-{ordinal}")
    # Somebody else may have withdrawn it in the meantime, so an answer to a refusal reads anew.
    return _render(request, ActionPage(page.action) if form.is_bound else page, ordinal, form)


def _withdraw(page: ActionPage, ordinal: int, user: User, form: WithdrawalForm) -> bool:
    """Withdraw, or put the reason for the refusal on the form."""
    update = find_update(page.action, ordinal)
    try:
        withdraw_update(update=update, author=user, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        form.add_error(None, error)
    return form.is_valid()


def withdrawable(page: ActionPage, user: User) -> frozenset[int]:
    """Return which entries the user may take back now, by their ordinals; asks the database nothing new."""
    if not page.accepts_updates:
        return frozenset()
    return frozenset(
        entry.ordinal
        for entry in page.journal
        if may_withdraw(author_id=entry.author_id, action=page.action, user=user)
        and entry.withdrawn is None
        and closed_period(entry.reported_on, page.periods) is None
    )


def _entry(page: ActionPage, ordinal: int) -> Entry:
    found = next((entry for entry in page.journal if entry.ordinal == ordinal), None)
    if found is None:
        raise Http404
    return found


def _render(request: HttpRequest, page: ActionPage, ordinal: int, form: WithdrawalForm) -> HttpResponse:
    entry = _entry(page, ordinal)
    may = ordinal in withdrawable(page, cast(User, request.user))
    context = {"action": page.action, "entry": entry, "form": form, "may_withdraw": may}
    status = (409 if entry.withdrawn else 422) if form.is_bound else 200
    return render(request, "measures/withdraw.html", context, status=status)
