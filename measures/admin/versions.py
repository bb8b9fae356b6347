"""Forms that do not undo what somebody else has saved since the page was opened.

A hidden field carries the version that the page shows. If the stored one is newer, the history says which
fields others have changed; where the form would undo such a change, it says so and nothing is saved.
"""

from collections.abc import Iterable
from copy import copy
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, model_to_dict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .fields import LinesField, LinksField, RowSelect

if TYPE_CHECKING:
    # The stubs have type parameters, which Django itself does not take.
    ModelForm = forms.ModelForm[Any]
    InlineFormSet = BaseInlineFormSet[Any, Any, Any]
else:
    ModelForm, InlineFormSet = forms.ModelForm, BaseInlineFormSet

NO_VALUE = "–"


class SeenVersionField(forms.IntegerField):
    """The version that the page shows; never a change by itself."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return False."""
        return False


class VersionedForm(ModelForm):
    """A form of one row; `has_conflict` says that it would undo somebody else's change."""

    seen_version = SeenVersionField(required=False, label=gettext_lazy("version"))
    has_conflict = False

    class Meta:
        field_classes = {"links": LinksField, "sub_items": LinesField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["seen_version"] = self.instance.version
        field: Any
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, RowSelect):
                widget.known = self.instance._state.fields_cache.get(name)
                if hasattr(field.queryset.model, "plan"):
                    widget.plan_id = getattr(self.instance, "plan_id", None)

    def clean(self) -> dict[str, Any] | None:
        """Refuse to undo what somebody else has saved meanwhile."""
        cleaned = super().clean()
        if lost := [name for name in self.changed_by_others if name in self.changed_data]:
            self.report_conflict(lost)
        return cleaned

    def validate_unique(self) -> None:
        """Compare with all stored rows, by fields too that the page only shows or takes from above."""
        super().validate_unique()
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, error)

    @cached_property
    def seen_number(self) -> int | None:
        """Return the version that the page showed, or None if the browser does not say it."""
        try:
            number: int | None = self.fields["seen_version"].clean(self["seen_version"].data)
        except ValidationError:
            return None
        return number

    @cached_property
    def seen_values(self) -> dict[str, Any] | None:
        """Return the values that the page showed, or None if the history does not know them."""
        row = self.instance.history.filter(version=self.seen_number).first()
        return row and model_to_dict(row.instance, self._meta.fields, self._meta.exclude)

    @cached_property
    def changed_by_others(self) -> list[str]:
        """Return the fields that others have changed since the page was opened."""
        if self.instance._state.adding or self.seen_number == self.instance.version:
            return []
        seen, stored = self.seen_values, self.initial
        names = [name for name in self.fields if name in stored and name != "seen_version"]
        return [name for name in names if seen is None or seen[name] != stored[name]]

    @cached_property
    def changed_data(self) -> list[str]:
        """Return what the user changed: nothing if the row stands as seen, though others have changed it.

        Saving one row posts all that are on the page, so those left alone must do no harm.
        """
        return [] if self.changed_by_others and self.is_as_seen() else super().changed_data

    def is_as_seen(self) -> bool:
        """Return whether the user left the row as the page showed it."""
        seen = self.seen_values
        return seen is not None and not any(
            self.fields[name].has_changed(value, self[name].data)
            for name, value in seen.items()
            if name in self.fields
        )

    def report_conflict(self, names: Iterable[str]) -> None:
        """Say who changed what, and let the next attempt overwrite it, for then it is meant."""
        self.has_conflict = True
        stored = type(self.instance)._base_manager.get(pk=self.instance.pk)
        differences = [self._describe_difference(name, getattr(stored, name)) for name in names]
        self.add_error(None, [self._conflict_headline(), *differences])
        data: Any = copy(self.data)
        data[self.add_prefix("seen_version")] = str(self.instance.version)
        self.data = data

    def _conflict_headline(self) -> str:
        rows = list(
            self.instance.history.filter(version__gt=self.seen_number or 0).select_related("history_user")
        )
        users = dict.fromkeys(str(row.history_user) for row in rows if row.history_user)
        return _(
            "Not saved: the row was changed while this page was open (%(who)s, %(when)s). "
            "Compare the values; if you save again, yours replace the present ones."
        ) % {
            "who": ", ".join(users) or _("author unknown"),
            "when": date_format(timezone.localtime(rows[0].history_date), "Y-m-d H:i") if rows else NO_VALUE,
        }

    def _describe_difference(self, name: str, stored: Any) -> str:
        field = self.fields[name]
        posted = self.cleaned_data.get(name, self[name].data)
        return _("%(field)s – now: %(stored)s / yours: %(posted)s") % {
            "field": field.label,
            "stored": _in_words(field, stored),
            "posted": _in_words(field, posted),
        }


def _in_words(field: forms.Field, value: Any) -> str:
    """Return a value as the reader of the form knows it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return date_format(value, "Y-m-d")
    if isinstance(value, list):
        return field.prepare_value(value) or NO_VALUE
    if isinstance(field, forms.TypedChoiceField):
        labels: Any = field.choices
        value = dict(labels).get(value, value)
    return NO_VALUE if value in (None, "") else str(value)


class VersionedFormSet(InlineFormSet):
    """Rows under another; their fields have names for screen readers, which table heads do not give."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name each field, the one for deletion too; offer a new row the place after the last."""
        super().add_fields(form, index)
        if form.instance._state.adding and "position" in form.fields:
            form.fields["position"].initial = self.initial_form_count() + 1
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            if not widget.is_hidden and field.label:
                widget.attrs.setdefault("aria-label", field.label)

    def clean(self) -> None:
        """Refuse rows that are gone, and the deletion of rows that others have changed."""
        super().clean()
        if any(form.instance._state.adding for form in self.initial_forms):
            raise ValidationError(
                _("Somebody else has deleted or moved one of these rows meanwhile. Open the page again.")
            )
        changed = [form for form in self.deleted_forms if form.changed_by_others and not form.has_conflict]
        for form in changed:
            form.report_conflict(form.changed_by_others)
        if changed:
            raise ValidationError(
                _("A row that you are deleting has been changed by somebody else. Save again to delete it.")
            )
