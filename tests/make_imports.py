"""Imports of work sheets, made without files."""

from collections.abc import Iterable, Mapping
from typing import Any

from akr_plan.models import User
from measures.enums import ImportKind
from measures.exchange import import_jobs
from measures.exchange.document.tree import DocumentReading, PlanText
from measures.exchange.plan_text.handlers import PlanDocumentImport
from measures.exchange.work_sheet.handler import WorkSheetImport
from measures.exchange.work_sheet.sheet import SheetRow, WorkSheet
from measures.models import ImportJob, Plan, PlannedResult


def sheet_of(plan: Plan, typed: Mapping[str, Mapping[str, Any]]) -> WorkSheet:
    """Return a sheet made of the plan as it is now, with what somebody typed, by the keys of the results."""
    results = PlannedResult.objects.filter(plan=plan).order_by("pk")
    return WorkSheet(plan.slug, "Darbo lentelė", False, tuple(rows_of(results, typed)))


def rows_of(results: Iterable[PlannedResult], typed: Mapping[str, Mapping[str, Any]]) -> Iterable[SheetRow]:
    """Yield a row for each result."""
    for row, result in enumerate(results, start=5):
        yield SheetRow(row, result.key, result.version, dict(typed.get(result.key, {})))


def upload_sheet(monkeypatch: Any, sheet: WorkSheet, owner: User, content: bytes = b"lentele") -> ImportJob:
    """Return the import of a sheet, as if it had been read in a file."""
    with monkeypatch.context() as patch:
        patch.setattr(WorkSheetImport, "read", lambda self, content: sheet)
        return import_jobs.upload(
            kind=ImportKind.WORK_SHEET, owner=owner, file_name="lentele.xlsx", content=content
        )


def upload_document(monkeypatch: Any, text: PlanText, owner: User, plan: Plan | None = None) -> ImportJob:
    """Return the import of a document as if it had been read in a file: as a new plan, or into one."""
    with monkeypatch.context() as patch:
        patch.setattr(PlanDocumentImport, "read", lambda self, content: DocumentReading(text, ()))
        return import_jobs.upload(
            kind=ImportKind.PLAN_TEXT if plan else ImportKind.NEW_PLAN,
            owner=owner,
            file_name="planas.docx",
            content=b"planas",
            plan=plan,
        )
