"""Form fields and widgets that the models' own types lack a good one for."""

import re
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akr_plan.guarded_admin import parse_id

SAFE_ADDRESS = re.compile(r"(https?://|mailto:)\S+", re.IGNORECASE)


class PlainTextField(forms.CharField):
    """A text of several lines, kept as written: browsers send CRLF, which is no change of the text."""

    def to_python(self, value: Any) -> Any:
        """Return the text with plain line ends."""
        return super().to_python(_with_plain_ends(value))


class OneLineField(forms.CharField):
    """A long text of one line, shown in a box of several."""

    def to_python(self, value: Any) -> Any:
        """Return the text with spaces for line ends."""
        return super().to_python(re.sub(r"\s*\n\s*", " ", _with_plain_ends(value or "").strip()))


def _with_plain_ends(value: Any) -> Any:
    return re.sub(r"\r\n?", "\n", value) if isinstance(value, str) else value


class LinesField(forms.JSONField):
    """A list of texts, one a line."""

    format_help: Any = gettext_lazy("One item a line.")

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or self.format_help
        # Django would compare with a hidden copy in the page, not with what is stored.
        kwargs["show_hidden_initial"] = False
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the list of items; empty lines are left out."""
        if isinstance(value, list):
            return value
        text = _with_plain_ends(value or "")
        ProhibitNullCharactersValidator()(text)
        return [self.parse_line(line.strip()) for line in text.split("\n") if line.strip()]

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show again what was typed."""
        return data

    def prepare_value(self, value: Any) -> Any:
        """Return the list as the text to edit."""
        return "\n".join(map(self.format_item, value)) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the lines say something else than the list."""
        try:
            return bool(self.to_python(data) != (initial or []))
        except ValidationError:
            return True

    def parse_line(self, line: str) -> Any:
        """Return the item that a line stands for."""
        return line

    def format_item(self, item: Any) -> str:
        """Return the line that stands for an item."""
        return str(item)


class LinksField(LinesField):
    """A list of {"text": …, "href": …}, one a line: text | address."""

    format_help = gettext_lazy("One link a line: text | address.")

    def parse_line(self, line: str) -> dict[str, str]:
        """Split the line at its last bar; only web and mail addresses are taken."""
        text, _bar, address = (part.strip() for part in line.rpartition("|"))
        if not SAFE_ADDRESS.fullmatch(address):
            raise ValidationError(
                _("Write a text, a bar and an address that begins with https://: “%(line)s” is not so.")
                % {"line": line}
            )
        return {"text": text, "href": address}

    def format_item(self, item: Any) -> str:
        """Return „text | address“."""
        return f"{item['text']} | {item['href']}"


class RowSelect(AutocompleteSelect):
    """Django's own, without a query for a row that was fetched along, and unharmed by ids that are none."""

    known: Model | None = None
    plan_id: int | None = None

    def get_url(self) -> str:
        """Ask only for rows of the plan, where it is known."""
        url = super().get_url()
        return f"{url}?in_plan={self.plan_id}" if self.plan_id else url

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        """Return the one group of options: empty if that is allowed, and the selected row."""
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        ids = [row_id for part in value if (row_id := parse_id(part))]
        choices: Any = self.choices
        rows = [self.known] if self.known and ids == [self.known.pk] else choices.queryset.filter(pk__in=ids)
        for row in rows:
            label = choices.field.label_from_instance(row)
            options.append(self.create_option(name, row.pk, label, True, len(options)))
        return [(None, options, 0)]
