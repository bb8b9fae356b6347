"""Parts of addresses that are more than text."""

import re
from urllib.parse import quote, unquote

from django.urls.converters import StringConverter

# What an address can't carry as it is: „/“ would end the part, „%“ begins a code, browsers take
# „.“ and „..“ for folders, and control characters get lost on the way.
_AWKWARD = re.compile(r"[/\\%\x00-\x1f\x7f]|^\.+")


class CodeConverter(StringConverter):
    """A KRSS2030 code; that of a horizontal priority is its name, which may hold any character."""

    regex = r"[\s\S]+"


class NameConverter:
    """A name of a register, whatever is written in it: „AKR biudžetas / DU“."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the name."""
        return unquote(value)

    def to_url(self, value: str) -> str:
        """Return the name with its awkward characters as codes; Django quotes the rest."""
        return _AWKWARD.sub(_code, value)


def _code(match: re.Match[str]) -> str:
    # `quote` leaves dots as they are.
    return quote(match[0], safe="").replace(".", "%2E")
