"""The form field for files that back an update."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..enums import FileType
from ..evidence.files import EXTENSIONS, MAX_BYTES, MAX_FILES, EvidenceFile, read_evidence_file


class EvidenceFilesInput(forms.FileInput):
    """Lets several files be chosen at once, and offers those that can be attached."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        accept = ",".join(f".{extension}" for extension in EXTENSIONS)
        super().__init__({"accept": accept, **(attrs or {})})


class EvidenceFilesField(forms.FileField):
    """Up to `MAX_FILES` files; cleaned into a tuple of `EvidenceFile`."""

    widget = EvidenceFilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"required": False, "label": gettext_lazy("Files"), "help_text": lazy(_limits, str)(), **kwargs}
        )

    def clean(self, data: Sequence[UploadedFile] | None, initial: Any = None) -> tuple[EvidenceFile, ...]:
        """Check each file, so that what is wrong with all of them is said at once."""
        uploads = data or ()
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > MAX_FILES:
            message = _("Attach at most %(limit)d files at once; the others go into another update.")
            raise ValidationError(message % {"limit": MAX_FILES})
        files, errors = [], []
        for upload in uploads:
            try:
                files.append(read_evidence_file(upload))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return tuple(files)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether any file was chosen."""
        return bool(data)


def _limits() -> str:
    text = _("At most %(count)d files, each up to %(limit)d MB: %(kinds)s.")
    return text % {"count": MAX_FILES, "limit": MAX_BYTES // 1024**2, "kinds": ", ".join(FileType.labels)}
