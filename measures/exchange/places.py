"""Where in a workbook something stands, in words."""

from django.utils.translation import gettext as _


def place_of(sheet: str, row: int = 0, column: str = "", heading: str = "") -> str:
    """Return a place in the words of messages; `column` is its letter. What is left out is not said."""
    parts = [_("sheet “%(sheet)s”") % {"sheet": sheet}]
    if row:
        parts.append(_("row %(row)d") % {"row": row})
    if column and heading:
        parts.append(_("column %(letter)s “%(heading)s”") % {"letter": column, "heading": heading})
    elif column:
        parts.append(_("column %(letter)s") % {"letter": column})
    return ", ".join(parts)
