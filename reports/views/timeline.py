"""The page that shows the plan on the axis of its years."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ..asked import asked_tree, plan_page, warn
from ..plan_pages import pages_of
from ..timeline import Axis, Order, terms_by_year, timeline_of
from .plan import ACTIONS_PER_PAGE


@plan_page
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """Show from when to when each result is worked on, task by task, a long plan on several pages."""
    tree = (found := asked_tree(request, slug)).tree
    order = Order.read(asked := request.GET.get("rikiuoti", ""))
    if order is None:
        message = _("There is no order “%(value)s”. The results are shown in the order of the plan.")
        warn(request, [message % {"value": asked}])
    order = order or Order.DOCUMENT
    pages = Paginator(pages_of(tree.tasks, ACTIONS_PER_PAGE), 1)
    page = pages.get_page(request.GET.get("puslapis"))
    context = {
        **found.context(),
        "axis": Axis(tree.first_year, tree.last_year),
        "marker": Axis(tree.first_year, tree.last_year).marker(tree.as_of),
        "timeline": timeline_of(tree, page.object_list[0], order),
        "years": terms_by_year(tree),
        "page": page,
        "order": order,
        "kept": {"rikiuoti": order.value} if order.value else {},
    }
    return render(request, "reports/timeline.html", context)
