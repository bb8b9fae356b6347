"""Lithuanian text rules that no library here offers: alphabetical order and search folding."""

import unicodedata
from functools import lru_cache

# CLDR's order for Lithuanian: č, š and ž are letters of their own; ą, ę, ė, į, y, ų and ū differ from
# a, e, i and u only where everything else is equal.
_LETTERS = {letter: position for position, letter in enumerate("abcčdefghijklmnopqrsštuvwxzž")}
_VARIANTS = {
    "ą": ("a", 1),
    "ę": ("e", 1),
    "ė": ("e", 2),
    "į": ("i", 1),
    "y": ("i", 2),
    "ų": ("u", 1),
    "ū": ("u", 2),
}

SortKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], tuple[bool, ...], str]


@lru_cache(maxsize=10_000)
def sort_key(text: str) -> SortKey:
    """Return a key that sorts texts as Lithuanians do: iki, ypač, įranga; cukrus, čiurlys; 2 before a."""
    primary, variants, capitals = [], [], []
    for character in unicodedata.normalize("NFC", text):
        lower = character.lower()
        base, variant = _VARIANTS.get(lower, (lower, 0))
        primary.append((_class_of(base), _LETTERS.get(base, ord(base[0]))))
        variants.append(variant)
        capitals.append(character != lower)
    return tuple(primary), tuple(variants), tuple(capitals), text


def _class_of(character: str) -> int:
    """Spaces come before punctuation, then digits, then letters; other alphabets last."""
    if character.isspace():
        return 0
    if character.isdigit():
        return 2
    if character in _LETTERS:
        return 3
    return 4 if character.isalpha() else 1


def compare(left: str, right: str) -> int:
    """Compare two texts in Lithuanian order, as SQLite asks of a collation."""
    left_key, right_key = sort_key(left), sort_key(right)
    return (left_key > right_key) - (left_key < right_key)


def fold(text: str) -> str:
    """Return the text as search compares it: no case, no diacritics („Šilutė“ is found by „silute“)."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def sentence(title: str) -> str:
    """Return a title that is all capitals as a sentence; others stay as they are."""
    return title.capitalize() if title.isupper() else title
