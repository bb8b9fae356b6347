"""Forms of the pages; they return domain types, so that views never parse."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from ..enums import Status
from ..models import Action, PlannedResult
from ..rules import percent_for
from ..services.progress import ReportedResult
from .evidence import EvidenceFilesField


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

    def __init__(
        self, data: Mapping[str, Any] | None, *, result: PlannedResult, draft: Mapping[str, str]
    ) -> None:
        self.result = result
        initial = {
            "version": result.version,
            "status": result.status,
            "percent": result.progress.typed_percent,
        }
        typed = {name: draft[key] for name in initial if (key := f"{result.key}-{name}") in draft}
        super().__init__(data, prefix=result.key, initial=initial | typed)

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
    files = EvidenceFilesField()  # type: ignore[assignment] # fields don't stay attributes of their form
    reported_on = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the day as year-month-day, for example 2024-06-30.")},
    )
    set_open = forms.ChoiceField(
        choices=[("", ""), (Status.DONE, ""), (Status.IN_PROGRESS, "")], required=False
    )


class ProgressForm:
    """The update form of one action: one part for each of its results and one for all.

    `day` is the one that stands in the form at first; `draft` is what was typed before, and goes over it.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        action: Action,
        results: Iterable[PlannedResult],
        day: date | None = None,
        draft: Mapping[str, str] | None = None,
    ) -> None:
        self.action = action
        draft = draft or {}
        # Several forms can be open on one page, so ids name the action.
        self.update = UpdateForm(
            data, files, auto_id=f"id_{action.number}-%s", initial={"reported_on": day, **draft}
        )
        self.results = [ResultForm(data, result=result, draft=draft) for result in results]

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

    def typed(self) -> dict[str, str]:
        """Return what was sent, valid or not, a click on all open results included.

        Files can't be sent back; `had_files` tells that there were any.
        """
        sent = {
            name: form.data[name]
            for form in (self.update, *self.results)
            for name in map(form.add_prefix, form.fields)
            if name in form.data
        }
        set_open = sent.pop("set_open", "")
        if set_open in Status.values:
            sent |= {
                form.add_prefix("status"): set_open for form in self.results if form.result.progress.is_open
            }
        if sent.pop("files", "") or self.update.files:
            sent["had_files"] = "1"
        return sent

    def as_draft(self) -> dict[str, str]:
        """Return what was typed, for later: a day that nobody chose would be out of date by then."""
        typed = self.typed()
        if "reported_on" not in self.update.changed_data:
            typed.pop("reported_on", None)
        return typed

    @property
    def day(self) -> date | None:
        """Return the day that stands in the form, or None if it is none."""
        field = self.update["reported_on"]
        try:
            day: date = field.field.clean(field.value())
        except ValidationError:
            return None
        return day

    @property
    def has_errors(self) -> bool:
        """Return whether any part has errors to show."""
        return any(form.errors for form in (self.update, *self.results))

    @property
    def has_open_results(self) -> bool:
        """Return whether there is anything left to set in one click."""
        return any(form.result.progress.is_open for form in self.results)
