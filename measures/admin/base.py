"""What the admin pages of all editable models share: history, conflicts, few queries, no way to a crash."""

import logging
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin import options
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import DeletedObject, HistoricalRecords
from simple_history.signals import pre_create_historical_record
from simple_history.template_utils import HistoricalRecordContextHelper

from akr_plan.guarded_admin import GuardedAdmin, parse_id

from ..models import ConflictError
from .fields import OneLineField, PlainTextField, RowSelect
from .versions import NO_VALUE, VersionedForm, VersionedFormSet

if TYPE_CHECKING:
    # The stubs have type parameters, which Django itself does not take.
    BaseModelAdmin = options.BaseModelAdmin[Any]
    InlineModelAdmin = options.InlineModelAdmin[Any, Any]
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    from django.contrib.admin import StackedInline, TabularInline
    from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin

logger = logging.getLogger(__name__)

LONG_LINE = 500
MOST_ROWS = 200
LONGEST_IN_LIST = 150


class VersionedOptions(BaseModelAdmin):
    """What pages and inlines share; each has to list its `fields`: Django's default would ask in circles."""

    form = VersionedForm
    formfield_overrides = {models.TextField: {"form_class": PlainTextField}}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the version that the page shows to the first group, where something can be changed."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        (name, options), *others = fieldsets
        return [(name, {**options, "fields": [*options["fields"], "seen_version"]}), *others]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Give long lines a box in which they can be read."""
        if type(db_field) is models.CharField and (db_field.max_length or 0) >= LONG_LINE:
            kwargs |= {"form_class": OneLineField, "widget": AdminTextareaWidget(attrs={"rows": 2})}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Use our own widget for what is found by typing."""
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = RowSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class VersionedInline(VersionedOptions, InlineModelAdmin):
    """Rows on the page of the row above them."""

    formset = VersionedFormSet
    extra = 0
    max_num = MOST_ROWS

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch what the rows show along; keep others from writing the rows until ours are written."""
        queryset = super().get_queryset(request)
        if self.autocomplete_fields:
            queryset = queryset.select_related(*self.autocomplete_fields)
        return queryset.select_for_update(of=("self",)) if request.method == "POST" else queryset

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Build no more rows than that, however many a forged form announces."""
        return super().get_formset(request, obj, **{"absolute_max": MOST_ROWS, **kwargs})


class VersionedTabularInline(VersionedInline, TabularInline):
    """A table of rows."""


class VersionedStackedInline(VersionedInline, StackedInline):
    """Rows too big for a table."""


class HistoryContext(HistoricalRecordContextHelper):  # type: ignore[misc] # has no types
    """Writes the differences between two versions in words."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        """Use the labels of choices, and a dash for nothing, which the library takes for a deleted row."""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if value in (None, "", []) or (isinstance(value, DeletedObject) and value.pk is None):
            return NO_VALUE
        labels = dict(self.model._meta.get_field(change.field).flatchoices)
        return labels.get(value, value) if labels else value


class VersionedAdmin(VersionedOptions, GuardedAdmin, SimpleHistoryAdmin):  # type: ignore[misc] # has no types
    """The page of a model with versions and history."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Turn what only a race can bring about into a message; everything was rolled back."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ConflictError as error:
            message = str(error)
        except IntegrityError:
            logger.exception("The database refused what the form had accepted")
            message = _("Somebody else has saved the same thing at the same moment.")
        messages.error(
            request, _("%(reason)s Nothing has been saved; please try again.") % {"reason": message}
        )
        return HttpResponseRedirect(request.get_full_path())

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Before a write, take the row as it is now and keep others from writing it until ours is written."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST":
            return row
        try:
            row.refresh_from_db(from_queryset=self.model._base_manager.select_for_update())
        except ObjectDoesNotExist:
            return None
        return row

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save what was changed: pressing the button makes no new version."""
        if form.changed_data or not change:
            super().save_model(request, obj, form, change)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer 409 where somebody else was faster."""
        response = super().render_change_form(request, context, *args, **kwargs)
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        forms = [context["adminform"].form, *(form for formset in formsets for form in formset.forms)]
        if any(getattr(form, "has_conflict", False) for form in forms):
            response.status_code = 409
        return response

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Show all versions of a row."""
        if parse_id(object_id) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> Any:
        """Show an earlier version to read; the library would take a POST for the wish to go back to it."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if parse_id(object_id) is None or parse_id(version_id) is None:
            raise Http404
        return super().history_form_view(request, object_id, version_id, extra_context)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the row may be changed; what it was earlier may not."""
        return not _is_history(request) and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show an earlier version as text."""
        if _is_history(request):
            return flatten_fieldsets(self.get_fieldsets(request, obj))
        return super().get_readonly_fields(request, obj)

    def get_historical_record_context_helper(self, request: HttpRequest, record: Any) -> HistoryContext:
        """Return what writes the differences."""
        return HistoryContext(self.model, record)


@receiver(pre_create_historical_record)
def note_the_way(history_instance: Any, **kwargs: Any) -> None:
    """Let history say that a change was made here, to the row of a page or to one that went along."""
    request = getattr(HistoricalRecords.context, "request", None)
    match = getattr(request, "resolver_match", None)
    if match and match.app_name == "admin" and not history_instance.history_change_reason:
        history_instance.history_change_reason = _("Administration")


def _is_history(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.url_name or "").endswith("_simple_history")
