"""Recording packs for the members' meeting: what was asked for, how the making goes, and the files.

The transactions are short: files are stored before the one that makes them known.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import cast

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from akr_plan.models import User

from ..enums import PackFileKind, PackState, PackStep
from ..models import Pack, PackFile, Plan


class PackOverError(Exception):
    """The pack is finished or failed already: nothing more may be done to it."""

    def __init__(self, pack: Pack) -> None:
        super().__init__(_("The pack “%(pack)s” is not being made.") % {"pack": pack})


@dataclass(frozen=True, slots=True)
class PackContent:
    """What goes into a pack; see the fields of `Pack`."""

    as_of: date
    since: str
    said: str
    query: str
    period_title: str = ""
    period_starts_on: date | None = None
    period_ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file as it was made; `name` is the one under which it is downloaded."""

    kind: PackFileKind
    name: str
    content: bytes


@transaction.atomic
def request_pack(*, plan: Plan, author: User, content: PackContent) -> Pack:
    """Record that somebody wants a pack, and return it: it has no files yet. Raises PermissionDenied."""
    if not author.has_perm("measures.export_plan"):
        raise PermissionDenied
    # The packs of a plan are numbered one after another.
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    last = cast(int | None, plan.packs.aggregate(last=Max("number"))["last"])
    pack = Pack(plan=plan, number=(last or 0) + 1, made_by=author, **asdict(content))
    pack.save()
    return pack


def note_step(*, pack: Pack, step: PackStep) -> None:
    """Record what is being done now; raises PackOverError."""
    if not Pack.objects.filter(pk=pack.pk).update(step=step, alive_at=timezone.now()):
        raise PackOverError(pack)


def note_life(*, pack: Pack) -> None:
    """Record that somebody is still at work on the pack."""
    Pack.objects.filter(pk=pack.pk).update(alive_at=timezone.now())


def finish_pack(*, pack: Pack, files: Sequence[MadeFile]) -> None:
    """Attach all files and call the pack finished, or leave nothing behind; raises PackOverError."""
    rows = [
        PackFile(
            pack=pack,
            kind=file.kind,
            name=file.name,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
        )
        for file in files
    ]
    try:
        for row, file in zip(rows, files, strict=True):
            row.file.save(file.name, ContentFile(file.content), save=False)
        with transaction.atomic():
            if not Pack.objects.filter(pk=pack.pk).update(state=PackState.FINISHED, alive_at=timezone.now()):
                raise PackOverError(pack)
            PackFile.objects.bulk_create(rows)
    except BaseException:
        for row in rows:
            row.file.delete(save=False)
        raise


def fail_pack(*, pack: Pack, failure: str = "") -> None:
    """Record that the pack could not be made, and why if that is known; one that is over stays as it is."""
    Pack.objects.filter(pk=pack.pk).update(state=PackState.FAILED, failure=failure)
