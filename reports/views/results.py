"""The planned results that the address asks for, as files of data."""

import codecs
import io

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from ..asked import may_export, plan_page, read_asked_tree, warn
from ..result_rows import results_file_name, write_results_csv, write_results_json
from .plan import XLSX

CONTENT_TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "json": "application/json"}


@plan_page
@may_export
def results_file(request: HttpRequest, slug: str, ending: str) -> HttpResponseBase:
    """Hand out exactly the rows that the page lists; a wrong address leads back to the page that says so."""
    found = read_asked_tree(request, slug, with_notes=True)
    if found.asked.errors:
        warn(request, found.asked.errors)
        return redirect("reports:results", slug)
    stream = io.BytesIO()
    if ending == "xlsx":
        # openpyxl takes 0.1 s to import: only who asks for a workbook waits for it.
        from ..workbook.rows import write_results_workbook

        write_results_workbook(
            found.tree,
            said=found.said,
            made_by=str(request.user),
            made_at=timezone.localtime(),
            stream=stream,
        )
    elif ending == "csv":
        write_results_csv(found.tree, codecs.getwriter("utf-8")(stream))
    else:
        write_results_json(found.tree, codecs.getwriter("utf-8")(stream), said=found.said)
    stream.seek(0)
    name = results_file_name(found.tree, ending)
    return FileResponse(stream, as_attachment=True, filename=name, content_type=CONTENT_TYPES[ending])
