"""How texts of a workbook look: bold ends, and how high rows have to be."""

from dataclasses import dataclass

from akr_plan.file_text import plain_text, shortened, wrapped_height

from .styles import BODY, Look


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
    whole = shortened(text + end)
    return BoldEnd(text, end) if whole == text + end else whole


def text_height(text: str, width: float, look: Look = BODY) -> int:
    """Return the height in points that the wrapped text needs in a column of this width, rather too much."""
    return wrapped_height(text, width, size=look.size, is_bold=look.bold, is_indented=look.is_indented)
