"""The rules of counting in plain words, for files; the page says the same in the same words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.enums import Standing
from measures.reporting import GRACE
from measures.rules import DUE_SOON
from measures.tree.rows import PlanHead

from .explained import StatusRule, status_rules

# A heading, and what is said under it.
Rule = tuple[str, Sequence[str]]


def rules_in_words(plan: PlanHead) -> list[Rule]:
    """Return the headings of the page with what it says under each of them."""
    return [
        (_("Status and percent"), _statuses()),
        (_("Term and lateness"), _terms(plan)),
        (_("One word for each result"), _standings()),
        (_("Progress: the mean"), _progress()),
        (_("The sentence on top"), _headline()),
        (_("The plan on any day"), _days()),
        (_("Who has to report"), _periods()),
        (_("KRSS2030 codes and directions"), _codes()),
    ]


def _statuses() -> list[str]:
    return [
        _(
            "Only planned results have a status. It changes by an entry in the journal, which keeps the "
            "day and the author. The percent goes with the status:"
        ),
        *(f"– {rule.status.label}: {_percent(rule)}" for rule in status_rules()),
        _(
            "The status of an action follows from its counted results: all done – done; at least one in "
            "progress or done – in progress; else – not started."
        ),
        _("If none of them is counted: all cancelled – cancelled; any postponed – postponed."),
    ]


def _percent(rule: StatusRule) -> str:
    """Return what percent goes with a status."""
    if rule.is_typed:
        return _("typed by whoever reports, 0 to 100; without it the percent is unknown")
    if rule.percent is None:
        return _("none: the result is not counted")
    return f"{rule.percent}\N{NO-BREAK SPACE}%"


def _terms(plan: PlanHead) -> list[str]:
    to_the_end = _("A result without a last year runs to the end of the plan, 31 December %(year)s.")
    soon = ngettext(
        "Due soon means that the term ends within %(days)s day, the last day included.",
        "Due soon means that the term ends within %(days)s days, the last day included.",
        DUE_SOON.days,
    )
    return [
        _("The term of a result is its own deadline; if it has none, 31 December of its last year."),
        to_the_end % {"year": plan.last_year},
        _("A result is late from the day after its term."),
        soon % {"days": DUE_SOON.days},
        _("Lateness is never typed: it is worked out from the term and the status."),
    ]


def _standings() -> list[str]:
    return [
        _(
            "In bars and lists each result has exactly one of these words, so the counts add up to the "
            "number of results."
        ),
        *(f"– {standing.label}: {_meaning(standing)}" for standing in Standing),
    ]


def _meaning(standing: Standing) -> str:
    """Return when a result has this word."""
    match standing:
        case Standing.LATE:
            return _(
                "the term has passed, the result is neither done, postponed nor cancelled, and it has no "
                "condition or that is met"
            )
        case Standing.CONDITIONAL:
            return _(
                "the result is not done, and its condition is still pending or has failed; such a result "
                "is not late"
            )
        case Standing.IN_PROGRESS | Standing.NOT_STARTED:
            return _("this is its status, the term has not passed, and it has no condition or that is met")
        case _other:
            return _("this is its status")


def _progress() -> list[str]:
    return [
        _("The progress of an action is the mean of its counted results whose percent is known."),
        _(
            "The progress of a measure, a task, a direction, a partner and the whole plan is the mean of "
            "its actions: each action weighs the same, however many results it has."
        ),
        _(
            "Postponed and cancelled results, and those whose condition is pending or has failed, are not "
            "counted, but their number is always shown. What is done counts in any case."
        ),
        _(
            "Unknown is not zero: a result in progress without a percent is seen in the bars, but is left "
            "out of the mean. That is why pages say of how many results progress is known."
        ),
    ]


def _headline() -> list[str]:
    return [
        _(
            "A result was due if it is counted and its term has come. Of those due, the share that is done "
            "is given in percent, and how many are late; those whose term is this very day are named "
            "apart, for they are not late yet. Results done before their term are not among those due."
        ),
    ]


def _days() -> list[str]:
    return [
        _(
            "Any past day can be chosen in the field “As of”; everything is then counted as it stood at "
            "the end of that day. Two times are told apart:"
        ),
        _(
            "Statuses and percents come from the journal, by the day of which an entry speaks. An entry "
            "written later about that day counts; a withdrawn entry does not."
        ),
        _(
            "The plan’s text, terms, conditions, owners, deleted and moved items come from the history of "
            "changes: as they were written at the end of that day."
        ),
        _(
            "A closed plan is shown as of the day of its closing. What a closed reporting period has "
            "frozen does not change any more."
        ),
    ]


def _periods() -> list[str]:
    grace = ngettext(
        "When the next period has begun, reports for the one before are asked for %(n)s day more, "
        "unless that is closed.",
        "When the next period has begun, reports for the one before are asked for %(n)s days more, "
        "unless that is closed.",
        GRACE.days,
    )
    return [
        _(
            "A report for a period is asked of each action that has work which is not finished and has "
            "begun by the end of the period."
        ),
        _(
            "An action has reported if the journal has an entry about a day of the period that is not "
            "withdrawn; “nothing new” is a report as well."
        ),
        grace % {"n": GRACE.days},
    ]


def _codes() -> list[str]:
    return [
        _(
            "An action counts for its own codes; if it has none, for those of its measure. An action with "
            "codes of two directions counts in both, so the figures of directions may add up to more than "
            "those of the plan."
        ),
    ]
