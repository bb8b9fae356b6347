"""How a row that others have changed is shown to who has to decide about it."""

import html
import re

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from measures.enums import LineKind
from measures.exchange.preview import FieldChange, Line
from measures.pages.imports import Conflict, ShownLine


def test_empty_values_are_said_in_words() -> None:
    changes = (FieldChange("Pažanga, %", "50 %", ""), FieldChange("Kas padaryta", "", "Vyksta"))
    line = Line(LineKind.CONFLICT, "4 eilutė", "1.1.1-1", "Planas", changes)
    page = render_to_string("measures/_import_conflict.html", {"conflict": Conflict(ShownLine.of(line), "")})
    said = _("%(label)s – in the program: %(now)s; in the file: %(file)s")
    empty = pgettext("value", "empty")
    assert [html.unescape(text) for text in re.findall("<p>(.*?)</p>", page)] == [
        said % {"label": "Pažanga, %", "now": "50 %", "file": empty},
        said % {"label": "Kas padaryta", "now": empty, "file": "Vyksta"},
    ]
