"""Parts of addresses that are more than text."""

from datetime import date


class DayConverter:
    """A day such as 2024-06-30; what is none leads to "not found"."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Return the day."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """Return the day as addresses write it."""
        return str(value)
