"""What the page of an action says of a past day, and what it is to say."""

import re
from html import unescape

from django.test import Client

from measures.enums import Schedule, Status
from measures.models import Plan
from measures.tree.rows import ActionRow, ResultRow

RESULT = re.compile(r'<div class="result-update" id="([^"]+)">(.*?)</div>', re.DOTALL)
FACT = re.compile(r"<dd>(.*?)</dd>", re.DOTALL)
LINK = re.compile(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def text_of(html: str) -> str:
    """Return what people read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def page_of(client: Client, plan: Plan, number: str, day: str = "", status: int = 200) -> str:
    """Return the page as HTML."""
    response = client.get(f"/{plan.slug}/veiksmai/{number}/", {"data": day} if day else {})
    assert response.status_code == status
    return response.content.decode()


def links(html: str) -> list[tuple[str, str]]:
    """Return the links of a page, each with its words."""
    return [(unescape(href), text_of(inner)) for href, inner in LINK.findall(html)]


def percent(value: float | None) -> str:
    """Return a percent as pages write it."""
    return "–" if value is None else f"{value:.0f} %"


def words_of_result(row: ResultRow) -> str:
    """Return what the page is to say of a result, to the letter."""
    term = f"terminas {row.due_on}"
    words = [row.text, *row.sub_items, row.years or "laikotarpis nenurodytas"]
    words += [f"· projektas „{name}“" for name in row.projects]
    if row.schedule == Schedule.LATE:
        words.append(f"Vėluoja, {term}")
    elif row.schedule == Schedule.DUE_SOON:
        words.append(f"Terminas {row.due_on}")
    if row.condition and row.status != Status.DONE:
        words.append(f"Sąlyga: {row.condition} – {row.condition_label.lower()}")
    words.append(str(row.status.label))
    if row.status == Status.IN_PROGRESS:
        words.append(percent(row.percent))
    if row.schedule not in (Schedule.LATE, Schedule.DUE_SOON):
        words.append(f"· {term}")
    return " ".join(" ".join(words).split())


def facts_of(row: ActionRow) -> list[str]:
    """Return what the page is to say of owner, codes, resources and partners."""
    codes = [
        code.code if code.is_priority else f"{code.code} {shortened(code.title)}"
        for code in row.effective_codes
    ]
    resources, partners = ([name.name for name in names] for names in (row.resources, row.partners))
    return [
        row.owner or "be atsakingo asmens",
        " ".join(codes) or "be kodo",
        " ".join(resources) or "nenurodyta",
        " ".join(partners) or "nenurodyta",
    ]


def shortened(title: str) -> str:
    """Return the beginning of a long title."""
    return title if len(title) <= 90 else f"{title[:89].rstrip()}…"
