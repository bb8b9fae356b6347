"""Registers: partners, resources and projects, each with the other names under which documents write them."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akr_plan.text import fold

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


class RegisterModel(NamedModel):
    """A row that documents may write in other spellings as well, `aliases`."""

    class Meta(NamedModel.Meta):
        abstract = True

    def clean(self) -> None:
        """Refuse a name that is another spelling of another row: documents could mean both."""
        super().clean()
        aliases: Any = self._meta.get_field("aliases")
        owner = aliases.field.name
        others = aliases.related_model.objects.filter(name=self.name).exclude(**{owner: self.pk})
        if alias := others.select_related(owner).first():
            raise ValidationError({"name": spelling_of(getattr(alias, owner))})


class AliasModel(NamedModel):
    """Another spelling of a name; an import finds the row by it."""

    class Meta(NamedModel.Meta):
        abstract = True
        verbose_name = gettext_lazy("other spelling")
        verbose_name_plural = gettext_lazy("other spellings")

    # What it is a spelling of.
    owner_field: ClassVar[str]

    def clean(self) -> None:
        """Refuse the name of another row: documents could mean both."""
        super().clean()
        register: Any = self._meta.get_field(self.owner_field).related_model
        # Contains, whatever the case and the diacritics: the database knows no nearer likeness.
        alike = register.objects.filter(name__folded=self.name)
        for row in alike.exclude(pk=getattr(self, f"{self.owner_field}_id")):
            if fold(row.name) == fold(self.name):
                raise ValidationError({"name": name_of(row)})


def spelling_of(row: NamedModel) -> str:
    """Return that a name is another spelling of a row already."""
    return _("This is another spelling of “%(name)s”. Write that name.") % {"name": row.name}


def name_of(row: NamedModel) -> str:
    """Return that a spelling is the name of a row already."""
    return _("This is the name of “%(name)s” in the register, so it can't be another spelling.") % {
        "name": row.name
    }


class Partner(RegisterModel):
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

    owner_field = "partner"

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="aliases")


class Resource(RegisterModel):
    """A source of money or work (ištekliai; the document says „resursai“)."""

    class Meta(NamedModel.Meta):
        verbose_name = gettext_lazy("resource")
        verbose_name_plural = gettext_lazy("resources")


class ResourceAlias(AliasModel):
    """Another spelling of a resource's name."""

    owner_field = "resource"

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="aliases")


class Project(RegisterModel):
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

    owner_field = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="aliases")
