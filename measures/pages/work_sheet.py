"""Which work sheet can be asked for, and what is asked for, finished for the page and for the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from akr_plan.models import User
from akr_plan.text import sentence, sort_key

from ..enums import PlanState
from ..exchange.work_sheet.rows import NOBODY
from ..models import Plan
from ..tree.rows import PlanTree

MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class WorkSheetChoices:
    """What a work sheet can be narrowed down to, by the names in the address: labels by value."""

    atsakingas: Mapping[str, str]
    uzdavinys: Mapping[str, str]
    partneris: Mapping[str, str]

    @classmethod
    def of(cls, tree: PlanTree) -> "WorkSheetChoices":
        """Collect what a whole plan names; the choices of people and partners are in alphabetical order."""
        owners = {row.owner_username: row.owner for row in tree.actions if row.owner_username}
        partners = {link.name for row in tree.actions for link in row.partners}
        return cls(
            atsakingas={
                **dict(sorted(owners.items(), key=lambda owner: sort_key(owner[1]))),
                NOBODY: _("no owner"),
            },
            uzdavinys={task.number: f"{task.number}. {sentence(task.title)}" for task in tree.tasks},
            partneris={name: name for name in sorted(partners, key=sort_key)},
        )


@dataclass(frozen=True, slots=True)
class AskedWorkSheet:
    """Which part of a plan is asked for, by the names in the address; an empty value asks for all."""

    atsakingas: str = ""
    uzdavinys: str = ""
    partneris: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "AskedWorkSheet":
        """Take what the address says, right or wrong."""
        return cls(**{field.name: parameters.get(field.name, "") for field in fields(cls)})

    def errors(self, choices: WorkSheetChoices) -> list[str]:
        """Return what is wrong with the address."""
        return [
            _("There is no “%(value)s” to choose for a work sheet. Choose from the list.") % {"value": value}
            for name, value in self._asked()
            if value not in getattr(choices, name)
        ]

    def part(self, choices: WorkSheetChoices) -> str:
        """Return in words what is asked for, "" for the whole plan."""
        labels = {
            "atsakingas": _("Owner"),
            "uzdavinys": pgettext("plan", "Task"),
            "partneris": _("Partner"),
        }
        return "; ".join(f"{labels[name]}: {getattr(choices, name)[value]}" for name, value in self._asked())

    def file_name(self, plan: str, choices: WorkSheetChoices, day: date) -> str:
        """Return a name of plain letters: darbo-lentele-2023-2024-ona-onaite-uzdavinys-2-2024-06-30.xlsx."""
        words = {
            "atsakingas": _("no owner")
            if self.atsakingas == NOBODY
            else choices.atsakingas.get(self.atsakingas),
            "uzdavinys": f"uzdavinys-{self.uzdavinys}",
            "partneris": self.partneris,
        }
        named = (slugify(str(words[name]))[:MAX_NAME].strip("-_") for name, _value in self._asked())
        return "-".join(filter(None, ("darbo-lentele", plan, *named, day.isoformat()))) + ".xlsx"

    def _asked(self) -> Sequence[tuple[str, str]]:
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [(name, value) for name, value in pairs if value]


@dataclass(frozen=True, slots=True)
class WorkSheetForm:
    """The form with which a work sheet is downloaded."""

    choices: WorkSheetChoices
    has_plan_variant: bool


def work_sheet_form(plan: Plan, tree: PlanTree, user: User) -> WorkSheetForm | None:
    """Return the form for a plan as the page has read it; None where a work sheet could not be taken back.

    That is in a plan that is not active, and while the page shows another day than today.
    """
    if plan.state != PlanState.ACTIVE or not tree.is_today:
        return None
    return WorkSheetForm(WorkSheetChoices.of(tree), may_type_plan(user))


def may_type_plan(user: User) -> bool:
    """Return whether somebody may have the variant in which the plan's own text can be typed."""
    return bool(user.has_perm("measures.change_action"))
