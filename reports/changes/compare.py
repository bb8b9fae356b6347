"""Comparison of two states of one plan.

Planned results are matched by their key, which they keep wherever they move; actions by the results that
they share, else by number; measures and tasks by number. What merely follows from other facts and the day
(schedule, standing) is no change by itself, with one exception: becoming late.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from measures.enums import Standing, Status
from measures.rules import SETTLED
from measures.tree.rows import ActionRow, Note, PlanTree, ResultRow

from ..rollup import summarise
from . import facets
from .facets import differ, differences, value
from .pairs import Matched, match, match_actions
from .rows import Change, ChangeKind, Comparison, Difference, Facet, Level, Place, Signature


def compare(before: PlanTree, after: PlanTree) -> Comparison:
    """Return all that differs between two states of a plan, and the figures of both."""
    changes = list(_Finder(before, after).changes())
    return Comparison(
        before=before,
        after=after,
        summary_before=summarise(before.actions, before.as_of),
        summary_after=summarise(after.actions, after.as_of),
        groups={kind: found for kind in ChangeKind if (found := [c for c in changes if c.kind == kind])},
    )


class _State:
    """The rows of one tree by what names them, and what each belongs to."""

    def __init__(self, tree: PlanTree) -> None:
        self.tree = tree
        measures = [(measure, task.number) for task in tree.tasks for measure in task.measures]
        self.tasks = {task.number: task for task in tree.tasks}
        self.measures = {measure.number: measure for measure, _task in measures}
        self.task_of = {measure.number: task for measure, task in measures}
        self.measure_of = {
            action.number: measure.number for measure, _task in measures for action in measure.actions
        }
        self.actions = {action.number: action for action in tree.actions}
        self.results = {result.key: result for _action, result in tree.results()}

    def place(self, result: ResultRow) -> Place:
        """Return where a planned result is."""
        owner = self.actions[result.action_number].owner
        return Place(Level.RESULT, result.action_number, result.text, result.key, owner)


class _Finder:
    """Finds the changes, those of each level in the order of the document."""

    def __init__(self, before: PlanTree, after: PlanTree) -> None:
        self.before, self.after = _State(before), _State(after)
        self.actions = match_actions(self.before.actions, self.after.actions)
        self.new_numbers = {old.number: new.number for old, new in self.actions.both}

    def changes(self) -> Iterator[Change]:
        """Yield all changes."""
        yield from self._of_plan()
        yield from _of_texts(match(self.before.tasks, self.after.tasks), Level.TASK, facets.TASK_TEXT)
        yield from self._of_measures()
        yield from self._of_actions()
        yield from self._of_results()

    def _of_plan(self) -> Iterator[Change]:
        place = Place(Level.PLAN, "", self.after.tree.title)
        found = differences(facets.PLAN_TEXT, self.before.tree, self.after.tree)
        return _change(ChangeKind.TEXT, place, found)

    def _of_measures(self) -> Iterator[Change]:
        measures = match(self.before.measures, self.after.measures)
        yield from _of_texts(measures, Level.MEASURE, facets.MEASURE_TEXT)
        for old, new in measures.both:
            moved = differ(facets.TASK, self.before.task_of[old.number], self.after.task_of[new.number])
            yield from _change(ChangeKind.MOVED, _place(Level.MEASURE, new), moved)

    def _of_actions(self) -> Iterator[Change]:
        yield from _of_texts(self.actions, Level.ACTION, facets.ACTION_TEXT)
        for old, new in self.actions.both:
            place = _place(Level.ACTION, new)
            measures = self.before.measure_of[old.number], self.after.measure_of[new.number]
            moved = differ(facets.NUMBER, old.number, new.number) + differ(facets.MEASURE, *measures)
            yield from _change(ChangeKind.MOVED, place, moved)
            owners = differences([facets.OWNER], old, new) or differences([facets.ACCOUNT], old, new)
            yield from _change(ChangeKind.OWNER, place, owners)
            yield from self._reports(new, old.last_reported_on)
        for new in self.actions.added:
            yield from self._reports(new, None)

    def _reports(self, action: ActionRow, earlier: date | None) -> Iterator[Change]:
        """Yield whether anything has been reported of an action.

        A report after the earlier state moves the day of the last one. One that was entered later than a
        period was closed need not, nor need a withdrawal: these are told by the notes. A result that has come
        from elsewhere, or was there for a while, shows what was reported there.
        """
        pairs = [(self.before.results.get(row.key), row) for row in action.results]
        stayed = [(old, new) for old, new in pairs if old and not self._has_moved(old, new)]
        notes = [new.note for old, new in stayed if old.note != new.note]
        until = self.before.tree.as_of
        is_corrected = any(note is None or note.reported_on <= until for note in notes)
        if is_corrected or action.last_reported_on != earlier:
            day = (value(facets.LAST_REPORT, action),)
            yield Change(ChangeKind.REPORTED, _place(Level.ACTION, action), day, _newest(notes))

    def _note(self, old: ResultRow, new: ResultRow) -> str:
        """Return what was reported of a result since; of a moved one not what was said of its new action."""
        note = new.note if new.note != old.note else None
        if note and self._has_moved(old, new) and note.reported_on <= self.before.tree.as_of:
            note = None
        return _newest([note])

    def _has_moved(self, old: ResultRow, new: ResultRow) -> bool:
        return self.new_numbers.get(old.action_number) != new.action_number

    def _of_results(self) -> Iterator[Change]:
        results = match(self.before.results, self.after.results)
        for old, new in results.both:
            yield from self._of_result(old, new)
        for new in results.added:
            facts = (value(facets.STATE, new), value(facets.TERM, new))
            yield Change(ChangeKind.ADDED, self.after.place(new), facts)
        for old in results.removed:
            place = replace(self.before.place(old), is_gone=True)
            yield Change(ChangeKind.REMOVED, place, (value(facets.STATE, old),))

    def _of_result(self, old: ResultRow, new: ResultRow) -> Iterator[Change]:
        place, note = self.after.place(new), self._note(old, new)
        state = differences([facets.STATE], old, new)
        yield from _change(_kind_of_status(old.status, new.status), place, state, note)
        if new.standing == Standing.LATE != old.standing:
            passed = Signature("", new.due_on + timedelta(days=1))
            yield Change(ChangeKind.LATE, place, (value(facets.TERM, new),), signature=passed)
        term = differences([facets.TERM], old, new)
        text = differences(facets.RESULT_TEXT, old, new)
        if new.due_on > old.due_on:
            yield Change(ChangeKind.SLIPPED, place, term)
        else:
            text += term
        yield from _change(ChangeKind.TEXT, place, text)
        yield from _change(ChangeKind.CONDITION, place, differences(facets.CONDITION, old, new))
        if self._has_moved(old, new):
            moved = differ(facets.ACTION, old.action_number, new.action_number)
            yield from _change(ChangeKind.MOVED, place, moved)


def _kind_of_status(before: Status, after: Status) -> ChangeKind:
    """Return what it means that a status, or the percent within it, has changed."""
    if before == after:
        return ChangeKind.PROGRESS
    if after == Status.DONE:
        return ChangeKind.FINISHED
    if after in SETTLED:
        return ChangeKind.SET_ASIDE
    if before in SETTLED:
        return ChangeKind.RESUMED
    return ChangeKind.STARTED if after == Status.IN_PROGRESS else ChangeKind.PROGRESS


def _of_texts(rows: Matched[Any], level: Level, texts: Iterable[Facet]) -> Iterator[Change]:
    """Yield which rows of a level are new, gone, or worded otherwise."""
    for old, new in rows.both:
        yield from _change(ChangeKind.TEXT, _place(level, new), differences(texts, old, new))
    for new in rows.added:
        yield Change(ChangeKind.ADDED, _place(level, new))
    for old in rows.removed:
        yield Change(ChangeKind.REMOVED, replace(_place(level, old), is_gone=True))


def _change(
    kind: ChangeKind, place: Place, found: tuple[Difference, ...], note: str = ""
) -> Iterator[Change]:
    """Yield a change, if anything differs."""
    if found:
        yield Change(kind, place, found, note)


def _place(level: Level, row: Any) -> Place:
    return Place(level, row.number, row.title, owner=row.owner if level == Level.ACTION else "")


def _newest(notes: Iterable[Note | None]) -> str:
    """Return what the newest of some notes says."""
    known = [note for note in notes if note]
    return max(known, key=lambda note: (note.reported_on, note.update)).text if known else ""
