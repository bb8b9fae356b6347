"""Charts as plain figures for SVG templates: no script, so they print and pass the strictest policy."""

from dataclasses import dataclass

from measures.enums import Standing

from .rollup import Summary

# Left to right: from done to what nobody works on.
BAR_ORDER = (
    Standing.DONE,
    Standing.IN_PROGRESS,
    Standing.LATE,
    Standing.CONDITIONAL,
    Standing.POSTPONED,
    Standing.CANCELLED,
    Standing.NOT_STARTED,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a stacked bar; `start` and `width` are percents written for SVG, with a decimal point."""

    standing: Standing
    count: int
    start: str
    width: str


def stacked_bar(summary: Summary) -> list[Segment]:
    """Return the parts of the bar of all results; standings that nobody has are left out."""
    segments, before = [], 0
    for standing in BAR_ORDER:
        if count := summary.count(standing):
            start, width = (100 * part / summary.results for part in (before, count))
            segments.append(Segment(standing, count, f"{start:.3f}%", f"{width:.3f}%"))
            before += count
    return segments
