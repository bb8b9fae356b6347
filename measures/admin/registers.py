"""Registers in the admin: partners, resources, projects."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from akr_plan.db import in_lithuanian_order

from ..enums import ImportKind
from ..models import Partner, PartnerAlias, Project, ProjectAlias, Resource, ResourceAlias
from .base import VersionedAdmin, VersionedTabularInline
from .exchange import RegisterExchange


class AliasInline(VersionedTabularInline):
    """Other spellings of a name."""

    fields = ["name"]


class PartnerAliasInline(AliasInline):
    """Other spellings of a partner's name."""

    model = PartnerAlias


class ResourceAliasInline(AliasInline):
    """Other spellings of a resource's name."""

    model = ResourceAlias


class ProjectAliasInline(AliasInline):
    """Other names of a project."""

    model = ProjectAlias


class RegisterAdmin(RegisterExchange, VersionedAdmin):
    """A register, in Lithuanian order, with the number of places in the plans that refer to each row."""

    references: str
    ordering: ClassVar[Any] = [in_lithuanian_order("name")]
    search_fields = ["name__folded", "aliases__name__folded"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Count the references along."""
        count = Count(self.references, distinct=True)
        return super().get_queryset(request).annotate(reference_count=count)

    @admin.display(description=_("name"), ordering=in_lithuanian_order("name"))
    def sorted_name(self, row: Any) -> str:
        """Return the name."""
        return str(row.name)

    @admin.display(description=_("times in plans"), ordering="reference_count")
    def times_in_plans(self, row: Any) -> int:
        """Return in how many places the row is referred to."""
        return int(row.reference_count)


@admin.register(Partner)
class PartnerAdmin(RegisterAdmin):
    """Partners."""

    exchange_kind = ImportKind.PARTNERS
    references = "action_links"
    inlines = [PartnerAliasInline]
    fields = ["name", "kind", "is_active", ("member_from", "member_until")]
    list_display = ["sorted_name", "kind", "is_active", "times_in_plans"]
    list_filter = ["kind", "is_active"]


@admin.register(Resource)
class ResourceAdmin(RegisterAdmin):
    """Resources."""

    exchange_kind = ImportKind.RESOURCES
    references = "action_links"
    inlines = [ResourceAliasInline]
    fields = ["name"]
    list_display = ["sorted_name", "times_in_plans"]


@admin.register(Project)
class ProjectAdmin(RegisterAdmin):
    """Projects."""

    exchange_kind = ImportKind.PROJECTS
    references = "result_links"
    inlines = [ProjectAliasInline]
    fields = ["name", "programme", ("starts_on", "ends_on")]
    list_display = ["sorted_name", "programme", "starts_on", "ends_on", "times_in_plans"]
    search_fields = [*RegisterAdmin.search_fields, "programme__folded"]
