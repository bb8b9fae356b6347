"""Pages that show how the plan carries the strategy KRSS2030."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ..asked import asked_tree, plan_page
from ..strategy import CodeReport, Shown, StrategyReport, all_codes


@plan_page
def strategy(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every code of the strategy with the figures of the actions that count for it."""
    found = asked_tree(request, slug)
    asked = request.GET.get("kodai", "")
    shown = Shown.read(asked)
    if shown is None:
        message = _("There is no “%(value)s” to filter by. Everything is shown.")
        messages.warning(request, message % {"value": asked})
    strategy = found.asked.strategy
    report = StrategyReport.of(found.tree, strategy.titles, strategy.codes, shown or Shown.ALL)
    kept = {"kodai": report.shown.value} if report.shown.value else {}
    context = {**found.context(), "report": report, "kept": kept}
    return render(request, "reports/strategy.html", context)


@plan_page
def code(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Show one code with the actions that count for it."""
    found = asked_tree(request, slug)
    strategy = found.asked.strategy
    report = CodeReport.of(found.tree, strategy.titles, all_codes(found.whole, strategy.codes), code)
    if report is None:
        raise Http404
    return render(request, "reports/strategy_code.html", {**found.context(), "report": report})
