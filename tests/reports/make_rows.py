"""Rows for tests of pure arithmetic and of files: no database, random on demand."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from measures import rules
from measures.enums import ConditionState, Status
from measures.rules import Progress
from measures.tree.rows import ActionRow, CodeRow, MeasureRow, NameRow, PlanTree, ResultRow, TaskRow

AS_OF = date(2024, 6, 30)


def make_result_row(number: str, index: int, progress: Progress, due: date, as_of: date = AS_OF) -> ResultRow:
    """Return a planned result with the schedule and standing that follow from its progress."""
    schedule = rules.schedule_of(progress, due, as_of)
    return ResultRow(
        key=f"{number}-{index}",
        action_number=number,
        text=f"Rezultatas {index}",
        sub_items=(),
        links=(),
        first_year=None,
        last_year=due.year,
        years=str(due.year),
        period_text=str(due.year),
        due_on=due,
        condition="sąlyga" if progress.condition_state else "",
        progress=progress,
        schedule=schedule,
        standing=rules.standing_of(progress, schedule),
        projects=(),
        note=None,
    )


def make_action_row(
    number: str, results: tuple[ResultRow, ...], codes: tuple[CodeRow, ...] = (), **values: Any
) -> ActionRow:
    """Return an action with its results."""
    defaults: dict[str, Any] = {
        "number": number,
        "title": f"Veiksmas {number}",
        "lead_in": "",
        "task_number": number.split(".")[0],
        "owner": "",
        "owner_username": "",
        "codes": codes,
        "effective_codes": codes,
        "links": (),
        "resources": (),
        "partners": (),
        "results": results,
        "last_reported_on": None,
    }
    return ActionRow(**{**defaults, **values})


def make_tree(tasks: list[list[ActionRow]], as_of: date = AS_OF) -> PlanTree:
    """Return a plan with one measure in each task."""
    return PlanTree(
        slug="2023-2024",
        title="VEIKLOS PLANAS 2023-2024 M.",
        organisation="",
        goal="Tikslas",
        first_year=2023,
        last_year=2024,
        years="2023–2024",
        is_sample=False,
        as_of=as_of,
        is_today=False,
        tasks=tuple(
            TaskRow(
                str(n), f"Uždavinys {n}", (MeasureRow(f"{n}.1", f"{n}.1.", "Priemonė", (), tuple(actions)),)
            )
            for n, actions in enumerate(tasks, start=1)
        ),
    )


CODES = (
    CodeRow("I.1.1.1", "Pirmas", "measure", "I", "", "00001.1"),
    CodeRow("II.1.1.1", "Antras", "measure", "II", "", "00002.1"),
    CodeRow("II.1.2.1.1", "Trečias", "action", "II", "", "00002.2"),
    CodeRow("Atviras regionas", "Atviras regionas", "priority", "", "", "9A"),
)


NAMES = (NameRow("Uostas", "Uostas"), NameRow("Žvejai", "žvejų bendrija"), NameRow("", "Panaikintas"))
PROJECTS = ("BASCIL", "WaterMan")


def some_of(rows: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Draw none, one or two of the rows."""
    return st.lists(st.sampled_from(rows), unique=True, max_size=2).map(tuple)


@st.composite
def trees(draw: st.DrawFn) -> PlanTree:
    """Draw a random plan."""
    tasks = []
    for task in range(1, draw(st.integers(1, 3)) + 1):
        actions = []
        for index in range(1, draw(st.integers(0, 3)) + 1):
            number = f"{task}.1.{index}"
            results = []
            for position in range(1, draw(st.integers(0, 4)) + 1):
                status = draw(st.sampled_from(Status))
                percent = rules.percent_for(status, draw(st.none() | st.integers(0, 100)))
                state = draw(st.sampled_from(["", "", *ConditionState]))
                due = draw(st.dates(date(2023, 1, 1), date(2025, 12, 31)) | st.just(AS_OF))
                row = make_result_row(number, position, Progress(status, percent, state), due)
                results.append(replace(row, projects=draw(some_of(PROJECTS))))
            codes = draw(some_of(CODES))
            owner = draw(st.sampled_from(["", "ula", "petras"]))
            people = {"owner": owner.title(), "owner_username": owner}
            parties = {"partners": draw(some_of(NAMES)), "resources": draw(some_of(NAMES))}
            actions.append(make_action_row(number, tuple(results), codes, **people, **parties))
        tasks.append(actions)
    return make_tree(tasks)
