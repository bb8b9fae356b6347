"""Where in a workbook something stands: its sheets follow each other like the pages of one document."""

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from .notices import Notice, NoticeLog, Place
from .tree import PlanText
from .xlsx_file import Sheet


@dataclass(slots=True)
class SheetLog(NoticeLog):
    """Counts the lines on over all sheets, but tells each place by its sheet and row."""

    names: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    _end: int = 0

    def begin(self, sheet: Sheet) -> None:
        """Count the rows of a sheet from here."""
        self.names.append(sheet.name)
        self.starts.append(self._end)
        self._end += max([*sheet.rows, *(row for row, _column, _words in sheet.comments)], default=0)

    @property
    def start(self) -> int:
        """Return the line before the first row of the last sheet."""
        return self.starts[-1]

    def row_of(self, line: int) -> int:
        """Return the row of a line on its sheet."""
        return line - self.starts[self._sheet_at(line)] if line and self.starts else line

    def with_rows(self, plan: PlanText) -> PlanText:
        """Return the plan with the rows that its parts stand in instead of their lines."""
        row_of = self.row_of
        return replace(
            plan,
            tasks=tuple(
                replace(
                    task,
                    line=row_of(task.line),
                    measures=tuple(
                        replace(
                            measure,
                            line=row_of(measure.line),
                            actions=tuple(
                                replace(
                                    action,
                                    line=row_of(action.line),
                                    results=tuple(
                                        replace(result, line=row_of(result.line)) for result in action.results
                                    ),
                                )
                                for action in measure.actions
                            ),
                        )
                        for measure in task.measures
                    ),
                )
                for task in plan.tasks
            ),
        )

    def _sheet_at(self, line: int) -> int:
        return max(bisect_left(self.starts, line) - 1, 0)

    def _add(
        self, notices: list[Notice], code: str, place: Place, message: str, text: str, values: dict[str, Any]
    ) -> None:
        if self.starts and "%(line)d" in message:
            values = {
                "sheet": self.names[self._sheet_at(place.line)],
                "line": self.row_of(place.line),
                **values,
            }
            message = _("Sheet “%(sheet)s”: ") + message
        # The bare name of the class is another one since `slots` made it anew.
        NoticeLog._add(self, notices, code, place, message, text, values)
