"""The one way in which a file gets into the data: uploaded, previewed, confirmed once, and undone if need be.

What the preview showed is what happens: it is made anew inside the transaction that writes, and compared.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from akr_plan.backup import prune_backups, take_backup
from akr_plan.models import User

from ..enums import ImportKind, ImportState
from ..models import ConflictError, ImportJob, Plan
from ..services.progress import ProgressConflictError
from .import_handler import ImportHandler
from .import_handlers import handler_of
from .plan_text.draft import PlanImportError
from .preview import Preview
from .stored_json import UnreadableImportError, as_stored, read_stored

LONGEST_NAME = 200
BACKUP_REASON = "importas"

logger = logging.getLogger(__name__)


class ImportOverError(Exception):
    """The import has been confirmed, discarded or undone already."""

    def __init__(self) -> None:
        super().__init__(_("This import is over: it has been confirmed, discarded or undone already."))


class StaleImportError(Exception):
    """The data are not what the preview saw. Nothing was written; the import shows a new preview."""

    def __init__(self) -> None:
        super().__init__(
            _("The data have changed since the preview, so nothing was written. Look at the new preview.")
        )


class NotStoredError(Exception):
    """There is no room for the uploaded file, or it can't be written; the message says what to do."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(
            _("The file could not be stored (%(reason)s), so nothing has been changed. Ask an administrator.")
            % {"reason": getattr(cause, "strerror", None) or cause}
        )


class UndoError(Exception):
    """The import can't be undone; the message says why. Nothing was changed."""


def upload(
    *,
    kind: ImportKind,
    owner: User,
    file_name: str,
    content: bytes,
    plan: Plan | None = None,
    choices: Mapping[str, Any] | None = None,
) -> ImportJob:
    """Read a file and keep it with what confirming it would do; nothing else is written.

    Raises PermissionDenied, FileRefusedError, DocumentError, ValidationError if the file belongs to a plan
    that is not here, or NotStoredError.
    """
    _check_rights(owner)
    handler = handler_of(kind)
    parsed = handler.read(content)
    job = ImportJob(
        kind=kind,
        plan=plan or _plan_of(parsed),
        owner=owner,
        file_name=file_name[-LONGEST_NAME:],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        parsed=as_stored(parsed),
        choices=dict(choices or {}),
    )
    _take(job, handler.preview(job, parsed))
    _store(job, file_name, content)
    return job


def _store(job: ImportJob, file_name: str, content: bytes) -> None:
    try:
        job.file.save(file_name, ContentFile(content), save=False)
        try:
            job.save()
        except BaseException:
            job.file.delete(save=False)
            raise
    except (OSError, OperationalError) as error:
        raise NotStoredError(error) from error


def _plan_of(parsed: Any) -> Plan | None:
    """Return the plan that a file says it belongs to; None if it is about none that exists."""
    slug = getattr(parsed, "plan", None)
    if not isinstance(slug, str):
        return None
    plan = Plan.objects.filter(slug=slug).first()
    if plan is None:
        raise ValidationError(
            _("The file belongs to the plan “%(plan)s”, which is not here. Download a work sheet anew.")
            % {"plan": slug}
        )
    return plan


def parsed_of(job: ImportJob) -> Any:
    """Return what was read in the file. Raises UnreadableImportError."""
    return read_stored(_handler(job).parsed_type, job.parsed)


def _handler(job: ImportJob) -> ImportHandler:
    """Return what looks after the import's kind. Raises UnreadableImportError if there is no such kind."""
    if job.kind not in ImportKind:
        raise UnreadableImportError
    return handler_of(ImportKind(job.kind))


def decide(*, job: ImportJob, author: User, choices: Mapping[str, Any]) -> ImportJob:
    """Keep what the owner decided and preview anew.

    Raises PermissionDenied, ImportOverError or UnreadableImportError.
    """
    _check_owner(job, author)
    with transaction.atomic():
        locked = _lock(job, ImportState.PREVIEWED, ImportState.REFUSED)
        locked.choices = {**locked.choices, **choices}
        _renew(locked)
    return locked


def confirm(*, job: ImportJob, author: User, stamp: str) -> ImportJob:
    """Do what the preview with this stamp said, all or nothing, after a backup.

    Raises PermissionDenied, BackupError, ImportOverError, UnreadableImportError, StaleImportError (the
    preview has been renewed), or ValidationError if the preview says that it can't be done.
    """
    _check_owner(job, author)
    if job.state not in (ImportState.PREVIEWED, ImportState.REFUSED):
        raise ImportOverError
    if stamp != job.stamp:
        _preview_again(job)
        raise StaleImportError
    _check_may_be_confirmed(preview_of(job))
    backup = take_backup(BACKUP_REASON)
    try:
        applied = _apply_or_renew(job, author, stamp, backup.name)
    except BaseException:
        # Nothing was written, so the copy protects nothing.
        backup.unlink(missing_ok=True)
        raise
    prune_backups(BACKUP_REASON)
    return applied


def _apply_or_renew(job: ImportJob, author: User, stamp: str, backup: str) -> ImportJob:
    try:
        with transaction.atomic():
            return _apply(_lock(job, ImportState.PREVIEWED, ImportState.REFUSED), author, stamp, backup)
    except (
        *(StaleImportError, ConflictError, ProgressConflictError, PlanImportError, IntegrityError),
    ) as error:
        if _preview_again(job) == stamp and isinstance(error, IntegrityError):
            logger.exception("What the preview of an import allows could not be written")
            raise ValidationError(
                _(
                    "The database does not take this import, though nothing has changed since the preview. "
                    "Nothing was written. Tell an administrator."
                )
            ) from error
        raise StaleImportError from error


def _apply(job: ImportJob, author: User, stamp: str, backup: str) -> ImportJob:
    handler, parsed = _handler(job), parsed_of(job)
    preview = handler.preview(job, parsed)
    if not stamp == job.stamp == preview.stamp:
        raise StaleImportError
    _check_may_be_confirmed(preview)
    job.written = handler.apply(job, parsed, author)
    job.state, job.applied_at, job.backup = ImportState.APPLIED, timezone.now(), backup
    _write(job, "written", "state", "applied_at", "backup", "plan")
    return job


def _check_may_be_confirmed(preview: Preview) -> None:
    if not preview.may_be_confirmed:
        raise ValidationError(_("This can't be confirmed: see what is said at the rows."))


def _preview_again(job: ImportJob) -> str:
    """Renew the preview and return its stamp."""
    with transaction.atomic():
        locked = _lock(job, ImportState.PREVIEWED, ImportState.REFUSED)
        _renew(locked)
    return locked.stamp


def discard(*, job: ImportJob, author: User) -> None:
    """Put an import aside that is not to be confirmed. Raises PermissionDenied or ImportOverError."""
    _check_owner(job, author)
    with transaction.atomic():
        locked = _lock(job, ImportState.PREVIEWED, ImportState.REFUSED)
        locked.state = ImportState.DISCARDED
        _write(locked, "state")


def why_not_undone(job: ImportJob) -> str:
    """Return why an applied import can't be undone any more, "" if it can."""
    newest = ImportJob.objects.applied().filter(kind=job.kind, plan=job.plan).values_list("pk", flat=True)
    if newest.first() != job.pk:
        return _("Only the last import can be undone.")
    try:
        return _handler(job).why_not_undone(job)
    except UnreadableImportError as error:
        return str(error)


def undo(*, job: ImportJob, author: User) -> None:
    """Take back what an import wrote. Raises PermissionDenied, ImportOverError or UndoError."""
    _check_rights(author)
    try:
        with transaction.atomic():
            locked = _lock(job, ImportState.APPLIED)
            if reason := why_not_undone(locked):
                raise UndoError(reason)
            _handler(locked).undo(locked, author)
            locked.state, locked.undone_at, locked.undone_by = ImportState.UNDONE, timezone.now(), author
            # The plan may be gone by now, and the row knows that already.
            _write(locked, "state", "undone_at", "undone_by")
    except ConflictError as error:
        raise UndoError(str(error)) from error
    except ValidationError as error:
        raise UndoError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise UndoError(
            _("Something else refers to what was imported by now, so it can't be undone.")
        ) from error


def _check_rights(user: User) -> None:
    if not user.has_perm("measures.import_data"):
        raise PermissionDenied


def _check_owner(job: ImportJob, user: User) -> None:
    _check_rights(user)
    if job.owner_id != user.pk:
        raise PermissionDenied


def _lock(job: ImportJob, *states: ImportState) -> ImportJob:
    """Return the import as it is now, kept from others until the transaction ends."""
    locked: ImportJob = (
        ImportJob.objects.select_for_update(of=("self",)).select_related("plan").get(pk=job.pk)
    )
    if locked.state not in states:
        raise ImportOverError
    return locked


def _renew(job: ImportJob) -> None:
    """Preview anew; a decision holds only for the state of the row that it was made about."""
    handler, parsed, seen = _handler(job), parsed_of(job), _versions(preview_of(job))
    preview = handler.preview(job, parsed)
    now, decided = _versions(preview), job.choices.get("conflicts", {})
    standing = {key: said for key, said in decided.items() if now.get(key) == seen.get(key)}
    if standing != decided:
        job.choices = {**job.choices, "conflicts": standing}
        preview = handler.preview(job, parsed)
    _take(job, preview)
    _write(job, "choices", "preview", "stamp", "state")


def _versions(preview: Preview) -> dict[str, int | None]:
    return {line.subject: dict(line.versions).get("result") for line in preview.lines}


def _take(job: ImportJob, preview: Preview) -> None:
    job.preview, job.stamp = asdict(preview), preview.stamp
    job.state = ImportState.REFUSED if preview.is_refused else ImportState.PREVIEWED


def _write(job: ImportJob, *fields: str) -> None:
    ImportJob.objects.filter(pk=job.pk).update(**{name: getattr(job, name) for name in fields})


def preview_of(job: ImportJob) -> Preview:
    """Return what an import does, or did. Raises UnreadableImportError."""
    preview: Preview = read_stored(Preview, job.preview)
    return preview
