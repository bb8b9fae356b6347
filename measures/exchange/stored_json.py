"""What an import keeps as JSON, read again perhaps by another version of the program."""

from typing import Any

from django.utils.translation import gettext as _


class UnreadableImportError(Exception):
    """What an import has kept isn't what this version of the program reads; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            _("The import was made by another version of the program. Upload the file once more.")
        )


def as_stored(value: Any) -> Any:
    """Return a dataclass as JSON that `read_stored` reads again, days and moments included."""
    from pydantic import TypeAdapter

    return TypeAdapter(type(value)).dump_python(value, mode="json")


def read_stored(kind: Any, value: object) -> Any:
    """Return stored JSON as a dataclass of this type. Raises UnreadableImportError."""
    # pydantic takes 0.1 s to import: only who looks at an import waits for it.
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise UnreadableImportError from error
