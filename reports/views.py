"""Pages and files that show the plan; each is the same tree, shown in another way."""

import io
from collections.abc import Iterable
from datetime import date
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from akr_plan.models import User
from measures.models import Plan
from measures.pages.my_actions import owes_reports
from measures.tree.reader import head_of, read_tree
from measures.tree.rows import PlanHead, PlanTree

from .dashboard import LATE_SHOWN, Dashboard
from .filters import ResultFilter, filter_fields, filter_options, read_day
from .plan_pages import pages_of
from .queries import direction_titles, newest_updates
from .rollup_sql import late_results, read_rollup

may_view = permission_required("measures.view_plan", raise_exception=True)
may_export = permission_required("measures.export_plan", raise_exception=True)

ACTIONS_PER_PAGE = RESULTS_PER_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _warn(request: HttpRequest, errors: Iterable[str]) -> None:
    for error in errors:
        messages.warning(request, error)


def _asked_day(request: HttpRequest) -> date | None:
    """Return the day in the address; what is none gets a message, and today is shown."""
    asked = read_day(request.GET.get("data", ""))
    _warn(request, filter(None, [asked.error]))
    return asked.value


def _asked_tree(request: HttpRequest, slug: str) -> PlanTree:
    return read_tree(get_object_or_404(Plan, slug=slug), _asked_day(request))


@require_safe
@may_view
def home(request: HttpRequest) -> HttpResponse:
    """Go to the plan that work goes on with: to one's own actions there, if there are any to report on."""
    plan = Plan.objects.current()
    if plan is None:
        return render(request, "reports/no_plan.html")
    page = "measures:my_actions" if owes_reports(cast(User, request.user), plan) else "reports:dashboard"
    return redirect(page, plan.slug)


@require_safe
@may_view
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is due, done and late, by task, direction and year."""
    plan = get_object_or_404(Plan, slug=slug)
    head = head_of(plan, _asked_day(request))
    context = {
        "tree": head,
        "dashboard": _read_dashboard(plan, head),
        "updates": newest_updates(plan, head.as_of),
        "today": timezone.localdate(),
    }
    return render(request, "reports/dashboard.html", context)


def _read_dashboard(plan: Plan, head: PlanHead) -> Dashboard:
    """Return the figures: today's from the database's own sums, those of a past day from the tree."""
    titles = direction_titles()
    if head.is_today:
        return Dashboard(read_rollup(plan, titles, head.as_of), late_results(plan, head.as_of, LATE_SHOWN))
    return Dashboard.of(read_tree(plan, head.as_of), titles)


@require_safe
@may_view
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the document as a live tree, a long one on several pages."""
    tree = _asked_tree(request, slug)
    pages = pages_of(tree.tasks, ACTIONS_PER_PAGE)
    context = {
        "tree": tree,
        "page": Paginator(pages, 1).get_page(request.GET.get("puslapis")),
        "today": timezone.localdate(),
    }
    return render(request, "reports/plan.html", context)


@require_safe
@may_view
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """List the planned results that the address asks for: the rows behind each figure."""
    tree = _asked_tree(request, slug)
    options = filter_options(tree, direction_titles())
    asked, errors = ResultFilter.read(request.GET.dict()).check(options)
    _warn(request, errors)
    rows = list(asked.apply(tree))
    context = {
        "tree": tree,
        "filter": asked,
        "fields": filter_fields(asked, options),
        "page": Paginator(rows, RESULTS_PER_PAGE).get_page(request.GET.get("puslapis")),
        "today": timezone.localdate(),
    }
    return render(request, "reports/results.html", context)


@require_safe
@may_export
def exports(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer the files that go to the board."""
    head = head_of(get_object_or_404(Plan, slug=slug), _asked_day(request))
    return render(request, "reports/exports.html", {"tree": head, "today": timezone.localdate()})


@require_safe
@may_export
def board_workbook(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Hand out the board's workbook; a day that is none leads back to the page that says so."""
    # openpyxl takes 0.1 s to import: only who asks for a workbook waits for it.
    from .workbook import board_file_name, write_board_workbook

    asked = read_day(request.GET.get("data", ""))
    if asked.error:
        _warn(request, [asked.error])
        return redirect("reports:exports", slug)
    tree = read_tree(get_object_or_404(Plan, slug=slug), asked.value, with_notes=True)
    stream = io.BytesIO()
    write_board_workbook(
        tree,
        directions=direction_titles(),
        made_by=str(request.user),
        made_at=timezone.localtime(),
        stream=stream,
    )
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=board_file_name(tree), content_type=XLSX)
