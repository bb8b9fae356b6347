"""The work sheet: a file to be sent round, filled in and brought back."""

import io
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from akr_plan.models import User

from ..enums import PlanState
from ..exchange.work_sheet.columns import PLAN_VARIANT, PROGRESS_VARIANT, OutRow
from ..exchange.work_sheet.rows import PlanRows
from ..models import Plan
from ..pages.work_sheet import AskedWorkSheet, WorkSheetChoices, may_type_plan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@permission_required("measures.export_plan", raise_exception=True)
def work_sheet(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Hand out a work sheet; what can't be made leads back to the page that says so."""
    plan = get_object_or_404(Plan, slug=slug)
    variant = request.GET.get("variantas") or PROGRESS_VARIANT
    if variant == PLAN_VARIANT and not may_type_plan(cast(User, request.user)):
        raise PermissionDenied
    rows = PlanRows.of(plan)
    choices, asked = WorkSheetChoices.of(rows.tree), AskedWorkSheet.read(request.GET.dict())
    errors = [*_errors(plan, variant), *asked.errors(choices)]
    found = rows.out_rows(
        owner=asked.atsakingas or None, task=asked.uzdavinys or None, partner=asked.partneris or None
    )
    if not (errors or found):
        errors = [_("No planned result is like that, so there is nothing to fill in. Choose something else.")]
    for error in errors:
        messages.warning(request, error)
    return redirect("reports:exports", slug) if errors else _file(plan, variant, found, asked, choices)


def _errors(plan: Plan, variant: str) -> list[str]:
    if plan.state != PlanState.ACTIVE:
        return [_("Progress can be recorded only in an active plan.")]
    if variant not in (PROGRESS_VARIANT, PLAN_VARIANT):
        return [
            _("There is no “%(value)s” to choose for a work sheet. Choose from the list.")
            % {"value": variant}
        ]
    return []


def _file(
    plan: Plan, variant: str, rows: list[OutRow], asked: AskedWorkSheet, choices: WorkSheetChoices
) -> FileResponse:
    # openpyxl takes 0.1 s to import: only who asks for a workbook waits for it.
    from ..exchange.work_sheet.workbook import SheetAbout, write_work_sheet

    about = SheetAbout(
        plan=plan.slug,
        plan_title=str(plan),
        part=asked.part(choices),
        is_plan_variant=variant == PLAN_VARIANT,
        made_at=timezone.localtime(),
    )
    return FileResponse(
        io.BytesIO(write_work_sheet(rows, about)),
        as_attachment=True,
        filename=asked.file_name(plan.slug, choices, timezone.localdate()),
        content_type=XLSX,
    )
