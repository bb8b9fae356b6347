"""Where packages of the system cannot be installed, one line says what to do by hand."""

import os
import shutil
from pathlib import Path

import debian
import pytest
import system_packages


@pytest.fixture
def missing_programs(monkeypatch):
    """Make chromium, poppler and the server of PostgreSQL look missing, and the user ordinary."""
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(system_packages, "find_server_directory", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def test_ordinary_user_is_told_the_command(missing_programs):
    with pytest.raises(SystemExit) as stopped:
        system_packages.main()
    command = "sudo apt-get install --yes --no-install-recommends chromium postgresql poppler-utils"
    assert str(stopped.value) == f"Trūksta programų. Įdiekite: sudo apt-get update && {command}"


def test_other_system_is_told_the_packages(missing_programs, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit) as stopped:
        system_packages.main()
    assert str(stopped.value).endswith("įdiekite patys: chromium, postgresql, poppler-utils")


def test_nothing_is_installed_twice(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system_packages, "find_server_directory", lambda: Path("/usr/lib/postgresql/15/bin"))
    monkeypatch.setattr(debian, "install", lambda packages, log: pytest.fail("installed"))
    system_packages.main()
