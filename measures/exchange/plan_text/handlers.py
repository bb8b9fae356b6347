"""Plan documents through the import page: as a new draft, or compared with a plan that exists."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from akr_plan.models import User

from ...enums import LineKind, PlanState
from ...models import ConflictError, ImportJob, Partner, Plan, Resource
from ...services.locks import lock_plan
from ..child import read_in_child
from ..document.tree import DocumentReading, PlanText
from ..preview import Line, Preview
from .compare import Difference, compare_plans, new_parts
from .draft import default_slug, slug_taken, write_draft
from .lines import code_lines, lines_of, name_lines
from .names import DocumentNames, NameProposal
from .stored import StoredPlan, read_stored_plan
from .update import update_plan
from .writer import Registers, known_names
from .written_rows import WrittenRows, take_back, why_rows_stay


class PlanDocumentImport:
    """What both have in common: how a document is read, and which names in it are new."""

    parsed_type = DocumentReading

    def read(self, content: bytes) -> DocumentReading:
        """Return the plan in a document. Raises DocumentError, or FileRefusedError if it can't be read."""
        reading: DocumentReading = read_in_child(
            "plan",
            content,
            known_partners=list(known_names(Partner)),
            known_resources=list(known_names(Resource)),
        )
        return reading

    def proposals(self, job: ImportJob, parsed: DocumentReading) -> list[NameProposal]:
        """Return the new names that may be other spellings of existing ones, decided or not.

        A decision comes back in `job.choices["names"]`, by register and new name; "" is a name of its own.
        """
        return DocumentNames(parsed.plan, Registers.read(), {}, self._stored(job)).proposals()

    def _stored(self, job: ImportJob) -> StoredPlan | None:
        return None

    def why_not_undone(self, job: ImportJob) -> str:
        """Return why the import can't be undone any more, "" if it can; a transaction keeps it so."""
        if job.plan is None:
            return _deleted()
        lock_plan(job.plan)
        return self._why_plan_stays(job.plan) or why_rows_stay(WrittenRows.of_json(job.written))

    def _why_plan_stays(self, plan: Plan) -> str:
        """Return why the state of the plan keeps the import from being undone, "" if it doesn't."""
        raise NotImplementedError

    def undo(self, job: ImportJob, author: User) -> None:
        """Take back all that was written; new names that others use by now stay."""
        take_back(WrittenRows.of_json(job.written), author)


class NewPlanImport(PlanDocumentImport):
    """A document becomes a new draft; `job.choices["slug"]` is its short name, else made of its years."""

    def preview(self, job: ImportJob, parsed: DocumentReading) -> Preview:
        """Return all that was understood, part by part, in a constant number of queries."""
        return _Draft(job, parsed).preview

    def apply(self, job: ImportJob, parsed: DocumentReading, author: User) -> dict[str, Any]:
        """Write the draft.

        Raises PlanImportError or ValidationError where the preview has refused, ConflictError where that
        isn't what the preview showed; then nothing may stay.
        """
        found = _Draft(job, parsed)
        if found.preview.stamp != job.stamp:
            raise ConflictError(job)
        registers = found.names.registers
        writer = write_draft(parsed.plan, slug=_slug(job, parsed.plan), registers=registers, author=author)
        found.names.write_decisions(writer)
        job.plan = writer.plan
        written = WrittenRows()
        written.note_added(writer.added)
        return written.as_json()

    def _why_plan_stays(self, plan: Plan) -> str:
        return "" if plan.state == PlanState.DRAFT else _("The plan is no draft any more.")

    def undo(self, job: ImportJob, author: User) -> None:
        """Delete the draft with all that it brought; history keeps it. Raises ValidationError."""
        if not author.has_perm("measures.delete_plan"):
            raise ValidationError(
                _("Undoing this import deletes “%(row)s”, and you may not delete that. Ask an administrator.")
                % {"row": job.plan}
            )
        super().undo(job, author)
        job.plan = None


class PlanTextImport(PlanDocumentImport):
    """A document is compared with the plan of the job; what it lacks stays in the plan."""

    def _stored(self, job: ImportJob) -> StoredPlan | None:
        return read_stored_plan(job.plan) if job.plan else None

    def preview(self, job: ImportJob, parsed: DocumentReading) -> Preview:
        """Return what the document says otherwise or in addition, in a constant number of queries."""
        if job.plan is None:
            return Preview((Line(LineKind.REFUSED, "", reason=_deleted()),))
        lock_plan(job.plan)
        if job.plan.state == PlanState.CLOSED:
            return Preview((Line(LineKind.REFUSED, "", title=str(job.plan), reason=_closed()),))
        return _Comparison(job, job.plan, parsed).preview

    def apply(self, job: Any, parsed: DocumentReading, author: User) -> dict[str, Any]:
        """Write what is added or changed.

        Raises ValidationError, or ConflictError where that isn't what the preview showed; then nothing may
        stay.
        """
        found = _Comparison(job, job.plan, parsed)
        if found.preview.stamp != job.stamp:
            raise ConflictError(job.plan)
        return update_plan(found.stored, found.differences, found.names, author).as_json()

    def _why_plan_stays(self, plan: Plan) -> str:
        return _closed() if plan.state == PlanState.CLOSED else ""


class _Draft:
    """A document by itself: what is shown of it and what is written come from one reading."""

    def __init__(self, job: ImportJob, parsed: DocumentReading) -> None:
        registers = Registers.read()
        self.names = DocumentNames(parsed.plan, registers, _decisions(job))
        text = self.names.settled_text()
        lines = [
            *_slug_lines(_slug(job, text)),
            *lines_of(new_parts(text), self.names),
            *code_lines(text, registers),
            *name_lines(self.names),
        ]
        self.preview = Preview(tuple(lines), _remarks(parsed))


class _Comparison:
    """A document beside the stored plan: what is shown of it and what is written come from one reading."""

    def __init__(self, job: ImportJob, plan: Plan, parsed: DocumentReading) -> None:
        self.stored = read_stored_plan(plan)
        registers = Registers.read()
        self.names = DocumentNames(parsed.plan, registers, _decisions(job), self.stored)
        text = self.names.settled_text()
        self.differences: list[Difference] = list(
            compare_plans(self.stored.text, text, self.stored.positions)
        )
        lines = [
            *lines_of(self.differences, self.names),
            *code_lines(text, registers),
            *name_lines(self.names),
        ]
        self.preview = Preview(tuple(lines), _remarks(parsed))


def _decisions(job: ImportJob) -> Mapping[str, Mapping[str, str]]:
    decisions: Mapping[str, Mapping[str, str]] = job.choices.get("names", {})
    return decisions


def _slug(job: ImportJob, text: PlanText) -> str:
    return job.choices.get("slug") or default_slug(text)


def _slug_lines(slug: str) -> list[Line]:
    """Return why a short name can't be that of a new plan."""
    try:
        Plan._meta.get_field("slug").clean(slug, None)
        Plan(slug=slug).clean()
        reason = slug_taken(slug) if Plan.objects.filter(slug=slug).exists() else ""
    except ValidationError as error:
        reason = " ".join(error.messages)
    place = capfirst(_("short name"))
    return [Line(LineKind.REFUSED, place, slug, reason=reason, is_decidable=True)] if reason else []


def _deleted() -> str:
    return _("The plan of this import has been deleted.")


def _closed() -> str:
    return _("The plan is closed, its text stays as it is.")


def _remarks(parsed: DocumentReading) -> tuple[str, ...]:
    return tuple(notice.message for notice in parsed.warnings)
