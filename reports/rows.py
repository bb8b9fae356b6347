"""Finished, typed rows of the reports beside the tree of the plan; nothing here asks the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from measures.tree.rows import CodeRow


@dataclass(frozen=True, slots=True)
class Strategy:
    """KRSS2030 as it is known here: the titles of its directions by Roman number, and its codes, in order.

    The ids of the codes are for queries; no page shows them.
    """

    titles: Mapping[str, str]
    codes: tuple[CodeRow, ...]
    code_ids: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """One entry of the journal; `action_number` is empty if the action is gone."""

    action_number: str
    author: str
    reported_on: date
    comment: str


@dataclass(frozen=True, slots=True)
class LateRow:
    """A planned result that is late, with what is known of its action; `owner` is empty if it has none."""

    action_number: str
    text: str
    due_on: date
    owner: str
    last_reported_on: date | None


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A reporting period whose snapshot stands."""

    title: str
    starts_on: date
    ends_on: date
    closed_at: datetime | None = None

    @property
    def address(self) -> str:
        """Return how addresses name it."""
        return f"laikotarpis-{self.starts_on.isoformat()}"


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """A reporting period as it stood on a day; `is_closed` says whether it took no more reports then."""

    title: str
    starts_on: date
    ends_on: date
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """An action that owed a report for a period, or gave it."""

    number: str
    title: str
    is_reported: bool


@dataclass(frozen=True, slots=True)
class Reporting:
    """Who was to report on a day: for which period (None: reports were not asked for), and who did.

    `has_periods` says whether the plan has any period at all.
    """

    has_periods: bool
    period: AskedPeriod | None
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What a register says of a partner, resource or project: its kind or programme, term, other names."""

    about: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """Who wrote something of the plan, and when.

    `on` is the day that people know it by: the one that a report speaks of, else the day of writing.
    `on_behalf_of` is the owner of the action, where somebody else reported.
    """

    on: date
    written_at: datetime
    who: str
    username: str
    on_behalf_of: str = ""


# Field names of the rows of a plan are keys beside these: it was added, removed, or reported on; its status
# changed; results came or went.
ADDED, REMOVED, REPORT, STATE, RESULTS = "+", "-", "report", "state", "results"

# Level, number (or key) and field, to what was written there between two days, oldest first.
Writings = Mapping[tuple[str, str, str], Sequence[Writing]]
