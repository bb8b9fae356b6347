"""Accounts in the admin, with their register going out and in."""

from django.contrib import admin

from akr_plan.admin import UserAdmin
from akr_plan.models import User

from ..enums import ImportKind
from .exchange import RegisterExchange

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(RegisterExchange, UserAdmin):
    """People; the role is chosen as a group."""

    exchange_kind = ImportKind.USERS
