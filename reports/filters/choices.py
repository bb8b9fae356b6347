"""What can be chosen in each field of the filter, in the words of pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from akr_plan.text import sentence, sort_key
from measures.enums import ConditionState, Standing

from ..rollup import PRIORITIES, WITHOUT_CODE
from . import words
from .names import Names
from .plan_filter import PlanFilter

Choices = Mapping[str, Mapping[str, str]]


def choices_of(names: Names, directions: Mapping[str, str]) -> Choices:
    """Return the values of each field with their labels; `directions` are titles by Roman number."""
    return {
        words.TASK: {number: f"{number}. {sentence(title)}" for number, title in names.tasks.items()},
        words.DIRECTION: {
            **{code: f"{code}. {title}" for code, title in directions.items()},
            PRIORITIES: _("Horizontal priorities"),
            WITHOUT_CODE: _("Without a KRSS2030 code"),
        },
        words.CODE: {code: f"{code} {title}".strip() for code, title in names.codes.items()},
        words.YEAR: {year: year for year in names.years},
        words.STANDING: {words.STANDINGS[standing]: str(standing.label) for standing in Standing},
        words.TERM: {
            words.DUE: _("Term has come"),
            words.DUE_TODAY: _("Term ends on this day"),
            words.DUE_SOON: _("Due within 90 days"),
        },
        words.OWNER: {**_by_label(names.owners), words.WITHOUT_OWNER: _("Nobody")},
        words.PARTNER: {**_alphabetical(names.partners), words.WITHOUT_PARTNER: _("Without a partner")},
        words.RESOURCE: {**_alphabetical(names.resources), words.WITHOUT_RESOURCE: _("Without a resource")},
        words.PROJECT: {**_alphabetical(names.projects), words.WITHOUT_PROJECT: _("Without a project")},
        words.CONDITION: {
            **{words.CONDITIONS[state]: str(state.label) for state in ConditionState},
            words.WITHOUT_CONDITION: _("Without a condition"),
        },
        words.PROGRESS: {
            words.COUNTED: _("Counted"),
            words.KNOWN: _("Counted, progress known"),
            words.NOT_COUNTED: _("Not counted"),
        },
    }


def _alphabetical(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in sorted(names, key=sort_key)}


def _by_label(labels: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(labels.items(), key=lambda pair: sort_key(pair[1])))


def labels() -> dict[str, str]:
    """Return what pages call the fields, in the order of the form."""
    return {
        words.TASK: pgettext("plan", "Task"),
        words.DIRECTION: _("KRSS2030 direction"),
        words.CODE: _("KRSS2030 code"),
        words.STANDING: _("Status"),
        words.TERM: _("Term"),
        words.YEAR: _("Year of the term"),
        words.OWNER: _("Owner"),
        words.PARTNER: _("Partner"),
        words.RESOURCE: _("Resource"),
        words.PROJECT: _("Project"),
        words.CONDITION: _("Condition"),
        words.PROGRESS: _("Progress"),
    }


@dataclass(frozen=True, slots=True)
class FilterField:
    """One choice of the form; a field that is asked for twice has two, told apart by `id`."""

    id: str
    name: str
    label: str
    options: Mapping[str, str]
    chosen: str


@dataclass(frozen=True, slots=True)
class FilterBar:
    """The filter as every page shows it; `said` is in plain words what is asked for, or nothing."""

    fields: Sequence[FilterField]
    text: str
    said: str

    @classmethod
    def of(cls, asked: PlanFilter, choices: Choices) -> "FilterBar":
        """Prepare the form for a checked filter."""
        fields = [
            FilterField(f"filter-{name}-{index}", name, label, choices[name], chosen)
            for name, label in labels().items()
            for index, chosen in enumerate(asked.values.get(name) or ("",))
        ]
        return cls(fields, " ".join(asked.values.get(words.TEXT, ())), in_words(asked, choices))

    @property
    def chosen(self) -> int:
        """Return how many of the fields that are folded away have a value."""
        return sum(bool(row.chosen) for row in self.fields)


def in_words(asked: PlanFilter, choices: Choices) -> str:
    """Return what is asked for in plain words; nothing where the whole plan is."""
    parts = [
        f"{label}: {choices[name][value]}"
        for name, label in labels().items()
        for value in asked.values.get(name, ())
    ]
    parts += [_("Words: “%(text)s”") % {"text": text} for text in asked.values.get(words.TEXT, ())]
    return "; ".join(parts)


def shown_of(shown: int, total: int) -> str:
    """Return how many of all planned results are shown."""
    text = ngettext("%(shown)s of %(total)s planned result", "%(shown)s of %(total)s planned results", total)
    return text % {"shown": shown, "total": total}
