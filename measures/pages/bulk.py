"""The list from which actions are chosen to be changed at once, finished for its template."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from akr_plan.models import User
from akr_plan.text import sentence

from .. import rules
from ..enums import Status
from ..models import Action, Plan, Task

# As many as a person can look over; what is not on the page can't be chosen.
PER_PAGE = 200
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which actions are asked for, by the names in the address; an empty value asks for all."""

    uzdavinys: str = ""
    atsakingas: str = ""
    q: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "ActionFilter":
        """Take what the address says, right or wrong."""
        return cls(**{field.name: parameters.get(field.name, "").strip() for field in fields(cls)})

    def check(self, options: Mapping[str, Mapping[str, str]]) -> tuple["ActionFilter", list[str]]:
        """Return the filter, or an empty one and why: a value that is no choice filters nothing."""
        errors = [
            _("There is no “%(value)s” to filter by. Everything is shown.") % {"value": value}
            for name, choices in options.items()
            if (value := getattr(self, name)) and value not in choices
        ]
        return (ActionFilter(q=self.q) if errors else self), errors

    def apply(self, actions: QuerySet[Action]) -> QuerySet[Action]:
        """Keep the actions that match."""
        if self.uzdavinys:
            actions = actions.filter(measure__task__number=self.uzdavinys)
        if self.atsakingas == NOBODY:
            actions = actions.filter(owner=None)
        elif self.atsakingas:
            actions = actions.filter(owner__username=self.atsakingas)
        for word in self.q.split():
            actions = actions.filter(Q(number__startswith=word) | Q(title__folded=word))
        return actions


def filter_options(plan: Plan) -> dict[str, dict[str, str]]:
    """Return what can be chosen in the filter, with labels."""
    tasks = Task.objects.filter(plan=plan).order_by("sort_key").values_list("number", "title")
    owners = User.objects.filter(owned_actions__plan=plan).distinct()
    return {
        "uzdavinys": {number: f"{number}. {sentence(title)}" for number, title in tasks},
        "atsakingas": {NOBODY: _("no owner"), **{owner.username: str(owner) for owner in owners}},
    }


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action as the list shows it."""

    number: str
    title: str
    owner: str
    status: Status
    open_results: int


def read_rows(plan: Plan, asked: ActionFilter, page: str | None) -> "Page[Any]":
    """Return a page of the actions that are asked for; three queries."""
    actions = asked.apply(Action.objects.filter(plan=plan)).order_by("sort_key")
    found = Paginator(actions.select_related("owner").prefetch_related("results"), PER_PAGE).get_page(page)
    rows: Any = [_row(action) for action in found.object_list]
    found.object_list = rows
    return found


def _row(action: Action) -> ActionRow:
    progress = [result.progress for result in action.results.all()]
    return ActionRow(
        number=action.number,
        title=action.title,
        owner=str(action.owner) if action.owner else "",
        status=rules.action_status(progress),
        open_results=sum(item.is_open for item in progress),
    )
