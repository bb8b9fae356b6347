"""The account under which the program itself writes: commands, the first start, sample data."""

from django.contrib.auth.hashers import make_password

from .models import User

USERNAME = "programa"


def program_account() -> User:
    """Return the account, made on first need; nobody can sign in with it."""
    account, _is_new = User.objects.get_or_create(
        username=USERNAME,
        defaults={"last_name": "Programa", "is_active": False, "password": make_password(None)},
    )
    return account
