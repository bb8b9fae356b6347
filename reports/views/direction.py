"""The report on a KRSS2030 direction: a page, and files of one direction or of all."""

import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from ..asked import AskedTree, may_export, plan_page, read_asked_tree, warn
from ..direction_report import (
    DirectionReport,
    direction_reports,
    figures_in_words,
    remarks,
    timeliness_in_words,
    title_of,
)
from ..file_names import direction_file_name
from ..queries.direction import read_finished_days
from .plan import XLSX
from .word import DOCX

CONTENT_TYPES = {"docx": DOCX, "xlsx": XLSX}


@plan_page
def direction(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show how a direction is carried out: by code, each action with its results."""
    found = read_asked_tree(request, slug, with_notes=True)
    warn(request, found.asked.errors)
    reports = _reports(found, key)
    context = {
        **found.context(),
        "report": reports[0],
        "title": title_of(reports),
        "figures": figures_in_words(reports[0]),
        "in_time": timeliness_in_words(reports[0]),
        "remarks": remarks(reports),
    }
    return render(request, "reports/direction.html", context)


@plan_page
@may_export
def direction_file(request: HttpRequest, slug: str, ending: str, key: str = "") -> HttpResponseBase:
    """Hand out the rows of a page, or of all, as a file; a wrong address leads back to what says so."""
    found = read_asked_tree(request, slug, with_notes=True)
    reports = _reports(found, key)
    if found.asked.errors:
        warn(request, found.asked.errors)
        return redirect("reports:direction", slug, key) if key else redirect("reports:strategy", slug)
    return FileResponse(
        _written(found, reports, ending, str(request.user)),
        as_attachment=True,
        filename=direction_file_name(found.tree, key, ending),
        content_type=CONTENT_TYPES[ending],
    )


def _reports(found: AskedTree, key: str) -> list[DirectionReport]:
    """Return the report that the address names, or all where it names none."""
    finished = read_finished_days(found.asked.plan, found.whole)
    reports = direction_reports(found.tree, found.asked.strategy.titles, finished)
    wanted = [report for report in reports if report.key == key] if key else reports
    if not wanted:
        raise Http404
    return wanted


def _written(found: AskedTree, reports: list[DirectionReport], ending: str, made_by: str) -> io.BytesIO:
    # Each library takes 0.1 s to import: only who asks for its file waits for it.
    if ending == "docx":
        from ..word.direction import write_direction_document as write
    else:
        from ..workbook.direction import write_direction_workbook as write

    stream = io.BytesIO()
    write(
        found.tree,
        reports,
        said=found.said,
        made_by=made_by,
        made_at=timezone.localtime(),
        stream=stream,
    )
    stream.seek(0)
    return stream
