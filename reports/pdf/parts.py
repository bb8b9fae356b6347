"""Parts that several documents have, as the templates of `status.typ` read them."""

from dataclasses import dataclass

from ..charts import stacked_bar
from ..rollup import Summary


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of a stacked bar, with its word."""

    standing: str
    label: str
    count: int


def bar_parts(summary: Summary) -> list[BarPart]:
    """Return the parts of the bar of all results."""
    return [
        BarPart(part.standing.value, str(part.standing.label), part.count) for part in stacked_bar(summary)
    ]
