"""The project's own Lithuanian texts are complete, compiled and well formed."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "akr_plan" / "locale" / "lt" / "LC_MESSAGES"
CATALOGUE = polib.pofile(str(FOLDER / "django.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def test_every_text_is_translated() -> None:
    unfinished = [
        entry.msgid
        for entry in CATALOGUE
        if entry.fuzzy or not (all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr)
    ]
    assert unfinished == []


def test_plurals_have_the_four_lithuanian_forms() -> None:
    assert {len(entry.msgstr_plural) for entry in CATALOGUE if entry.msgid_plural} == {4}


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.msgid[:40])
def test_placeholders_agree(entry: polib.POEntry) -> None:
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
        assert set(PLACEHOLDER.findall(text)) == wanted


def test_compiled_catalogue_is_the_written_one() -> None:
    compiled = {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in polib.mofile(str(FOLDER / "django.mo"))
    }
    written = {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in CATALOGUE}
    assert compiled == written


def test_quotes_and_dashes_are_lithuanian() -> None:
    texts = [text for entry in CATALOGUE for text in (entry.msgstr, *entry.msgstr_plural.values())]
    prose = [re.sub(r"<[^>]+>", "", text) for text in texts]
    assert [text for text in prose if '"' in text or " - " in text] == []
    assert [text for text in prose if text.count("„") != text.count("“")] == []
    assert [text for text in prose if re.search(r"vartotoj", text, re.IGNORECASE)] == []
