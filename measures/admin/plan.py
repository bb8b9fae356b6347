"""The plan tree in the admin: plan → task → measure → action → planned result."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akr_plan.guarded_admin import parse_id

from ..enums import PlanState
from ..models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    Measure,
    MeasureCode,
    Plan,
    PlannedResult,
    ResultProject,
    Task,
)
from .base import LONGEST_IN_LIST, VersionedAdmin, VersionedStackedInline, VersionedTabularInline
from .versions import VersionedFormSet


@admin.register(Plan)
class PlanAdmin(VersionedAdmin):
    """Plans. Only a draft can be deleted."""

    fieldsets = [
        (None, {"fields": ["title", "slug", "organisation", "goal", ("first_year", "last_year")]}),
        (pgettext_lazy("plan", "state"), {"fields": ["state", "adopted_at", "closed_at", "is_sample"]}),
    ]
    readonly_fields = ["adopted_at", "closed_at", "is_sample"]
    list_display = ["title", "slug", "first_year", "last_year", "state"]
    list_filter = ["state"]
    search_fields = ["title__folded", "slug__folded"]

    def has_delete_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        """Return whether the plan may go: people work by one that is active, and closed ones are kept."""
        is_draft = obj is None or obj.state == PlanState.DRAFT
        return is_draft and super().has_delete_permission(request, obj)


class PlanItemAdmin(VersionedAdmin):
    """Rows of a plan, in the order of their numbers."""

    list_display_links = ["sorted_number", "title"]
    list_filter = ["plan"]
    search_fields = ["number__startswith", "title__folded"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Keep to one plan where the form that asks is about one."""
        if plan_id := parse_id(request.GET.get("in_plan")):
            queryset = queryset.filter(plan_id=plan_id)
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=pgettext_lazy("plan", "number"), ordering="sort_key")
    def sorted_number(self, item: Any) -> str:
        """Return the number."""
        return str(item.number)

    @admin.display(description=_("action plan"), ordering="plan__slug")
    def plan_slug(self, item: Any) -> str:
        """Return the short name of the plan."""
        return str(item.plan.slug)


@admin.register(Task)
class TaskAdmin(PlanItemAdmin):
    """Tasks. What hangs under a task can't change the plan, so neither can the task."""

    fields = ["plan", "number", "title"]
    list_display = ["sorted_number", "title", "plan_slug"]
    list_select_related = ["plan"]

    def get_readonly_fields(self, request: HttpRequest, obj: Task | None = None) -> Any:
        """Keep a task in its plan."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "plan"] if obj else fields


class MeasureCodeInline(VersionedTabularInline):
    """KRSS2030 codes of a measure."""

    model = MeasureCode
    fields = ["position", "code", "as_written"]
    autocomplete_fields = ["code"]


@admin.register(Measure)
class MeasureAdmin(PlanItemAdmin):
    """Measures."""

    fields = ["task", ("number", "number_as_written"), "title"]
    autocomplete_fields = ["task"]
    inlines = [MeasureCodeInline]
    list_display = ["sorted_number", "title", "task", "plan_slug"]
    list_select_related = ["task", "plan"]


class ResultFormSet(VersionedFormSet):
    """Planned results under their action."""

    def save_new(self, form: Any, commit: bool = True) -> Any:
        """Let each new row find its key after the one before it is saved; validation gave all the same."""
        form.instance.key = ""
        return super().save_new(form, commit)


class PlannedResultInline(VersionedStackedInline):
    """Planned results, in the order of the document."""

    model = PlannedResult
    formset = ResultFormSet
    fields = [
        ("key", "position"),
        "text",
        "sub_items",
        ("first_year", "last_year", "period_text", "deadline"),
        ("condition", "condition_state"),
        ("status", "percent"),
    ]
    readonly_fields = ["key", "status", "percent"]
    show_change_link = True


class ActionCodeInline(VersionedTabularInline):
    """KRSS2030 codes of an action."""

    model = ActionCode
    fields = ["position", "code", "as_written"]
    autocomplete_fields = ["code"]


class ActionResourceInline(VersionedTabularInline):
    """Resources of an action."""

    model = ActionResource
    fields = ["position", "resource", "as_written"]
    autocomplete_fields = ["resource"]


class ActionPartnerInline(VersionedTabularInline):
    """Partners of an action."""

    model = ActionPartner
    fields = ["position", "partner", "as_written"]
    autocomplete_fields = ["partner"]


@admin.register(Action)
class ActionAdmin(PlanItemAdmin):
    """Actions, with their results."""

    fields = ["measure", "number", "title", "lead_in", "owner", "links"]
    autocomplete_fields = ["measure", "owner"]
    inlines = [PlannedResultInline, ActionResourceInline, ActionPartnerInline, ActionCodeInline]
    list_display = ["sorted_number", "title", "owner", "plan_slug"]
    list_filter = ["plan", ("owner", admin.EmptyFieldListFilter)]
    list_select_related = ["plan", "owner"]
    search_fields = [
        *PlanItemAdmin.search_fields,
        "owner__first_name__folded",
        "owner__last_name__folded",
    ]


class ResultProjectInline(VersionedTabularInline):
    """Projects within which a result is worked on."""

    model = ResultProject
    fields = ["position", "project"]
    autocomplete_fields = ["project"]


@admin.register(PlannedResult)
class PlannedResultAdmin(PlanItemAdmin):
    """Planned results. Status and percent change through the journal only."""

    fieldsets = [
        (None, {"fields": ["action", ("key", "position"), "text", "sub_items", "links"]}),
        (_("Term"), {"fields": [("first_year", "last_year"), "period_text", "deadline"]}),
        (_("Condition"), {"fields": ["condition", "condition_state"]}),
        (_("Progress"), {"fields": ["status", "percent"]}),
    ]
    readonly_fields = ["status", "percent"]
    autocomplete_fields = ["action"]
    inlines = [ResultProjectInline]
    list_display = ["sorted_key", "short_text", "years", "status", "percent", "plan_slug"]
    list_display_links = ["sorted_key", "short_text"]
    list_filter = ["plan", "status", "condition_state"]
    list_select_related = ["plan"]
    search_fields = ["key__startswith", "text__folded", "condition__folded"]

    def get_readonly_fields(self, request: HttpRequest, obj: PlannedResult | None = None) -> Any:
        """Keep the key that a result has got: imports find it by that."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "key"] if obj else fields

    @admin.display(description=_("key"), ordering="action__sort_key")
    def sorted_key(self, result: PlannedResult) -> str:
        """Return the key."""
        return result.key

    @admin.display(description=_("text"), ordering="text")
    def short_text(self, result: PlannedResult) -> str:
        """Return the beginning of the text."""
        return Truncator(result.text).chars(LONGEST_IN_LIST)

    @admin.display(description=_("years"), ordering="last_year")
    def years(self, result: PlannedResult) -> str:
        """Return the years."""
        return result.years
