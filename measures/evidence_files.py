"""Files that back an update: what a file is known by once it has been checked."""

from dataclasses import dataclass

from django.core.files.base import File

from .enums import FileType

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 5


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that was checked: a name for people, its kind, size in bytes, SHA-256 and content."""

    title: str
    file_type: FileType
    size: int
    sha256: str
    content: File
