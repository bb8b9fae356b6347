"""Rows, fields and changes of a work sheet in words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ...enums import Status
from ...history.words import in_words
from ...models import PlannedResult, ProgressUpdate
from ..preview import FieldChange
from .columns import columns_of
from .sheet import WorkSheet

# So many keys, numbers or rows are named; it is no list to work from.
FEW = 10


def few(names: Sequence[str]) -> str:
    """Return the first of these names, and … if there are more."""
    return ", ".join([*names[:FEW], "…"] if len(names) > FEW else names)


def field_named(name: str) -> Any:
    """Return a field of the planned result."""
    return PlannedResult._meta.get_field(name)


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The words that all rows of a sheet share, looked up once in the language of the moment.

    place: of a row; letters: of the columns, by field; labels: of the fields of results and of the journal,
    as the sheet's headings name them; statuses: by their values.
    """

    place: str
    letters: Mapping[str, str]
    labels: Mapping[str, str]
    statuses: Mapping[str, str]

    @classmethod
    def of(cls, sheet: WorkSheet) -> "SheetWords":
        """Return the words for a sheet."""
        name = sheet.sheet.replace("%", "%%")
        place = _("sheet “%(sheet)s”, row %(row)s") % {"sheet": name, "row": "%d"}
        fields: Iterable[Any] = (*PlannedResult._meta.fields, *ProgressUpdate._meta.fields)
        labels = {field.name: str(capfirst(field.verbose_name)) for field in fields}
        headings = {column.name: column.heading for column in columns_of(is_plan_variant=True)}
        statuses = {status.value: str(status.label) for status in Status}
        return cls(place, sheet.letters, labels | headings, statuses)

    def column(self, name: str) -> str:
        """Return a field's column by its letter, if that is known, and its heading."""
        if letter := self.letters.get(name):
            return _("column %(letter)s “%(heading)s”") % {"letter": letter, "heading": self.labels[name]}
        return _("column “%(heading)s”") % {"heading": self.labels[name]}

    def in_column(self, name: str, fault: str) -> str:
        """Return what is wrong in a field's column, as a sentence that names it."""
        return f"{capfirst(self.column(name))}: {fault}"

    def place_of(self, row: int) -> str:
        """Return the place of a row, numbered as in Excel."""
        return self.place % row

    def field_changes(self, result: PlannedResult, values: Mapping[str, Any]) -> tuple[FieldChange, ...]:
        """Return in which fields the values differ from what is stored."""
        stored = {name: getattr(result, name) for name in values}
        return tuple(
            FieldChange(self.labels[name], self._value(name, stored[name]), self._value(name, value))
            for name, value in values.items()
            if value != stored[name]
        )

    def text_changes(self, texts: Mapping[str, str]) -> tuple[FieldChange, ...]:
        """Return what is new in the journal."""
        return tuple(FieldChange(self.labels[name], "", text) for name, text in texts.items())

    def _value(self, name: str, value: Any) -> str:
        """Return a value in words, texts in full, for all of it is to be confirmed."""
        if value in (None, ""):
            return ""
        if name == "status":
            return self.statuses[value]
        return str(value) if name in ("text", "condition") else in_words(field_named(name), value)


def changed_by(versions: Sequence[Any], names: Collection[str]) -> str:
    """Return who last changed one of these fields; "" if the history knows no version.

    versions: rows of history, oldest first; if none of the fields changed, the newest version counts.
    """
    if not versions:
        return ""
    changes = [after for before, after in pairwise(versions) if _differ(before, after, names)]
    newest = (changes or versions)[-1]
    return _("%(who)s changed this result on %(when)s, after the work sheet was made.") % {
        "who": newest.history_user,
        "when": date_format(timezone.localtime(newest.history_date), "Y-m-d H:i"),
    }


def _differ(before: Any, after: Any, names: Collection[str]) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in names)


def period_stays(result: PlannedResult) -> str:
    """Return that the period is printed as the document wrote it, whatever the years say."""
    return _(
        "The period as written, “%(period)s”, stays. If it no longer fits the years, correct it in the form "
        "of the result."
    ) % {"period": result.period_text}
