"""Finished, typed rows of the reports beside the tree of the plan; nothing here asks the database."""

from dataclasses import dataclass
from datetime import date


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

    @property
    def address(self) -> str:
        """Return how addresses name it."""
        return f"laikotarpis-{self.starts_on.isoformat()}"


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What a register says of a partner, resource or project: its kind or programme, term, other names."""

    about: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    aliases: tuple[str, ...] = ()
