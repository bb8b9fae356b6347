"""What a plan document adds or changes, as the lines of a preview."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ...enums import LineKind
from ...models import PlannedResult, VersionedModel
from ...models.registers import name_of
from ..document.tree import (
    ACTION_COLUMN,
    MEASURE_COLUMN,
    RESULT_COLUMN,
    ActionText,
    MeasureText,
    PlanText,
    ResultText,
    TaskText,
)
from ..preview import FieldChange, Line
from .compare import FIELDS, Change, Difference, Standing, in_words
from .faults import faults_of, row_faults
from .names import REGISTERS, DocumentNames
from .stored import StoredPlan
from .writer import Registers, unknown_direction

LABELS = {
    "organisation": gettext_lazy("organisation"),
    "title": gettext_lazy("title"),
    "goal": pgettext_lazy("plan", "goal"),
    "years": gettext_lazy("years"),
    "number_as_written": gettext_lazy("number as written"),
    "codes": gettext_lazy("KRSS2030 codes"),
    "lead_in": gettext_lazy("lead-in"),
    "links": gettext_lazy("links"),
    "resources": gettext_lazy("resources"),
    "partners": gettext_lazy("partners"),
    "text": gettext_lazy("text"),
    "sub_items": gettext_lazy("sub-items"),
    "period": pgettext_lazy("result", "period"),
    "condition": gettext_lazy("condition"),
    "position": gettext_lazy("position"),
}
COLUMN_OF = {MeasureText: MEASURE_COLUMN, ActionText: ACTION_COLUMN, ResultText: RESULT_COLUMN}
_KINDS = {
    Standing.ADDED: LineKind.ADDED,
    Standing.CHANGED: LineKind.CHANGED,
    Standing.SAME: LineKind.UNCHANGED,
    Standing.MISSING: LineKind.MISSING,
}
_REGISTER_OF = {field: register for register, (field, *_models) in REGISTERS.items()}
NEW_NAMES = {
    "partner": gettext_lazy("New partner"),
    "resource": gettext_lazy("New resource"),
}


def label(field: str) -> str:
    """Return how people call a field of a part, or a column of a row."""
    return capfirst(str(LABELS[field]))


def place_of(part: Any) -> str:
    """Return where in the document a part stands, "" if it is not known."""
    line = getattr(part, "line", 0)
    if not line:
        return ""
    column = COLUMN_OF.get(type(part), "")
    if not column:
        return _("line %(line)d") % {"line": line}
    return _("line %(line)d, column “%(column)s”") % {"line": line, "column": column}


def lines_of(differences: Iterable[Difference], names: DocumentNames) -> Iterator[Line]:
    """Yield a line for each part, and those that say why a part can't be written."""
    around: ActionText | None = None
    for found in differences:
        if isinstance(found.part, ActionText):
            around = found.part
        if reasons := list(_reasons(found, names.stored)):
            yield _line(found, names, LineKind.REFUSED, (), " ".join(reasons))
            continue
        changes = tuple(_changed(found, change, names) for change in found.changes)
        if found.standing is Standing.ADDED:
            changes = tuple(_told(found.part, around, names))
        yield _line(found, names, _KINDS[found.standing], changes, _missing(found))


def _reasons(found: Difference, stored: StoredPlan | None) -> Iterator[str]:
    """Yield why a part can't be written."""
    if found.new is None:
        return
    yield from faults_of(found.new, with_results=found.old is None)
    if found.old is None and stored and (elsewhere := _elsewhere(found, stored)):
        yield _(
            "The plan has the number %(number)s elsewhere: “%(title)s”, under %(parent)s. "
            "Give one of the two another number."
        ) % {"number": found.number, **elsewhere}


def _elsewhere(found: Difference, stored: StoredPlan) -> dict[str, str]:
    """Return title and parent's number of the row that has a new part's number in the plan, {} if none."""
    if isinstance(found.new, MeasureText) and (measure := stored.measures.get(found.number)):
        parents = {task.pk: number for number, task in stored.tasks.items()}
        return {"title": measure.title, "parent": parents.get(measure.task_id, "–")}
    if isinstance(found.new, ActionText) and (action := stored.actions.get(found.number)):
        parents = {row.pk: number for number, row in stored.measures.items()}
        return {"title": action.title, "parent": parents.get(action.measure_id, "–")}
    return {}


def _missing(found: Difference) -> str:
    return _("The document does not have it; it is not deleted from the plan.") if found.new is None else ""


def _line(
    found: Difference,
    names: DocumentNames,
    kind: LineKind,
    changes: tuple[FieldChange, ...],
    reason: str,
) -> Line:
    part = found.part
    row = row_of(found, names.stored) if names.stored else None
    subject = row.key if isinstance(row, PlannedResult) else found.number
    title = part.text if isinstance(part, ResultText) else part.title
    versions: tuple[tuple[str, int], ...] = ()
    if row is not None and kind == LineKind.CHANGED:
        versions = ((f"{type(row).__name__} {row.pk}", row.version),)
    if kind in (LineKind.ADDED, LineKind.CHANGED):
        versions += tuple(_rows_meant(found, names))
    return Line(kind, place_of(found.new), subject, title, changes, reason, versions)


def _rows_meant(found: Difference, names: DocumentNames) -> Iterator[tuple[str, int]]:
    """Yield which rows of the registers are going to be linked: a spelling may mean another row by then."""
    if not isinstance(found.new, ActionText):
        return
    changed = {change.field for change in found.changes}
    for register, (field, *_models) in REGISTERS.items():
        if found.old is None or field in changed:
            for name, row in names.meant(register, found.new):
                if row is not None:
                    yield f"{register} {row.pk} {row.name} ({name})", row.version


def _changed(found: Difference, change: Change, names: DocumentNames) -> FieldChange:
    old, new = change.old, change.new
    if change.field in _REGISTER_OF:
        old, new = (_said(part, change.field, names) for part in (found.old, found.new))
    return FieldChange(label(change.field), old, new)


def _said(part: Any, field: str, names: DocumentNames) -> str:
    """Return what a field of a part says, with the row behind each name that is spelt otherwise there."""
    if field not in _REGISTER_OF:
        return in_words(part, field)
    meant = names.meant(_REGISTER_OF[field], part)
    return "; ".join(f"{name} → {row.name}" if row and row.name != name else name for name, row in meant)


def row_of(found: Difference, stored: StoredPlan) -> VersionedModel | None:
    """Return the row of the plan that a part was compared with, None if it is new."""
    number = found.number
    if found.old is None:
        return None
    if isinstance(found.old, ResultText):
        return stored.results[number][found.index or 0]
    rows: dict[type[Any], Any] = {
        TaskText: stored.tasks,
        MeasureText: stored.measures,
        ActionText: stored.actions,
    }
    return stored.plan if isinstance(found.old, PlanText) else rows[type(found.old)][number]


def _told(part: Any, around: ActionText | None, names: DocumentNames) -> Iterator[FieldChange]:
    """Yield what a new part says besides its title or text; an action with its results."""
    for field in FIELDS[type(part)]:
        said = _said(part, field, names)
        if said and field not in ("title", "text", "number_as_written"):
            yield FieldChange(label(field), "", said)
    if isinstance(part, ResultText) and around:
        yield from _projects(_("Projects"), part, around, names.registers)
    if isinstance(part, ActionText):
        for number, result in enumerate(part.results, start=1):
            heading = _("Result %(number)d") % {"number": number}
            said = " ".join((result.text, *(f"○ {item}" for item in result.sub_items)))
            period = in_words(result, "period")
            yield FieldChange(heading, "", f"{said} ({period})" if period else said)
            for field in ("condition", "links"):
                if value := in_words(result, field):
                    yield FieldChange(f"{heading}, {LABELS[field]}", "", value)
            yield from _projects(f"{heading}, {_('projects')}", result, part, names.registers)


def _projects(
    heading: str, result: ResultText, around: ActionText, registers: Registers
) -> Iterator[FieldChange]:
    if projects := registers.projects_of(result, around):
        yield FieldChange(heading, "", "; ".join(project.name for project in projects))


def name_lines(names: DocumentNames) -> Iterator[Line]:
    """Yield a line for each name that becomes a new row, or another spelling of an existing one."""
    for decision in names.decisions:
        if decision.row is None:
            reason = _("There is no “%(name)s” in the register. Choose another one.")
            yield Line(LineKind.REFUSED, "", "", decision.name, (), reason % {"name": decision.existing})
            continue
        if other := names.named_alike(decision):
            yield Line(LineKind.REFUSED, "", "", decision.name, (), name_of(other))
            continue
        reason = _("Becomes another spelling of “%(name)s”.") % {"name": decision.row.name}
        yield Line(LineKind.ADDED, "", "", decision.name, (), reason)
    for register, (_field, _link, model, _alias) in REGISTERS.items():
        for name in names.new_names(register):
            reasons = list(row_faults(model(name=name), "name"))
            kind = LineKind.REFUSED if reasons else LineKind.ADDED
            yield Line(kind, "", "", name, (), " ".join(reasons) or f"{NEW_NAMES[register]}.")


def code_lines(text: PlanText, registers: Registers) -> Iterator[Line]:
    """Yield a line for each code of the strategy that is new."""
    new = {
        mention.code: (mention, part)
        for part in reversed(list(_parts_with_codes(text)))
        for mention in part.codes
        if mention.code not in registers.codes
    }
    for code, (mention, part) in reversed(new.items()):
        if mention.kind == "priority" or registers.direction_of(code) is None:
            yield Line(LineKind.REFUSED, place_of(part), code, part.title, (), unknown_direction(code))
        else:
            yield Line(LineKind.ADDED, place_of(part), code, part.title, (), _("New KRSS2030 code."))


def _parts_with_codes(text: PlanText) -> Iterator[MeasureText | ActionText]:
    for task in text.tasks:
        for measure in task.measures:
            yield measure
            yield from measure.actions
