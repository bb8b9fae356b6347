"""A small plan and a small cast, for the tests of the admin."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from measures import models, roles
from measures.services.progress import ReportedResult, record_progress


def make_person(username, group, **names):
    person = get_user_model().objects.create(username=username, **names)
    if group:
        person.groups.add(Group.objects.get(name=group))
    return person


def log_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def cast(db):
    return SimpleNamespace(
        administrator=make_person("birute", roles.ADMINISTRATOR),
        coordinator=make_person("ona", roles.COORDINATOR, first_name="Ona", last_name="Onaitė"),
        other_coordinator=make_person(
            "petras", roles.COORDINATOR, first_name="Petras", last_name="Petraitis"
        ),
        updater=make_person("jonas", roles.UPDATER, first_name="Jonas", last_name="Jonaitis"),
        manager=make_person("rasa", roles.MANAGER),
        stranger=make_person("kazys", None),
    )


@pytest.fixture
def client(cast):
    """The browser of the coordinator."""
    return log_in(cast.coordinator)


@pytest.fixture
def other_client(cast):
    """The browser of a second coordinator."""
    return log_in(cast.other_coordinator)


def make_tree(slug="2023-2024", first_year=2023):
    """Return one row of everything in a plan."""
    plan = models.Plan.objects.create(
        slug=slug, title="Veiklos planas", goal="Tikslas.", first_year=first_year, last_year=first_year + 1
    )
    task = models.Task.objects.create(plan=plan, number="1", title="Telkti regioną")
    measure = models.Measure.objects.create(task=task, number="1.1", title="Bendradarbiavimas")
    action = models.Action.objects.create(measure=measure, number="1.1.1", title="Susitikimai")
    result = models.PlannedResult.objects.create(action=action, text="Du susitikimai per metus")
    return SimpleNamespace(plan=plan, task=task, measure=measure, action=action, result=result)


@pytest.fixture
def tree(cast):
    return make_tree()


def report(tree, author, status="in_progress", percent=40, comment="Įvyko susitikimas."):
    """Return a new entry of the journal; makes the plan active for it."""
    if tree.plan.state != "active":
        tree.plan.state = "active"
        tree.plan.save()
    tree.result.refresh_from_db()
    reported = ReportedResult(tree.result.key, tree.result.version, status, percent)
    return record_progress(action=tree.action, author=author, results=[reported], comment=comment)


@pytest.fixture
def journal(tree, cast):
    return report(tree, cast.coordinator)


@pytest.fixture
def registers(tree):
    rows = SimpleNamespace(
        partner=models.Partner.objects.create(name="Šilutės r. savivaldybė"),
        resource=models.Resource.objects.create(name="ES lėšos"),
        project=models.Project.objects.create(name="BASCIL"),
    )
    models.PartnerAlias.objects.create(partner=rows.partner, name="Šilutės rajonas")
    models.ActionPartner.objects.create(action=tree.action, partner=rows.partner)
    models.ActionResource.objects.create(action=tree.action, resource=rows.resource)
    models.ResultProject.objects.create(result=tree.result, project=rows.project)
    return rows


@pytest.fixture
def strategy(tree):
    direction = models.StrategyDirection.objects.create(code="I", title="Verslumas")
    code = models.StrategyCode.objects.create(
        code="I.1.4.1", title="Skatinti", kind="measure", direction=direction
    )
    models.MeasureCode.objects.create(measure=tree.measure, code=code)
    models.ActionCode.objects.create(action=tree.action, code=code)
    return SimpleNamespace(direction=direction, code=code)


@pytest.fixture
def period(tree):
    return models.ReportingPeriod.objects.create(
        plan=tree.plan, title="I pusmetis", starts_on=date(2023, 1, 1), ends_on=date(2023, 6, 30)
    )
