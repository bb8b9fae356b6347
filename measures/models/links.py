"""What ties codes, resources, partners and projects to places in the plan."""

from django.db import models
from django.utils.translation import gettext_lazy

from ..querysets import LinkQuerySet
from .base import LinkModel
from .plan import Action, Measure
from .registers import Partner, Project, Resource
from .results import PlannedResult
from .strategy import StrategyCode

AS_WRITTEN_HELP = gettext_lazy("As the document writes it here. Left empty, the name is shown.")


class MeasureCode(LinkModel):
    """A KRSS2030 code of a measure."""

    owner_field, reference_field = "measure", "code"

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="code_links")
    code = models.ForeignKey(
        StrategyCode, models.PROTECT, verbose_name=gettext_lazy("KRSS2030 code"), related_name="measure_links"
    )
    as_written = models.CharField(
        gettext_lazy("as written"), max_length=200, blank=True, help_text=AS_WRITTEN_HELP
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("KRSS2030 code")
        verbose_name_plural = gettext_lazy("KRSS2030 codes")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["measure", "code"], name="measure_code_once")]

    def __str__(self) -> str:
        return self.as_written or str(self.code)


class ActionCode(LinkModel):
    """A KRSS2030 code of an action."""

    owner_field, reference_field = "action", "code"

    action = models.ForeignKey(Action, models.CASCADE, related_name="code_links")
    code = models.ForeignKey(
        StrategyCode, models.PROTECT, verbose_name=gettext_lazy("KRSS2030 code"), related_name="action_links"
    )
    as_written = models.CharField(
        gettext_lazy("as written"), max_length=200, blank=True, help_text=AS_WRITTEN_HELP
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("KRSS2030 code")
        verbose_name_plural = gettext_lazy("KRSS2030 codes")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["action", "code"], name="action_code_once")]

    def __str__(self) -> str:
        return self.as_written or str(self.code)


class ActionResource(LinkModel):
    """A resource of an action."""

    owner_field, reference_field = "action", "resource"

    action = models.ForeignKey(Action, models.CASCADE, related_name="resource_links")
    resource = models.ForeignKey(
        Resource, models.PROTECT, verbose_name=gettext_lazy("resource"), related_name="action_links"
    )
    as_written = models.CharField(
        gettext_lazy("as written"), max_length=300, blank=True, help_text=AS_WRITTEN_HELP
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("resource")
        verbose_name_plural = gettext_lazy("resources")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["action", "resource"], name="action_resource_once")]

    def __str__(self) -> str:
        return self.as_written or str(self.resource)


class ActionPartner(LinkModel):
    """A partner of an action."""

    owner_field, reference_field = "action", "partner"

    action = models.ForeignKey(Action, models.CASCADE, related_name="partner_links")
    partner = models.ForeignKey(
        Partner, models.PROTECT, verbose_name=gettext_lazy("partner"), related_name="action_links"
    )
    as_written = models.CharField(
        gettext_lazy("as written"), max_length=300, blank=True, help_text=AS_WRITTEN_HELP
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("partner")
        verbose_name_plural = gettext_lazy("partners")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["action", "partner"], name="action_partner_once")]

    def __str__(self) -> str:
        return self.as_written or str(self.partner)


class ResultProject(LinkModel):
    """A project within which a planned result is worked on."""

    owner_field, reference_field = "result", "project"

    result = models.ForeignKey(PlannedResult, models.CASCADE, related_name="project_links")
    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name=gettext_lazy("project"), related_name="result_links"
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("project")
        verbose_name_plural = gettext_lazy("projects")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["result", "project"], name="result_project_once")]

    def __str__(self) -> str:
        return str(self.project)
