"""The words of the plan's own document, the same in every kind of file, and text that any file can hold."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from measures.enums import CodeKind
from measures.tree.rows import CodeRow

# Words of the association's own document: they stay Lithuanian in whatever language the program is used.
DOCUMENT_COLUMNS = (
    "Priemonė",
    "Veiksmai",
    "Planuojamos veiklos / rezultatai (įgyvendinimo laikotarpis)",
    "Reikalingi resursai",
    "Susijusios institucijos, partneriai",
)
GOAL, TASK = "TIKSLAS", "uždavinys"
CODE_WORDS: dict[str, str] = {CodeKind.MEASURE: "priemonė", CodeKind.ACTION: "veiksmas"}

_NOT_IN_XML = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c]")

_check_web_address = URLValidator(schemes=["http", "https"])


def xml_text(text: str) -> str:
    """Return the text as a file of XML can hold it: � for what XML forbids, and one kind of line end."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", _LINE_ENDS.sub("\n", text))


def mention(code: CodeRow) -> str:
    """Return how the document names a code: as it is written there, or as it would be."""
    if code.as_written or code.is_priority:
        return code.as_written or code.code
    return f"KRSS2030 {code.code}. {CODE_WORDS[code.kind]}"


def is_web_address(href: str) -> bool:
    """Return whether a link leads somewhere on the web; documents also have links that lead nowhere."""
    try:
        _check_web_address(href)
    except ValidationError:
        return False
    return True
