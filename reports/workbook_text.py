"""Which text a cell of a workbook can hold, and how high its row has to be."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from .plan_words import xml_text
from .workbook_styles import BODY, SIZE, Look

# Excel's own limits, in UTF-16 units and points.
MAX_TEXT = 32_767
MAX_HEIGHT = 409

# A column is as wide as so many digits of 11 points. In Lithuanian text of 10 points a letter of Calibri,
# Arial or DejaVu Sans takes 0.75–0.8 of that on average: 1.3 letters would fit, and the rest is for caution.
_CHARACTERS_PER_WIDTH = 1.2
_CAPITAL_WIDTH, _BOLD_WIDTH = 1.3, 1.1
# Excel reads _x0041_ as the letter A, so an underscore that would begin such a code is written as a code.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def plain_text(text: str) -> str:
    """Return the text as Excel can hold it: � for what XML forbids, and cut visibly if it is too long."""
    return _shortened(_ESCAPE.sub("_x005F_", xml_text(text)))


def _shortened(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return text
    return units[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


@dataclass(frozen=True, slots=True)
class BoldEnd:
    """A text whose end is bold."""

    text: str
    end: str

    def __str__(self) -> str:
        return self.text + self.end


def text_with_bold_end(text: str, end: str) -> str | BoldEnd:
    """Return the text with a bold end; too long a text is cut and has none."""
    text, end = plain_text(text), plain_text(end)
    whole = _shortened(text + end)
    return BoldEnd(text, end) if whole == text + end else whole


@lru_cache(maxsize=4096)
def text_height(text: str, width: float, look: Look = BODY) -> int:
    """Return the height in points that the wrapped text needs in a column of this width, rather too much."""
    room = (width - (3 if look.is_indented else 1)) * _CHARACTERS_PER_WIDTH * SIZE / look.size
    return math.ceil(_line_count(text, room / (_BOLD_WIDTH if look.bold else 1)) * look.size * 1.3 + 4)


def _line_count(text: str, room: float) -> int:
    """Count the lines of the text, wrapped between words.

    A character is taken to be as wide as its UTF-8 form is long: that of other alphabets is wider indeed,
    and a Lithuanian letter with a diacritic comes out a little too wide, as do most small letters.
    """
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used: float = 0
        for word in paragraph.split(" "):
            size: float = len(word) * _CAPITAL_WIDTH if word.isupper() else len(word.encode())
            if used and used + size > room:
                lines += 1
                used = 0
            if size > room:
                filled = math.ceil(size / room) - 1
                lines += filled
                size -= filled * room
            used += size + 1
    return lines
