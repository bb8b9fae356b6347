"""Pages and files that show the plan; each is the same tree, shown in another way."""

import io
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from akr_plan.models import User
from measures.models import Plan
from measures.pages.my_actions import owes_reports
from measures.pages.work_sheet import work_sheet_form

from ..asked import (
    Asked,
    asked_tree,
    may_export,
    may_view,
    page_context,
    plan_page,
    read_asked,
    tree_of,
    warn,
)
from ..asked_board import read_asked_board
from ..board_reader import sides_of
from ..dashboard import LATE_SHOWN, Dashboard
from ..filters.choices import choices_of
from ..filters.names import Names
from ..plan_pages import pages_of
from ..queries.packs import newest_packs
from ..queries.periods import read_periods
from ..queries.plan import newest_updates, people_and_parties
from ..queries.rollup import late_results, read_rollup
from ..queries.trend import read_trend, read_trend_today

ACTIONS_PER_PAGE = RESULTS_PER_PAGE = 100
PACKS_PER_PAGE = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@may_view
def home(request: HttpRequest) -> HttpResponse:
    """Go to the plan that work goes on with: to one's own actions there, if there are any to report on."""
    plan = Plan.objects.current()
    if plan is None:
        return render(request, "reports/no_plan.html")
    page = "measures:my_actions" if owes_reports(cast(User, request.user), plan) else "reports:dashboard"
    return redirect(page, plan.slug)


@plan_page
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is due, done and late, by task, direction and year."""
    asked = read_asked(request, slug)
    # The database sums up the whole plan of today by itself; other days and parts need the rows.
    context = _figures_of_tree(asked) if asked.filter or not asked.head.is_today else _figures_of_today(asked)
    warn(request, context["asked"].errors)
    return render(request, "reports/dashboard.html", context)


def _figures_of_today(asked: Asked) -> dict[str, Any]:
    plan, today = asked.plan, asked.head.as_of
    figures = read_rollup(plan, asked.strategy, today)
    names = Names.of_rollup(figures, *people_and_parties(plan))
    return {
        **page_context(asked, choices_of(names, asked.strategy.titles)),
        "dashboard": Dashboard(figures, late_results(plan, today, LATE_SHOWN)),
        "trend": read_trend_today(plan, today, figures.due),
        "updates": newest_updates(plan, today),
    }


def _figures_of_tree(asked: Asked) -> dict[str, Any]:
    found = tree_of(asked)
    numbers = {action.number for action in found.tree.actions} if found.asked.filter else None
    return {
        **found.context(),
        "dashboard": Dashboard.of(found.tree, found.asked.strategy.titles),
        "trend": read_trend(asked.plan, found.tree),
        "updates": newest_updates(asked.plan, asked.head.as_of, numbers),
    }


@plan_page
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the document as a live tree, a long one on several pages."""
    found = asked_tree(request, slug)
    pages = pages_of(found.tree.tasks, ACTIONS_PER_PAGE)
    context = {**found.context(), "page": Paginator(pages, 1).get_page(request.GET.get("puslapis"))}
    return render(request, "reports/plan.html", context)


@plan_page
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """List the planned results that the address asks for: the rows behind each figure."""
    found = asked_tree(request, slug)
    rows = list(found.tree.results())
    context = {
        **found.context(),
        "page": Paginator(rows, RESULTS_PER_PAGE).get_page(request.GET.get("puslapis")),
    }
    return render(request, "reports/results.html", context)


@plan_page
@may_export
def exports(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer the files that go to the board, one by one or as a pack, and the packs made so far."""
    found = asked_tree(request, slug)
    plan, day = found.asked.plan, found.whole.as_of
    periods = read_periods(plan)
    context = {
        **found.context(),
        "periods": periods.closed(),
        "since": sides_of(found.whole, periods).before,
        "has_pack_before": bool(periods.last_shown(day)),
        "work_sheet": work_sheet_form(plan, found.whole, cast(User, request.user)),
        "page": Paginator(newest_packs(plan), PACKS_PER_PAGE).get_page(request.GET.get("puslapis")),
    }
    return render(request, "reports/exports.html", context)


@plan_page
@may_export
def board_workbook(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Hand out the board's workbook; a wrong address leads back to the page that says so."""
    # openpyxl takes 0.1 s to import: only who asks for a workbook waits for it.
    from ..workbook.board import board_file_name, write_board_workbook

    asked = read_asked_board(request, slug)
    if asked.board is None:
        warn(request, asked.errors)
        return redirect("reports:exports", slug)
    stream = io.BytesIO()
    write_board_workbook(asked.board, made_by=str(request.user), made_at=timezone.localtime(), stream=stream)
    stream.seek(0)
    filename = board_file_name(asked.board.tree)
    return FileResponse(stream, as_attachment=True, filename=filename, content_type=XLSX)
