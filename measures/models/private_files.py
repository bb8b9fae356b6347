"""Where files lie that nobody gets but through the program."""

import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models import Model


class PrivateStorage(FileSystemStorage):
    """A folder outside everything that a web server shows, readable for the program alone."""

    def __init__(self, folder: str) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)
        self.folder = folder

    @property
    def base_location(self) -> Path:
        """Return the folder as the settings name it now; Django would remember it."""
        return Path(settings.DATA_DIR) / self.folder

    @property
    def location(self) -> str:
        """Return the folder as an absolute path."""
        return str(self.base_location.absolute())

    def _save(self, name: str, content: Any) -> str:
        """Leave no half of a file where the disk is full."""
        try:
            return str(super()._save(name, content))  # type: ignore[misc] # the stubs lack it
        except OSError:
            with suppress(OSError):
                self.delete(name)
            raise


def random_name(row: Model, name: str) -> str:
    """Return a random name, so that nothing of the given one reaches the disk."""
    return uuid.uuid4().hex
