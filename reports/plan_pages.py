"""Divides a long plan into pages, task by task; a plan of usual size stays whole."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from measures.tree.rows import ActionRow, MeasureRow, TaskRow


def pages_of(tasks: Iterable[TaskRow], size: int) -> list[list[TaskRow]]:
    """Return the tasks of each page: at most `size` actions on one, and no task divided without need."""
    pages: list[list[TaskRow]] = [[]]
    room = size
    for part in (part for task in tasks for part in _parts(task, size)):
        count = len(part.actions)
        if count > room:
            pages.append([])
            room = size
        pages[-1].append(part)
        room -= count
    return pages


def _parts(task: TaskRow, size: int) -> list[TaskRow]:
    """Return the task; where it has too many actions, as often as it takes to show so many each time."""
    if len(task.actions) <= size:
        return [task]
    places = [(measure, action) for measure in task.measures for action in measure.actions]
    return [
        replace(task, measures=tuple(_measures(places[start : start + size])))
        for start in range(0, len(places), size)
    ]


def _measures(places: Iterable[tuple[MeasureRow, ActionRow]]) -> Iterator[MeasureRow]:
    """Yield the measures of the actions, each with these alone."""
    for measure, rows in groupby(places, key=itemgetter(0)):
        yield replace(measure, actions=tuple(action for _measure, action in rows))
