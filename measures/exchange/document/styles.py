"""The styles by which a Word document of this program says what each of its paragraphs is.

The writer sets them, the reader trusts them before it reads dashes and years as people type them. Word lists
them by these names; they are Lithuanian like the document.
"""

from enum import Enum

# The columns with progress, after the five of the plan. They are read past: progress lives in the journal.
PROGRESS_COLUMNS = ("Būsena", "Pažanga (%)", "Atsakingas", "Kas padaryta", "Siūloma korekcija")


class Role(Enum):
    """What a paragraph is; the value is the name of its style.

    A planned result has a period of its own, or that of a later one in the list, or none at all.
    """

    ORGANISATION = "Plano organizacija"
    TITLE = "Plano pavadinimas"
    YEARS = "Plano metai"
    GOAL = "Plano tikslas"
    REMARK = "Plano pastaba"
    TASK = "Plano uždavinys"
    LEAD_IN = "Plano įžanga"
    ITEM = "Plano rezultatas"
    LISTED_ITEM = "Plano rezultatas (laikotarpis sąrašo gale)"
    OPEN_ITEM = "Plano rezultatas (be laikotarpio)"
    SUB_ITEM = "Plano porezultatis"
    NAME = "Plano šaltinis ar partneris"
    PROGRESS = "Plano pažanga"

    @property
    def is_item(self) -> bool:
        """Return whether it begins a planned result."""
        return self in (Role.ITEM, Role.LISTED_ITEM, Role.OPEN_ITEM)


class Mark(Enum):
    """What a stretch inside a paragraph is; the value is the name of its style.

    LINK_ONLY: the words of a link that the text itself does not have.
    """

    PERIOD = "Plano laikotarpis"
    PRIORITY = "Plano prioritetas"
    LINK_ONLY = "Plano nuoroda"
