"""Registers: partners, resources and projects, each with the other names under which documents write them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from ..enums import PartnerKind
from ..querysets import NamedQuerySet
from .base import VersionedModel


class NamedModel(VersionedModel):
    """A row of a register."""

    name = models.CharField(gettext_lazy("name"), max_length=300, unique=True)

    objects = NamedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """Return the name."""
        return (self.name,)


class AliasModel(NamedModel):
    """Another spelling of a name; an import finds the row by it."""

    class Meta(NamedModel.Meta):
        abstract = True
        verbose_name = gettext_lazy("other spelling")
        verbose_name_plural = gettext_lazy("other spellings")


class Partner(NamedModel):
    """A body that takes part in actions. Membership of the association changes, so it has dates."""

    kind = models.CharField(
        gettext_lazy("kind"), max_length=20, choices=PartnerKind, default=PartnerKind.OTHER
    )
    is_active = models.BooleanField(gettext_lazy("active"), default=True)
    member_from = models.DateField(gettext_lazy("member from"), null=True, blank=True)
    member_until = models.DateField(gettext_lazy("member until"), null=True, blank=True)

    class Meta(NamedModel.Meta):
        verbose_name = gettext_lazy("partner")
        verbose_name_plural = gettext_lazy("partners")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PartnerKind.values), name="partner_kind_known"),
            models.CheckConstraint(
                condition=Q(member_from=None) | Q(member_until=None) | Q(member_from__lte=F("member_until")),
                name="partner_membership_in_order",
                violation_error_message=gettext_lazy("The membership ends before it begins."),
            ),
        ]


class PartnerAlias(AliasModel):
    """Another spelling of a partner's name."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="aliases")


class Resource(NamedModel):
    """A source of money or work (ištekliai; the document says „resursai“)."""

    class Meta(NamedModel.Meta):
        verbose_name = gettext_lazy("resource")
        verbose_name_plural = gettext_lazy("resources")


class ResourceAlias(AliasModel):
    """Another spelling of a resource's name."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="aliases")


class Project(NamedModel):
    """A project within which results are worked on."""

    programme = models.CharField(gettext_lazy("programme"), max_length=200, blank=True)
    starts_on = models.DateField(gettext_lazy("starts on"), null=True, blank=True)
    ends_on = models.DateField(gettext_lazy("ends on"), null=True, blank=True)

    class Meta(NamedModel.Meta):
        verbose_name = gettext_lazy("project")
        verbose_name_plural = gettext_lazy("projects")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="project_dates_in_order",
                violation_error_message=gettext_lazy("The project ends before it begins."),
            )
        ]


class ProjectAlias(AliasModel):
    """Another name of a project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="aliases")
