"""Registers out of the admin and into it: links above the list, and the files."""

import io
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst, slugify

from akr_plan.text import fold

from ..enums import ImportKind
from ..exchange.registers.file import write_csv, write_xlsx
from ..exchange.registers.handlers import SHEETS, may_import_register

if TYPE_CHECKING:
    # The stubs have a type parameter, which Django itself does not take.
    ModelAdmin = admin.ModelAdmin[Any]
else:
    from django.contrib.admin import ModelAdmin

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class RegisterExchange(ModelAdmin):
    """The list of a register that can be exported, and imported where all imports are."""

    exchange_kind: ClassVar[ImportKind]
    change_list_template = "admin/measures/register_change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the files."""
        pages = [
            path(
                f"eksportas.{ending}",
                self.admin_site.admin_view(self.export_view),
                {"ending": ending},
                name=f"{self._page}_{ending}",
            )
            for ending in CONTENT_TYPES
        ]
        return [*pages, *super().get_urls()]

    @property
    def _page(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_export"

    def may_export(self, request: HttpRequest) -> bool:
        """Return whether the user may take the whole register away."""
        user: Any = request.user
        return self.has_view_permission(request) and user.has_perm("measures.export_plan")

    def export_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """Hand the register out in the form in which it can come back."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.may_export(request):
            raise PermissionDenied
        table, title = SHEETS[self.exchange_kind]().table(), str(self.opts.verbose_name_plural)
        content = write_xlsx(capfirst(title), table) if ending == "xlsx" else write_csv(table)
        return FileResponse(
            io.BytesIO(content),
            as_attachment=True,
            filename=f"{slugify(fold(title))}.{ending}",
            content_type=CONTENT_TYPES[ending],
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Offer the user's ways out and in above the list."""
        user: Any = request.user
        files = {}
        if self.may_export(request):
            files = {ending: reverse(f"admin:{self._page}_{ending}") for ending in CONTENT_TYPES}
        into = ""
        if may_import_register(self.exchange_kind, user):
            into = f"{reverse('measures:imports')}?rusis={self.exchange_kind.value}"
        context = {**(extra_context or {}), "export_addresses": files, "import_address": into}
        return super().changelist_view(request, context)
