"""How the rights of people are read."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from akr_plan.models import User
from tests.make import make_user

pytestmark = pytest.mark.django_db


def grant(holder: Any, codename: str) -> None:
    holder.add(Permission.objects.get(content_type__app_label="measures", codename=codename))


def test_rights_of_a_person_and_of_roles_are_read_in_one_query(django_assert_num_queries: Any) -> None:
    user, other = make_user("ula"), make_user("ugnius")
    groups = [Group.objects.create(name=name) for name in ("Pirma", "Antra", "Svetima")]
    user.groups.add(*groups[:2])
    grant(user.user_permissions, "view_plan")
    grant(groups[0].permissions, "view_plan")
    grant(groups[0].permissions, "export_plan")
    grant(groups[1].permissions, "change_action")
    grant(groups[2].permissions, "delete_plan")
    grant(other.user_permissions, "add_plan")
    user = User.objects.get(pk=user.pk)
    with django_assert_num_queries(1):
        assert user.get_all_permissions() == {
            "measures.view_plan",
            "measures.export_plan",
            "measures.change_action",
        }
        assert user.has_perm("measures.export_plan")
        assert not user.has_perm("measures.delete_plan")


def test_who_may_not_sign_in_has_no_rights() -> None:
    user = make_user("ula", is_active=False, is_superuser=True)
    assert user.get_all_permissions() == set()
