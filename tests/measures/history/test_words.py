"""What differs between two texts, word by word, where that is easier to read than both texts."""

import pytest

from measures.history.words import MOST_WORDS, Part, compare

LONG = [f"žodis{n}" for n in range(MOST_WORDS)]


def test_words_that_came_and_went_stand_in_their_place() -> None:
    assert compare("vienas du trys keturi penki šeši", "vienas du 3 keturi penki šeši septyni") == (
        Part("same", "vienas du"),
        Part("del", "trys"),
        Part("ins", "3"),
        Part("same", "keturi penki šeši"),
        Part("ins", "septyni"),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("trumpas tekstas", "trumpas kitas tekstas"),
        ("visai kitas tekstas apie ką nors kita", "nieko bendro su anuo neturi šie žodžiai"),
        ("tie patys žodžiai tik tarpai kiti čia", "tie  patys žodžiai tik\ntarpai kiti čia"),
        (" ".join([*LONG, "ilgiau"]), " ".join(LONG)),
    ],
)
def test_what_would_tell_less_is_left_to_both_texts(before: str, after: str) -> None:
    assert compare(before, after) == ()


def test_longest_texts_are_compared() -> None:
    assert compare(" ".join(LONG), " ".join(LONG[1:]))[0] == Part("del", "žodis0")
