"""Compares the rows of a work sheet with what is stored, and tells what is to be done about each.

One value serves twice: its line is shown, the rest of it is written, so that the two can't differ.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from akr_plan.file_text import xml_text
from akr_plan.models import User

from ...enums import ConditionState, LineKind, Status
from ...history.words import in_words
from ...models import PlannedResult
from ...rules import FIXED_PERCENT, percent_for
from ...services.progress import check_progress
from ..preview import Line
from .sheet import PLAN_FIELDS, SheetRow, WorkSheet
from .stored import TEXTS, StoredRows, alike
from .words import SheetWords, changed_by, field_named, period_stays

LONGEST_TITLE = 100
# What can be decided about a row that others have changed: to take the file's values or to keep the stored.
TAKE_FILE, KEEP_STORED = "file", "keep"


@dataclass(frozen=True, slots=True)
class RowChange:
    """What is to be written of a row.

    progress: the new status and percent, or nothing; texts: by the fields of the journal; plan_values: the
    new values of the plan's own fields.
    """

    result: PlannedResult
    progress: Mapping[str, Any]
    texts: Mapping[str, str]
    plan_values: Mapping[str, Any]

    @property
    def makes_entry(self) -> bool:
        """Return whether the journal gets an entry for it."""
        return bool(self.progress or self.texts)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """What a line says is to be done about a row, and the same to be written; None if nothing is.

    repeats: the number of the row in the file if a text of it is not recorded again, else 0.
    """

    line: Line
    change: RowChange | None = None
    repeats: int = 0


def compare_sheet(
    sheet: WorkSheet, stored: StoredRows, *, choices: Mapping[str, str], owner: User
) -> list[ComparedRow]:
    """Compare all rows, in the order of the sheet; costs no query.

    choices: what was decided about conflicts, by key; owner: in whose name it will be done.
    """
    comparison = _Comparison(sheet, stored, choices, owner)
    return [comparison.compare(row) for row in sheet.rows]


class _Comparison:
    """One sheet beside the stored rows."""

    def __init__(self, sheet: WorkSheet, stored: StoredRows, choices: Mapping[str, str], owner: User) -> None:
        self.sheet, self.stored, self.choices, self.owner = sheet, stored, choices, owner
        self.may_change_plan = sheet.is_plan_variant and owner.has_perm("measures.change_plannedresult")
        self.words = SheetWords.of(sheet)
        self.times = Counter(row.key for row in sheet.rows)

    def compare(self, row: SheetRow) -> ComparedRow:
        """Return what is to be done about a row."""
        result = self.stored.results.get(row.key)
        try:
            if result is None:
                raise ValidationError(_unknown(row))
            self._check_row(row, result)
            return self._compare(row, result)
        except ValidationError as error:
            return ComparedRow(self._line(LineKind.REFUSED, row, result, reason=" ".join(error.messages)))

    def _check_row(self, row: SheetRow, result: PlannedResult) -> None:
        if self.times[row.key] > 1:
            raise ValidationError(
                _("The result %(key)s stands in more than one row. Leave one of them.") % {"key": row.key}
            )
        if row.seen_version > result.version:
            raise ValidationError(
                _(
                    "The work sheet is newer than the data here: it belongs to other data, or they were "
                    "restored from a backup meanwhile. Download a new work sheet and type the values there."
                )
            )

    def _compare(self, row: SheetRow, result: PlannedResult) -> ComparedRow:
        versions = self.stored.versions.get(result.pk, ())
        # What the person saw on making the sheet, if the history knows it.
        seen = next((version for version in versions if version.version == row.seen_version), result)
        progress = _news(self._typed_progress(row, seen, result), result, seen)
        plan_values = self._plan_values(row, result, seen)
        texts = {name: str(row.values[name]) for name in TEXTS if row.values.get(name)}
        reasons: list[str] = []
        kind = LineKind.CHANGED
        if row.seen_version < result.version and (progress or plan_values):
            choice = self.choices.get(row.key, "")
            reasons += [changed_by(versions, {*progress, *plan_values}), _decision(choice)]
            if choice == KEEP_STORED:
                progress, plan_values, texts = {}, {}, {}
            elif choice != TAKE_FILE:
                kind = LineKind.CONFLICT
        if result.period_text and plan_values.keys() & {"first_year", "last_year"}:
            reasons.append(period_stays(result))
        # What goes with a change of the state is said of that; alone it may have been said before.
        new = texts if progress else self._not_said(texts, result)
        if repeats := len(new) < len(texts):
            reasons.append(_("The same text stands in the journal already; it is not recorded twice."))
        if progress or new:
            self._check_entry(result)
        compared = self._compared(kind, row, RowChange(result, progress, new, plan_values), reasons)
        return replace(compared, repeats=row.row if repeats else 0)

    def _compared(
        self, kind: LineKind, row: SheetRow, change: RowChange, reasons: Iterable[str]
    ) -> ComparedRow:
        result = change.result
        changes = self.words.field_changes(result, {**change.progress, **change.plan_values})
        changes += self.words.text_changes(change.texts)
        # What the line depends on: an entry on its day, too.
        versions = [("result", result.version)]
        if change.makes_entry:
            versions.append(("day", self.stored.days[result.action_id].day.toordinal()))
        line = self._line(
            kind if changes else LineKind.UNCHANGED,
            row,
            result,
            changes=changes,
            reason=" ".join(filter(None, reasons)),
            versions=tuple(versions),
        )
        return ComparedRow(line, change if line.kind == LineKind.CHANGED else None)

    def _plan_values(self, row: SheetRow, result: PlannedResult, seen: Any) -> dict[str, Any]:
        """Return the plan's values that the file changes, checked, and what follows from them."""
        values: dict[str, Any] = {}
        errors: list[str] = []
        for name in PLAN_FIELDS:
            if name in row.values:
                try:
                    values |= _news({name: _to_python(name, row.values[name])}, result, seen)
                    if name in values:
                        field_named(name).clean(values[name], result)
                except ValidationError as error:
                    errors.append(self.words.in_column(name, " ".join(error.messages)))
        if values and not self.may_change_plan:
            raise ValidationError(
                _(
                    "The plan's own text is changed only by a coordinator, in the work sheet with columns "
                    "for it. Leave these cells blank: %(columns)s."
                )
                % {"columns": ", ".join(self.words.column(name) for name in values)}
            )
        if errors or (errors := self._years_out_of_order(result, values)):
            raise ValidationError(errors)
        if "condition" in values and bool(values["condition"]) != bool(result.condition):
            values["condition_state"] = ConditionState.PENDING.value if values["condition"] else ""
        return values

    def _typed_progress(self, row: SheetRow, *known: Any) -> dict[str, Any]:
        """Return status and percent as the file has them.

        known: what the person saw, then what is stored; what was left blank stands as it was seen.
        """
        seen, typed = known[0], row.values
        if not {"status", "percent"} & typed.keys():
            return {}
        status = str(typed.get("status", seen.status))
        left_alone = next((version.percent for version in known if version.status == status), None)
        percent: Any = typed.get("percent", left_alone)
        check_progress(status, percent)
        # A percent that was left as it was when the status was changed is not meant.
        if typed.get("percent") not in (None, FIXED_PERCENT.get(status, percent), seen.percent):
            raise ValidationError(
                self.words.in_column(
                    "percent", _no_percent(status, in_words(field_named("percent"), percent))
                )
            )
        return {"status": status, "percent": percent_for(status, percent)}

    def _years_out_of_order(self, result: PlannedResult, values: Mapping[str, Any]) -> list[str]:
        """Return what to do about years that the model's constraint would refuse, at a query a row."""
        first, last = (values.get(name, getattr(result, name)) for name in ("first_year", "last_year"))
        if first is None or last is None or first <= last:
            return []
        message = _(
            "The last year (%(last)d) comes before the first (%(first)d). Correct one of the two, or write "
            "“–” where there is none."
        ) % {"first": first, "last": last}
        return [self.words.in_column("last_year", message)]

    def _not_said(self, texts: Mapping[str, str], result: PlannedResult) -> dict[str, str]:
        """Return what the journal does not say since the sheet was made: a sheet may come twice."""
        said = self.stored.said
        return {
            name: text for name, text in texts.items() if (result.action_id, name, alike(text)) not in said
        }

    def _check_entry(self, result: PlannedResult) -> None:
        if not result.action.may_be_updated_by(self.owner):
            raise ValidationError(
                _("You may not record progress of the action %(number)s.") % {"number": result.action.number}
            )
        if why_not := self.stored.days[result.action_id].why_not:
            raise ValidationError(why_not)

    def _line(self, kind: LineKind, row: SheetRow, result: PlannedResult | None, **more: Any) -> Line:
        title = result.text if result else ""
        if len(title) > LONGEST_TITLE:
            title = Truncator(title).chars(LONGEST_TITLE)
        return Line(kind, self.words.place_of(row.row), row.key, title, **more)


def _unknown(row: SheetRow) -> str:
    return _(
        "The plan has no result with the key “%(key)s”. Download a new work sheet and copy into it what was "
        "typed here."
    ) % {"key": row.key}


def _news(values: Mapping[str, Any], *known: Any) -> dict[str, Any]:
    """Return the values, or nothing if they stand so in one of the known versions of the row."""
    is_known = any(
        all(_plain(getattr(row, name)) == _plain(value) for name, value in values.items()) for row in known
    )
    return {} if is_known else dict(values)


def _plain(value: Any) -> Any:
    """Return a value as it is compared: texts as XML can hold them, whatever their blanks."""
    return alike(xml_text(value)) if isinstance(value, str) else value


def _no_percent(status: str, percent: str) -> str:
    return _(
        "No percent goes with the status “%(status)s”, but %(percent)s is typed. Leave the percent blank, or "
        "choose “%(in_progress)s”."
    ) % {
        "status": Status(status).label,
        "percent": percent,
        "in_progress": Status.IN_PROGRESS.label,
    }


def _to_python(name: str, value: str | int | None) -> Any:
    """Return a typed value as the model has it; an empty text is "" there. Raises ValidationError."""
    found = field_named(name)
    return "" if value is None and found.blank and not found.null else found.to_python(value)


def _decision(choice: str) -> str:
    """Return what was decided about a row that others have changed, or what is to be."""
    decisions = {
        TAKE_FILE: _("It was decided to take the values of the file."),
        KEEP_STORED: _("It was decided to keep what is stored, so nothing of this row is written."),
    }
    return decisions.get(choice, _("Choose which values are to stand."))
