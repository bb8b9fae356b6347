"""The four groups and what they may do."""

import pytest
from django.contrib.auth.models import Group

from measures import roles
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_migration_makes_the_groups_with_every_permission() -> None:
    for name, wanted in roles.PERMISSIONS.items():
        permissions = Group.objects.get(name=name).permissions.select_related("content_type")
        assert {f"{item.content_type.app_label}.{item.codename}" for item in permissions} == wanted


def test_nobody_may_change_the_journal(cast: Cast) -> None:
    for name in ("administrator", "coordinator", "updater", "manager"):
        user = getattr(cast, name)
        for model in roles.JOURNAL_MODELS:
            for verb in ("add", "change", "delete"):
                assert not user.has_perm(f"measures.{verb}_{model}")


def test_who_may_do_what(cast: Cast) -> None:
    rights = {
        name: [
            getattr(cast, name).has_perm(permission)
            for permission in (
                "measures.view_plan",
                "measures.record_own_progress",
                "measures.record_any_progress",
                "measures.export_plan",
                "measures.change_action",
                "akr_plan.access_admin",
                "akr_plan.change_user",
            )
        ]
        for name in ("administrator", "coordinator", "updater", "manager", "stranger")
    }
    assert rights == {
        "administrator": [True, False, True, True, True, True, True],
        "coordinator": [True, False, True, True, True, True, False],
        "updater": [True, True, False, False, False, False, False],
        "manager": [True, False, False, True, False, False, False],
        "stranger": [False] * 7,
    }
