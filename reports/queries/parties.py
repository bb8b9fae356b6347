"""What the registers say of partners, resources and projects beyond their names."""

from measures.enums import PartnerKind
from measures.models import Partner, Project, ProjectAlias, Resource

from ..rows import PartyFacts


def partner_facts() -> dict[str, PartyFacts]:
    """Return the facts of every partner by name."""
    rows = Partner.objects.order_by().values_list("name", "kind")
    return {name: PartyFacts(about=str(PartnerKind(kind).label)) for name, kind in rows}


def resource_facts() -> dict[str, PartyFacts]:
    """Return every resource by name; the register knows nothing else of it."""
    return dict.fromkeys(Resource.objects.order_by().values_list("name", flat=True), PartyFacts())


def project_facts() -> dict[str, PartyFacts]:
    """Return the facts of every project by name."""
    aliases: dict[str, list[str]] = {}
    for project, alias in ProjectAlias.objects.order_by("name").values_list("project__name", "name"):
        aliases.setdefault(project, []).append(alias)
    rows = Project.objects.order_by().values_list("name", "programme", "starts_on", "ends_on")
    return {
        name: PartyFacts(programme, starts_on, ends_on, tuple(aliases.get(name, ())))
        for name, programme, starts_on, ends_on in rows
    }
