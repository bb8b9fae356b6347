"""Which of the five columns of a plan each heading of its table names; bodies word them in many ways."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from .lines import columns_named, is_heading
from .notices import NoticeLog, Place
from .styles import PROGRESS_COLUMNS
from .tree import COLUMNS

_MAX_HEADING = 80
_FEW = 3
_STARTS_ROW = re.compile(r"\s*(?:[0-9]|[–—-])")


def is_heading_row(labels: Sequence[str]) -> bool:
    """Return whether the cells of a row are headings, in whatever order they stand."""
    if is_heading(labels):
        return True
    if not all(label.strip() and len(label) <= _MAX_HEADING for label in labels):
        return False
    if any(map(_STARTS_ROW.match, labels)):
        return False
    named = {column for label in labels for column in columns_named(label)}
    return len(labels) > _FEW and {0, 1} <= named and len(named) >= _FEW


def columns_of(labels: Sequence[str], line: int, log: NoticeLog) -> tuple[int, ...]:
    """Return the column, from 0, that each heading names; those with progress at the end have none.

    A heading that is unknown, doubled or missing is an error, for its cells would go astray.
    """
    place = Place(line)
    plan_labels = list(labels)
    while len(plan_labels) > len(COLUMNS) and plan_labels[-1] in PROGRESS_COLUMNS:
        plan_labels.pop()
    columns: dict[int, int] = {}
    for position, label in enumerate(plan_labels):
        column = _column_of(label, position)
        if column is None:
            message = _(
                "Line %(line)d: the heading “%(text)s” is not known. The table has these columns: "
                "%(expected)s. Correct the heading or delete the column."
            )
            log.error("unknown-heading", place, message, label, expected="; ".join(COLUMNS))
        elif column in columns.values():
            message = _(
                "Line %(line)d: the heading “%(text)s” names the column “%(expected)s”, which stands there "
                "already. Delete one of the two."
            )
            log.error("doubled-heading", place, message, label, expected=COLUMNS[column])
        else:
            columns[position] = column
    for column, name in enumerate(COLUMNS):
        if column not in columns.values() and len(columns) == len(plan_labels):
            message = _("Line %(line)d: the column “%(text)s” is missing. Add it, even if it stays empty.")
            log.error("heading-missing", place, message, name)
    if len(columns) < len(plan_labels) or len(columns) < len(COLUMNS):
        # The reading ends with the errors; what comes until then is taken in its order.
        return tuple(range(len(COLUMNS)))
    return tuple(columns.values())


def _column_of(label: str, position: int) -> int | None:
    """Return the column that a heading names, first that of its place; None if it names none or several."""
    named = columns_named(label)
    if position in named:
        return position
    return named[0] if len(named) == 1 else None
