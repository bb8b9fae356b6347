"""Forms about accounts."""

from typing import Any

from django.contrib.auth.forms import BaseUserCreationForm

from .models import User


class FirstAdministratorForm(BaseUserCreationForm):
    """Turns the waiting account into a person with a name and a password."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["username"] = ""
        self.fields["first_name"].required = self.fields["last_name"].required = True
