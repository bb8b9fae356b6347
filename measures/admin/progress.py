"""Reporting periods and the journal in the admin; the journal is there to read."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from akr_plan.guarded_admin import GuardedAdmin

from ..models import Action, Evidence, PlannedResult, ProgressUpdate, ReportingPeriod, ResultProgress
from .base import LONGEST_IN_LIST, TabularInline, VersionedAdmin


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(VersionedAdmin):
    """Reporting periods; a closed one is there to read, for its snapshot names its days."""

    fields = ["plan", "title", ("starts_on", "ends_on"), "closed_at"]
    readonly_fields = ["closed_at"]
    list_display = ["title", "plan", "starts_on", "ends_on", "closed_at"]
    list_filter = ["plan", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["plan"]
    search_fields = ["title__folded"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the period may be changed; a closed one has to be reopened first."""
        return not _is_closed(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the period may be deleted; one that has ever been closed is protected besides."""
        return not _is_closed(obj) and super().has_delete_permission(request, obj)


def _is_closed(period: ReportingPeriod | None) -> bool:
    return period is not None and period.is_closed


class ReadOnly:
    """Nobody adds, changes or deletes here, whatever the rights; stands before an admin class."""

    fields: ClassVar[Any]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show everything as text."""
        return flatten(self.fields)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False


def newest_value(model: Any, reference: str, field: str) -> Subquery:
    """Return the last known value of a field of a row that may have been deleted since."""
    versions = model.history.filter(id=OuterRef(reference)).order_by("-history_date", "-history_id")
    return Subquery(versions.values(field)[:1])


class ResultProgressInline(ReadOnly, TabularInline):
    """What an update says of single results."""

    model = ResultProgress
    fields = ["result_key", "result_text", "status", "percent"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch the names of the results along; a result may be gone."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                newest_key=newest_value(PlannedResult, "result_id", "key"),
                newest_text=newest_value(PlannedResult, "result_id", "text"),
            )
        )

    @admin.display(description=_("key"))
    def result_key(self, line: Any) -> str:
        """Return the key of the result."""
        return line.newest_key or ""

    @admin.display(description=_("planned result"))
    def result_text(self, line: Any) -> str:
        """Return the text of the result."""
        return line.newest_text or ""


class EvidenceInline(ReadOnly, TabularInline):
    """Documents that back an update."""

    model = Evidence
    fields = ["document", "file_type", "file_size"]
    # The name leads there already.
    view_on_site = False

    @admin.display(description=_("supporting document"))
    def document(self, evidence: Evidence) -> str:
        """Return the name, on which the file is downloaded or the link opened."""
        return format_html(
            '<a href="{}" rel="noopener noreferrer nofollow">{}</a>', evidence.get_absolute_url(), evidence
        )

    @admin.display(description=_("size"))
    def file_size(self, evidence: Evidence) -> str:
        """Return the size of a file; links have none."""
        return "" if evidence.size is None else filesizeformat(evidence.size)


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(ReadOnly, GuardedAdmin):
    """The journal. It outlives the actions, so these are not fetched along: that would hide entries."""

    inlines = [ResultProgressInline, EvidenceInline]
    fields = [
        "plan",
        ("action_number", "action_title"),
        ("author", "reported_on", "recorded_at"),
        "comment",
        "correction",
    ]
    list_display = ["reported_on", "action_number", "author", "short_comment", "plan_slug"]
    list_filter = ["plan", "reported_on"]
    list_select_related = ["plan", "author"]
    search_fields = ["comment__folded", "correction__folded", "author__last_name__folded"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch the names of the actions along; an action may be gone."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                newest_number=newest_value(Action, "action_id", "number"),
                newest_title=newest_value(Action, "action_id", "title"),
            )
        )

    @admin.display(description=pgettext_lazy("plan", "action"))
    def action_number(self, update: Any) -> str:
        """Return the number of the action."""
        return update.newest_number or ""

    @admin.display(description=_("title"))
    def action_title(self, update: Any) -> str:
        """Return the title of the action."""
        return update.newest_title or ""

    @admin.display(description=_("what was done"))
    def short_comment(self, update: ProgressUpdate) -> str:
        """Return the beginning of the comment."""
        return Truncator(update.comment).chars(LONGEST_IN_LIST)

    @admin.display(description=_("action plan"), ordering="plan__slug")
    def plan_slug(self, update: ProgressUpdate) -> str:
        """Return the short name of the plan."""
        return update.plan.slug
