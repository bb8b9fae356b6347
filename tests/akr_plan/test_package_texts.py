"""Every text of the third-party packages appears in right Lithuanian: `akr_plan/locale_packages`."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import axes
import django
import import_export
import polib
import pytest
import simple_history
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation.template import templatize
from django.views.i18n import JSONCatalog

CATALOGUES = Path(__file__).resolve().parents[2] / "akr_plan" / "locale_packages" / "lt" / "LC_MESSAGES"
DJANGO = Path(django.__file__).parent
DJANGO_CATALOGUES = [DJANGO / "conf"] + [
    DJANGO / "contrib" / app for app in ("admin", "auth", "contenttypes", "sessions", "humanize")
]
OTHER_PACKAGES = [Path(package.__file__).parent for package in (axes, import_export, simple_history)]
CALL = re.compile(r"""\b(?:_|gettext|ngettext)\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
FUNCTIONS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}|<[^>]+>")

# Texts that read the same in both languages.
SAME = {
    *("Esperanto", "Hindi", "Ido", "Interlingua"),  # languages whose name is not declined
    *("IPv4", "IPv6", "URL"),  # technical names
    *("…", ", ", ":", ":?.!", "%(truncated_text)s…"),  # punctuation
}
SAME_IN_SCRIPTS = {"S"}  # the calendar's one letter of Sunday (sekmadienis)

Key = tuple[str | None, str, str]


def keys_of(catalogue: Path) -> set[Key]:
    """The texts a shipped catalogue asks to translate."""
    return {(e.msgctxt, e.msgid, e.msgid_plural) for e in polib.pofile(str(catalogue)) if not e.obsolete}


def texts_in(package: Path) -> Iterator[str]:
    """The texts a package's modules and templates ask to translate."""
    for module in package.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]) if (
                    name in FUNCTIONS
                ):
                    yield text
    for template in package.rglob("templates/**/*.html"):
        for literal in CALL.findall(templatize(template.read_text("utf-8"))):
            yield ast.literal_eval(literal)


def source_keys() -> set[Key]:
    """All texts of the packages, whether or not anybody has translated them."""
    keys: set[Key] = set()
    for folder in DJANGO_CATALOGUES:
        keys |= keys_of(folder / "locale" / "en" / "LC_MESSAGES" / "django.po")
    for package in OTHER_PACKAGES:
        for catalogue in package.glob("locale/*/LC_MESSAGES/django.po"):
            keys |= keys_of(catalogue)
        known = {msgid for _context, msgid, _plural in keys}
        keys |= {(None, text, "") for text in texts_in(package) if text not in known}
    return keys


def shown(key: Key) -> list[str]:
    """What a Lithuanian reader sees: one text, or one for each plural form."""
    context, msgid, plural = key
    prefix = f"{context}\x04" if context else ""
    if plural:
        return [ngettext(prefix + msgid, prefix + plural, n) for n in (1, 2, 10)]
    return [gettext(prefix + msgid)]


@pytest.fixture(autouse=True)
def lithuanian() -> Iterator[None]:
    with translation.override("lt"):
        yield


def test_every_text_is_lithuanian() -> None:
    untranslated = {
        key[1] for key in source_keys() for text in shown(key) if text.split("\x04")[-1] in key[1:]
    }
    assert untranslated == SAME


def test_every_text_of_the_admins_scripts_is_lithuanian() -> None:
    answer = JSONCatalog.as_view(packages=["django.contrib.admin"])(RequestFactory().get("/"))
    assert isinstance(answer, HttpResponse)
    catalogue = json.loads(answer.content)["catalog"]
    untranslated = set()
    for context, msgid, plural in keys_of(DJANGO / "contrib/admin/locale/en/LC_MESSAGES/djangojs.po"):
        found = catalogue.get(f"{context}\x04{msgid}" if context else msgid, msgid)
        if {msgid, plural} & set(found if plural and isinstance(found, list) else [found]):
            untranslated.add(msgid)
    assert untranslated == SAME_IN_SCRIPTS
    assert catalogue["%(sel)s of %(cnt)s selected"] == ["Pasirinkta %(sel)s iš %(cnt)s"] * 4


def test_no_text_uses_the_wrong_word_or_straight_quotes() -> None:
    wrong = re.compile(r"(?i)vartotoj|tinklalap|\"|(?<!\w)'")
    bad = [text for key in source_keys() for text in shown(key) if wrong.search(re.sub("<[^>]+>", "", text))]
    assert bad == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_compiled_catalogue_is_up_to_date(domain: str) -> None:
    po, mo = polib.pofile(str(CATALOGUES / f"{domain}.po")), polib.mofile(str(CATALOGUES / f"{domain}.mo"))
    assert po.percent_translated() == 100
    assert po.metadata == mo.metadata

    def contents(file: polib.POFile | polib.MOFile) -> dict[Key, object]:
        return {(e.msgctxt, e.msgid, e.msgid_plural or ""): e.msgstr_plural or e.msgstr for e in file}

    assert contents(po) == contents(mo)


def test_plural_rule_is_djangos() -> None:
    django_rule = polib.pofile(str(DJANGO / "conf/locale/lt/LC_MESSAGES/django.po")).metadata["Plural-Forms"]
    for domain in ("django", "djangojs"):
        assert polib.pofile(str(CATALOGUES / f"{domain}.po")).metadata["Plural-Forms"] == django_rule


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_placeholders_and_tags_agree(domain: str) -> None:
    def named(text: str) -> set[str]:
        return set(PLACEHOLDER.findall(text))

    for entry in polib.pofile(str(CATALOGUES / f"{domain}.po")):
        source = entry.msgid_plural or entry.msgid
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            assert named(text) == named(source), entry.msgid
            assert [text.count(p) for p in ("%s", "%d", "{}")] == [
                source.count(p) for p in ("%s", "%d", "{}")
            ]


@pytest.mark.parametrize(
    ("elapsed", "expected"),
    [
        (timedelta(days=1), "1 diena"),
        (timedelta(days=2), "2 dienos"),
        (timedelta(days=10), "1 savaitė, 3 dienos"),
        (timedelta(hours=10), "10 valandų"),
        (timedelta(hours=21), "21 valanda"),
        (timedelta(days=366), "1 metai"),
    ],
)
def test_elapsed_time(elapsed: timedelta, expected: str) -> None:
    now = datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert timesince(now - elapsed, now).replace("\xa0", " ") == expected


def test_days_in_all_plural_forms() -> None:
    days = [ngettext("%(num)d day", "%(num)d days", n) % {"num": n} for n in (1, 2, 10, 11, 21)]
    assert days == ["1\xa0diena", "2\xa0dienos", "10\xa0dienų", "11\xa0dienų", "21\xa0diena"]


def test_cases_of_relative_time_and_units() -> None:
    now = timezone.now()
    assert naturaltime(now - timedelta(days=2, minutes=1)) == "prieš 2\xa0dienas"
    assert naturaltime(now + timedelta(days=2, minutes=1)) == "po 2\xa0dienų"
    assert filesizeformat(10) == "10\xa0baitų"


def test_wording_needs_no_gender_case_or_number() -> None:
    assert gettext("Add %(name)s") % {"name": "priemonė"} == "Pridėti: priemonė"
    assert gettext("Add %s") % "priemonė" == "Pridėti: priemonė"
    assert gettext("Change %s") % "priemonė" == "Keisti: priemonė"
    assert gettext("Select %s to change") % "priemonė" == "Pasirinkite norimą keisti įrašą: priemonė"
    added = gettext("The {name} “{obj}” was added successfully.").format(name="priemonė", obj="2.1")
    assert added == "Pridėta: priemonė „2.1“."
    deleted = gettext("Successfully deleted %(count)d %(items)s.") % {"count": 10, "items": "priemonės"}
    assert deleted == "Ištrinta įrašų: 10 (priemonės)."
    taken = gettext("%(model_name)s with this %(field_label)s already exists.")
    assert taken % {"model_name": "Priemonė", "field_label": "Kodas"} == (
        "Priemonė: įrašas su tokia pat reikšme (Kodas) jau yra."
    )
