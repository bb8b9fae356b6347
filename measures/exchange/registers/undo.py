"""What an import of a register has written, and how that is taken back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.admin.models import DELETION, LogEntry
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.results import RowResult

from akr_plan.models import User

from ...models import VersionedModel
from ..code_file import one_line
from ..stored_json import UnreadableImportError, read_stored
from ..work_sheet.columns import NOTHING
from .fields import delete_alias, sign, split_names
from .sheets import RegisterSheet

Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _StoredRow:
    id: int
    version: int | None
    before: dict[str, str] | None
    after: dict[str, str]
    mark: Any = None


@dataclass(frozen=True, slots=True)
class _StoredRows:
    rows: list[_StoredRow]


def written_rows(sheet: RegisterSheet, results: Iterable[RowResult]) -> list[dict[str, Any]]:
    """Return the rows written as JSON: id, version (None for accounts), mark, and the cells before and after.

    `before` is None for a row that was added; only an account that was added has a mark.
    """
    results = list(results)
    marks = sheet.marks_of([result.instance.pk for result in results if result.is_new()])
    return [
        {
            "id": result.instance.pk,
            "version": getattr(result.instance, "version", None),
            "mark": marks.get(result.instance.pk),
            "before": None if result.is_new() else sheet.texts_of(result.original),
            "after": sheet.texts_of(result.instance),
        }
        for result in results
        if result.is_new() or result.is_update()
    ]


def read_written(sheet: RegisterSheet, stored: object) -> list[Written]:
    """Return the rows of `written_rows` that an import has kept. Raises UnreadableImportError."""
    rows = read_stored(_StoredRows, stored).rows
    columns = set(sheet.headings())
    if any(
        cells is not None and cells.keys() != columns for row in rows for cells in (row.before, row.after)
    ):
        raise UnreadableImportError
    return [asdict(row) for row in rows]


def why_rows_stay(sheet: RegisterSheet, written: list[Written]) -> str:
    """Return why the rows can't be taken back: the first that has changed since, or is in use by now."""
    return _why(sheet, written, {row.pk: row for row in _stored(sheet, written)})


def _stored(sheet: RegisterSheet, written: Iterable[Written]) -> Any:
    return sheet.get_queryset().filter(pk__in=[row["id"] for row in written])


def _why(sheet: RegisterSheet, written: list[Written], stored: Mapping[int, Any]) -> str:
    for row in written:
        now = stored.get(row["id"])
        is_same = now is not None and sheet.texts_of(now) == row["after"]
        if not is_same or getattr(now, "version", None) != row["version"]:
            return _("“%(row)s” has been changed since.") % {"row": row["after"][sheet.key]}
    added = {row["id"]: row.get("mark") for row in written if row["before"] is None}
    for used in _used(sheet, list(added)):
        return _("“%(row)s” is in use by now.") % {"row": getattr(stored[used], sheet.key)}
    for used, mark in sheet.marks_of(list(added)).items():
        if mark != added[used]:
            return _("Somebody has signed in as “%(row)s” by now, or it was given a password or rights.") % {
                "row": getattr(stored[used], sheet.key)
            }
    return ""


def _used(sheet: RegisterSheet, ids: list[int]) -> Iterator[int]:
    """Yield which rows others refer to, in one query for each sort of reference."""
    for relation in sheet.model._meta.get_fields(include_hidden=True):
        if not _is_reference(relation):
            continue
        name = relation.field.name
        others = relation.related_model._base_manager.filter(**{f"{name}__in": ids})
        yield from others.values_list(name, flat=True)[:1]


def _is_reference(relation: Any) -> bool:
    """Return whether rows of others depend on ours: not our aliases, histories, or roles."""
    if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
        return False
    is_ours = relation.name == "aliases" or relation.related_model._meta.auto_created
    return not is_ours and relation.on_delete is not models.DO_NOTHING


def undo_rows(sheet: RegisterSheet, written: list[Written], author: User) -> None:
    """Take the rows back, inside a transaction.

    Raises ValidationError if they or the rest have changed, or the author may not delete what was added.
    """
    stored = {row.pk: row for row in _stored(sheet, written).select_for_update(of=("self",))}
    if reason := _why(sheet, written, stored):
        raise ValidationError(reason)
    for row in written:
        _delete_new_aliases(sheet, stored[row["id"]], row, author)
        if row["before"] is None:
            sheet.check_deletion(stored[row["id"]], author)
            _delete(stored[row["id"]], author)
    earlier = [_earlier(sheet, row) for row in written if row["before"] is not None]
    result = sheet.read_rows(earlier, author=author, reason=_("Import undone"))
    if failed := [row.validation_error for row in result.rows if row.validation_error]:
        raise ValidationError(failed)
    if result.has_errors():
        raise ValidationError(_("The database does not take the earlier values."))


def _earlier(sheet: RegisterSheet, row: Written) -> dict[str, str]:
    """Return the cells that give a row its earlier values; the unchanged ones are blank."""
    before, after = row["before"], row["after"]
    changed = {name: before[name] or NOTHING for name in before if before[name] != after[name]}
    return {**changed, sheet.key: one_line(before[sheet.key])}


def _delete_new_aliases(sheet: RegisterSheet, instance: Any, row: Written, author: User) -> None:
    if not sheet.has_aliases:
        return
    before = split_names(row["before"]["aliases"]) if row["before"] else []
    added = set(split_names(row["after"]["aliases"])) - set(before)
    for alias in instance.aliases.filter(name__in=added):
        delete_alias(alias, author, _("Import undone"))


def _delete(instance: Any, author: User) -> None:
    if isinstance(instance, VersionedModel):
        sign(instance, author, _("Import undone"))
    else:
        LogEntry.objects.log_actions(
            user_id=author.pk,
            queryset=[instance],
            action_flag=DELETION,
            change_message=_("Import undone"),
            single_object=True,
        )
    instance.delete()
