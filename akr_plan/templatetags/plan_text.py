"""How single values are written on every page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.template.defaultfilters import floatformat

from akr_plan import text

register = template.Library()


@register.filter
def percent(value: float | None) -> str:
    """Write a percent without decimals: 58 %, or – if it is unknown."""
    return "–" if value is None else f"{floatformat(value, 0)}\N{NO-BREAK SPACE}%"


@register.filter
def sentence(title: str) -> str:
    """Write a title that is all capitals as a sentence."""
    return text.sentence(str(title))


@register.filter
def iso(day: date | None) -> str:
    """Write a day as in tables: 2024-06-30."""
    return "" if day is None else f"{day:%Y-%m-%d}"


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """Return what a mapping holds under a key that is itself a variable."""
    return mapping[key]
