"""The one-time link on which the first administrator chooses a user name and a password.

Nobody can sign in before that: the waiting account has no usable password. The link is Django's own
password reset token, so it dies with its first use (the token covers the password) and after 24 hours.
"""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from .models import User

WAITING_USERNAME = "pirmasis-administratorius"


class LinkTokenGenerator(PasswordResetTokenGenerator):
    """Makes tokens that no other page accepts; `PASSWORD_RESET_TIMEOUT` bounds their life."""

    key_salt = "akr_plan.first_administrator"


tokens = LinkTokenGenerator()


def link(base_url: str) -> str | None:
    """Return a link that makes the first administrator, or None if there is an administrator already."""
    if has_administrator():
        return None
    user, _created = User.objects.get_or_create(
        username=WAITING_USERNAME, defaults={"is_superuser": True, "password": make_password(None)}
    )
    path = reverse(
        "first_administrator",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), tokens.make_token(user)],
    )
    return base_url.rstrip("/") + path


def has_administrator() -> bool:
    """Return whether somebody can sign in as an administrator."""
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    return any(user.has_usable_password() for user in administrators)


def waiting_user(encoded_id: str, token: str) -> User | None:
    """Return the waiting account that the link names, or None if the link is used, old or forged."""
    try:
        pk = int(urlsafe_base64_decode(encoded_id))
    except ValueError:
        return None
    user = User.objects.filter(pk=pk, username=WAITING_USERNAME, is_superuser=True).first()
    return user if user and tokens.check_token(user, token) else None
