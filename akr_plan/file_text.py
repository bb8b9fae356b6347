"""Which text files of XML and Excel can hold, and how high its row in a sheet has to be."""

import math
import re
from functools import lru_cache

# Excel's own limits, in UTF-16 units and points.
MAX_TEXT = 32_767
MAX_HEIGHT = 409

_NOT_IN_XML = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c]")
# Excel reads _x0041_ as the letter A, so an underscore that would begin such a code is written as a code.
_CODE = re.compile("_x([0-9A-Fa-f]{4})_")
_CODE_START = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

# A column is as wide as so many digits of 11 points. In Lithuanian text of 10 points a letter of Calibri,
# Arial or DejaVu Sans takes 0.75–0.8 of that on average: 1.3 letters would fit, and the rest is for caution.
_CHARACTERS_PER_WIDTH, _MEASURED_SIZE = 1.2, 10
_CAPITAL_WIDTH, _BOLD_WIDTH = 1.3, 1.1


def xml_text(text: str) -> str:
    """Return the text as a file of XML can hold it: � for what XML forbids, and one kind of line end."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", _LINE_ENDS.sub("\n", text))


def plain_text(text: str) -> str:
    """Return the text as Excel can hold it: � for what XML forbids, and cut visibly if it is too long."""
    return shortened(_CODE_START.sub("_x005F_", xml_text(text)))


def text_of_cell(written: str) -> str:
    """Return the text that a cell shows: the opposite of `plain_text`, safe for a database."""
    return xml_text(_CODE.sub(lambda code: chr(int(code[1], 16)), written))


def shortened(text: str) -> str:
    """Return the text as long as a cell can hold it, with … where it was cut."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return text
    return units[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


@lru_cache(maxsize=4096)
def wrapped_height(
    text: str, width: float, *, size: float = 10, is_bold: bool = False, is_indented: bool = False
) -> int:
    """Return the height in points that the wrapped text needs in a column of this width, rather too much."""
    room = (width - (3 if is_indented else 1)) * _CHARACTERS_PER_WIDTH * _MEASURED_SIZE / size
    return math.ceil(_line_count(text, room / (_BOLD_WIDTH if is_bold else 1)) * size * 1.3 + 4)


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
