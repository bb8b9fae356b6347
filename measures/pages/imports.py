"""The pages of imports: which there were, and one of them row by row, finished for their templates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q, TextField, Value
from django.db.models.functions import Cast, StrIndex
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akr_plan.backup import is_backup_kept
from akr_plan.models import User

from ..enums import ImportKind, ImportState, LineKind
from ..exchange.import_handlers import handler_of
from ..exchange.import_jobs import parsed_of, preview_of, why_not_undone
from ..exchange.plan_text.names import NameProposal
from ..exchange.preview import FieldChange, Line, Preview
from ..exchange.stored_json import UnreadableImportError
from ..history.words import Part, compare
from ..models import ImportJob
from .plan_reading import PlanReadingPage

IMPORTS_PER_PAGE = 20
LINES_PER_PAGE = 50
LONGEST_SLUG = 50
ALL = "visos"
_NEEDS_SOMEBODY = (LineKind.REFUSED, LineKind.ADDED, LineKind.CHANGED, LineKind.CONFLICT)
# In the address and on the page, in the order of urgency.
SHOWN_KINDS = {
    "atmestos": LineKind.REFUSED,
    "konfliktai": LineKind.CONFLICT,
    "pridetos": LineKind.ADDED,
    "pakeistos": LineKind.CHANGED,
    "truksta": LineKind.MISSING,
    "nepakeistos": LineKind.UNCHANGED,
}


def import_list(page: Any, kinds: Iterable[ImportKind]) -> Page[ImportJob]:
    """Return a page of the list of these kinds, newest first; what fills the rows is left in the database.

    `writes_nothing` of each says that it is in order and has no row to write or to decide about.
    """
    jobs = ImportJob.objects.filter(kind__in=kinds).defer("parsed", "preview", "written", "choices")
    jobs = jobs.alias(**{kind.value: _first_line(kind) for kind in _NEEDS_SOMEBODY})
    idle = Q(state=ImportState.PREVIEWED, **{kind.value: 0 for kind in _NEEDS_SOMEBODY})
    jobs = jobs.annotate(writes_nothing=ExpressionWrapper(idle, output_field=BooleanField()))
    return Paginator(jobs.select_related("owner", "plan"), IMPORTS_PER_PAGE).get_page(page)


def _first_line(kind: LineKind) -> StrIndex:
    """Return where in the stored preview a line of this kind stands, 0 if nowhere; quotes in texts differ."""
    return StrIndex(Cast("preview", TextField()), Value(f'"kind": "{kind}"'))


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A value before and after; `parts` has both in one, word by word, where that is easier to read."""

    label: str
    before: str
    after: str
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, change: FieldChange) -> "ShownChange":
        """Return the change as it is shown."""
        return cls(change.label, change.old or "–", change.new or "–", compare(change.old, change.new))


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the preview with its changes as they are shown."""

    line: Line
    changes: tuple[ShownChange, ...]

    @classmethod
    def of(cls, line: Line) -> "ShownLine":
        """Return the line as it is shown."""
        return cls(line, tuple(map(ShownChange.of, line.changes)))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row of which somebody has to say what counts, and what was said so far: keep, file, or nothing."""

    shown: ShownLine
    said: str


@dataclass(frozen=True, slots=True)
class ProposedName:
    """A new name that may be a known one in another spelling, and which was chosen so far."""

    proposal: NameProposal
    chosen: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A group of lines to look at: its word in the address, its name and how many there are."""

    word: str
    label: str
    count: int
    is_current: bool


class ImportPage:
    """One import: what it does or did, what is to be decided, and what the user may do about it.

    Where `unreadable` says that another version of the program made it, there is nothing else but the job.
    """

    def __init__(self, job: ImportJob, user: User, asked: str = "", number: Any = 1) -> None:
        self.job, self.user = job, user
        self.asked, self.number = asked, number
        self.preview, self.unreadable = Preview(), ""
        try:
            self.preview, self.parsed = preview_of(job), parsed_of(job)
        except UnreadableImportError as error:
            self.unreadable = str(error)

    @property
    def state(self) -> str:
        """Return how far the import has come, in words."""
        is_waiting = self.job.state == ImportState.PREVIEWED and not self.unreadable
        done: str = self.job.get_state_display()
        return pgettext("import", "Nothing to write") if is_waiting and self._writes_nothing else done

    @property
    def _writes_nothing(self) -> bool:
        return not any(self.preview.counts[kind] for kind in _NEEDS_SOMEBODY)

    @property
    def is_open(self) -> bool:
        """Return whether it waits for its owner."""
        return self.job.state in (ImportState.PREVIEWED, ImportState.REFUSED)

    @property
    def is_own(self) -> bool:
        """Return whether the user uploaded it."""
        return self.job.owner_id == self.user.pk

    @property
    def may_confirm(self) -> bool:
        """Return whether the user can have it done as it stands."""
        return self.is_open and self.is_own and self.preview.may_be_confirmed

    @property
    def is_idle(self) -> bool:
        """Return whether the file is in order and says the same as the program."""
        return self._writes_nothing and not self.preview.counts[LineKind.MISSING]

    @property
    def only_lacks_parts(self) -> bool:
        """Return whether the file is in order and changes nothing, though it lacks parts of the plan."""
        return self._writes_nothing and self.preview.counts[LineKind.MISSING] > 0

    @cached_property
    def is_backup_kept(self) -> bool:
        """Return whether the backup point before it is still there."""
        return is_backup_kept(self.job.backup)

    @cached_property
    def why_not_undone(self) -> str:
        """Return why what was written can't be taken back, "" if it can; asks the database."""
        return why_not_undone(self.job)

    @property
    def choices(self) -> Iterator[Choice]:
        """Yield the groups of lines that there are, then all of them."""
        for word, kind in SHOWN_KINDS.items():
            if count := self.preview.counts[kind]:
                yield Choice(word, str(kind.label), count, word == self.shown)
        yield Choice(ALL, _("All rows"), len(self.preview.lines), self.shown == ALL)

    @cached_property
    def shown(self) -> str:
        """Return the group that is shown: the one asked for, else all that something happens to."""
        return self.asked if self.asked in (*SHOWN_KINDS, ALL) else ""

    @cached_property
    def lines(self) -> Page[Line]:
        """Return the lines of the page that is asked for."""
        if self.shown == ALL:
            lines = list(self.preview.lines)
        elif kind := SHOWN_KINDS.get(self.shown):
            lines = [line for line in self.preview.lines if line.kind == kind]
        else:
            lines = [line for line in self.preview.lines if line.kind != LineKind.UNCHANGED]
        return Paginator(lines, LINES_PER_PAGE).get_page(self.number)

    @property
    def rows(self) -> Iterator[ShownLine]:
        """Yield the lines of the page as they are shown."""
        yield from map(ShownLine.of, self.lines)

    @cached_property
    def conflicts(self) -> list[Conflict]:
        """Return the rows that others have changed meanwhile, decided ones as well."""
        said = self.job.choices.get("conflicts", {})
        return [
            Conflict(ShownLine.of(line), said.get(line.subject, ""))
            for line in self.preview.lines
            if line.kind == LineKind.CONFLICT or line.subject in said
        ]

    @property
    def asks_for_slug(self) -> bool:
        """Return whether the short name of a new plan can be chosen."""
        return self.job.kind == ImportKind.NEW_PLAN

    @property
    def slug(self) -> str:
        """Return the short name that was chosen so far; empty: made of the plan's years."""
        return str(self.job.choices.get("slug", ""))

    @cached_property
    def proposals(self) -> list[ProposedName]:
        """Return the new names that may be known ones in another spelling."""
        handler = handler_of(ImportKind(self.job.kind))
        if not hasattr(handler, "proposals"):
            return []
        said = self.job.choices.get("names", {})
        return [
            ProposedName(proposal, said.get(proposal.register, {}).get(proposal.name, ""))
            for proposal in handler.proposals(self.job, self.parsed)
        ]

    @cached_property
    def has_decisions(self) -> bool:
        """Return whether there is anything that the user can decide before confirming."""
        if not (self.is_open and self.is_own) or self.unreadable:
            return False
        return bool(self.conflicts or self.proposals or self.asks_for_slug)

    def read_choices(self, data: Mapping[str, str]) -> dict[str, Any]:
        """Return the decisions of a form, as the handlers read them.

        What the form doesn't say stays as it was decided; what it can't decide is left out.
        """
        choices: dict[str, Any] = {"conflicts": self._read_conflicts(data)}
        if self.asks_for_slug:
            # One letter more than there may be tells that it is too long; PostgreSQL keeps no NUL.
            slug = data.get("slug", self.slug).replace("\0", "\N{REPLACEMENT CHARACTER}")
            choices["slug"] = slug.strip()[: LONGEST_SLUG + 1]
        if self.proposals:
            choices["names"] = self._read_names(data)
        return choices

    def decides_otherwise(self, data: Mapping[str, str]) -> bool:
        """Return whether a form has decisions that the preview doesn't know of yet."""
        return self.has_decisions and self.read_choices(data) != self.read_choices({})

    def _read_conflicts(self, data: Mapping[str, str]) -> dict[str, str]:
        found = {}
        for conflict in self.conflicts:
            subject = conflict.shown.line.subject
            said = data.get(f"conflict-{subject}", conflict.said)
            if said in ("keep", "file"):
                found[subject] = said
        return found

    def _read_names(self, data: Mapping[str, str]) -> dict[str, dict[str, str]]:
        names: dict[str, dict[str, str]] = {}
        for proposed in self.proposals:
            proposal = proposed.proposal
            chosen = data.get(f"name-{proposal.register}-{proposal.name}", proposed.chosen)
            if chosen in proposal.candidates:
                names.setdefault(proposal.register, {})[proposal.name] = chosen
        return names

    @property
    def reading(self) -> PlanReadingPage | None:
        """Return the document beside what was understood, if the file is one."""
        is_document = self.job.kind in (ImportKind.NEW_PLAN, ImportKind.PLAN_TEXT)
        return PlanReadingPage(self.parsed) if is_document else None
