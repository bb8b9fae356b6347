"""Forms of the pages; they return domain types, so that views never parse."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .enums import Status
from .models import Action, PlannedResult
from .rules import percent_for
from .services.progress import ReportedResult


class ResultForm(forms.Form):
    """Status and percent of one planned result."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("Status"), choices=Status, widget=forms.RadioSelect)
    percent = forms.IntegerField(
        label=_("Progress"),
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, data: QueryDict | None, *, result: PlannedResult) -> None:
        self.result = result
        initial = {
            "version": result.version,
            "status": result.status,
            "percent": result.progress.typed_percent,
        }
        super().__init__(data, prefix=result.key, initial=initial)

    def reported(self) -> ReportedResult:
        """Return what was filled in; call on a valid form."""
        status, percent = self.cleaned_data["status"], self.cleaned_data["percent"]
        return ReportedResult(
            self.result.key, self.cleaned_data["version"], status, percent_for(status, percent)
        )


class UpdateForm(forms.Form):
    """What is said of the action as a whole."""

    comment = forms.CharField(
        label=_("What was done"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    correction = forms.CharField(
        label=_("Proposed correction"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    link = forms.URLField(
        label=_("Link to a supporting document"), required=False, max_length=1000, assume_scheme="https"
    )
    reported_on = forms.DateField(
        label=_("As of"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the day as year-month-day, for example 2024-06-30.")},
    )
    set_open = forms.ChoiceField(
        choices=[("", ""), (Status.DONE, ""), (Status.IN_PROGRESS, "")], required=False
    )


class ProgressForm:
    """The update form of one action: one part for each of its results and one for all."""

    def __init__(self, data: QueryDict | None, *, action: Action, results: Iterable[PlannedResult]) -> None:
        self.action = action
        self.update = UpdateForm(data)
        self.results = [ResultForm(data, result=result) for result in results]

    def is_valid(self) -> bool:
        """Return whether every part is valid; all are checked, so that all errors show at once."""
        valid = [form.is_valid() for form in (self.update, *self.results)]
        return all(valid)

    def values(self) -> dict[str, Any]:
        """Return the arguments for `services.progress.record_progress`; call on a valid form."""
        cleaned = dict(self.update.cleaned_data)
        set_open = cleaned.pop("set_open")
        reported = [form.reported() for form in self.results]
        if set_open:
            reported = [
                ReportedResult(item.key, item.seen_version, set_open, percent_for(set_open, item.percent))
                if form.result.progress.is_open
                else item
                for form, item in zip(self.results, reported, strict=True)
            ]
        return {**cleaned, "action": self.action, "results": reported}

    @property
    def has_errors(self) -> bool:
        """Return whether any part has errors to show."""
        return any(form.errors for form in (self.update, *self.results))

    @property
    def has_open_results(self) -> bool:
        """Return whether there is anything left to set in one click."""
        return any(form.result.progress.is_open for form in self.results)
