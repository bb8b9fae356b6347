"""Lists and forms cost as many queries for many rows as for one; search is blind to case and diacritics."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures import models
from tests.make_packs import make_finished
from tests.measures.admin.tree import make_tree, report

MODELS = [model for model in admin.site._registry if model._meta.app_label == "measures"]
MOST_QUERIES = 8


@pytest.fixture(autouse=True)
def data(tree, journal, registers, strategy, period, pack):
    """One row of each model."""


def make_more(author):
    """Make two more rows of each model."""
    direction = models.StrategyDirection.objects.get()
    for ordinal in (1, 2):
        tree = make_tree(slug=f"kitas-{ordinal}")
        tree.action.owner = author
        tree.action.save()
        report(tree, author)
        make_finished(tree.plan, author)
        models.StrategyDirection.objects.create(code="I" * (ordinal + 1), title="Kita")
        code = models.StrategyCode.objects.create(
            code=f"I.1.4.{ordinal + 1}", title="Kitas", kind="measure", direction=direction
        )
        models.ActionCode.objects.create(action=tree.action, code=code)
        for model in (models.Partner, models.Resource, models.Project):
            model.objects.create(name=f"Įrašas {ordinal}")
        models.ReportingPeriod.objects.create(
            plan=tree.plan, title="I pusmetis", starts_on=date(2024, 1, 1), ends_on=date(2024, 6, 30)
        )


def queries_of(client, address):
    # Content types are asked for once in the life of a process.
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries.captured_queries]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_costs_the_same_for_more_rows(client, cast, model):
    address = reverse(f"admin:measures_{model._meta.model_name}_changelist")
    one = queries_of(client, address)
    make_more(cast.coordinator)
    assert model._default_manager.count() == 3

    three = queries_of(client, address)

    assert len(one) == len(three), "\n".join(three)
    assert len(three) <= MOST_QUERIES, "\n".join(three)


def test_action_form_costs_the_same_for_more_rows(client, tree):
    def add(positions):
        for position in positions:
            models.PlannedResult.objects.create(action=tree.action, position=position, text="Dar vienas")
            partner = models.Partner.objects.create(name=f"Partneris {position}")
            models.ActionPartner.objects.create(action=tree.action, partner=partner, position=position)

    address = reverse("admin:measures_action_change", args=[tree.action.pk])
    add([2, 3])
    three = queries_of(client, address)
    add([4, 5, 6])

    six = queries_of(client, address)

    assert len(three) == len(six), "\n".join([*three, "---", *six])
    assert client.get(address).content.decode().count("Dar vienas</textarea>") == 5


def test_journal_entry_costs_the_same_for_more_lines(client, tree, journal):
    address = reverse("admin:measures_progressupdate_change", args=[journal.pk])
    one = queries_of(client, address)
    for position in (2, 3):
        result = models.PlannedResult.objects.create(action=tree.action, position=position, text="Dar")
        models.ResultProgress.objects.create(update=journal, result=result, status="in_progress")

    assert len(queries_of(client, address)) == len(one)


def found(client, model, words):
    address = reverse(f"admin:measures_{model._meta.model_name}_changelist")
    return [str(row) for row in client.get(address, {"q": words}).context["cl"].result_list]


def test_search_is_blind_to_case_and_diacritics(client, tree):
    models.Action.objects.create(measure=tree.measure, number="1.1.2", title="Žemės ūkio „mugė“")

    assert found(client, models.Action, "ZEMES ukio") == ["1.1.2 Žemės ūkio „mugė“"]
    assert found(client, models.Partner, "silute") == ["Šilutės r. savivaldybė"]
    assert found(client, models.Partner, "SILUTES RAJON") == ["Šilutės r. savivaldybė"]


def test_search_takes_numbers_from_their_beginning(client, tree):
    models.Action.objects.create(measure=tree.measure, number="1.1.11", title="Vienuoliktas")

    assert len(found(client, models.Action, "1.1.1")) == 2
    assert found(client, models.Action, "1.1.11") == ["1.1.11 Vienuoliktas"]


def test_registers_stand_in_lithuanian_order(client):
    for name in ("Ypač", "Įranga", "Čia", "Cukrus", "Iki"):
        models.Project.objects.create(name=name)

    assert found(client, models.Project, "") == ["BASCIL", "Cukrus", "Čia", "Iki", "Ypač", "Įranga"]


def test_actions_stand_in_the_order_of_their_numbers(client, tree):
    for number in ("1.1.10", "1.1.9"):
        models.Action.objects.create(measure=tree.measure, number=number, title="x")

    assert [row.split()[0] for row in found(client, models.Action, "")] == ["1.1.1", "1.1.9", "1.1.10"]


def test_action_form_offers_measures_of_its_plan(client, tree):
    other = make_tree()
    page = client.get(reverse("admin:measures_action_change", args=[tree.action.pk])).content.decode()
    autocomplete = reverse("admin:autocomplete")
    assert f'data-ajax--url="{autocomplete}?in_plan={tree.plan.pk}"' in page
    query = {"app_label": "measures", "model_name": "action", "field_name": "measure", "term": "1.1"}

    everything = client.get(autocomplete, query).json()["results"]
    of_plan = client.get(autocomplete, query | {"in_plan": tree.plan.pk}).json()["results"]

    assert {row["id"] for row in everything} == {str(tree.measure.pk), str(other.measure.pk)}
    assert [row["id"] for row in of_plan] == [str(tree.measure.pk)]


def test_rows_in_tables_have_names_for_screen_readers(client, tree):
    page = client.get(reverse("admin:measures_action_change", args=[tree.action.pk])).content.decode()

    for name in ("partner_links-0-partner", "partner_links-0-position", "partner_links-0-DELETE"):
        tag = page[page.index(f'name="{name}"') :].partition(">")[0]
        assert "aria-label=" in tag
