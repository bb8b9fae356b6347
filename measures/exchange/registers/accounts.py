"""The register of accounts as django-import-export knows it, and which rights writing it takes."""

import hashlib
from collections.abc import Collection
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from akr_plan.models import User

from .fields import GroupsField, SheetField, YesNoWidget, may_give, names_of
from .sheets import RegisterSheet


class UserSheet(RegisterSheet):
    """Accounts: who people are and which roles they have, never a password or all rights at once."""

    has_aliases = False

    username = SheetField("username")
    first_name = SheetField("first_name")
    last_name = SheetField("last_name")
    email = SheetField("email")
    groups = GroupsField("groups")
    is_active = SheetField("is_active", YesNoWidget())

    class Meta:
        model = User
        import_id_fields = ["username"]
        fields = ["username", "first_name", "last_name", "email", "groups", "is_active"]

    def get_queryset(self) -> Any:
        """Return all accounts."""
        return User.objects.order_by("username").prefetch_related("groups")

    def marks_of(self, ids: Collection[int]) -> dict[int, str]:
        """Return marks of the passwords, own rights and last visits, in two queries."""
        accounts = User.objects.filter(pk__in=ids).prefetch_related("user_permissions")
        return {account.pk: _mark(account) for account in accounts}

    def check_deletion(self, row: Any, author: User) -> None:
        """Refuse to delete one's own account as well, or one with more rights. Raises ValidationError."""
        super().check_deletion(row, author)
        if row.pk == author.pk:
            raise ValidationError(
                _("Undoing this import deletes your own account, so ask another administrator to do it.")
            )
        if _has_more_rights(row, author):
            raise ValidationError(
                _("The account “%(row)s” has more rights than you, so you can't delete it.")
                % {"row": row.username}
            )

    def init_instance(self, row: Any = None) -> User:
        """Return an account with which nobody can sign in until it gets a password."""
        account = User()
        account.set_unusable_password()
        return account

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Refuse to change one's own account, or one with more rights. Raises ValidationError."""
        super().before_save_instance(instance, row, **kwargs)
        author: User = kwargs["author"]
        if instance.pk == author.pk:
            raise ValidationError(_("This is your own account: change it on its page."))
        if instance.pk and _has_more_rights(instance, author):
            raise ValidationError(_("This account has more rights than you, so you can't change it."))

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Give the roles, and write into the administration's log, which is the history of accounts."""
        super().after_save_instance(instance, row, **kwargs)
        LogEntry.objects.log_actions(
            user_id=kwargs["author"].pk,
            queryset=[instance],
            action_flag=ADDITION if instance.is_added else CHANGE,
            change_message=kwargs["reason"],
            single_object=True,
        )


def _mark(account: User) -> str:
    permissions = sorted(permission.pk for permission in account.user_permissions.all())
    values = [account.password, account.last_login, account.is_staff, account.is_superuser, *permissions]
    return hashlib.sha256(" ".join(map(str, values)).encode()).hexdigest()


def _has_more_rights(account: User, author: User) -> bool:
    """Return whether an account, once active, may do what its changer may not."""
    if account.is_superuser:
        return not author.is_superuser
    permissions = Permission.objects.filter(Q(user=account) | Q(group__user=account))
    return not may_give(author, names_of(permissions.select_related("content_type")))
