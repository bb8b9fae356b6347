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
class ClosedPeriod:
    """A reporting period whose snapshot stands."""

    title: str
    starts_on: date
    ends_on: date

    @property
    def address(self) -> str:
        """Return how addresses name it."""
        return f"laikotarpis-{self.starts_on.isoformat()}"
