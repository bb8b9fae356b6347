"""The pages of imports: which there were, and one of them row by row, finished for their templates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from akr_plan.models import User

from ..enums import ImportKind, ImportState, LineKind
from ..exchange.import_handlers import handler_of
from ..exchange.import_jobs import parsed_of, preview_of, why_not_undone
from ..exchange.plan_text.names import NameProposal
from ..exchange.preview import FieldChange, Line, Preview
from ..history.words import Part, compare
from ..models import ImportJob
from .plan_reading import PlanReadingPage

IMPORTS_PER_PAGE = 20
LINES_PER_PAGE = 50
LONGEST_SLUG = 50
ALL = "visos"
# In the address and on the page, in the order of urgency.
SHOWN_KINDS = {
    "atmestos": LineKind.REFUSED,
    "konfliktai": LineKind.CONFLICT,
    "pridetos": LineKind.ADDED,
    "pakeistos": LineKind.CHANGED,
    "nepakeistos": LineKind.UNCHANGED,
}


def import_list(page: Any, kinds: Iterable[ImportKind]) -> Page[ImportJob]:
    """Return a page of the list of these kinds, newest first; what fills the rows is left in the database."""
    jobs = ImportJob.objects.filter(kind__in=kinds).defer("parsed", "preview", "written", "choices")
    return Paginator(jobs.select_related("owner", "plan"), IMPORTS_PER_PAGE).get_page(page)


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
    """One import: what it does or did, what is to be decided, and what the user may do about it."""

    def __init__(self, job: ImportJob, user: User, asked: str = "", number: Any = 1) -> None:
        self.job, self.user = job, user
        self.asked, self.number = asked, number
        self.preview: Preview = preview_of(job)

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
        """Return whether the file is in order and changes nothing."""
        return not (self.preview.changes_something or self.preview.is_refused or self.preview.has_conflicts)

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

    @property
    def has_decisions(self) -> bool:
        """Return whether there is anything to decide before confirming."""
        return bool(self.conflicts or self.proposals or self.asks_for_slug)

    def read_choices(self, data: Mapping[str, str]) -> dict[str, Any]:
        """Return the decisions of a form, as the handlers read them; what it can't decide is left out."""
        choices: dict[str, Any] = {
            "conflicts": {
                subject: said
                for conflict in self.conflicts
                if (said := data.get(f"conflict-{(subject := conflict.shown.line.subject)}"))
                in ("keep", "file")
            }
        }
        if self.asks_for_slug:
            # One letter more than there may be tells that it is too long; PostgreSQL keeps no NUL.
            slug = data.get("slug", "").replace("\0", "\N{REPLACEMENT CHARACTER}")
            choices["slug"] = slug.strip()[: LONGEST_SLUG + 1]
        if self.proposals:
            choices["names"] = self._read_names(data)
        return choices

    def _read_names(self, data: Mapping[str, str]) -> dict[str, dict[str, str]]:
        names: dict[str, dict[str, str]] = {}
        for proposal in (proposed.proposal for proposed in self.proposals):
            chosen = data.get(f"name-{proposal.register}-{proposal.name}", "")
            if chosen in proposal.candidates:
                names.setdefault(proposal.register, {})[proposal.name] = chosen
        return names

    @cached_property
    def parsed(self) -> Any:
        """Return what was read in the file."""
        return parsed_of(self.job)

    @property
    def reading(self) -> PlanReadingPage | None:
        """Return the document beside what was understood, if the file is one."""
        is_document = self.job.kind in (ImportKind.NEW_PLAN, ImportKind.PLAN_TEXT)
        return PlanReadingPage(self.parsed) if is_document else None
