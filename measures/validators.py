"""Checks of single values."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIRST_YEAR, LAST_YEAR = 2000, 2100
CODE_PATTERN = re.compile(r"(?P<direction>I|II|III|IV|V)(?P<parts>(?:\.[0-9]{1,4}){3,4})")
ROMAN_VALUES = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}

validate_year = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
validate_task_number = RegexValidator(
    r"\A[0-9]{1,4}\Z", gettext_lazy("Write the number of a task as one number, for example 2.")
)
validate_measure_number = RegexValidator(
    r"\A[0-9]{1,4}\.[0-9]{1,4}\Z",
    gettext_lazy("Write the number of a measure as two numbers with a dot, for example 2.1."),
)
validate_action_number = RegexValidator(
    r"\A[0-9]{1,4}(\.[0-9]{1,4}){2}\Z",
    gettext_lazy("Write the number of an action as three numbers with dots, for example 2.1.5."),
)
validate_slug = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z",
    gettext_lazy("Use small Latin letters, digits and single hyphens only, for example 2023-2024."),
)


def validate_lines(value: Any) -> None:
    """Refuse anything but a list of non-empty texts."""
    if not isinstance(value, list) or not all(isinstance(line, str) and line.strip() for line in value):
        raise ValidationError(_("Write one item a line."))


def validate_links(value: Any) -> None:
    """Refuse anything but a list of {"text": …, "href": …}."""
    is_valid = isinstance(value, list) and all(
        isinstance(link, dict)
        and set(link) == {"text", "href"}
        and all(isinstance(part, str) for part in link.values())
        for link in value
    )
    if not is_valid:
        raise ValidationError(_("A link needs a text and an address."))


def number_sort_key(number: str) -> str:
    """Return a text that sorts as the numbers do: 2.1.10 after 2.1.9, IV before V.

    The parts are padded to five digits; a leading Roman number (I–V) is taken at its value.
    """
    return ".".join(
        f"{ROMAN_VALUES.get(part) or int(part):05d}" if part in ROMAN_VALUES or part.isdecimal() else part
        for part in number.split(".")
    )
