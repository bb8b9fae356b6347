"""Pages that show how the plan carries the strategy KRSS2030."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .asked import asked_tree
from .queries import direction_titles
from .queries_strategy import known_codes
from .strategy import CodeReport, Shown, StrategyReport
from .views import may_view


@require_safe
@may_view
def strategy(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every code of the strategy with the figures of the actions that count for it."""
    tree = asked_tree(request, slug)
    asked = request.GET.get("kodai", "")
    shown = Shown.read(asked)
    if shown is None:
        message = _("There is no “%(value)s” to filter by. Everything is shown.")
        messages.warning(request, message % {"value": asked})
    report = StrategyReport.of(tree, direction_titles(), known_codes(), shown or Shown.ALL)
    context = {
        "tree": tree,
        "report": report,
        "kept": {"kodai": report.shown.value} if report.shown.value else {},
        "today": timezone.localdate(),
    }
    return render(request, "reports/strategy.html", context)


@require_safe
@may_view
def code(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Show one code with the actions that count for it."""
    tree = asked_tree(request, slug)
    report = CodeReport.of(tree, direction_titles(), known_codes(), code)
    if report is None:
        raise Http404
    context = {"tree": tree, "report": report, "today": timezone.localdate()}
    return render(request, "reports/strategy_code.html", context)
