"""Values in words, as people know them from the plan, and what differs between two texts."""

from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Field
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

NOTHING = "–"
# Shorter values are easier to read side by side; longer ones would take too long to compare.
FEWEST_WORDS, MOST_WORDS = 6, 500
LEAST_ALIKE = 0.3
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text: `kind` is same, ins (only in the later text) or del (only in the earlier one)."""

    kind: str
    text: str


def in_words(field: "Field[Any, Any]", value: Any) -> str:
    """Return a value of a field that refers to no other row."""
    if value in (None, "", []):
        return NOTHING
    if field.name == "percent":
        return f"{value}\N{NO-BREAK SPACE}%"
    if isinstance(value, list):
        return Truncator("; ".join(map(_item_in_words, value))).chars(LONGEST)
    return Truncator(_plain_in_words(field, value)).chars(LONGEST)


def _item_in_words(item: Any) -> str:
    return f"{item['text']} ({item['href']})" if isinstance(item, dict) else str(item)


def _plain_in_words(field: "Field[Any, Any]", value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "Y-m-d H:i")
    if isinstance(value, date):
        return date_format(value, "Y-m-d")
    return str(dict(field.flatchoices or ()).get(value, value))


def compare(before: str, after: str) -> tuple[Part, ...]:
    """Return both texts in one, word by word, or nothing if both beside each other tell more."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) < FEWEST_WORDS or max(len(old), len(new)) > MOST_WORDS:
        return ()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if old == new or matcher.ratio() < LEAST_ALIKE:
        return ()
    parts = []
    for operation, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        gone, come = " ".join(old[old_from:old_to]), " ".join(new[new_from:new_to])
        parts += [Part("same", gone)] if operation == "equal" else [Part("del", gone), Part("ins", come)]
    return tuple(part for part in parts if part.text)
