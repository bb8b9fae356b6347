"""An unsafe production set-up is refused."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.checks import run_checks

from akr_plan.checks import check_production_settings

SAFE: dict[str, Any] = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": ["planas.example.org"],
    "SITE_HOST": "planas.example.org",
    "IS_HTTPS": True,
    "DEBUG": False,
}


@pytest.fixture(autouse=True)
def _safe(settings: Any) -> None:
    for name, value in SAFE.items():
        setattr(settings, name, value)


def ids() -> list[str | None]:
    return [error.id for error in check_production_settings(None)]


def test_safe_set_up_passes() -> None:
    assert ids() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "short", "akr_plan.E001"),
        ("SECRET_KEY", "django-insecure-" + "x" * 60, "akr_plan.E001"),
        ("ALLOWED_HOSTS", ["*"], "akr_plan.E002"),
        ("DEBUG", True, "akr_plan.E003"),
        ("IS_HTTPS", False, "akr_plan.E004"),
    ],
)
def test_unsafe_setting_is_an_error(settings: Any, name: str, value: Any, expected: str) -> None:
    setattr(settings, name, value)
    assert ids() == [expected]


def test_own_machine_needs_no_https(settings: Any) -> None:
    settings.SITE_HOST, settings.IS_HTTPS = "127.0.0.1", False
    assert ids() == []


def test_errors_are_in_lithuanian_and_registered(settings: Any) -> None:
    settings.IS_HTTPS = False
    errors = {error.id: error.msg for error in run_checks(tags=["security"])}
    assert errors["akr_plan.E004"] == "SITE_URL nėra https, todėl slaptažodžiai keliautų nešifruoti."


@pytest.mark.parametrize("url", ["", "foo", "mysql://a/b", "sqlite://", "postgres://u:p@host:port/name"])
def test_bad_database_url_is_one_clear_line(url: str) -> None:
    command = [sys.executable, "manage.py", "check"]
    environment = {**os.environ, "DATABASE_URL": url}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.startswith("DATABASE_URL suprasti nepavyko.")
    assert run.stderr.count("\n") == 1
