"""The rows that an import of plan text has written, and how they are taken back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.utils.translation import gettext as _

from akr_plan.models import User

from ...models import (
    ActionPartner,
    ActionResource,
    Partner,
    PartnerAlias,
    Resource,
    ResourceAlias,
    StrategyCode,
    VersionedModel,
)
from ..stored_json import UnreadableImportError, read_stored
from .writer import write_with_reason

# These stay when others refer to them by the time of the undoing.
REGISTER_MODELS = (Partner, Resource, StrategyCode, PartnerAlias, ResourceAlias)
_WORDINGS: dict[type[Any], type[Any]] = {PartnerAlias: ActionPartner, ResourceAlias: ActionResource}


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A row: its model ("measures.task"), id, version as written, and the values that it had before.

    A row that was added had none; of one that was removed these are all of its values.
    """

    model: str
    id: int
    version: int
    before: dict[str, Any]

    @property
    def model_class(self) -> type[Any]:
        """Return the model."""
        return apps.get_model(self.model)

    def check_columns(self) -> None:
        """Raise LookupError or FieldDoesNotExist unless the model and the columns of `before` still exist."""
        options = self.model_class._meta
        for column in self.before:
            options.get_field(column)


@dataclass(slots=True)
class WrittenRows:
    """All rows of one import, in the order in which they were written."""

    added: list[WrittenRow] = field(default_factory=list)
    changed: list[WrittenRow] = field(default_factory=list)
    removed: list[WrittenRow] = field(default_factory=list)

    @classmethod
    def of_json(cls, written: dict[str, Any]) -> "WrittenRows":
        """Return what `as_json` has kept. Raises UnreadableImportError."""
        rows: WrittenRows = read_stored(cls, written)
        try:
            for row in (*rows.added, *rows.changed, *rows.removed):
                row.check_columns()
        except (LookupError, ValueError, FieldDoesNotExist) as error:
            raise UnreadableImportError from error
        return rows

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)

    def note_added(self, rows: Iterable[VersionedModel]) -> None:
        """Remember rows that were added."""
        self.added.extend(_written(row, {}) for row in rows)

    def note_changed(self, row: VersionedModel, before: dict[str, Any]) -> None:
        """Remember a row that was changed, with the values that it had before."""
        self.changed.append(_written(row, before))

    def note_removed(self, row: VersionedModel) -> None:
        """Remember a row that is about to be removed."""
        values = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}
        self.removed.append(_written(row, values))


def _written(row: VersionedModel, before: dict[str, Any]) -> WrittenRow:
    return WrittenRow(row._meta.label_lower, row.pk, row.version, before)


def why_rows_stay(written: WrittenRows) -> str:
    """Return why the rows can't be taken back, "" if they can: newer changes touch one of them."""
    mine = [row for row in written.added if row.model_class not in REGISTER_MODELS]
    stored = _stored([*mine, *written.changed])
    for row in (*mine, *written.changed):
        now = stored.get((row.model, row.id))
        if now is None:
            return _("Something that was imported has been deleted since.")
        if now.version != row.version:
            return _("“%(row)s” has been changed since.") % {"row": now}
    for used in _used(mine):
        return _("“%(row)s” is in use by now.") % {"row": stored[used]}
    if any(map(_is_replaced, written.removed)):
        return _("What was removed from a list stands there again.")
    return ""


def _stored(written: Iterable[WrittenRow]) -> dict[tuple[str, int], Any]:
    """Return the rows as they are now by model and id, in one query for each model.

    Inside a transaction they are locked: what was looked at stays so until it is taken back.
    """
    ids: dict[str, list[int]] = defaultdict(list)
    for row in written:
        ids[row.model].append(row.id)
    return {(model, row.pk): row for model, pks in ids.items() for row in _read(apps.get_model(model), pks)}


def _read(model: type[Any], pks: Iterable[int]) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = model._default_manager.filter(pk__in=pks).order_by("pk")
    return rows.select_for_update(of=("self",)) if connection.in_atomic_block else rows


def _used(added: Iterable[WrittenRow]) -> Iterator[tuple[str, int]]:
    """Yield which of the added rows others refer to that were not added with them, the lowest first."""
    ids: dict[type[Any], set[int]] = defaultdict(set)
    for row in added:
        ids[row.model_class].add(row.id)
    for model, pks in reversed(list(ids.items())):
        for relation in _references_to(model):
            name = relation.field.attname
            others = relation.related_model._base_manager.filter(**{f"{name}__in": pks})
            strangers = others.exclude(pk__in=ids.get(relation.related_model, ()))
            for pk in strangers.values_list(name, flat=True)[:1]:
                yield model._meta.label_lower, pk


def _references_to(model: type[Any]) -> Iterator[Any]:
    """Yield the references that keep a row from being deleted; those that would just be emptied don't."""
    for relation in model._meta.related_objects:
        if not relation.many_to_many and relation.on_delete is not models.SET_NULL:
            yield relation


def _is_replaced(row: WrittenRow) -> bool:
    """Say whether a link that was removed can't be put back: there is another, or an end of it is gone."""
    model = row.model_class
    owner, reference = (model._meta.get_field(name) for name in (model.owner_field, model.reference_field))
    ends = {end.attname: row.before[end.attname] for end in (owner, reference)}
    return model.objects.filter(**ends).exists() or not all(
        end.related_model.objects.filter(pk=row.before[end.attname]).exists() for end in (owner, reference)
    )


def take_back(written: WrittenRows, author: User) -> None:
    """Take the rows back, inside a transaction, after `why_rows_stay` said "".

    New rows of registers stay if others use them by now, or somebody has changed them.
    """
    reason = _("Import undone")
    stored = _stored([*written.added, *written.changed])
    for row in reversed(written.changed):
        now = stored[row.model, row.id]
        for name, value in row.before.items():
            setattr(now, name, value)
        write_with_reason(now, now.save, reason, author)
    # A name is needed as long as the plan's own rows refer to it.
    lowest_first = reversed(written.added)
    for row in sorted(lowest_first, key=lambda row: row.model_class in REGISTER_MODELS):
        now = stored.get((row.model, row.id))
        if now is not None and not (isinstance(now, REGISTER_MODELS) and _is_needed(now, row.version)):
            write_with_reason(now, now.delete, reason, author)
    for row in written.removed:
        link = row.model_class(**row.before)
        write_with_reason(link, link.save, reason, author)


def _is_needed(row: Any, version: int) -> bool:
    """Say whether a row of a register has to stay."""
    if row.version != version:
        return True
    if wordings := _WORDINGS.get(type(row)):
        return bool(wordings._default_manager.filter(as_written__contains=row.name).exists())
    return any(
        relation.related_model._base_manager.filter(**{relation.field.attname: row.pk}).exists()
        for relation in _references_to(type(row))
    )
