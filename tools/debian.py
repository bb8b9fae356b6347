"""Installs Debian packages for the other tools. Any Python from 3.6 can read it."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path


def install(packages: "list[str]", log: Path) -> None:
    """Install `packages` with apt-get, or end the program with one line that says what to do by hand."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        sys.exit(f"Trūksta programų. Šioje sistemoje nėra apt-get; įdiekite patys: {', '.join(packages)}")
    if os.geteuid() != 0:
        sys.exit(f"Trūksta programų. Įdiekite: sudo apt-get update && sudo {shlex_join(command)}")
    print(f"Diegiami sistemos paketai: {', '.join(packages)}…", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        for step in (["apt-get", "update"], command):
            process = subprocess.run(
                step, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
            if process.returncode:
                sys.exit(
                    f"Nepavyko įdiegti sistemos paketų ({', '.join(packages)}). "
                    f"Patikrinkite interneto ryšį ir pakartokite; išsamiau: {log}"
                )


def shlex_join(command: "list[str]") -> str:
    """Return `command` as one would type it (`shlex.join` needs Python 3.8)."""
    return " ".join(map(shlex.quote, command))
