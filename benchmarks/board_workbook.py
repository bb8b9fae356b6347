"""How long the board's workbook takes, beside two other ways of writing the same cells with openpyxl.

    python benchmarks/board_workbook.py [ACTIONS]

All ways run in turn, in processes of their own; only their ratios mean something on another machine.
"""

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
RESULTS_OF_ACTION = 3


def measure(way: str, actions: int) -> None:
    """Write one workbook and print CPU seconds, bytes and the growth of memory."""
    import resource

    import django
    from django.conf import settings

    sys.path.insert(0, str(ROOT))
    settings.configure(LANGUAGE_CODE="lt", USE_TZ=True, TIME_ZONE="Europe/Vilnius")
    django.setup()
    write = WAYS[way](actions)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    size = len(write())
    seconds = time.process_time() - start
    growth = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps({"seconds": seconds, "megabytes": growth / 1024, "size": size}))


def board(actions: int) -> Callable[[], bytes]:
    """Return the program's own way."""
    from reports.attention import Attention
    from reports.board import Board
    from reports.changes.compare import compare
    from reports.changes.sides import Side, Sides
    from reports.rows import Reporting, Strategy
    from reports.trend import Trend
    from reports.workbook.board import write_board_workbook

    tree = sample_tree(actions)
    shown = Board(
        tree=tree,
        strategy=Strategy({"I": "Jūrinė"}, (), {}),
        trend=Trend.of(tree, {}, {}),
        attention=Attention.of(tree, Reporting(False, None, ())),
        comparison=compare(tree, tree),
        sides=Sides(Side(tree.as_of), Side(tree.as_of)),
    )

    def write() -> bytes:
        stream = io.BytesIO()
        write_board_workbook(shown, made_by="Rasa", made_at=datetime.now(UTC), stream=stream)
        return stream.getvalue()

    return write


def plain(actions: int) -> Callable[[], bytes]:
    """Return the fastest way: the same texts, one styled cell for each column, nothing else."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    rows = sample_rows(actions)

    def write() -> bytes:
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet()
        cells = [_styled(WriteOnlyCell(sheet)) for _column in rows[0]]
        for row in rows:
            for cell, value in zip(cells, row, strict=True):
                cell.value = value
            sheet.append(cells)
        stream = io.BytesIO()
        workbook.save(stream)
        return stream.getvalue()

    return write


def usual(actions: int) -> Callable[[], bytes]:
    """Return the way of most programs: append, shared styles, `merge_cells`."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side

    rows = sample_rows(actions)

    def write() -> bytes:
        workbook = Workbook()
        sheet = workbook.active
        side = Side(style="thin")
        font, border = Font(name="Calibri", size=10), Border(left=side, right=side, top=side, bottom=side)
        alignment = Alignment(wrap_text=True, vertical="top")
        for number, row in enumerate(rows, start=1):
            sheet.append(row)
            for cell in sheet[number]:
                cell.font, cell.border, cell.alignment = font, border, alignment
            if number % RESULTS_OF_ACTION == 0:
                for column in (2, 4, 5, 8, 9):
                    sheet.merge_cells(
                        start_row=number - RESULTS_OF_ACTION + 1,
                        end_row=number,
                        start_column=column,
                        end_column=column,
                    )
        stream = io.BytesIO()
        workbook.save(stream)
        return stream.getvalue()

    return write


WAYS = {"board": board, "plain": plain, "usual": usual}


def _styled(cell):  # noqa: ANN001, ANN202 - openpyxl may be imported only inside the measured processes
    from openpyxl.styles import Alignment, Border, Font, Side

    side = Side(style="thin")
    cell.font = Font(name="Calibri", size=10)
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def sample_tree(actions: int):  # noqa: ANN201 - the same
    """Return a plan of so many actions in measures of ten, with texts as long as in the real one."""
    from measures.enums import Schedule, Standing
    from measures.rules import Progress
    from measures.tree.rows import ActionRow, CodeRow, MeasureRow, NameRow, Note, PlanTree, ResultRow, TaskRow

    due = date(2024, 12, 31)
    codes = (CodeRow("I.1.1.1", "Jūrinė", "measure", "I", "", "1"),)
    text = "Regiono viešojo sektoriaus darbuotojų kompetencijos kėlimas maisto grandinių vystymo klausimais"

    def result(action: str, number: int) -> ResultRow:
        note = Note(int(action.split(".")[-1]), due, "Suburta darbo grupė, parengtas veiksmų planas.")
        return ResultRow(
            f"{action}-{number}",
            action,
            f"{text} {action}",
            (),
            (),
            2023,
            2024,
            "2023–2024",
            "2023–2024",
            due,
            "",
            Progress("in_progress", 40),
            Schedule.ON_TIME,
            Standing.IN_PROGRESS,
            (),
            note,
        )

    def action(measure: str, number: int) -> ActionRow:
        name = f"{measure}.{number}"
        results = tuple(result(name, number) for number in range(1, RESULTS_OF_ACTION + 1))
        resources = (NameRow("ES lėšos", "ES lėšos"), NameRow("AKR biudžetas / DU", "AKR biudžetas / DU"))
        partners = (NameRow("Regiono savivaldybės", "Regiono savivaldybės"), NameRow("KU", "KU institutas"))
        return ActionRow(
            name, f"{text} {name}", "", "1", "Rasa", "rasa", (), codes, (), resources, partners, results, due
        )

    measures = tuple(
        MeasureRow(f"1.{m}", f"1.{m}.", text, (), tuple(action(f"1.{m}", a) for a in range(1, 11)))
        for m in range(1, actions // 10 + 1)
    )
    return PlanTree(
        "2023-2024",
        "VEIKLOS PLANAS",
        "AKR",
        "Tikslas",
        2023,
        2024,
        "2023–2024",
        False,
        due,
        True,
        (TaskRow("1", "UŽDAVINYS", measures),),
    )


def sample_rows(actions: int) -> list[list[str | float | None]]:
    """Return the texts of the same table as plain rows."""
    rows: list[list[str | float | None]] = []
    for action in sample_tree(actions).actions:
        for result in action.results:
            is_first = result is action.results[0]
            rows.append(
                [
                    None,
                    f"{action.number}. {action.title}" if is_first else None,
                    f"– {result.text} {result.period_text}",
                    "\n".join(name.name for name in action.resources) if is_first else None,
                    ";\n".join(name.name for name in action.partners) if is_first else None,
                    "Vykdoma",
                    0.4,
                    "Rasa" if is_first else None,
                    f"2024-12-31: {result.note.text}" if is_first else None,
                    None,
                ]
            )
    return rows


def run(way: str, actions: int) -> dict[str, float]:
    """Return the medians of several runs of one way."""
    command = [sys.executable, __file__, "--way", way, str(actions)]
    runs = [json.loads(subprocess.check_output(command, cwd=ROOT)) for _number in range(RUNS)]  # noqa: S603 - itself
    return {key: median(run[key] for run in runs) for key in runs[0]}


def main() -> None:
    """Print the table."""
    actions = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    figures = {way: run(way, actions) for way in WAYS}
    print(f"{actions} actions with {RESULTS_OF_ACTION} results each, median of {RUNS} runs")
    print(f"{'way':8}{'CPU, s':>10}{'× plain':>10}{'memory, MB':>12}{'file, KB':>10}")
    for way, figure in figures.items():
        seconds, memory, size = figure["seconds"], figure["megabytes"], figure["size"] / 1024
        ratio = seconds / figures["plain"]["seconds"]
        print(f"{way:8}{seconds:>10.2f}{ratio:>10.1f}{memory:>12.1f}{size:>10.0f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        measure(sys.argv[2], int(sys.argv[3]))
    else:
        main()
