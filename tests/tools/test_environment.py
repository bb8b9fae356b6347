"""tools/environment.py must get everything ready, or say in one line why it cannot."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import environment
import pytest

TOOLS = Path(environment.__file__).resolve().parent
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")


@pytest.fixture
def checkout(tmp_path):
    """Return a copy of what environment.py needs, with nothing to install."""
    shutil.copytree(TOOLS, tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in REQUIREMENTS:
        (tmp_path / name).write_text("# nothing\n")
    return tmp_path


def run(checkout, kind):
    """Run environment.py in `checkout` where no package can be had."""
    unreachable = {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    others = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(
        [sys.executable, "tools/environment.py", kind],
        cwd=checkout,
        env={**others, **unreachable, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )


def test_old_python_is_named_in_one_line():
    with pytest.raises(SystemExit) as stopped:
        environment.main(["runtime"], version=(3, 9, 2))
    message = str(stopped.value)
    assert message.startswith("Reikia Python 3.11 arba naujesnio; rastas 3.9.2. ")
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize("name", ["debian.py", "environment.py"])
def test_old_python_can_read_the_script(name):
    ast.parse((TOOLS / name).read_text(), feature_version=(3, 7))


def test_failed_installation_is_explained_then_repaired_then_left_alone(checkout):
    requirements = checkout / "requirements-dev.txt"
    requirements.write_text(f"nowhere==1.0 --hash=sha256:{'0' * 64}\n")
    failed = run(checkout, "dev")
    assert failed.returncode == 1
    assert len(failed.stderr.splitlines()) == 1
    assert failed.stderr.startswith("Nepavyko įdiegti Python paketų. Patikrinkite interneto ryšį")
    assert "nowhere" in (checkout / ".venv" / "install.log").read_text()

    requirements.write_text("# nothing\n")
    repaired = run(checkout, "dev")
    assert (repaired.returncode, repaired.stderr) == (0, "")
    assert "Diegiami" in repaired.stdout

    # The development environment serves for running the program as well.
    for kind in ("dev", "runtime"):
        again = run(checkout, kind)
        assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_changed_requirements_are_installed(checkout, monkeypatch):
    monkeypatch.setattr(environment, "STAMP", checkout / "stamp")
    monkeypatch.setattr(environment, "PYTHON", checkout)
    monkeypatch.setattr(environment, "REQUIREMENTS", {"runtime": checkout / "requirements.txt"})
    fingerprint = environment.fingerprint("runtime")
    (checkout / "stamp").write_text(f"{environment.IDENTITY}\n{fingerprint}\n")
    assert environment.is_current("runtime")
    (checkout / "requirements.txt").write_text("# something\n")
    assert not environment.is_current("runtime")


def test_environment_of_another_python_is_not_used(checkout, monkeypatch):
    monkeypatch.setattr(environment, "STAMP", checkout / "stamp")
    monkeypatch.setattr(environment, "PYTHON", checkout)
    (checkout / "stamp").write_text("cpython-39 elsewhere\n")
    assert not environment.is_usable()
