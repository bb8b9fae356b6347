"""A small plan with all that hangs on it, and the browsers of two coordinators."""

from datetime import date
from types import SimpleNamespace

import pytest

from measures import models, roles
from tests.make import make_code, make_partner, make_resource, make_user
from tests.make_packs import make_finished
from tests.measures.admin.tree import make_tree, report


@pytest.fixture
def client(cast, as_user):
    return as_user(cast.coordinator)


@pytest.fixture
def other_coordinator(cast):
    return make_user("petras", roles.COORDINATOR, first_name="Petras", last_name="Petraitis")


@pytest.fixture
def other_client(other_coordinator, as_user):
    return as_user(other_coordinator)


@pytest.fixture
def tree(cast):
    return make_tree(slug="2023-2024")


@pytest.fixture
def journal(tree, cast):
    return report(tree, cast.coordinator)


@pytest.fixture
def registers(tree):
    partner, resource = make_partner("Šilutės r. savivaldybė"), make_resource("ES lėšos")
    project = models.Project.objects.create(name="BASCIL")
    models.PartnerAlias.objects.create(partner=partner, name="Šilutės rajonas")
    models.ActionPartner.objects.create(action=tree.action, partner=partner)
    models.ActionResource.objects.create(action=tree.action, resource=resource)
    models.ResultProject.objects.create(result=tree.result, project=project)
    return SimpleNamespace(partner=partner, resource=resource, project=project)


@pytest.fixture
def strategy(tree):
    code = make_code("I.1.4.1")
    models.MeasureCode.objects.create(measure=tree.measure, code=code)
    models.ActionCode.objects.create(action=tree.action, code=code)
    return SimpleNamespace(direction=code.direction, code=code)


@pytest.fixture
def period(tree):
    return models.ReportingPeriod.objects.create(
        plan=tree.plan, title="I pusmetis", starts_on=date(2023, 1, 1), ends_on=date(2023, 6, 30)
    )


@pytest.fixture
def pack(tree, cast):
    return make_finished(tree.plan, cast.coordinator)
