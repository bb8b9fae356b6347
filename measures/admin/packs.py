"""Packs for the members' meeting in the admin, there to read."""

from typing import ClassVar

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from akr_plan.guarded_admin import GuardedAdmin

from ..models import Pack, PackFile
from .base import TabularInline
from .progress import ReadOnly


class PackFileInline(ReadOnly, TabularInline):
    """The files of a pack; they are downloaded from the page of reports."""

    model = PackFile
    fields: ClassVar = ["kind", "name", "file_size", "sha256"]

    @admin.display(description=_("size"))
    def file_size(self, file: PackFile) -> str:
        """Return the size in words."""
        return filesizeformat(file.size)


@admin.register(Pack)
class PackAdmin(ReadOnly, GuardedAdmin):
    """Which packs were made, by whom and of what."""

    inlines = [PackFileInline]
    fields: ClassVar = [
        ("plan", "number"),
        ("made_by", "made_at"),
        ("as_of", "since"),
        ("period_title", "period_starts_on", "period_ends_on"),
        "said",
        "query",
        ("state", "step", "alive_at"),
        "failure",
    ]
    list_display = ["__str__", "as_of", "made_by", "made_at", "state"]
    list_filter = ["plan", "state"]
    list_select_related = ["plan", "made_by"]
