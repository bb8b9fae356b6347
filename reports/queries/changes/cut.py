"""Of what a state of a plan is made.

A state has two times (docs/decisions/0005, 0006), and so has what lies between two states:

- *Text* as of the last moment of its day, as `tree.reader.moment_of` has it; today's is that of now. A closed
  period froze the text of its last day too, but none that was written after its closing. So the text between
  two states was written after the earlier of these moments and not after the later.
- *Knowledge*: a day shows what is known now, a closed period what was known at its closing. A report counts
  in a state if it speaks of a day up to that of the state, was recorded by then, and not withdrawn by then.
  Between two states lie the reports that count in the later only, signed by their authors, and those that
  counted in the earlier only, signed by who withdrew them. Two days are known alike, so no withdrawal lies
  between them; a file of a closed period takes an earlier day as it was known at the closing, too. The
  plan's own title, goal and years have no past: they, too, differ by knowledge only.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from measures.models import Plan
from measures.tree.reader import moment_of

from ...rows import ClosedPeriod


@dataclass(frozen=True, slots=True)
class Cut:
    """What a state of a plan is made of, see above; a moment that is None is now."""

    day: date
    text_at: datetime | None
    known_at: datetime | None

    @classmethod
    def of(cls, plan: Plan, day: date, frozen: ClosedPeriod | None = None) -> "Cut":
        """Return the cut of a day, or of what a closed period froze."""
        text_at = moment_of(plan, day)
        if frozen and frozen.closed_at:
            return cls(day, min(text_at or frozen.closed_at, frozen.closed_at), frozen.closed_at)
        return cls(day, None if day >= timezone.localdate() else text_at, None)

    def known_by(self, moment: datetime | None) -> "Cut":
        """Return the same state as it was known at a moment; without one as it is known now."""
        if moment is None:
            return self
        return Cut(self.day, min(self.text_at or moment, moment), moment)
