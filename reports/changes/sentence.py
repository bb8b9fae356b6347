"""A comparison in one sentence, which can be read out at a meeting."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akr_plan.templatetags.plan_text import percent

from .rows import ChangeKind, Comparison


def in_a_sentence(comparison: Comparison) -> str:
    """Return how the plan got on between the two days."""
    days = {"from": _day(comparison.before.as_of), "to": _day(comparison.after.as_of)}
    if not comparison.groups:
        return _("From %(from)s to %(to)s nothing has changed.") % days
    parts = [_finished(comparison.results(ChangeKind.FINISHED)), *_others(comparison)]
    text = _("From %(from)s to %(to)s %(parts)s") % {**days, "parts": ", ".join(parts)}
    progress = _progress(comparison.summary_before.percent, comparison.summary_after.percent)
    return f"{text}; {progress}." if progress else f"{text}."


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _finished(n: int) -> str:
    if not n:
        return _("no planned result was finished")
    return ngettext("%(n)s planned result was finished", "%(n)s planned results were finished", n) % {"n": n}


def _others(comparison: Comparison) -> list[str]:
    started = comparison.results(ChangeKind.STARTED)
    late = comparison.results(ChangeKind.LATE)
    slipped = comparison.results(ChangeKind.SLIPPED)
    aside = comparison.results(ChangeKind.SET_ASIDE)
    texts = [
        (started, ngettext("%(n)s was started", "%(n)s were started", started)),
        (late, ngettext("%(n)s became late", "%(n)s became late", late)),
        (aside, ngettext("%(n)s was postponed or cancelled", "%(n)s were postponed or cancelled", aside)),
        (slipped, ngettext("%(n)s term was moved later", "%(n)s terms were moved later", slipped)),
    ]
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
