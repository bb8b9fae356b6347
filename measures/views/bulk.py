"""Changing many actions at once: choose, look at what would change, confirm."""

from collections.abc import Mapping, Sequence
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from akr_plan.models import User

from ..forms.bulk import BulkForm
from ..models import Plan
from ..pages.bulk import ActionFilter, filter_options, read_rows
from ..services.bulk import BulkConflictError, apply_bulk, interventions, preview_bulk
from .access import may_view


@require_http_methods(["GET", "HEAD", "POST"])
@may_view
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """List the actions to choose from; show what a change would do to the chosen ones; write it."""
    plan = get_object_or_404(Plan, slug=slug)
    is_confirmed = "confirmed" in request.POST
    form = BulkForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        user=cast(User, request.user),
        confirming=is_confirmed,
    )
    if not (form.may_set_owner or form.may_set_status):
        raise PermissionDenied
    if not form.is_bound:
        return _list(request, plan, form)
    if not form.is_valid():
        return _list(request, plan, form, status=422)
    if not form.may_change():
        raise PermissionDenied
    return _write(request, plan, form) if is_confirmed else _preview(request, plan, form)


def _list(request: HttpRequest, plan: Plan, form: BulkForm, status: int = 200) -> HttpResponse:
    options = filter_options(plan)
    asked, errors = ActionFilter.read(request.GET.dict()).check(options)
    for error in errors:
        messages.warning(request, error)
    context = {
        "plan": plan,
        "form": form,
        "filter": asked,
        "options": options,
        "page": read_rows(plan, asked, request.GET.get("puslapis")),
        "chosen": request.POST.getlist("numbers"),
    }
    return render(request, "measures/bulk.html", context, status=status)


def _write(request: HttpRequest, plan: Plan, form: BulkForm) -> HttpResponse:
    """Write what was shown; where that would be something else by now, show it anew."""
    seen = form.cleaned_data["seen"]
    try:
        done = apply_bulk(
            plan=plan,
            numbers=form.cleaned_data["numbers"],
            change=form.change(),
            seen=seen,
            author=cast(User, request.user),
        )
    except BulkConflictError:
        return _preview(request, plan, form, seen=seen, status=409)
    except ValidationError as error:
        return _preview(request, plan, form, errors=error.messages, status=422)
    count = len(done.changed)
    messages.success(
        request, ngettext("%(n)s action is changed.", "%(n)s actions are changed.", count) % {"n": count}
    )
    return redirect(request.get_full_path())


def _preview(
    request: HttpRequest,
    plan: Plan,
    form: BulkForm,
    *,
    seen: Mapping[str, int] | None = None,
    errors: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Show what would be written now, and who has come between if something else was seen before."""
    numbers, change = form.cleaned_data["numbers"], form.change()
    preview = preview_bulk(plan=plan, numbers=numbers, change=change)
    context = {
        "plan": plan,
        "form": form,
        "preview": preview,
        "errors": errors,
        "is_conflict": seen is not None,
        "interventions": interventions(plan=plan, change=change, seen=seen, now=preview) if seen else (),
        "hidden": [*(("numbers", number) for number in numbers), *form.hidden_values(preview.versions)],
    }
    return render(request, "measures/bulk_preview.html", context, status=status)
