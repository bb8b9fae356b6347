"""Forms of the pages of imports."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..enums import ImportKind, PlanState
from ..exchange.guard.file_guard import MAX_BYTES
from ..models import Plan
from ..validators import validate_slug


class PlanField(forms.ModelChoiceField):
    """A choice of plans that can be told apart: titles and years of two may be the same."""

    def label_from_instance(self, obj: Plan) -> str:
        """Return short name, state and title."""
        return f"{obj.slug} ({obj.get_state_display()}): {obj}"


class UploadForm(forms.Form):
    """Which file, what it holds, and where that is to go."""

    kind = forms.ChoiceField(label=gettext_lazy("What is in the file"), widget=forms.RadioSelect)
    plan = PlanField(
        Plan.objects.exclude(state=PlanState.CLOSED),
        label=gettext_lazy("Plan to compare with"),
        empty_label=gettext_lazy("Choose a plan"),
        required=False,
        help_text=gettext_lazy("Only for the text of a plan that is here already."),
    )
    slug = forms.CharField(
        label=gettext_lazy("Short name of the new plan"),
        required=False,
        max_length=50,
        validators=[validate_slug],
        help_text=gettext_lazy(
            "Only for a new plan. It stands in addresses; left empty, it is made of the plan's years."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".docx,.xlsx,.html,.htm,.txt,.md,.csv"}),
        help_text=lazy(lambda: _("At most %(mb)d MB.") % {"mb": MAX_BYTES // 1024**2}, str)(),
    )

    def __init__(self, *args: Any, kinds: Iterable[ImportKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [(kind.value, kind.label) for kind in kinds]

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too large before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(_("The file is larger than %(mb)d MB.") % {"mb": MAX_BYTES // 1024**2})
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for the plan where one is needed; what the kind of file has no use for is left out."""
        values: dict[str, Any] = super().clean() or {}
        kind = values.get("kind")
        file = values.get("file")
        if kind == ImportKind.WORK_SHEET and file and not file.name.lower().endswith(".xlsx"):
            self.add_error(
                "file",
                _("A work sheet is an Excel file (.xlsx). Choose the one downloaded here and filled in."),
            )
        if kind == ImportKind.PLAN_TEXT and "plan" in values and values["plan"] is None:
            self.add_error("plan", _("Choose the plan with which the document is to be compared."))
        if kind != ImportKind.PLAN_TEXT:
            values["plan"] = None
        return values

    def choices(self) -> dict[str, Any]:
        """Return what was decided along with the upload; call on a valid form."""
        slug = self.cleaned_data["slug"]
        is_new = self.cleaned_data["kind"] == ImportKind.NEW_PLAN
        return {"slug": slug} if is_new and slug else {}
