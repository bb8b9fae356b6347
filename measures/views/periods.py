"""The pages of reporting periods."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from akr_plan.models import User

from ..forms.periods import ClosePeriodForm, MakePeriodsForm, ReopenPeriodForm
from ..models import ConflictError, Plan, ReportingPeriod
from ..pages.period import PeriodList, PeriodPage
from ..services.periods import close_period, make_periods, reopen_period
from .access import may_view

may_make = permission_required("measures.add_reportingperiod", raise_exception=True)
may_close = permission_required("measures.close_period", raise_exception=True)
may_reopen = permission_required("measures.reopen_period", raise_exception=True)


def _page(slug: str, starts_on: date) -> PeriodPage:
    periods = ReportingPeriod.objects.select_related("plan")
    return PeriodPage(get_object_or_404(periods, plan__slug=slug, starts_on=starts_on))


@require_http_methods(["GET", "POST"])
@may_view
def periods(request: HttpRequest, slug: str) -> HttpResponse:
    """List the periods of a plan; offer to make them where there are none."""
    plan = get_object_or_404(Plan, slug=slug)
    if request.method == "POST":
        return _make(request, plan)
    return _render_list(request, plan, MakePeriodsForm())


@may_make
def _make(request: HttpRequest, plan: Plan) -> HttpResponse:
    form = MakePeriodsForm(request.POST)
    if not form.is_valid():
        return _render_list(request, plan, form, status=422)
    try:
        made = make_periods(plan=plan, author=cast(User, request.user), kind=form.period_kind())
    except ValidationError as error:
        form.add_error(None, error)
        return _render_list(request, plan, form, status=422)
    count = len(made)
    messages.success(
        request, ngettext("%(n)s period is made.", "%(n)s periods are made.", count) % {"n": count}
    )
    return redirect("measures:periods", plan.slug)


def _render_list(request: HttpRequest, plan: Plan, form: MakePeriodsForm, status: int = 200) -> HttpResponse:
    context = {"plan": plan, "page": PeriodList(plan), "form": form}
    return render(request, "measures/periods.html", context, status=status)


@require_safe
@may_view
def period(request: HttpRequest, slug: str, starts_on: date) -> HttpResponse:
    """Show who reported for a period and who did not, and what was frozen."""
    return render(request, "measures/period.html", {"page": _page(slug, starts_on)})


@require_http_methods(["GET", "POST"])
@may_view
@may_close
def period_close(request: HttpRequest, slug: str, starts_on: date) -> HttpResponse:
    """Say what closing means, then close."""
    page = _page(slug, starts_on)
    if request.method == "POST":
        done = _("The period “%(period)s” is closed.") % {"period": page.period}
        return _decide(request, page, ClosePeriodForm(request.POST), close_period, done)
    return _ask(request, page, ClosePeriodForm(initial={"seen_version": page.period.version}))


@require_http_methods(["GET", "POST"])
@may_view
@may_reopen
def period_reopen(request: HttpRequest, slug: str, starts_on: date) -> HttpResponse:
    """Ask for the reason, then open a closed period again."""
    page = _page(slug, starts_on)
    if request.method == "POST":
        done = _("The period “%(period)s” is open again.") % {"period": page.period}
        return _decide(request, page, ReopenPeriodForm(request.POST), reopen_period, done)
    return _ask(request, page, ReopenPeriodForm(initial={"seen_version": page.period.version}))


def _decide(
    request: HttpRequest, page: PeriodPage, form: ClosePeriodForm, operation: Callable[..., Any], done: str
) -> HttpResponse:
    """Carry out what was confirmed, or say why not."""
    if not form.is_valid():
        return _ask(request, page, form, status=422)
    try:
        operation(period=page.period, author=request.user, **form.cleaned_data)
    except ConflictError:
        return _render_conflict(request, page)
    except ValidationError as error:
        form.add_error(None, error)
        return _ask(request, page, form, status=422)
    messages.success(request, done)
    return redirect(page.period)


def _ask(request: HttpRequest, page: PeriodPage, form: ClosePeriodForm, status: int = 200) -> HttpResponse:
    return render(request, form.page_template, {"page": page, "form": form}, status=status)


def _render_conflict(request: HttpRequest, seen: PeriodPage) -> HttpResponse:
    """Show the period as it is now, and what somebody else did to it."""
    page = _page(seen.plan.slug, seen.period.starts_on)
    context = {"page": page, "change": page.period.history.select_related("history_user").latest()}
    return render(request, "measures/period.html", context, status=409)
