"""What tests of pages share: the update form as a browser sends it, and pages as people read them."""

import re
from html import unescape
from typing import Any

from django.urls import reverse

from measures.models import Action

HTMX = {"HX-Request": "true"}


def filled_in(action: Action, **values: Any) -> dict[str, Any]:
    """Return the update form with what stands in the plan, and other values over it."""
    data: dict[str, Any] = {"comment": "", "correction": "", "link": "", "reported_on": "2024-06-30"}
    for result in action.results.all():
        data |= {f"{result.key}-version": result.version, f"{result.key}-status": result.status}
        data[f"{result.key}-percent"] = "" if result.progress.typed_percent is None else result.percent
    return data | values


def text_of(response: Any) -> str:
    """Return what a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def token_in(response: Any) -> str:
    """Return the token of the form on a page."""
    found = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def chosen_in(response: Any) -> dict[str, str]:
    """Return which status is chosen for each result of the form on a page."""
    radios = re.findall(r'<input type="radio"[^>]*? checked[^>]*>', response.content.decode())
    fields = [
        (re.search(r'name="([^"]+)-status"', radio), re.search(r'value="([^"]+)"', radio)) for radio in radios
    ]
    return {name[1]: value[1] for name, value in fields if name and value}


def url_of(name: str, action: Action) -> str:
    """Return an address that belongs to one action."""
    return reverse(f"measures:{name}", args=[action.plan.slug, action.number])
