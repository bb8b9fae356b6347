"""The steps of starting the program, each by itself; tests/tools/test_serve.py starts it as a whole."""

import os
import socket

import pytest
from django.apps import apps
from django.core.management import CommandError

from akr_plan import startup


@pytest.fixture
def called(monkeypatch):
    """Return the names of the commands that are called, none of which is run."""
    names = []
    monkeypatch.setattr(startup, "call_command", lambda name, **options: names.append(name))
    return names


def make_plan(*, is_sample):
    """Make a plan without content."""
    apps.get_model("measures", "Plan").objects.create(
        slug="2025", title="Planas", goal="Tikslas", first_year=2025, last_year=2026, is_sample=is_sample
    )


@pytest.mark.parametrize("port", ["abc", "70000", "-1", "80.5", ""])
def test_port_that_is_none_is_refused(port):
    with pytest.raises(CommandError, match=f"“{port}”|„{port}“"):
        startup.open_listener("127.0.0.1", port, make_target="run")


def test_unknown_host_is_refused():
    with pytest.raises(CommandError, match=r"nowhere\.invalid"):
        startup.open_listener("nowhere.invalid", "8000", make_target="run")


def test_busy_port_names_the_command_for_another():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"127.0.0.1:{port}.*make demo PORT={port + 1}"):
            startup.open_listener("127.0.0.1", str(port), make_target="demo")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - nothing listens here
        ("::1", "http://[::1]:8000"),
    ],
)
def test_site_url_is_one_that_a_browser_can_open(monkeypatch, host, url):
    monkeypatch.delenv("SITE_URL", raising=False)
    assert startup.site_url(host, 8000) == url


def test_site_url_of_the_settings_comes_first(monkeypatch, settings):
    monkeypatch.setenv("SITE_URL", "https://planas.example.org")
    settings.SITE_URL = "https://planas.example.org"
    assert startup.site_url("127.0.0.1", 8000) == "https://planas.example.org"


def test_address_that_others_can_reach_needs_a_site_url(monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    with pytest.raises(CommandError, match=r"192\.0\.2\.1"):
        startup.site_url("192.0.2.1", 8000)


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "command"), [(False, "load_plan"), (True, "seed_demo")])
def test_empty_database_is_filled(called, demo, command):
    startup.load_plan(print, demo=demo)
    assert called == [command]


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "is_sample"), [(False, False), (False, True), (True, True)])
def test_filled_database_is_left_alone(called, demo, is_sample):
    make_plan(is_sample=is_sample)
    startup.load_plan(print, demo=demo)
    assert called == []


@pytest.mark.django_db
def test_sample_data_is_never_mixed_with_a_real_plan(called):
    make_plan(is_sample=False)
    with pytest.raises(CommandError, match="DATABASE_URL"):
        startup.load_plan(print, demo=True)
    assert called == []


@pytest.mark.django_db
def test_migrated_database_is_left_alone(called):
    startup.prepare_database(print)
    assert called == []


def test_static_files_are_collected_only_when_one_has_changed(called, settings, tmp_path):
    source = tmp_path / "source" / "site.css"
    source.parent.mkdir()
    source.write_text("a {}")
    settings.STATICFILES_DIRS = [source.parent]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATIC_ROOT.mkdir()
    startup.collect_static_files(print)
    startup.collect_static_files(print)
    assert called == ["collectstatic"]
    os.utime(source, (0, 0))
    startup.collect_static_files(print)
    assert called == ["collectstatic", "collectstatic"]


def test_directory_that_cannot_be_written_is_named(called, settings):
    settings.STATIC_ROOT = "/proc/static"
    with pytest.raises(CommandError, match="/proc/static"):
        startup.collect_static_files(print)
