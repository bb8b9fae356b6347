"""Takes the last change of a field back, as a new change: history itself is never altered."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from akr_plan.models import User

from ..history.kinds import KIND_OF, tied_to
from ..models import ConflictError


@dataclass(frozen=True, slots=True)
class LastChange:
    """Two neighbouring versions of a row, and the fields whose last change lies between them."""

    before: Any
    after: Any
    fields: tuple[str, ...]


def find_last_change(*, row: Any, field: str, history_id: int, seen_version: int) -> LastChange:
    """Return what one version changed in a field, and in those that make sense only with it.

    Raises LookupError if it changed nothing there that can be undone, ConflictError if the row has been
    changed since it was seen or the field since that version.
    """
    attnames = {found.name: found.attname for found in KIND_OF[type(row)].undoable_fields}
    after = row.history.filter(history_id=history_id, history_type="~").first()
    before = after and row.history.filter(history_id__lt=history_id).order_by("-history_id").first()
    changed = [
        name
        for name, attname in attnames.items()
        if before and name in tied_to(field) and getattr(before, attname) != getattr(after, attname)
    ]
    if field not in changed:
        raise LookupError(field)
    later = [row, *row.history.filter(history_id__gt=history_id)]
    standing = [
        name
        for name in changed
        if all(getattr(version, attnames[name]) == getattr(after, attnames[name]) for version in later)
    ]
    if field not in standing or row.version != seen_version:
        raise ConflictError(row)
    return LastChange(before, after, tuple(standing))


@transaction.atomic
def undo_change(*, row: Any, field: str, history_id: int, seen_version: int, author: User) -> LastChange:
    """Give a field the value that it had before its last change, and return that change.

    Raises PermissionDenied, LookupError, ConflictError, or ValidationError if the earlier value does not fit
    the row any more; then nothing is written.
    """
    if not KIND_OF[type(row)].may_be_undone_by(author):
        raise PermissionDenied
    change = find_last_change(row=row, field=field, history_id=history_id, seen_version=seen_version)
    for name in change.fields:
        attname = row._meta.get_field(name).attname
        setattr(row, attname, getattr(change.before, attname))
    row.full_clean()
    row._history_user = author
    row._change_reason = _("Earlier value restored")
    row.save()
    return change
