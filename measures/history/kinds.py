"""The kinds of rows that history shows: how they belong to a plan, and which of their fields people know."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Field, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from akr_plan.models import User

from ..models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    Measure,
    MeasureCode,
    Plan,
    PlannedResult,
    ReportingPeriod,
    ResultProject,
    Task,
)

# What the journal writes; it goes back by withdrawing a report.
PROGRESS_FIELDS = frozenset({"status", "percent"})
COMPUTED_FIELDS = frozenset({"id", "version", "plan", "sort_key"})
# Addresses and imports find rows by short name and key; a plan's state decides what may be done in it.
NEVER_UNDONE = frozenset({"slug", "key", "state"})
# Fields that often make sense only together: what one change did to them is undone together.
TIED_FIELDS = (
    frozenset({"condition", "condition_state"}),
    frozenset({"first_year", "last_year"}),
    frozenset({"measure", "number"}),
    frozenset({"task", "number"}),
)


@dataclass(frozen=True, eq=False)
class Kind:
    """The rows of one model.

    `address` names them in addresses (one word for codes of measures and of actions); `named_by` is the field
    that names a row to people; `above` is the kind that a link hangs on.
    """

    address: str
    label: Promise
    model: Any
    named_by: str = ""
    above: "Kind | None" = None

    @property
    def name(self) -> str:
        """Return the name of the model, as permissions have it."""
        name: str = self.model._meta.model_name
        return name

    @cached_property
    def table(self) -> Any:
        """Return the model of the history; asking for `history` makes a new class of managers each time."""
        return self.model.history.model

    @property
    def history(self) -> QuerySet[Any]:
        """Return all rows of history, in no order."""
        rows: QuerySet[Any] = self.table._base_manager.order_by()
        return rows

    @cached_property
    def fields(self) -> list["Field[Any, Any]"]:
        """Return the fields whose changes are shown."""
        hidden = COMPUTED_FIELDS | ({self.model.owner_field} if self.above else set())
        return [field for field in self.model._meta.concrete_fields if field.name not in hidden]

    @cached_property
    def undoable_fields(self) -> list["Field[Any, Any]"]:
        """Return the fields of which a change can be undone; periods are no part of the plan's text."""
        if self.model is ReportingPeriod:
            return []
        return [field for field in self.fields if field.editable and field.name not in NEVER_UNDONE]

    def may_be_undone_by(self, user: User) -> bool:
        """Return whether the user may change such rows."""
        return user.has_perm(f"measures.change_{self.name}")


PLAN = Kind("planas", gettext_lazy("Action plan"), Plan)
TASK = Kind("uzdavinys", pgettext_lazy("plan", "Task"), Task, "number")
MEASURE = Kind("priemone", pgettext_lazy("plan", "Measure"), Measure, "number")
ACTION = Kind("veiksmas", pgettext_lazy("plan", "Action"), Action, "number")
RESULT = Kind("rezultatas", pgettext_lazy("plan", "Result"), PlannedResult, "key")
PERIOD = Kind("laikotarpis", gettext_lazy("Reporting period"), ReportingPeriod, "title")
MEASURE_CODE = Kind("kodas", gettext_lazy("KRSS2030 code"), MeasureCode, above=MEASURE)
ACTION_CODE = Kind("kodas", gettext_lazy("KRSS2030 code"), ActionCode, above=ACTION)
RESOURCE = Kind("isteklius", pgettext_lazy("plan", "Resource"), ActionResource, above=ACTION)
PARTNER = Kind("partneris", pgettext_lazy("plan", "Partner"), ActionPartner, above=ACTION)
PROJECT = Kind("projektas", pgettext_lazy("plan", "Project"), ResultProject, above=RESULT)

KINDS = (
    PLAN,
    TASK,
    MEASURE,
    MEASURE_CODE,
    ACTION,
    ACTION_CODE,
    RESOURCE,
    PARTNER,
    RESULT,
    PROJECT,
    PERIOD,
)
KIND_OF = {kind.model: kind for kind in KINDS}


def kind_named(name: str) -> Kind | None:
    """Return the kind of a model's name, or None if there is none."""
    return next((kind for kind in KINDS if kind.name == name), None)


def tied_to(field: str) -> Iterable[str]:
    """Return the field and those that often make sense only with it."""
    return {field}.union(*(group for group in TIED_FIELDS if field in group))
