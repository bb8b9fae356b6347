"""How the rights of people are read."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from .models import User


class RightsBackend(ModelBackend):
    """Reads a person's own rights and those of the roles in one query; Django takes two."""

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return Permission.objects.filter(Q(user=user_obj) | Q(group__user=user_obj))

    def _get_group_permissions(self, user_obj: Any) -> QuerySet[Permission]:
        return Permission.objects.none()
