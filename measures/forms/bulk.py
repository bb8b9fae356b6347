"""Forms of the page on which many actions are changed at once."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from akr_plan.models import User

from ..enums import Status
from ..models import Action, Plan
from ..services.bulk import BulkChange, NewOwner, NewStatus

OWNER, STATUS = "owner", "status"
# In parentheses, for no user name has these.
NOBODY = "(niekas)"
LONGEST_SEEN = 60_000
CHOOSE = dict.fromkeys(["required", "invalid_choice"], _("Choose what to set."))


def possible_owners() -> list[User]:
    """Return the active people who may record progress of their own actions at least."""
    having: Any = partial(User.objects.with_perm, backend="akr_plan.rights.RightsBackend")
    people = having("measures.record_own_progress") | having("measures.record_any_progress")
    return list(people.distinct())


class ChosenActionsField(forms.MultipleChoiceField):
    """The numbers of actions; each once, and only such as the plan has."""

    default_error_messages = {
        "required": _("Choose at least one action."),
        "invalid_choice": _("The plan has no action %(value)s. Open the page again."),
        "twice": _("The same action is chosen twice. Open the page again."),
    }

    known: Collection[str] = ()

    def valid_value(self, value: Any) -> bool:
        """Return whether the plan has the number."""
        return value in self.known

    def clean(self, value: Any) -> list[str]:
        """Refuse what a page of ours would not send."""
        numbers: list[str] = super().clean(value)
        if len(set(numbers)) < len(numbers):
            raise ValidationError(self.error_messages["twice"], code="twice")
        return numbers


class SeenVersionsField(forms.CharField):
    """The versions of the rows that a preview showed: a line for each, version and name."""

    widget = forms.HiddenInput
    default_error_messages = dict.fromkeys(
        ["required", "invalid"], _("The preview was not sent back whole. Start again.")
    )

    def clean(self, value: Any) -> dict[str, int]:
        """Read the versions."""
        versions = {}
        for line in super().clean(value).splitlines():
            version, _space, name = line.partition(" ")
            if not (version.isascii() and version.isdigit() and len(version) < 10 and name):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            versions[name] = int(version)
        return versions


class BulkForm(forms.Form):
    """Which actions, and what becomes of them; what confirms a preview carries what was shown."""

    use_required_attribute = False

    numbers = ChosenActionsField()
    what = forms.ChoiceField(choices=[(OWNER, ""), (STATUS, "")], error_messages=CHOOSE)
    owner = forms.ChoiceField(label=_("New owner"), error_messages=CHOOSE)
    status = forms.ChoiceField(label=_("New status of open results"), error_messages=CHOOSE)
    comment = forms.CharField(
        label=_("What was done, or why"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = SeenVersionsField(max_length=LONGEST_SEEN, required=False)

    def __init__(self, data: QueryDict | None, *, plan: Plan, user: User, confirming: bool = False) -> None:
        super().__init__(data)
        self.may_set_owner = user.has_perm(NewOwner.permission)
        self.may_set_status = user.has_perm(NewStatus.permission)
        self.people = {person.username: person for person in possible_owners()}
        fields: Any = self.fields
        fields["status"].choices = [("", _("Choose")), *Status.choices]
        fields["owner"].choices = [
            ("", _("Choose")),
            (NOBODY, _("no owner")),
            *((username, str(person)) for username, person in self.people.items()),
        ]
        if self.is_bound:
            fields["numbers"].known = set(Action.objects.filter(plan=plan).values_list("number", flat=True))
            # The pressed button tells which of the two is meant.
            fields[OWNER].required = self.data.get("what") == OWNER
            fields[STATUS].required = self.data.get("what") == STATUS
        fields["seen"].required = confirming

    @property
    def errors_without_place(self) -> list[str]:
        """Return the errors of what has no field on the page to stand at."""
        return [str(error) for name in ("numbers", "what", "seen") for error in self[name].errors]

    def may_change(self) -> bool:
        """Return whether the user may change what is asked for; call on a valid form."""
        return self.may_set_status if self.cleaned_data["what"] == STATUS else self.may_set_owner

    def change(self) -> BulkChange:
        """Return the change that is asked for; call on a valid form."""
        if self.cleaned_data["what"] == STATUS:
            return NewStatus(self.cleaned_data["status"], self.cleaned_data["comment"])
        return NewOwner(self.people.get(self.cleaned_data["owner"]))

    def hidden_values(self, versions: Mapping[str, int]) -> list[tuple[str, str]]:
        """Return what a preview sends back beside the numbers: the same wish, and the versions it showed."""
        wish = [(name, self.cleaned_data[name]) for name in ("what", "owner", "status", "comment")]
        return [*wish, ("seen", "\n".join(f"{version} {name}" for name, version in versions.items()))]
