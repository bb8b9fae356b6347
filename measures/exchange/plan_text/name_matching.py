"""Which names of a register a new name may be another spelling of; people decide, nothing here does."""

import re
import unicodedata
from collections.abc import Collection
from difflib import SequenceMatcher
from functools import lru_cache

# How much of two names, from 0 to 1, has to be alike.
LEAST_ALIKE = 0.85
# Lithuanian words differ by inflection in their last letters; so much of a word is always its stem.
SHORTEST_STEM, LONGEST_ENDING = 4, 4
MOST_CANDIDATES = 5
# What is longer is no name, and would take too long to compare.
LONGEST_COMPARED = 300

_WORD = re.compile(r"\w+")
_ABBREVIATION = re.compile(r"[(,–-]\s*(?P<letters>[^\W\d_]{2,10})\s*\)?\s*\Z")


def close_names(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the known names that are close to a new one, the closest first, at most five.

    Close are: the same letters without regard to case, diacritics and punctuation; the same words in another
    order or with other endings; an abbreviation of the name, or one that both have in parentheses; or most
    letters alike.
    """
    if len(name) > LONGEST_COMPARED:
        return ()
    found = [(closeness, other) for other in known if (closeness := _closeness(name, other))]
    return tuple(other for _closeness, other in sorted(found, key=lambda pair: (-pair[0], pair[1])))[
        :MOST_CANDIDATES
    ]


def _closeness(name: str, other: str) -> float:
    """Return how close two names are, from 0 (not at all) to 3."""
    words, others = _words(name), _words(other)
    if not words or not others:
        return 0.0
    if words == others:
        return 3.0
    if _have_same_stems(words, others) or _is_abbreviation(name, other) or _is_abbreviation(other, name):
        return 2.0
    matcher = SequenceMatcher(None, " ".join(words), " ".join(others), autojunk=False)
    if matcher.real_quick_ratio() < LEAST_ALIKE or matcher.quick_ratio() < LEAST_ALIKE:
        return 0.0
    return likeness if (likeness := matcher.ratio()) >= LEAST_ALIKE else 0.0


def folded(text: str) -> str:
    """Return a text without case and diacritics."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


# Each name is compared with all others.
@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(folded(name)))


def _have_same_stems(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Say whether each word of one has a word of the other, endings aside."""
    if len(words) != len(others):
        return False
    rest = list(others)
    for word in words:
        match = next((other for other in rest if _is_inflected(word, other)), None)
        if match is None:
            return False
        rest.remove(match)
    return True


def _is_inflected(word: str, other: str) -> bool:
    """Say whether two words are the same or differ in their endings only."""
    if word == other:
        return True
    common = next(
        (place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    return common >= SHORTEST_STEM and max(len(word), len(other)) - common <= LONGEST_ENDING


def _is_abbreviation(short: str, long: str) -> bool:
    """Say whether a name is made of the first letters of another, or is the one it has in parentheses."""
    letters = "".join(_words(short)) if len(short.split()) == 1 else _abbreviation_in(short)
    if len(letters) < 2:
        return False
    return letters in (_initials(long), _abbreviation_in(long))


def _abbreviation_in(name: str) -> str:
    """Return the abbreviation at the end of a name, folded, "" if there is none."""
    match = _ABBREVIATION.search(name)
    return folded(match["letters"]) if match and match["letters"].isupper() else ""


def _initials(name: str) -> str:
    """Return the first letters of the words, without what stands in parentheses."""
    return "".join(word[0] for word in _words(re.sub(r"\([^)]*\)", "", name)))
