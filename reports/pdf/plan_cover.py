"""What the plan's PDF shows before the plan itself: figures, trend, breakdowns, and what is late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from akr_plan.templatetags.plan_text import iso, percent
from measures.enums import Standing
from measures.tree.rows import PlanTree

from .. import rollup
from ..rollup import Group, Summary
from ..sentences import headline
from ..trend import Trend
from ..trend_chart import TrendChart
from .parts import BarPart, bar_parts


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it says."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a breakdown."""

    number: str
    title: str
    segments: Sequence[BarPart]
    figures: Sequence[str]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table of figures; `heads` begin with that of the number, which only some of them have."""

    title: str
    heads: Sequence[str]
    is_numbered: bool
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class TrendPart:
    """The drawing of the trend, its words, and the same in numbers; `chart` is None if there is none."""

    title: str
    chart: TrendChart | None
    numbers: str
    done: str
    due: str
    legend: Sequence[str]
    empty: str


@dataclass(frozen=True, slots=True)
class LatePart:
    """The list of what is late, that longest first."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    empty: str


@dataclass(frozen=True, slots=True)
class Cover:
    """All of it."""

    headline: str
    segments: Sequence[BarPart]
    figures: Sequence[Figure]
    trend: TrendPart
    breakdowns: Sequence[Breakdown]
    late: LatePart


def cover_of(tree: PlanTree, directions: Mapping[str, str], trend: Trend) -> Cover:
    """Return the figures; `directions` maps those of KRSS2030 to their titles, in their order."""
    figures = rollup.roll_up(tree, directions)
    return Cover(
        headline=headline(figures.total),
        segments=bar_parts(figures.total),
        figures=_figures(figures.total),
        trend=_trend(trend),
        breakdowns=[
            _breakdown(_("By task"), pgettext("plan", "Task"), figures.tasks),
            _breakdown(_("By KRSS2030 direction"), _("Direction"), figures.directions),
            _breakdown(_("By year of the term"), _("Year"), figures.years, is_numbered=False),
        ],
        late=_late(tree),
    )


def _figures(total: Summary) -> list[Figure]:
    known = _("%(known)s of %(counted)s") % {"known": total.known, "counted": total.counted}
    soon = ngettext("term within 90 days", "terms within 90 days", total.due_soon)
    return [
        Figure(percent(total.percent), _("progress (mean of actions)")),
        Figure(known, _("counted results with known progress")),
        Figure(str(total.due_soon), soon),
        Figure(str(total.not_counted), _("not counted: conditional, postponed, cancelled")),
    ]


def _breakdown(title: str, column: str, groups: Iterable[Group], *, is_numbered: bool = True) -> Breakdown:
    return Breakdown(
        title=title,
        heads=[
            _("No."),
            column,
            _("Results by status"),
            _("Results"),
            pgettext("count", "Done"),
            pgettext("count", "Late"),
            _("Progress"),
        ],
        is_numbered=is_numbered,
        lines=[_line(group) for group in groups],
    )


def _line(group: Group) -> Line:
    summary = group.summary
    counts = (summary.results, summary.count(Standing.DONE), summary.late)
    figures = [*map(str, counts), percent(summary.percent)]
    return Line(group.number, str(group.title), bar_parts(summary), figures)


def _trend(trend: Trend) -> TrendPart:
    done, due = pgettext("count", "Done"), pgettext("count", "Term come")
    points = [
        f"{iso(point.day)}: {due} {point.due}"
        if point.done is None
        else f"{iso(point.day)}: {done} {point.done}, {due} {point.due}"
        for point in trend.points
    ]
    return TrendPart(
        title=_("Trend"),
        chart=TrendChart.of(trend) if trend.most else None,
        numbers=f"{_('Results done, and results whose term has come')}. {'; '.join(points)}.",
        done=done,
        due=due,
        legend=[_("Results done"), _("Results whose term has come")],
        empty=_("There is nothing to draw yet."),
    )


def _late(tree: PlanTree) -> LatePart:
    late = [(action, result) for action, result in tree.results() if result.standing == Standing.LATE]
    return LatePart(
        title=_("Late results"),
        heads=[_("No."), _("Planned result"), _("Term"), _("Owner"), _("Progress")],
        rows=[
            [
                action.number,
                result.text,
                iso(result.due_on),
                action.owner or _("no owner"),
                percent(result.percent),
            ]
            for action, result in sorted(late, key=lambda pair: pair[1].due_on)
        ],
        empty=_("Nothing is late."),
    )
