"""What each kind of import has to offer to the one way in which files are previewed, confirmed and undone."""

from typing import Any, Protocol

from akr_plan.models import User

from ..models import ImportJob
from .preview import Preview


class ImportHandler(Protocol):
    """Reads, compares, writes and takes back one kind of file.

    `read` is called once, for an upload; what it returns is a dataclass of type `parsed_type` that is kept
    as JSON in the job. `preview` compares it with the data as they are now. `apply` runs in a transaction,
    right after a preview inside it proved to be the one that was confirmed, and does exactly what that says.
    """

    parsed_type: Any

    def read(self, content: bytes) -> Any:
        """Return what is in the file; raises DocumentError or FileRefusedError if that can't be told."""

    def preview(self, job: ImportJob, parsed: Any) -> Preview:
        """Return what confirming would do now; `job.choices` holds what was decided about conflicts."""

    def apply(self, job: ImportJob, parsed: Any, author: User) -> dict[str, Any]:
        """Write, and return what `undo` will need, as JSON; sets `job.plan` if it makes one."""

    def why_not_undone(self, job: ImportJob) -> str:
        """Return why the import can't be undone any more, "" if it can: newer changes touch its rows."""

    def undo(self, job: ImportJob, author: User) -> None:
        """Take back all that `apply` wrote; called inside a transaction, after `why_not_undone` said ""."""
