"""Forms of the pages of reporting periods."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import PeriodKind


class MakePeriodsForm(forms.Form):
    """Into what the plan's years are to be divided."""

    kind = forms.ChoiceField(
        label=_("Divide the plan's years into"), choices=PeriodKind, widget=forms.RadioSelect
    )

    def period_kind(self) -> PeriodKind:
        """Return what was chosen; call on a valid form."""
        return PeriodKind(self.cleaned_data["kind"])


class ClosePeriodForm(forms.Form):
    """The version of the period that the page showed."""

    page_template = "measures/period_close.html"

    seen_version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class ReopenPeriodForm(ClosePeriodForm):
    """Why a closed period is to take reports again."""

    page_template = "measures/period_reopen.html"

    reason = forms.CharField(
        label=_("Reason"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who looks at the period will see it."),
    )
