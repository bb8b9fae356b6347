"""What the address asks of a plan: the day and the part of it, the same on every page and for every file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from measures.models import Plan
from measures.navigation import all_plans
from measures.tree.reader import head_of, read_tree
from measures.tree.rows import PlanHead, PlanTree

from .filters import PlanFilter, read_day
from .filters.choices import Choices, FilterBar, choices_of, shown_of
from .filters.names import Names
from .filters.words import FIELDS
from .queries.strategy import read_strategy
from .rows import Strategy

may_view = permission_required("measures.view_plan", raise_exception=True)
may_export = permission_required("measures.export_plan", raise_exception=True)

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a plan; `day` is None where it names none, `errors` say what is wrong."""

    plan: Plan
    head: PlanHead
    day: date | None
    filter: PlanFilter
    errors: tuple[str, ...]
    strategy: Strategy

    def query(self, more: Mapping[str, object] | None = None) -> str:
        """Return the end of an address that asks for the same, and for `more`: of the filter or the page."""
        added = {name: str(value) for name, value in (more or {}).items() if value}
        of_page = [(name, added.pop(name)) for name in list(added) if name not in FIELDS]
        return _query((*self.filter.having(added).pairs, *of_page, *self.day_pairs))

    @property
    def day_pairs(self) -> list[tuple[str, str]]:
        """Return how an address names the day."""
        return [("data", self.day.isoformat())] if self.day else []

    @property
    def day_query(self) -> str:
        """Return the end of an address that asks for the whole plan on the same day."""
        return _query(tuple(self.day_pairs))


@dataclass(frozen=True, slots=True)
class AskedTree:
    """The plan on the day asked for: the whole of it, and the part that is asked for."""

    asked: Asked
    whole: PlanTree
    tree: PlanTree
    choices: Choices

    @property
    def said(self) -> str:
        """Return in plain words which part of the plan is shown, or nothing if the whole is."""
        return FilterBar.of(self.asked.filter, self.choices).said

    def context(self) -> dict[str, Any]:
        """Return what every page needs of it."""
        counts = (sum(1 for _row in tree.results()) for tree in (self.tree, self.whole))
        return {
            **page_context(self.asked, self.choices),
            "tree": self.tree,
            "shown": shown_of(*counts) if self.asked.filter else "",
        }


@lru_cache(maxsize=1024)
def _query(pairs: tuple[tuple[str, str], ...]) -> str:
    """Return the end of an address; those of a page's figures are the same again and again."""
    return f"?{urlencode(pairs)}" if pairs else ""


def read_asked(request: HttpRequest, slug: str, strategy: Strategy | None = None) -> Asked:
    """Return what the address asks for, the filter not checked yet; `strategy` is it where it is known."""
    plan = plan_of(request, slug)
    asked = read_day(request.GET.get("data", ""))
    head = head_of(plan, asked.value)
    # The day that is shown anyhow need not be named: tomorrow the same address shows tomorrow.
    day = None if head == head_of(plan) else asked.value
    errors = (asked.error,) if asked.error else ()
    return Asked(plan, head, day, PlanFilter.read(request.GET), errors, strategy or read_strategy())


def plan_of(request: HttpRequest, slug: str) -> Plan:
    """Return the plan of this short name, or say that there is none."""
    for plan in all_plans(request):
        if plan.slug == slug:
            return plan
    raise Http404


def read_asked_tree(request: HttpRequest, slug: str, *, with_notes: bool = False) -> AskedTree:
    """Return the plan as the address asks for it; a filter that can't be shows everything."""
    return tree_of(read_asked(request, slug), with_notes=with_notes)


def tree_of(asked: Asked, *, with_notes: bool = False, whole: PlanTree | None = None) -> AskedTree:
    """Return the plan that is asked for; `whole` is it where it is not to be read again."""
    whole = whole or read_tree(asked.plan, asked.day, with_notes=with_notes)
    choices = choices_of(Names.of(whole), asked.strategy.titles)
    checked, errors = asked.filter.check(choices)
    asked = replace(asked, filter=checked, errors=(*asked.errors, *errors))
    return AskedTree(asked, whole, checked.narrow(whole), choices)


def asked_tree(request: HttpRequest, slug: str) -> AskedTree:
    """Return the plan as the address asks for it; what is wrong with the address gets messages."""
    found = read_asked_tree(request, slug)
    warn(request, found.asked.errors)
    return found


def warn(request: HttpRequest, errors: Iterable[str]) -> None:
    """Say on the page what was wrong with its address."""
    for error in errors:
        messages.warning(request, error)


def page_context(asked: Asked, choices: Choices) -> dict[str, Any]:
    """Return what the filter and the links of every page need."""
    return {
        "asked": asked,
        "bar": FilterBar.of(asked.filter, choices),
        "kept_query": asked.query(),
        "tree": asked.head,
        "shown": "",
        "today": timezone.localdate(),
    }


def plan_page(view: View) -> View:
    """Make a view a page of a plan: for reading, for those who may, with other plans to choose."""

    @require_safe
    @may_view
    @wraps(view)
    def page(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        other = request.GET.get("planas", slug)
        if other == slug:
            return view(request, slug, **kwargs)
        if any(plan.slug == other for plan in all_plans(request)):
            return redirect(_in_plan(other, request))
        warn(request, [_("There is no plan “%(value)s”. This one is shown.") % {"value": other}])
        return view(request, slug, **kwargs)

    return page


def _in_plan(slug: str, request: HttpRequest) -> str:
    """Return the address of the same page of another plan: on the same day, the whole of it."""
    match = resolve(request.path_info)
    day = request.GET.get("data", "")
    path = reverse(match.view_name, kwargs={**match.kwargs, "slug": slug})
    return path + _query((("data", day),) if day else ())
