"""Writes what a plan document says otherwise or in addition into the plan that exists already."""

from collections import ChainMap
from collections.abc import Iterable
from typing import Any

from akr_plan.models import User

from ...enums import ConditionState
from ...models import Action, ActionCode, Measure, MeasureCode, Task, VersionedModel
from ..document.tree import ActionText, MeasureText, ResultText, TaskText
from .compare import Difference, Standing
from .lines import row_of
from .names import REGISTERS, DocumentNames
from .stored import StoredPlan, spellings
from .writer import PlanWriter, links_as_stored
from .written_rows import WrittenRows

# What a field of a part is called in its row, where it isn't the same.
_ATTRIBUTES = {
    "years": ("first_year", "last_year"),
    "period": ("first_year", "last_year", "period_text"),
    "condition": ("condition", "condition_state"),
}
_LINKS = {"partners": "partner", "resources": "resource"}


def update_plan(
    stored: StoredPlan, differences: Iterable[Difference], names: DocumentNames, author: User
) -> WrittenRows:
    """Write exactly what is added or changed, inside a transaction, and return the rows that were touched.

    Raises ConflictError if a row is not the one that was read.
    """
    return _PlanUpdate(stored, names, author).write(differences)


class _PlanUpdate:
    """Goes through the differences in their order, so that what is new finds what it belongs to."""

    def __init__(self, stored: StoredPlan, names: DocumentNames, author: User) -> None:
        self.stored, self.names = stored, names
        self.writer = PlanWriter(stored.plan, names.registers, author)
        self.written = WrittenRows()
        self.above: dict[type[Any], Any] = {}

    def write(self, differences: Iterable[Difference]) -> WrittenRows:
        self.names.write_decisions(self.writer)
        around: ActionText | None = None
        for found in differences:
            if isinstance(found.part, ActionText):
                around = found.part
            if found.standing is Standing.CHANGED:
                self._change(found)
            elif found.standing is Standing.ADDED and not found.is_within_added:
                self._add(found, around)
            if found.old is not None:
                self.above[type(found.old)] = row_of(found, self.stored)
        self.written.note_added(self.writer.added)
        return self.written

    def _add(self, found: Difference, around: ActionText | None) -> None:
        part = found.part
        if isinstance(part, TaskText):
            self.writer.write_task(part)
        elif isinstance(part, MeasureText):
            task: Task = self.above[TaskText]
            self.writer.write_measure(task, part)
        elif isinstance(part, ActionText):
            measure: Measure = self.above[MeasureText]
            self.writer.write_action(measure, part)
        elif isinstance(part, ResultText) and around:
            action: Action = self.above[ActionText]
            self.writer.write_result(action, around, part, found.position)

    def _change(self, found: Difference) -> None:
        row: Any = row_of(found, self.stored)
        values: dict[str, Any] = {}
        for change in found.changes:
            if change.field == "codes":
                self._change_codes(found)
            elif change.field in _LINKS:
                self._change_names(found, _LINKS[change.field])
            elif change.field == "position":
                values["position"] = found.position
            else:
                attributes = _ATTRIBUTES.get(change.field, (change.field,))
                values.update({name: _value(found.part, name, row) for name in attributes})
        self._save(row, values)

    def _save(self, row: VersionedModel, values: dict[str, Any]) -> None:
        """Save a row with some values, unless it has them already."""
        before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
        if not before:
            return
        for name in before:
            setattr(row, name, values[name])
        self.writer.save(row)
        self.written.note_changed(row, before)

    def _change_codes(self, found: Difference) -> None:
        model = MeasureCode if isinstance(found.part, MeasureText) else ActionCode
        self._change_links(model, found, self.writer.codes_of(found.part))

    def _change_names(self, found: Difference, register: str) -> None:
        field, model, register_model, _alias = REGISTERS[register]
        links = self.stored.links_of(model, found.number)
        own = {name: getattr(link, register) for link in links for name in spellings(link)}
        # A new name becomes known everywhere; what one means in this action stays here.
        known = self.names.known[register]
        new = [name for name in _names(found.part, field) if name not in own]
        self.writer.rows_of(new, known, register_model)
        rows = self.writer.rows_of(getattr(found.part, field), ChainMap(own, known), register_model)
        self._change_links(model, found, rows)

    def _change_links(self, model: Any, found: Difference, rows: list[tuple[Any, str]]) -> None:
        """Let a measure or an action have these links in this order."""
        reference = model.reference_field
        links = {getattr(link, reference).pk: link for link in self.stored.links_of(model, found.number)}
        kept = {row.pk for row, _wording in rows}
        for pk, link in links.items():
            if pk not in kept:
                self.written.note_removed(link)
                self.writer.delete(link)
        for position, (row, wording) in enumerate(rows, start=1):
            if link := links.get(row.pk):
                is_name = not link.as_written and wording == str(row)
                self._save(link, {"position": position, "as_written": "" if is_name else wording})
                continue
            owner = {model.owner_field: row_of(found, self.stored)}
            link = model(**owner, **{reference: row}, position=position, as_written=wording)
            self.writer.add(link)


def _names(part: Any, field: str) -> list[str]:
    return [name for wording in getattr(part, field) for name in wording.split("; ")]


def _value(part: Any, attribute: str, row: Any) -> Any:
    """Return what a part says for a column of its row."""
    if attribute == "condition_state":
        # Another wording of a condition is in the state that the condition is in.
        return (row.condition_state or ConditionState.PENDING) if part.condition else ""
    value = getattr(part, attribute)
    if attribute == "links":
        return links_as_stored(value)
    return list(value) if isinstance(value, tuple) else value
