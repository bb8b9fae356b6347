"""Brings the file of a register in: what it would do, row by row, doing just that, and taking it back."""

import logging
from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from import_export.results import RowResult

from akr_plan.models import User

from ...enums import ImportKind, LineKind
from ...models import ConflictError, ImportJob
from ..codes import Place
from ..preview import FieldChange, Line, Preview
from .accounts import UserSheet
from .sheets import CodeSheet, PartnerSheet, ProjectSheet, RegisterSheet, ResourceSheet
from .table import RegisterRow, RegisterTable, read_table
from .undo import read_written, undo_rows, why_rows_stay, written_rows

logger = logging.getLogger(__name__)

SHEETS: dict[ImportKind, type[RegisterSheet]] = {
    ImportKind.PARTNERS: PartnerSheet,
    ImportKind.RESOURCES: ResourceSheet,
    ImportKind.PROJECTS: ProjectSheet,
    ImportKind.CODES: CodeSheet,
    ImportKind.USERS: UserSheet,
}


def may_import_register(kind: ImportKind, user: User) -> bool:
    """Return whether a user may bring in this register: those who may add and change its rows by hand."""
    options = SHEETS[kind]._meta.model._meta
    names = [f"{options.app_label}.{verb}_{options.model_name}" for verb in ("add", "change")]
    return bool(user.has_perms(["measures.import_data", *names]))


class RegisterImport:
    """The handler of one register; see `ImportHandler`."""

    kind: ClassVar[ImportKind]
    parsed_type: Any = RegisterTable

    def read(self, content: bytes) -> RegisterTable:
        """Return what a file holds. Raises FileRefusedError."""
        return read_table(SHEETS[self.kind](), content)

    def preview(self, job: ImportJob, parsed: RegisterTable) -> Preview:
        """Return what writing would do, by writing and taking it back. Raises PermissionDenied."""
        self._check_rights(job.owner)
        return self._run(parsed, job.owner, is_rehearsal=True)[0]

    def apply(self, job: ImportJob, parsed: RegisterTable, author: User) -> dict[str, Any]:
        """Write. Raises PermissionDenied, or ConflictError where that isn't what the preview showed."""
        self._check_rights(author)
        preview, results, sheet = self._run(parsed, author, is_rehearsal=False)
        if preview.stamp != job.stamp or not preview.may_be_confirmed:
            raise ConflictError(job)
        return {"rows": written_rows(sheet, results)}

    def why_not_undone(self, job: ImportJob) -> str:
        """Return which row has changed since or is in use, "" if none is."""
        sheet = SHEETS[self.kind]()
        return why_rows_stay(sheet, read_written(sheet, job.written))

    def undo(self, job: ImportJob, author: User) -> None:
        """Give rows their earlier values; delete those added. Raises PermissionDenied or ValidationError."""
        self._check_rights(author)
        sheet = SHEETS[self.kind]()
        undo_rows(sheet, read_written(sheet, job.written), author)

    def _check_rights(self, user: User) -> None:
        if not may_import_register(self.kind, user):
            raise PermissionDenied

    def _run(
        self, parsed: RegisterTable, author: User, *, is_rehearsal: bool
    ) -> tuple[Preview, list[RowResult], RegisterSheet]:
        sheet = SHEETS[self.kind]()
        texts = [row.values for row in parsed.rows]
        result = sheet.read_rows(texts, author=author, reason=_("Import"), is_rehearsal=is_rehearsal)
        results: list[RowResult] = result.rows
        lines = (
            _line(sheet, parsed.sheet, row, result) for row, result in zip(parsed.rows, results, strict=True)
        )
        preview = Preview((*parsed.refused, *lines), tuple(_remarks(sheet, results)))
        return preview, results, sheet


class PartnerImport(RegisterImport):
    """Partners."""

    kind = ImportKind.PARTNERS


class ResourceImport(RegisterImport):
    """Resources."""

    kind = ImportKind.RESOURCES


class ProjectImport(RegisterImport):
    """Projects."""

    kind = ImportKind.PROJECTS


class CodeImport(RegisterImport):
    """Codes of KRSS2030."""

    kind = ImportKind.CODES


class UserImport(RegisterImport):
    """Accounts."""

    kind = ImportKind.USERS


def _line(sheet: RegisterSheet, sheet_name: str, row: RegisterRow, result: RowResult) -> Line:
    """Return what becomes of a row of the file."""
    place, title = str(Place(sheet_name, row.row)), row.values[sheet.key]
    if result.validation_error or result.errors:
        reason = " ".join(_reasons(sheet, result))
        return Line(LineKind.REFUSED, place, title=title, reason=reason)
    changes = tuple(_changes(sheet, result))
    if result.is_new():
        return Line(LineKind.ADDED, place, title=title, changes=changes)
    stored = result.original
    return Line(
        LineKind.CHANGED if changes else LineKind.UNCHANGED,
        place,
        title=title,
        changes=changes,
        versions=((str(stored.pk), getattr(stored, "version", 0)),),
    )


def _changes(sheet: RegisterSheet, result: RowResult) -> Iterator[FieldChange]:
    before = sheet.texts_of(result.original) if result.original else dict.fromkeys(sheet.headings(), "")
    after = sheet.texts_of(result.instance)
    for name, heading in sheet.headings().items():
        if before[name] != after[name] and name != sheet.key:
            yield FieldChange(heading, before[name], after[name])


def _reasons(sheet: RegisterSheet, result: RowResult) -> Iterator[str]:
    """Tell all that is wrong with a row, by column."""
    for found in result.errors:
        logger.error("A row of a register could not be written", exc_info=found.error)
        yield _("The database does not take this row.")
    if not result.validation_error:
        return
    for name, errors in result.validation_error.update_error_dict({}).items():
        for message in ValidationError(errors).messages:
            # A fault may be in a field that is no column, which only the administration shows.
            heading = sheet.headings().get(name)
            if heading is None:
                yield message
            else:
                yield _("Column “%(column)s”: %(fault)s") % {"column": heading, "fault": _inside(message)}


def _inside(sentence: str) -> str:
    """Return a sentence as it goes on after a colon; abbreviations keep their capitals."""
    return sentence if sentence[:2].isupper() else sentence[:1].lower() + sentence[1:]


def _remarks(sheet: RegisterSheet, results: list[RowResult]) -> Iterator[str]:
    yield _("Rows that the file does not have stay as they are.")
    if isinstance(sheet, UserSheet) and any(result.is_new() for result in results):
        yield _("New accounts have no password: give them one on their pages in the administration.")
