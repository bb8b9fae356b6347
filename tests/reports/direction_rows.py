"""The rows of a direction's report, as its page was given them and as people read them there."""

import re
from typing import Any

from django.test import Client

from reports.direction_report import DirectionReport
from reports.rollup import PRIORITIES, WITHOUT_CODE

from .figures import text_of

PAGE = "/2023-2024/krss2030/kryptis/"
KEYS = ["I", "II", "III", "IV", "V", PRIORITIES, WITHOUT_CODE]


def page(client: Client, key: str, query: str = "") -> Any:
    """Return the answer of a direction's page, which is there."""
    response = client.get(f"{PAGE}{key}/{query}")
    assert response.status_code == 200
    return response


def flat(text: Any) -> str:
    """Return a text as a page shows it: blanks and line ends are all one."""
    return " ".join(str(text).split())


def rows_of(report: DirectionReport) -> list[list[str]]:
    """Return the rows that the page was given, as texts."""
    return [
        [
            code.heading,
            f"{action.row.number}. {flat(action.title)}",
            flat(line.text),
            line.result.due_on.isoformat(),
            line.status,
            "–" if line.result.percent is None else f"{line.result.percent} %",
            line.on_time,
            line.done_on.isoformat() if line.done_on else "",
            flat(line.done),
            flat(line.correction),
            action.owner,
            flat(action.partners),
        ]
        for code in report.codes
        for action in code.actions
        for line in action.lines
    ]


def rows_in_page(html: str) -> list[list[str]]:
    """Return the rows that people read, without owner and partners."""
    rows = []
    for section in re.findall(r'<section class="card" aria-labelledby="kodas-.*?</section>', html, re.DOTALL):
        heading = text_of(re.findall(r"<h2.*?</h2>", section, re.DOTALL)[0])
        action = ""
        for row in re.findall(r"<tr>(.*?)</tr>", section.split("</thead>")[1], re.DOTALL):
            cells = [text_of(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)]
            if len(cells) == 2:
                title = re.findall(r"<strong>(.*?)</strong>", row, re.DOTALL)[0]
                action = f"{cells[0]}. {text_of(title)}"
            else:
                rows.append([heading, action, *cells[1:]])
    return rows
