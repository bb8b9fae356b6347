"""What one says of a plan's figures; every kind of file says it in the same words."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.tree.rows import PlanHead

from .rollup import Summary
from .rows import ClosedPeriod


def as_of_line(tree: PlanHead, period: ClosedPeriod | None = None) -> str:
    """Return on which day it stood so, and which closed period froze it, if one did."""
    day = date_format(tree.as_of, "DATE_FORMAT")
    if period:
        text = _("As of %(date)s, as the closing of the period “%(period)s” froze it")
        return text % {"date": day, "period": period.title}
    return _("As of %(date)s") % {"date": day}


def headline(total: Summary) -> str:
    """Return what one would say first: of so many results that were due, so many are done and late."""
    share = total.due_done_share
    if share is None:
        return _("No result was due by this day.")
    due = ngettext(
        "By this day %(count)d result was due:", "By this day %(count)d results were due:", total.due
    )
    parts = [_("%(count)d done (%(share)s)") % {"count": total.due_done, "share": _percent(share)}]
    if total.late:
        parts.append(ngettext("%(count)d is late", "%(count)d are late", total.late) % {"count": total.late})
    if total.due_today:
        today = ngettext("%(count)d has its term today", "%(count)d have their term today", total.due_today)
        parts.append(today % {"count": total.due_today})
    return f"{due % {'count': total.due}} {', '.join(parts)}."


def progress_line(total: Summary) -> str:
    """Return the mean progress, of how many results it is known, and how many are left out."""
    if total.percent is None:
        parts = [_("Progress is not known of any result.")]
    else:
        parts = [
            _("Progress (mean of actions): %(percent)s, known of %(known)d of %(counted)d counted results.")
            % {"percent": _percent(total.percent), "known": total.known, "counted": total.counted}
        ]
    if total.not_counted:
        parts.append(
            _("Not counted: %(count)d (conditional, postponed, cancelled).") % {"count": total.not_counted}
        )
    return " ".join(parts)


def _percent(value: float) -> str:
    return f"{value:.0f}\N{NO-BREAK SPACE}%"
