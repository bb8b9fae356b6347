"""Admin pages of rows without versions that do not undo what somebody else has saved meanwhile.

Rows of the plan have versions and history for this. Accounts and roles are Django's: their pages carry the
values that they showed, signed, and these are compared with the stored ones before anything is written.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    # The stubs have type parameters, which Django itself does not take.
    ModelForm = forms.ModelForm[Any]
    ModelAdmin = admin.ModelAdmin[Any]
else:
    from django.contrib.admin import ModelAdmin
    from django.forms import ModelForm

SALT = "akr_plan.seen_values"
NO_VALUE = "–"


class SeenValuesField(forms.CharField):
    """The values that the page showed; never a change by itself."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return False."""
        return False


class SeenValuesForm(ModelForm):
    """A form of one row; `has_conflict` says that it would undo somebody else's change."""

    seen_values = SeenValuesField(required=False)
    has_conflict = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = self._plain(self.initial) if self.instance.pk else {}
        if self.instance.pk:
            self.initial["seen_values"] = signing.dumps(self.stored, salt=SALT)

    def clean(self) -> dict[str, Any] | None:
        """Refuse to undo what somebody else has saved meanwhile."""
        cleaned = super().clean()
        seen = self._seen()
        lost = [name for name in self.changed_data if self.stored.get(name) != seen.get(name)]
        if self.instance.pk and lost:
            self._report_conflict(lost)
        return cleaned

    def _plain(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of the fields that can be changed here, as JSON knows them."""
        names = [name for name, field in self.fields.items() if name in values and not field.disabled]
        return {name: _plain_value(values[name]) for name in names}

    def _seen(self) -> dict[str, Any]:
        try:
            seen: dict[str, Any] = signing.loads(self["seen_values"].data or "", salt=SALT)
        except signing.BadSignature:
            return {}
        return seen

    def _report_conflict(self, names: Iterable[str]) -> None:
        """Show both values, and let the next attempt overwrite: then it is meant."""
        self.has_conflict = True
        headline = _(
            "Not saved: somebody else has changed this row while the page was open. Compare the values; if "
            "you save again, yours replace the present ones."
        )
        self.add_error(None, [headline, *map(self._describe_difference, names)])
        data: Any = copy(self.data)
        data[self.add_prefix("seen_values")] = self.initial["seen_values"]
        self.data = data

    def _describe_difference(self, name: str) -> str:
        return _("%(field)s – now: %(stored)s / yours: %(posted)s") % {
            "field": self.fields[name].label,
            "stored": _in_words(self.initial[name]),
            "posted": _in_words(self.cleaned_data.get(name, self[name].data)),
        }


def _plain_value(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(row.pk for row in value)
    return value if isinstance(value, bool) else str(value or "")


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "__iter__") and not isinstance(value, str):
        value = ", ".join(sorted(str(row) for row in value))
    return str(value or NO_VALUE)


class SeenValuesAdmin(ModelAdmin):
    """The page of a row without a version; its form is a `SeenValuesForm`."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the hidden field to the first group, where something can be changed."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        (name, options), *others = fieldsets
        fields = [field for field in options["fields"] if field != "seen_values"]
        return [(name, {**options, "fields": [*fields, "seen_values"]}), *others]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Before a write, take the row as it is now and keep others from writing it until ours is written."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST":
            try:
                row.refresh_from_db(from_queryset=self.model._base_manager.select_for_update())
            except ObjectDoesNotExist:
                return None
        return row

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer 409 where somebody else was faster."""
        response = super().render_change_form(request, context, *args, **kwargs)
        if getattr(context["adminform"].form, "has_conflict", False):
            response.status_code = 409
        return response
