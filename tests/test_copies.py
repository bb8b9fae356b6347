"""Rows that are put in again are those that were written."""

from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import transaction

from measures.models import Plan

from . import copies
from .copies import write_or_copy
from .make import make_partner, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: Any) -> None:
    monkeypatch.setattr(copies, "_copies", {})


def fail() -> None:
    raise AssertionError("It was to be copied.")


def everything() -> dict[str, str]:
    models = [
        model
        for app in copies.APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    rows = {model._meta.label: model._base_manager.order_by("pk") for model in models}
    return {label: serializers.serialize("json", queryset) for label, queryset in rows.items()}


def written_once() -> dict[str, str]:
    """Write a plan, forget it, and return what there was."""
    try:
        with transaction.atomic():
            write_or_copy("plan", lambda: make_plan(slug="kopija"))
            there = everything()
            raise InterruptedError
    except InterruptedError:
        assert not Plan.objects.exists()
    return there


def test_second_time_has_the_rows_of_the_first() -> None:
    there = written_once()
    assert "kopija" in there["measures.HistoricalPlan"]
    write_or_copy("plan", fail)
    assert everything() == there


def test_writes_where_there_are_other_rows() -> None:
    written_once()
    make_partner()
    with pytest.raises(AssertionError, match="copied"):
        write_or_copy("plan", fail)


def test_writes_what_has_another_name() -> None:
    written_once()
    with pytest.raises(AssertionError, match="copied"):
        write_or_copy("other plan", fail)
