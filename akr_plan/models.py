"""Accounts."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in; what he or she may do follows from the groups (roles)."""

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["last_name", "first_name", "username"]
        permissions = [("access_admin", _("Can open the administration pages"))]

    def __str__(self) -> str:
        return self.get_full_name() or self.username
