"""The words of the plan's own document, the same in every kind of file."""

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

_check_web_address = URLValidator(schemes=["http", "https"])


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
