"""Names that may be other spellings of existing ones: proposed where a person would wonder, nowhere else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.exchange.fixtures import REFERENCE_LISTS
from measures.exchange.plan_text.name_matching import MOST_CANDIDATES, close_names, folded

KNOWN = (
    "Klaipėdos miesto savivaldybė",
    "Klaipėdos rajono savivaldybė",
    "Klaipėdos universitetas",
    "Palangos miesto savivaldybė",
    "Verslo įmonės",
    "Lietuvos verslo paramos agentūra (LVPA)",
    "KU",
)


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("KLAIPĖDOS UNIVERSITETAS", ("Klaipėdos universitetas", "KU")),
        ("Klaipedos universitetas", ("Klaipėdos universitetas", "KU")),
        ("Universitetas Klaipėdos", ("Klaipėdos universitetas",)),
        ("Verslo įmonių", ("Verslo įmonės",)),
        ("LVPA", ("Lietuvos verslo paramos agentūra (LVPA)",)),
        ("Agentūra verslui (LVPA)", ("Lietuvos verslo paramos agentūra (LVPA)",)),
        ("Kauno universitetas (KU)", ("KU", "Klaipėdos universitetas")),
        ("Palangos mieto savivaldybe", ("Palangos miesto savivaldybė",)),
        ("Palangos „miesto“ savivaldybė.", ("Palangos miesto savivaldybė",)),
        ("Mokslo taryba", ()),
        ("Klaipėdos baseinas", ()),
        ("K", ()),
        ("–", ()),
        ("", ()),
    ],
)
def test_candidates(name: str, candidates: tuple[str, ...]) -> None:
    assert close_names(name, KNOWN) == candidates


def test_town_and_district_are_not_taken_for_one_another() -> None:
    assert close_names("Klaipėdos rajono savivaldybės", KNOWN)[0] == "Klaipėdos rajono savivaldybė"
    assert "Neringos savivaldybė" not in close_names("Skuodo savivaldybė", ["Neringos savivaldybė"])


def test_no_more_than_a_person_reads() -> None:
    known = [f"Partneris {number}" for number in range(30)]
    assert len(close_names("Partneris", known)) == MOST_CANDIDATES


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=8))
def test_candidates_are_known_names_in_a_stable_order(name: str, known: list[str]) -> None:
    found = close_names(name, known)
    assert set(found) <= set(known)
    assert found == close_names(name, sorted(known))


@given(st.sampled_from(KNOWN))
def test_same_letters_come_first(name: str) -> None:
    assert folded(close_names(folded(name).upper(), KNOWN)[0]) == folded(name)


def test_register_is_not_proposed_to_itself_wholesale() -> None:
    """Of the real names only few are close to another, so that proposals are worth reading."""
    rows = json.loads(REFERENCE_LISTS.read_text(encoding="utf-8"))
    names = [row["fields"]["name"] for row in rows if row["model"] == "measures.partner"]
    close = {name: close_names(name, [other for other in names if other != name]) for name in names}
    assert len(names) > 30
    assert sum(map(bool, close.values())) <= len(names) // 4
