"""The text that reminds people of their reports, ready to be copied into a letter."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import ReportingPeriod
from ..tree.duties import OwnerDuties


def write_reminder(period: ReportingPeriod, people: Sequence[OwnerDuties], today: date) -> str:
    """Return a letter that lists what these people have not reported yet.

    With one person the list has no headings: the letter goes to that person alone.
    """
    lists = [_list(person, headed=len(people) > 1) for person in people if person.missing]
    opening = _("For the period “%(period)s” (%(from)s – %(to)s) these actions have no report yet:") % {
        "period": period,
        "from": date_format(period.starts_on, "Y-m-d"),
        "to": date_format(period.ends_on, "Y-m-d"),
    }
    return "\n\n".join(
        [_("Good day,"), opening, *lists, _deadline(period, today), _how(period), _("Thank you!")]
    )


def _list(person: OwnerDuties, *, headed: bool) -> str:
    heading = [f"{person.owner or _('Without an owner')}:"] if headed else []
    return "\n".join([*heading, *(f"– {action.number}. {action.title}" for action in person.missing)])


def _deadline(period: ReportingPeriod, today: date) -> str:
    if today <= period.ends_on:
        return _("Please report by %(day)s.") % {"day": date_format(period.ends_on, "DATE_FORMAT")}
    return _("The period ended on %(day)s and will soon be closed, so please report as soon as you can.") % {
        "day": date_format(period.ends_on, "DATE_FORMAT")
    }


def _how(period: ReportingPeriod) -> str:
    address = settings.SITE_URL + reverse("measures:my_actions", args=[period.plan.slug])
    return _("It takes a few minutes: %(address)s\nIf nothing has changed, it is enough to say so there.") % {
        "address": address
    }
