"""The update form of one action on whatever page: what stands in it, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from akr_plan.models import User

from ..forms.progress import ProgressForm
from ..models import ProgressDraft, ReportingPeriod
from ..pages.action import ActionPage
from ..services.drafts import discard_draft, find_draft, keep_draft, sign_form
from ..services.progress import Conflict, ProgressConflictError, record_progress


@dataclass(frozen=True, slots=True)
class Editor:
    """An update form with all that a page says about it; `status` is the one to answer with."""

    page: ActionPage
    form: ProgressForm
    token: str
    draft: ProgressDraft | None = None
    conflicts: Sequence[Conflict] = ()
    had_files: bool = False
    status: int = 200

    @property
    def day(self) -> date | None:
        """Return the day that stands in the form, or None if it is none."""
        return self.form.day

    @property
    def period(self) -> ReportingPeriod | None:
        """Return the period for which a report as of that day counts."""
        return self.page.period_of(self.day) if self.day else None


def open_editor(page: ActionPage, user: User) -> Editor | None:
    """Return the form with what the user typed before, or None where nothing may be recorded."""
    action = page.action
    if not (page.accepts_updates and action.may_be_updated_by(user)):
        return None
    draft = find_draft(author=user, action=action)
    typed = draft.data if draft else {}
    form = ProgressForm(action=action, results=page.results, day=page.report_day, draft=typed)
    return Editor(page, form, sign_form(author=user, action=action), draft, had_files="had_files" in typed)


def read_form(request: HttpRequest, page: ActionPage) -> ProgressForm:
    """Return the form as it was sent."""
    return ProgressForm(
        request.POST, request.FILES, action=page.action, results=page.results, day=page.report_day
    )


def submit(request: HttpRequest, page: ActionPage, user: User) -> Editor | None:
    """Record what was sent and return None; else keep it as a draft and return the form to be shown again.

    Raises PermissionDenied.
    """
    action = page.action
    if not action.may_be_updated_by(user):
        raise PermissionDenied
    form = read_form(request, page)
    conflicts: Sequence[Conflict] = ()
    if form.is_valid():
        try:
            record_progress(author=user, **form.values())
        except ProgressConflictError as error:
            conflicts = error.conflicts
        except ValidationError as error:
            form.update.add_error(None, error)
        else:
            discard_draft(author=user, action=action)
            return None
    typed = form.as_draft()
    keep_draft(author=user, action=action, typed=typed)
    return Editor(
        page=page,
        form=_decided(form, page, conflicts) if conflicts else form,
        token=sign_form(author=user, action=action),
        conflicts=conflicts,
        had_files="had_files" in typed,
        status=409 if conflicts else 422,
    )


def _decided(form: ProgressForm, page: ActionPage, conflicts: Sequence[Conflict]) -> ProgressForm:
    """Return the form as it was sent, but with the newest versions: its reader has both values in sight.

    The draft keeps the old ones, so whoever comes back to it is shown the conflict again.
    """
    versions = {f"{conflict.stored.key}-version": str(conflict.stored.version) for conflict in conflicts}
    return ProgressForm({**form.typed(), **versions}, action=page.action, results=page.results)
