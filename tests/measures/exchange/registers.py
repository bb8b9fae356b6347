"""Registers full of awkward rows, and a short way through an import of them."""

import io
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction

from akr_plan.models import User
from measures import roles
from measures.enums import CodeKind, ImportKind, LineKind, PartnerKind
from measures.exchange.import_handlers import handler_of
from measures.exchange.import_jobs import parsed_of
from measures.exchange.preview import Line, Preview
from measures.exchange.registers.file import write_csv, write_xlsx
from measures.exchange.registers.handlers import SHEETS
from measures.models import (
    ConflictError,
    ImportJob,
    Partner,
    PartnerAlias,
    Project,
    Resource,
    ResourceAlias,
    StrategyCode,
)
from tests.make import make_code, make_user

AWKWARD = (
    *(
        "=1+1",
        "==HYPERLINK(1)",
        "+37060000000",
        "-5",
        "@aš",
        "'kabutė",
        "'=1+1",
        "1.10",
        "TRUE",
        "2024-05-01",
    ),
    *("Dvigubi  tarpai", 'Su „kabutėmis“ ir "kabutėmis"', "A; B", "<b>&amp;</b>", "Žemės ūkio rūmai", "007"),
)
PARTNER_HEADINGS = ["Pavadinimas", "Rūšis", "Veikiantis", "Narys nuo", "Narys iki", "Kitokie užrašymai"]
CODE_HEADINGS = ["Kodas", "Pavadinimas", "Rūšis", "KRSS2030 kryptis"]
USER_HEADINGS = ["Naudotojo vardas", "Vardas", "Pavardė", "El. pašto adresas", "Grupės", "Veikiantis"]


def make_registers() -> None:
    """Make rows of all registers; `tests/measures/exchange/data/registers` has files of exactly these."""
    for position, name in enumerate(AWKWARD):
        Resource(name=name).save()
        Project(name=name, programme="–" if position == 0 else "").save()
        Partner(name=name).save()
    _make_partners()
    project = Project(
        name="BASCIL", programme="Interreg", starts_on=date(2023, 1, 2), ends_on=date(2025, 1, 1)
    )
    project.save()
    project.aliases.create(name="=BASCIL")
    Resource.objects.get(name="007").aliases.create(name="Agento lėšos")
    make_code("I.1.1.10", title="=Priemonė")
    make_code("I.1.1.1.10", title="Veiksmas 1.10")
    make_code("V.10.1.1")
    make_code("Žalioji energetika", kind=CodeKind.PRIORITY)
    make_user("=cmd", roles.UPDATER, first_name="Jonas", last_name="Ąžuolas", email="jonas@example.lt")
    make_user("du.vaidmenys", roles.MANAGER, is_active=False).groups.add(roles.group(roles.UPDATER))


def _make_partners() -> None:
    partner = Partner(
        name="Šilutės r. savivaldybė",
        kind=PartnerKind.MUNICIPALITY,
        member_from=date(2001, 2, 3),
        member_until=date(2024, 12, 31),
        is_active=False,
    )
    partner.save()
    for name in ("Šilutės rajonas", "Šilutės r. sav.", "A; C"):
        partner.aliases.create(name=name)


def file_of(kind: ImportKind, ending: str) -> bytes:
    """Return the exported register."""
    table = SHEETS[kind]().table()
    return write_xlsx("Lapas", table) if ending == "xlsx" else write_csv(table)


def workbook(*rows: Any, title: str = "Lapas") -> bytes:
    """Return a workbook of one sheet with these rows."""
    book = openpyxl.Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as a file."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@dataclass
class Attempt:
    """A file on its way into a register."""

    job: ImportJob
    preview: Preview

    def confirm(self) -> None:
        """Do what the preview showed."""
        handler = handler_of(ImportKind(self.job.kind))
        self.job.written = handler.apply(self.job, parsed_of(self.job), self.job.owner)

    def why_not_undone(self) -> str:
        """Return why it can't be undone."""
        return handler_of(ImportKind(self.job.kind)).why_not_undone(self.job)

    def undo(self) -> None:
        """Take it back."""
        handler_of(ImportKind(self.job.kind)).undo(self.job, self.job.owner)

    @property
    def kinds(self) -> list[str]:
        """Return what becomes of each row."""
        return [line.kind for line in self.preview.lines]

    @property
    def refused(self) -> list[Line]:
        """Return the rows refused."""
        return [line for line in self.preview.lines if line.kind == LineKind.REFUSED]


def attempt(kind: ImportKind, owner: User, content: bytes) -> Attempt:
    """Return an import that waits to be confirmed; it has been to JSON and back as it is in use."""
    parsed = handler_of(kind).read(content)
    job = ImportJob(kind=kind, owner=owner, parsed=asdict(parsed))
    preview = handler_of(kind).preview(job, parsed_of(job))
    job.stamp = preview.stamp
    return Attempt(job, preview)


def refresh(user: User) -> User:
    """Return the user without the rights that were looked up before."""
    return User.objects.get(pk=user.pk)


def everything() -> list[Any]:
    """Return all that an import could write, histories and logs too."""
    models: list[Any] = [Partner, PartnerAlias, Project, Resource, ResourceAlias, StrategyCode]
    histories = [model.history.model for model in models]
    rows = [list(model._base_manager.order_by("pk").values()) for model in (*models, *histories, LogEntry)]
    return [*rows, list(User.objects.order_by("pk").values()), list(User.groups.through.objects.values())]


def refused(kind: ImportKind, owner: User, content: bytes) -> list[tuple[str, str]]:
    """Return place and reason of each refused row; the file must have changed nothing, even if confirmed."""
    before = everything()
    tried = attempt(kind, owner, content)
    assert not tried.preview.may_be_confirmed
    with pytest.raises(ConflictError), transaction.atomic():
        tried.confirm()
    assert everything() == before
    return [(line.place, line.reason) for line in tried.refused]
