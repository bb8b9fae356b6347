"""Columns of the files of registers: how a value is written in a cell, and what a cell says about it."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from akr_plan.models import User
from akr_plan.text import fold

from ...models import StrategyDirection
from ..code_file import one_line
from ..work_sheet.columns import DASHES
from .file import without_guard

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TextWidget(Widget):  # type: ignore[misc] # has no types
    """A text as it stands."""


class LabelWidget(Widget):  # type: ignore[misc] # has no types
    """One of several values, each written as people read it; capitals do not matter."""

    def labels(self) -> dict[Any, str]:
        """Return how each value is written."""
        raise NotImplementedError

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """Return the value. Raises ValueError if there is none of this name."""
        for known, label in self.labels().items():
            if fold(label) == fold(value):
                return known
        raise ValueError(
            _("“%(text)s” is not possible here. Write one of these: %(labels)s.")
            % {"text": value, "labels": ", ".join(self.labels().values())}
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Return how the value is written; nothing is an empty text."""
        return "" if value in (None, "") else self.labels().get(value, str(value))


class ChoiceWidget(LabelWidget):
    """A choice by its label."""

    def __init__(self, choices: Any) -> None:
        super().__init__()
        self.choices = choices

    def labels(self) -> dict[Any, str]:
        """Return the labels of the choices."""
        return {value: str(label) for value, label in self.choices.choices}


class YesNoWidget(LabelWidget):
    """Taip or ne."""

    def labels(self) -> dict[Any, str]:
        """Return both words."""
        return {True: _("Yes"), False: _("No")}


class DirectionWidget(LabelWidget):
    """A direction of the strategy by its Roman number."""

    def labels(self) -> dict[Any, str]:
        """Return the numbers of all directions, read once."""
        return self._labels

    @cached_property
    def _labels(self) -> dict[Any, str]:
        return {direction: direction.code for direction in StrategyDirection.objects.all()}

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Return the number."""
        return "" if value is None else str(value.code)


class DayWidget(Widget):  # type: ignore[misc] # has no types
    """A day as 2024-05-31."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> date:
        """Return the day. Raises ValueError."""
        try:
            if ISO_DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise ValueError(_("“%(text)s” is no date. Write it like 2024-05-31.") % {"text": value})


class SheetField(Field):  # type: ignore[misc] # has no types
    """A column of the register's own field: a blank cell changes nothing, a dash empties."""

    def __init__(self, name: str, widget: Widget | None = None) -> None:
        super().__init__(attribute=name, column_name=name, widget=widget or TextWidget())

    def heading(self, model: type[Model]) -> str:
        """Return what stands above the column."""
        return capfirst(str(getattr(model._meta.get_field(self.attribute), "verbose_name", "")))

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Give the row the cell's value, unless that says what is there. Raises ValueError."""
        text = row[self.column_name]
        # A spreadsheet program keeps the guard of a CSV file when it saves that as a workbook.
        if not text or one_line(self.export(instance)) in (text, without_guard(text)):
            return
        value = self.empty(instance) if text.strip() in DASHES else self.read(text, instance, **kwargs)
        setattr(instance, self.attribute, value)

    def read(self, text: str, instance: Any, **kwargs: Any) -> Any:
        """Return the value that a cell stands for."""
        return self.widget.clean(text)

    def empty(self, instance: Any) -> Any:
        """Return what is there if nothing is. Raises ValueError if something has to be."""
        field = instance._meta.get_field(self.attribute)
        if not field.blank:
            raise ValueError(_("This can't be empty."))
        return None if field.null else ""


class NamesField(SheetField):
    """A column that lists names of other rows, with "; " between them; they are written after the row."""

    def get_value(self, instance: Any) -> list[str]:
        """Return the names wanted, else those there are; in order."""
        wanted: list[str] | None = getattr(instance, self._wanted, None)
        return self.stored(instance) if wanted is None else wanted

    @property
    def _wanted(self) -> str:
        return f"wanted_{self.attribute}"

    def stored(self, instance: Any) -> list[str]:
        """Return the names there are, in order, as they were when this was asked first.

        They are noted in a list because the library compares with a deep copy, which would read rows fetched
        along anew, after they were changed.
        """
        if not instance.pk:
            return []
        if not hasattr(instance, self._stored):
            names = sorted(row.name for row in getattr(instance, self.attribute).all())
            setattr(instance, self._stored, names)
        noted: list[str] = getattr(instance, self._stored)
        return noted

    @property
    def _stored(self) -> str:
        return f"stored_{self.attribute}"

    def export(self, instance: Any, **kwargs: Any) -> str:
        """Return the names in one text."""
        return "; ".join(self.get_value(instance))

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Note which names are wanted. Raises ValueError."""
        text = row[self.column_name]
        if text and text != one_line(self.export(instance)):
            names = [] if text.strip() in DASHES else split_names(text)
            setattr(instance, self._wanted, self.wanted(names, instance, **kwargs))

    def wanted(self, names: list[str], instance: Any, **kwargs: Any) -> list[str]:
        """Return which names the row is to have, in order, if the cell lists these."""
        raise NotImplementedError

    def write(self, instance: Any, author: User, reason: str) -> None:
        """Make what is stored what is wanted."""
        raise NotImplementedError


def split_names(text: str) -> list[str]:
    """Return the names that a cell lists, in order, each once."""
    return sorted({name.strip() for name in text.split(";")} - {""})


class AliasField(NamesField):
    """Other spellings. One that a cell does not list stays: only "–" takes them away, all at once."""

    def heading(self, model: type[Model]) -> str:
        """Return what stands above the column."""
        alias_model: Any = model._meta.get_field(self.attribute).related_model
        return capfirst(str(alias_model._meta.verbose_name_plural))

    def wanted(self, names: list[str], instance: Any, **kwargs: Any) -> list[str]:
        """Return the spellings there are and the new ones."""
        return sorted({*names, *self.stored(instance)}) if names else []

    def write(self, instance: Any, author: User, reason: str) -> None:
        """Write the new spellings; take all away if none is wanted. Raises ValidationError."""
        aliases = getattr(instance, self.attribute)
        wanted = self.get_value(instance)
        by_name = {alias.name: alias for alias in aliases.all()}
        for name in sorted(by_name.keys() - set(wanted)):
            delete_alias(by_name[name], author, reason)
        for name in sorted(set(wanted) - by_name.keys()):
            alias = aliases.model(**{aliases.field.name: instance, "name": name})
            sign(alias, author, reason)
            try:
                alias.full_clean()
            except ValidationError as error:
                said = "; ".join(error.messages)
                raise ValidationError({self.attribute: f"„{name}“: {said}"}) from error
            alias.save()


def delete_alias(alias: Any, author: User, reason: str) -> None:
    """Delete another spelling, with its history signed."""
    sign(alias, author, reason)
    alias.delete()


def sign(row: Any, author: User, reason: str) -> None:
    """Let history say who writes the row next, and how that came about."""
    row._history_user, row._change_reason = author, reason


class GroupsField(NamesField):
    """The roles of a person: all that the cell lists and no others."""

    @cached_property
    def _rights(self) -> dict[str, set[str]]:
        """Return the rights of each role by its name, read once."""
        groups = Group.objects.prefetch_related("permissions__content_type")
        return {group.name: names_of(group.permissions.all()) for group in groups}

    def wanted(self, names: list[str], instance: Any, **kwargs: Any) -> list[str]:
        """Return the roles. Raises ValueError if there is no such role or the author has fewer rights."""
        author: User = kwargs["author"]
        for name in names:
            if name not in self._rights:
                raise ValueError(
                    _("There is no role “%(name)s”. Write one of these: %(labels)s.")
                    % {"name": name, "labels": ", ".join(sorted(self._rights))}
                )
        for name in sorted({*names} ^ {*self.stored(instance)}):
            if not may_give(author, self._rights[name]):
                raise ValueError(
                    _("The role “%(name)s” has more rights than you, so you can't give or take it.")
                    % {"name": name}
                )
        return names

    def write(self, instance: Any, author: User, reason: str) -> None:
        """Give and take roles."""
        instance.groups.set(Group.objects.filter(name__in=self.get_value(instance)))


def may_give(author: User, rights: Iterable[str]) -> bool:
    """Return whether somebody may hand rights on: who has them, or may change what the roles allow."""
    return author.has_perm("auth.change_group") or author.has_perms(rights)


def names_of(permissions: Iterable[Permission]) -> set[str]:
    """Return the names of permissions, such as measures.view_plan."""
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in permissions}
