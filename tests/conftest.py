"""What all tests share: the cast of users, the real plan, and settings that fit tests."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.apps import apps
from django.test import Client

from akr_plan.models import User
from measures import roles
from measures.exchange import child
from measures.exchange.fixtures import load_akr_plan
from measures.models import Plan

from .copies import write_or_copy
from .make import load_sample_plan, make_user


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a second run leave out what would only be repeated, and a long one repeat more."""
    parser.addoption(
        "--database-only", action="store_true", help="run only the tests that touch the database"
    )
    parser.addoption(
        "--thorough",
        action="store_true",
        help="repeat what depends on chance or on numbers as often as was done when it was built",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that never touch the database, if that is asked for."""
    if not config.getoption("--database-only"):
        return
    touching = [item for item in items if _touches_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(touching)])
    items[:] = touching


def _touches_database(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    is_marked = any(item.get_closest_marker(name) for name in ("django_db", "own_database"))
    return is_marked or any(name in names for name in ("db", "transactional_db", "django_db_setup"))


@pytest.fixture(scope="session")
def is_thorough(request: pytest.FixtureRequest) -> bool:
    """Return whether time does not matter in this run."""
    return bool(request.config.getoption("--thorough"))


@pytest.fixture(scope="session")
def some_hostile(is_thorough: bool) -> Any:
    """Return a function that picks one in so many hostile files, always the same; all in a thorough run."""

    def pick(files: Iterable[tuple[str, bytes]], one_in: int) -> Iterator[tuple[str, bytes]]:
        return (file for file in files if is_thorough or crc32(file[0].encode()) % one_in == 0)

    return pick


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite's test database in a file: tests with several connections then behave as in use."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = tmp_path_factory.mktemp("database") / "test.sqlite3"


@pytest.fixture(autouse=True)
def _plain_settings(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Need no collected static files, hash passwords fast, write no files into the checkout."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_DIR = tmp_path / "data"
    # However busy the machine is.
    monkeypatch.setattr(child, "MAX_SECONDS", 120)


@dataclass(frozen=True)
class Cast:
    """The people of the tests, one or two of each role."""

    administrator: User
    coordinator: User
    updater: User
    other_updater: User
    manager: User
    stranger: User


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the people of the tests; the groups are made anew where a test has flushed the database."""
    roles.assign(apps)
    return Cast(
        administrator=make_user("adomas", roles.ADMINISTRATOR, first_name="Adomas", last_name="Adomaitis"),
        coordinator=make_user("kotryna", roles.COORDINATOR, first_name="Kotryna", last_name="Kotrynaitė"),
        updater=make_user("ula", roles.UPDATER, first_name="Ula", last_name="Ulaitė"),
        other_updater=make_user("ugnius", roles.UPDATER, first_name="Ugnius", last_name="Ugnaitis"),
        manager=make_user("vilius", roles.MANAGER, first_name="Vilius", last_name="Viliūnas"),
        stranger=make_user("svetimas", first_name="Stasys", last_name="Svetimas"),
    )


@pytest.fixture
def akr_plan(db: None) -> Plan:
    """Return the association's real plan."""
    write_or_copy("plan", load_akr_plan)
    return Plan.objects.get()


@pytest.fixture
def sample_plan(cast: Cast) -> Plan:
    """Return the association's plan as a sample, with made-up progress."""
    write_or_copy("sample plan", load_sample_plan)
    return Plan.objects.get()


@pytest.fixture
def as_user() -> Any:
    """Return a function that makes a client signed in as somebody."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="akr_plan.rights.RightsBackend")
        return client

    return sign_in
