"""The planned results that the address asks for as flat rows, and the files of data that hold them.

The page of results lists the same rows; docs/result-rows.md describes the files.
"""

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from akr_plan.file_text import xml_text
from measures.tree.rows import ActionRow, NameRow, PlanHead, PlanTree, ResultRow

from .plan_json import TextStream

FORMAT = "akr-plan-results/1"
# Programs take a cell that begins so for a formula, some also after blanks or unseen signs, or in full width.
_FORMULA = re.compile("[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@＝＋－＠]|['\t\r\n]")

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class FlatResult:
    """A planned result with what is known of its action; lists are texts with a line for each item.

    `status` is the word that pages show, `percent` 0–100, `action_percent` the mean of what is listed of the
    action.
    """

    task: str
    measure: str
    action: str
    action_title: str
    key: str
    text: str
    sub_items: str
    owner: str
    last_reported_on: date | None
    years: str
    due_on: date
    status: str
    percent: int | None
    action_percent: float | None
    condition: str
    condition_state: str
    codes: str
    resources: str
    partners: str
    projects: str
    done: str
    done_on: date | None
    correction: str

    @property
    def values(self) -> list[Value]:
        """Return the values in the order of the columns."""
        return [getattr(self, name) for name in COLUMNS]


# What files call the columns.
COLUMNS: dict[str, str | Promise] = {
    "task": pgettext_lazy("plan", "Task"),
    "measure": pgettext_lazy("plan", "Measure"),
    "action": pgettext_lazy("plan", "Action"),
    "action_title": gettext_lazy("Title of the action"),
    "key": gettext_lazy("Key"),
    "text": gettext_lazy("Planned result"),
    "sub_items": gettext_lazy("Sub-items"),
    "owner": gettext_lazy("Owner"),
    "last_reported_on": gettext_lazy("Last report"),
    "years": gettext_lazy("Years"),
    "due_on": gettext_lazy("Term"),
    "status": gettext_lazy("Status"),
    "percent": gettext_lazy("Progress, %"),
    "action_percent": gettext_lazy("Progress of the action, %"),
    "condition": gettext_lazy("Condition"),
    "condition_state": gettext_lazy("State of the condition"),
    "codes": gettext_lazy("KRSS2030 codes"),
    "resources": gettext_lazy("Resources"),
    "partners": gettext_lazy("Partners"),
    "projects": gettext_lazy("Projects"),
    "done": gettext_lazy("What was done"),
    "done_on": gettext_lazy("Reported on"),
    "correction": gettext_lazy("Proposed correction"),
}


def flat_results(tree: PlanTree) -> list[FlatResult]:
    """Return the planned results in the order of the document."""
    return [
        _flat(task.number, measure.number, action, result)
        for task in tree.tasks
        for measure in task.measures
        for action in measure.actions
        for result in action.results
    ]


def _flat(task: str, measure: str, action: ActionRow, result: ResultRow) -> FlatResult:
    percent = action.percent
    return FlatResult(
        task=task,
        measure=measure,
        action=action.number,
        action_title=action.title,
        key=result.key,
        text=result.text,
        sub_items="\n".join(result.sub_items),
        owner=action.owner,
        last_reported_on=action.last_reported_on,
        years=result.years,
        due_on=result.due_on,
        status=str(result.standing.label),
        percent=result.percent,
        action_percent=None if percent is None else round(percent, 1),
        condition=result.condition,
        condition_state=result.condition_label,
        codes="\n".join(code.code for code in action.effective_codes),
        resources=_names(action.resources),
        partners=_names(action.partners),
        projects="\n".join(result.projects),
        done=result.note.text if result.note else "",
        done_on=result.note.reported_on if result.note else None,
        correction=result.correction.text if result.correction else "",
    )


def _names(names: Sequence[NameRow]) -> str:
    return "\n".join(name.name for name in names)


def results_file_name(plan: PlanHead, ending: str) -> str:
    """Return a name for the file: planuojami-rezultatai-2023-2024_bukle-2024-12-31.csv."""
    return f"planuojami-rezultatai-{plan.slug}_bukle-{plan.as_of.isoformat()}.{ending}"


def write_results_csv(tree: PlanTree, stream: TextStream) -> None:
    """Write the rows as Excel in Lithuanian opens them: a byte order mark, semicolons, decimal commas."""
    stream.write("\ufeff")
    writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(str(label) for label in COLUMNS.values())
    writer.writerows([_in_csv(value) for value in row.values] for row in flat_results(tree))


def _in_csv(value: Value) -> str | int | None:
    """Return how a value is written: no text is a formula, and each can be had back unharmed."""
    if isinstance(value, str):
        text = xml_text(value)
        return f"'{text}" if _FORMULA.match(text) else text
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return value.isoformat() if isinstance(value, date) else value


def write_results_json(tree: PlanTree, stream: TextStream, *, said: str = "") -> None:
    """Write the rows as readable JSON; `said` tells in words which part of the plan they are."""
    data = {
        "format": FORMAT,
        "as_of": tree.as_of.isoformat(),
        "plan": {"slug": tree.slug, "title": tree.title, "organisation": tree.organisation},
        "shown": said,
        "rows": [dict(zip(COLUMNS, row.values, strict=True)) for row in flat_results(tree)],
    }
    stream.write(json.dumps(data, ensure_ascii=False, indent=2, default=date.isoformat) + "\n")
