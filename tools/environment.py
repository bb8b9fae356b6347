"""Makes `.venv` and installs the pinned requirements: `python3 tools/environment.py runtime` (or `dev`).

Standard library only, and no syntax newer than Python 3.6: an old Python must get as far as saying that it
is too old. A stamp in `.venv` makes the next run instant; it is taken away before an installation starts and
written after it ends, so an interrupted one is repaired by the next run.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import debian

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / ".installed"
LOG = ENVIRONMENT / "install.log"
REQUIREMENTS = {"runtime": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}
# An environment works for one version of Python and in one place only: its scripts name their interpreter.
IDENTITY = f"{sys.implementation.cache_tag} {ENVIRONMENT}"


def main(arguments: "list[str]", version: "tuple[int, ...]" = sys.version_info[:3]) -> None:
    """Bring `.venv` up to date; every expected failure ends the program with one line."""
    if version < OLDEST_PYTHON:
        sys.exit(
            f"Reikia Python {dotted(OLDEST_PYTHON)} arba naujesnio; rastas {dotted(version)}. "
            f"Nurodykite kitą, pavyzdžiui: make PYTHON=python{dotted(OLDEST_PYTHON)}"
        )
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=sorted(REQUIREMENTS))
    kind = parser.parse_args(arguments).kind
    try:
        if not is_current(kind):
            with only_one_at_a_time():
                if not is_current(kind):
                    install(kind)
    except KeyboardInterrupt:
        sys.exit("\nDiegimas nutrauktas; pakartojus komandą jis bus užbaigtas.")
    except OSError as error:
        sys.exit(f"Nepavyko paruošti Python aplinkos {ENVIRONMENT}: {error}")


def dotted(version: "tuple[int, ...]") -> str:
    """Return (3, 11) as „3.11“."""
    return ".".join(map(str, version))


def is_current(kind: str) -> bool:
    """Return whether the environment works for this Python and holds the requirements of `kind`."""
    return is_usable() and fingerprint(kind) in read_stamp()


def is_usable() -> bool:
    """Return whether the last installation was finished, by this version of Python and in this place."""
    return PYTHON.exists() and read_stamp()[:1] == [IDENTITY]


def read_stamp() -> "list[str]":
    """Return the identity of the environment and the fingerprints of what is installed in it."""
    return STAMP.read_text().splitlines() if STAMP.exists() else []


def fingerprint(kind: str) -> str:
    """Return a hash of the pinned requirements of `kind`."""
    return hashlib.sha256(REQUIREMENTS[kind].read_bytes()).hexdigest()


@contextmanager
def only_one_at_a_time() -> "Iterator[None]":
    """Make a second `make` in the same checkout wait until the first has installed."""
    descriptor = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def install(kind: str) -> None:
    """Install the requirements of `kind`, into a new environment unless the present one is usable."""
    print("Diegiami Python paketai (pirmą kartą užtrunka apie minutę)…", flush=True)
    if is_usable():
        STAMP.unlink()
    else:
        create()
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    run(
        [*pip, "--require-hashes", "-r", str(REQUIREMENTS[kind])],
        "Nepavyko įdiegti Python paketų. Patikrinkite interneto ryšį ir pakartokite komandą",
    )
    # The development requirements include the pins of the runtime ones.
    installed = sorted(REQUIREMENTS) if kind == "dev" else [kind]
    STAMP.write_text("\n".join([IDENTITY, *map(fingerprint, installed)]) + "\n")


def create() -> None:
    """Make an empty environment in place of whatever is there."""
    if importlib.util.find_spec("ensurepip") is None:
        # Debian keeps the half of Python that makes environments in a package of its own.
        debian.install([f"python{dotted(sys.version_info[:2])}-venv"], LOG)
    # The link is followed because it may lie in the very environment that is deleted now.
    interpreter = Path(sys.executable).resolve()
    if ENVIRONMENT.exists():
        shutil.rmtree(str(ENVIRONMENT))
    ENVIRONMENT.mkdir()
    run([str(interpreter), "-m", "venv", str(ENVIRONMENT)], "Nepavyko sukurti Python aplinkos")


def run(command: "list[str]", failure: str) -> None:
    """Run `command` with its output in the log; if it fails, end the program with the line `failure`."""
    with LOG.open("wb") as output:
        process = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    if process.returncode:
        sys.exit(f"{failure}; išsamiau: {LOG}")


if __name__ == "__main__":
    main(sys.argv[1:])
