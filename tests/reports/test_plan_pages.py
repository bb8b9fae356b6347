"""How a long plan is divided into pages."""

from hypothesis import given
from hypothesis import strategies as st

from measures.tree.rows import MeasureRow, TaskRow
from reports.plan_pages import pages_of

from .make_rows import make_action_row


def make_task_row(number: int, *counts: int) -> TaskRow:
    """Return a task whose measures have so many actions each."""
    return TaskRow(
        str(number),
        f"Uždavinys {number}",
        tuple(
            MeasureRow(
                f"{number}.{m}",
                f"{number}.{m}.",
                f"Priemonė {m}",
                (),
                tuple(make_action_row(f"{number}.{m}.{a}", ()) for a in range(1, count + 1)),
            )
            for m, count in enumerate(counts, start=1)
        ),
    )


def outline(pages: list[list[TaskRow]]) -> list[list[tuple[str, list[tuple[str, int]]]]]:
    return [
        [(task.number, [(row.number, len(row.actions)) for row in task.measures]) for task in page]
        for page in pages
    ]


def numbers(tasks: list[TaskRow]) -> list[str]:
    return [action.number for task in tasks for action in task.actions]


def test_plan_that_fits_stays_whole() -> None:
    tasks = [make_task_row(1, 2, 0), make_task_row(2), make_task_row(3, 1)]
    assert pages_of(tasks, 3) == [tasks]
    assert pages_of([], 3) == [[]]


def test_pages_end_where_tasks_do() -> None:
    tasks = [make_task_row(1, 2), make_task_row(2, 2), make_task_row(3, 1)]
    assert outline(pages_of(tasks, 3)) == [[("1", [("1.1", 2)])], [("2", [("2.1", 2)]), ("3", [("3.1", 1)])]]


def test_task_that_is_too_long_is_divided_and_its_measures_too() -> None:
    tasks = [make_task_row(1, 1), make_task_row(2, 2, 3), make_task_row(3, 1)]
    assert outline(pages_of(tasks, 3)) == [
        [("1", [("1.1", 1)])],
        [("2", [("2.1", 2), ("2.2", 1)])],
        [("2", [("2.2", 2)]), ("3", [("3.1", 1)])],
    ]


@given(st.lists(st.lists(st.integers(0, 9), max_size=3), max_size=6), st.integers(1, 5))
def test_every_action_is_on_one_page_in_its_order(counts: list[list[int]], size: int) -> None:
    tasks = [make_task_row(number, *row) for number, row in enumerate(counts, start=1)]
    pages = pages_of(tasks, size)
    assert [number for page in pages for number in numbers(page)] == numbers(tasks)
    assert all(len(numbers(page)) <= size for page in pages)
    assert {task.number for page in pages for task in page} == {task.number for task in tasks}
