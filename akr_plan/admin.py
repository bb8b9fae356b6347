"""Accounts in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from .guarded_admin import GuardedAdmin
from .models import User
from .seen_values import SeenValuesAdmin, SeenValuesForm

admin.site.unregister(Group)


class RoleForm(SeenValuesForm):
    """A role."""


class AccountForm(SeenValuesForm, UserChangeForm):
    """An account."""


@admin.register(Group)
class GroupAdmin(SeenValuesAdmin, GuardedAdmin, DjangoGroupAdmin):
    """Roles."""

    form = RoleForm
    fields = ["name", "permissions"]


@admin.register(User)
class UserAdmin(SeenValuesAdmin, GuardedAdmin, DjangoUserAdmin):
    """People; the role is chosen as a group."""

    form = AccountForm
    list_display = ["username", "last_name", "first_name", "email", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]
    search_fields = ["username__folded", "first_name__folded", "last_name__folded", "email__folded"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Rights"), {"fields": ["is_active", "groups", "is_superuser", "user_permissions"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
