"""Makes changes and reads what history tells of them."""

import re
from html import unescape
from typing import Any

from measures.history.entries import Entry, read_page
from measures.history.filters import HistoryFilter
from measures.history.scopes import ActionScope, Scope


def change(row: Any, author: Any, reason: str = "", **values: Any) -> None:
    """Save a row as somebody."""
    row.refresh_from_db()
    row._history_user, row._change_reason = author, reason
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def entries(scope: Scope | ActionScope, reader: Any, **asked: str) -> list[Entry]:
    page: Any = read_page(scope, HistoryFilter(**asked), number=None, reader=reader)
    return list(page)


def text_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
