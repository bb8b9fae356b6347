"""Turns finished content and a template of typst into a PDF file.

Content travels as one JSON value beside the template, so no text can become markup. Nothing is fetched: the
typefaces come with the program and no template names a package.
"""

import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.text import Truncator

PRESS = Path(__file__).with_name("press.py")
MAX_SECONDS = 60
# Several threads would save little time and take memory for each processor of the machine.
ENVIRONMENT = {"RAYON_NUM_THREADS": "1"}
MAX_RUNNING = 50
WHITE_SPACE = re.compile("[\t-\r \x85\u2028\u2029]+")
# They would turn around what follows them on the line; on paper nobody could see why.
DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class PdfError(Exception):
    """The document could not be made within the limits of time and memory."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every document says of itself: metadata, running head, and a banner above all."""

    title: str
    author: str
    language: str
    running: str
    as_of: str
    banner: str


@dataclass(frozen=True, slots=True)
class Document:
    """The content of any document; each template has a dataclass of its own that adds to it."""

    frame: Frame


def running_head(*texts: str) -> str:
    """Return the texts as one line that fits above a page."""
    return " · ".join(Truncator(" ".join(text.split())).chars(MAX_RUNNING) for text in texts)


def compile_pdf(template: str, document: Document, made_at: datetime) -> bytes:
    """Return the document as a tagged PDF; the same document and moment give the same bytes.

    Raises PdfError if that takes too much time or memory.
    """
    content = json.dumps(_printable(asdict(document)))
    job = {"template": template, "content": content, "timestamp": int(made_at.timestamp())}
    try:
        return subprocess.run(
            [sys.executable, "-I", str(PRESS)],
            input=json.dumps(job).encode(),
            env=ENVIRONMENT,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=True,
        ).stdout
    except subprocess.CalledProcessError as error:
        raise PdfError(error.stderr.decode(errors="replace")) from error
    except subprocess.TimeoutExpired as error:
        raise PdfError(str(error)) from error


def _printable(value: Any) -> Any:
    """Return the value with all texts as they can be printed: white space counts as on pages."""
    if isinstance(value, str):
        text = WHITE_SPACE.sub(" ", value).translate(DIRECTIONS)
        return "".join(map(_printable_character, text))
    if isinstance(value, dict):
        return {key: _printable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(part) for part in value]
    return value


def _printable_character(character: str) -> str:
    """Return � for what no typeface has a shape for: control characters and halves of pairs."""
    is_shapeless = unicodedata.category(character) in ("Cc", "Cs", "Cn")
    return "\N{REPLACEMENT CHARACTER}" if is_shapeless else character
