"""The program that runs typst: a job comes in as JSON on standard input, the PDF goes out on standard output.

It is a process of its own because typst keeps what it has once worked out: a server would not give the
hundreds of megabytes of one long document back. Here time and memory have a limit, and a failure stays here.
It knows nothing of Django, so it starts in a few hundredths of a second.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Literal

import typst

FOLDER = Path(__file__).resolve().parent
MAX_MEMORY = 3 * 1024**3


def press(template: str, content: str, timestamp: int) -> bytes:
    """Return the document as a tagged PDF; the same content and moment give the same bytes.

    It keeps to PDF/UA-1 unless a text has a character that no typeface here can show: that one is drawn
    as an empty box, which the standard forbids, so then the file does not claim to keep to it.
    """
    try:
        return _compile(template, content, timestamp, "ua-1")
    except typst.TypstError:
        return _compile(template, content, timestamp, None)


def _compile(template: str, content: str, timestamp: int, standard: Literal["ua-1"] | None) -> bytes:
    return typst.compile(
        FOLDER / "templates" / template,
        root=FOLDER / "templates",
        # Those of the system would make files differ from machine to machine.
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[FOLDER / "fonts"]),
        sys_inputs={"content": content},
        pdf_standards=standard,
        timestamp=timestamp,
    )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    sys.stdout.buffer.write(press(**json.load(sys.stdin)))
