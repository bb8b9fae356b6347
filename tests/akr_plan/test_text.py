"""Lithuanian order and search folding."""

import pytest

from akr_plan.text import compare, fold, sentence, sort_key

# The order of CLDR's Lithuanian collation: y and į stand among i, č after all of c.
IN_ORDER = [
    "1 punktas",
    "aukštis",
    "ąžuolas",
    "cukrus",
    "čiurlys",
    "iki",
    "ypač",
    "įranga",
    "ledas",
    "šakos",
    "žemė",
]


def test_sort_key_follows_lithuanian_order() -> None:
    assert sorted(sorted(IN_ORDER), key=sort_key) == IN_ORDER
    assert sorted(IN_ORDER) != IN_ORDER


def test_compare_agrees_with_sort_key() -> None:
    assert compare("ypač", "įranga") == -1
    assert compare("žemė", "čiurlys") == 1
    assert compare("ąžuolas", "ąžuolas") == 0


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Šilutė", "silute"), ("ŽEMĖS ŪKIS", "zemes ukis"), ("Į Y ų", "i y u"), ("Straße", "strasse")],
)
def test_fold_drops_case_and_diacritics(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_sentence_changes_capitals_only() -> None:
    assert sentence("JŪRINĖS EKONOMIKOS") == "Jūrinės ekonomikos"
    assert sentence("KRSS2030 prioritetai") == "KRSS2030 prioritetai"
