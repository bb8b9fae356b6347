"""What a PDF says, read by another program: poppler's."""

import re
import subprocess
from pathlib import Path

SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_ELEMENT = re.compile(r"\s*(Document|Span|P|H[1-6]|Figure|Div|Table|THead|TBody|TR|TH|TD|L|LI|Lbl|LBody)\b")
_TEXT = re.compile(r'\s*"(.*)"$')
_CELLS = ("TH", "TD")


def run(program: str, path: Path, *arguments: str) -> str:
    """Return what one of poppler's programs prints; titles of headings are not in its UTF-8, nor wanted."""
    command = [program, *arguments, str(path)]
    if program == "pdftotext":
        command.append("-")
    return subprocess.run(command, capture_output=True, check=True).stdout.decode(errors="replace")


def info(path: Path) -> dict[str, str]:
    """Return what the file says of itself."""
    lines = (line.partition(":") for line in run("pdfinfo", path).splitlines())
    return {name: value.strip() for name, _colon, value in lines}


def texts(path: Path) -> list[str]:
    """Return the text of the file, a string for each element of its structure."""
    return [text for _names, text in _elements(path)]


def rows(path: Path) -> list[list[str]]:
    """Return the cells of all tables; labels of lists are left out, as pages have none."""
    found: list[list[str]] = []
    for name, text in _elements(path):
        if name == "TR":
            found.append([])
        elif name in _CELLS:
            found[-1].append("")
        if text and found and found[-1] and name != "Lbl":
            found[-1][-1] = f"{found[-1][-1]} {text}".strip()
    return found


def _elements(path: Path) -> list[tuple[str, str]]:
    """Return name and text of each element, in the order of reading; lines are joined, hyphens taken out."""
    found: list[tuple[str, str]] = []
    for line in run("pdfinfo", path, "-struct-text").splitlines():
        if text := _TEXT.match(line):
            name, before = found[-1]
            found[-1] = (name, before + text[1])
        elif element := _ELEMENT.match(line):
            found.append((element[1], ""))
    return [(name, " ".join(text.replace(SOFT_HYPHEN, "").split())) for name, text in found]
