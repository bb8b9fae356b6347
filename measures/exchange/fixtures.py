"""The data that ships with the program, as Django fixtures with natural keys.

`loaddata` would write no history, so the rows are saved like any others.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet

from ..enums import PlanState
from ..models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    Measure,
    MeasureCode,
    Partner,
    PartnerAlias,
    Plan,
    PlannedResult,
    Project,
    ProjectAlias,
    Resource,
    ResourceAlias,
    ResultProject,
    StrategyCode,
    StrategyDirection,
    Task,
)

FOLDER = Path(settings.BASE_DIR) / "fixtures"
REFERENCE_LISTS = FOLDER / "reference_lists.json"
AKR_PLAN = FOLDER / "plan_2023_2024.json"
AKR_DOCUMENT = FOLDER / "veiklos-planas-2023-2024.txt"

# Written by the program as it goes, so no part of what a person would put into a fixture.
COMPUTED_FIELDS = {
    "version",
    "sort_key",
    "status",
    "percent",
    "adopted_at",
    "closed_at",
    "is_sample",
    "owner",
}
REFERENCE_MODELS = (
    StrategyDirection,
    StrategyCode,
    Partner,
    PartnerAlias,
    Resource,
    ResourceAlias,
    Project,
    ProjectAlias,
)


@transaction.atomic
def load_reference_lists() -> None:
    """Write directions, codes, partners, resources and projects, unless there are directions already."""
    if not StrategyDirection.objects.exists():
        _load(REFERENCE_LISTS)


@transaction.atomic
def load_akr_plan(*, is_sample: bool = False) -> Plan:
    """Write the association's plan 2023–2024 with the reference lists, and return it."""
    load_reference_lists()
    _load(AKR_PLAN)
    plan = Plan.objects.get(slug="2023-2024")
    plan.state = PlanState.ACTIVE
    plan.is_sample = is_sample
    plan.save()
    return plan


def _load(path: Path) -> None:
    for row in serializers.deserialize("json", path.read_text(encoding="utf-8")):
        row.object.save()


def reference_lists() -> list[dict[str, Any]]:
    """Return the reference lists as a fixture."""
    return _serialise(
        model._default_manager.order_by(*model._meta.ordering or ()) for model in REFERENCE_MODELS
    )


def plan_fixture(plan: Plan) -> list[dict[str, Any]]:
    """Return a plan as a fixture: its text, without progress and people; a draft until it is loaded."""
    of_action: dict[str, Any] = {"action__plan": plan}
    in_order = ("action__sort_key", "position")
    rows = _serialise(
        [
            Plan.objects.filter(pk=plan.pk),
            Task.objects.filter(plan=plan),
            Measure.objects.filter(plan=plan),
            MeasureCode.objects.filter(measure__plan=plan).order_by("measure__sort_key", "position"),
            Action.objects.filter(plan=plan),
            ActionCode.objects.filter(**of_action).order_by(*in_order),
            ActionResource.objects.filter(**of_action).order_by(*in_order),
            ActionPartner.objects.filter(**of_action).order_by(*in_order),
            PlannedResult.objects.filter(plan=plan),
            ResultProject.objects.filter(result__plan=plan).order_by(
                "result__action__sort_key", "result__position", "position"
            ),
        ]
    )
    rows[0]["fields"]["state"] = PlanState.DRAFT.value
    return rows


def _serialise(querysets: Iterable[QuerySet[Any]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for queryset in querysets:
        fields = [field.name for field in queryset.model._meta.fields if field.name not in COMPUTED_FIELDS]
        rows += serializers.serialize(
            "python", queryset, fields=fields, use_natural_foreign_keys=True, use_natural_primary_keys=True
        )
    # As they stand in the file: dates as texts, tuples as lists.
    plain: list[dict[str, Any]] = json.loads(json.dumps(rows, cls=DjangoJSONEncoder))
    return plain
