"""A comparison in one sentence, which can be read out at a meeting."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akr_plan.templatetags.plan_text import percent

from .rows import ChangeKind, Comparison


def in_a_sentence(comparison: Comparison, said: str = "") -> str:
    """Return how the plan got on between the two days, or the part of it that `said` names."""
    text = f"{_clauses(comparison)}."
    return f"{said}. {text}" if said else text


def _clauses(comparison: Comparison) -> str:
    """Return how work got on, how the plan itself was changed, and what became of the progress."""
    days = {"from": _day(comparison.before.as_of), "to": _day(comparison.after.as_of)}
    if not comparison.groups:
        return _("From %(from)s to %(to)s nothing has changed") % days
    work = [_finished(comparison.results(ChangeKind.FINISHED)), *_work(comparison)]
    text = _("From %(from)s to %(to)s %(parts)s") % {**days, "parts": ", ".join(work)}
    before, after = comparison.summary_before.percent, comparison.summary_after.percent
    progress = _progress(before, after) if comparison.is_of_the_same else ""
    return "; ".join(filter(None, [text, ", ".join(_plan(comparison)), progress]))


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _finished(n: int) -> str:
    if not n:
        return _("no planned result was finished")
    return ngettext("%(n)s planned result was finished", "%(n)s planned results were finished", n) % {"n": n}


def _work(comparison: Comparison) -> list[str]:
    """Return how many results got on or fell back otherwise."""
    started = comparison.results(ChangeKind.STARTED)
    resumed = comparison.results(ChangeKind.RESUMED)
    late = comparison.results(ChangeKind.LATE)
    aside = comparison.results(ChangeKind.SET_ASIDE)
    return _said(
        (started, ngettext("%(n)s was started", "%(n)s were started", started)),
        (resumed, ngettext("%(n)s was reopened", "%(n)s were reopened", resumed)),
        (late, ngettext("%(n)s became late", "%(n)s became late", late)),
        (aside, ngettext("%(n)s was postponed or cancelled", "%(n)s were postponed or cancelled", aside)),
    )


def _plan(comparison: Comparison) -> list[str]:
    """Return how many results, terms and texts were changed in the plan itself."""
    added = comparison.results(ChangeKind.ADDED)
    removed = comparison.results(ChangeKind.REMOVED)
    slipped = comparison.results(ChangeKind.SLIPPED)
    worded = comparison.count(ChangeKind.TEXT)
    return _said(
        (added, ngettext("%(n)s planned result was added", "%(n)s planned results were added", added)),
        (
            removed,
            ngettext("%(n)s planned result was removed", "%(n)s planned results were removed", removed),
        ),
        (slipped, ngettext("%(n)s term was moved later", "%(n)s terms were moved later", slipped)),
        (worded, ngettext("%(n)s text or term was changed", "%(n)s texts or terms were changed", worded)),
    )


def _said(*texts: tuple[int, str]) -> list[str]:
    """Return the texts that there is something to say in."""
    return [text % {"n": n} for n, text in texts if n]


def _progress(before: float | None, after: float | None) -> str:
    """Return what became of the progress of the whole plan; nothing where it is not known on both days."""
    if before is None or after is None:
        return ""
    figures = {"before": percent(before), "after": percent(after)}
    if figures["before"] == figures["after"]:
        return _("progress stayed at %(after)s") % figures
    if after > before:
        return _("progress rose from %(before)s to %(after)s") % figures
    return _("progress fell from %(before)s to %(after)s") % figures
