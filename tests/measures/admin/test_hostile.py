"""Whatever an address or a forged form says, no page of the admin fails."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.urls import reverse

from measures import models
from tests.measures.admin.pages import errors_of, read_form

MODELS = [model for model in admin.site._registry if model._meta.app_label == "measures"]
EDITABLE = [model for model in MODELS if model not in (models.ProgressUpdate, models.Pack)]
HUGE = "9" * 23

ADDRESSES = [
    "q=%00",
    "q=%22",
    "q=%ED%A0%80",
    "q=%25%5C_",
    "q=" + "a+" * 3000,
    "id=" + HUGE,
    "id__in=" + HUGE,
    "e=1",
    "_popup=x",
    "_to_field=abc",
    "o=999",
    "o=-1.x.-999." + HUGE,
    "p=abc",
    "p=" + HUGE,
    "p=-1",
    "all=1&_facets",
    "nothing=1",
    "title__regex=[&name__regex=((",
    "in_plan=" + HUGE,
]
ADDRESSES_OF_FILTERS = [
    "plan__title__regex=[",
    "plan__id__exact=abc",
    "plan__id__exact=" + HUGE,
    "plan__isnull=x",
    "plan__gte=x",
    "owner__isempty=x",
    "closed_at__isempty=x",
    "closed_at__gte=0001-01-01+00:00:00",
    "reported_on__gte=x",
    "reported_on__gte=0001-01-01&reported_on__lt=9999-12-31",
    "status__exact=x",
    "kind__exact=%C4%85",
    "is_active__exact=x",
]
NEVER_RIGHT = ["", "a\0b", "x" * 10_000]
RUBBISH = [*NEVER_RIGHT, "\ud800", HUGE, "-1e400", "²", "2024-02-31"]

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
each_editable_model = pytest.mark.parametrize("model", EDITABLE, ids=lambda model: model.__name__)


@pytest.fixture(autouse=True)
def data(tree, journal, registers, strategy, period, pack):
    """At least one row of each model."""


def address_of(page, model, *args):
    return reverse(f"admin:measures_{model._meta.model_name}_{page}", args=args)


def post(client, address, form):
    """Send the form as a browser would if it let anything pass."""
    body = urlencode(form, errors="surrogatepass")
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


@each_model
def test_list_with_a_forged_address(client, model):
    for query in ADDRESSES:
        response = client.get(f"{address_of('changelist', model)}?{query}")
        assert response.status_code in (200, 302, 400), query


def test_list_with_forged_filters(client):
    lists = [
        models.Action,
        models.PlannedResult,
        models.ReportingPeriod,
        models.ProgressUpdate,
        models.Partner,
    ]
    for address in [address_of("changelist", model) for model in lists]:
        for query in ADDRESSES_OF_FILTERS:
            assert client.get(f"{address}?{query}").status_code in (200, 302, 400), query


@each_model
def test_row_that_cannot_exist(client, model):
    for row_id in ("abc", HUGE, "9" * 5000, "-1", "%00", "1%0A", "²", "1/x"):
        for page in ("change", "delete", "history"):
            address = f"{address_of('changelist', model)}{row_id}/{page}/"
            assert client.get(address).status_code in (302, 400, 403, 404), address
            assert client.post(address, {"post": "yes"}).status_code in (302, 400, 403, 404), address


@each_editable_model
def test_earlier_version_that_cannot_exist(client, model):
    for row_id in ("abc", HUGE, model._default_manager.first().pk):
        for version in ("abc", HUGE, "9" * 5000, "-1"):
            address = f"{address_of('changelist', model)}{row_id}/history/{version}/"
            assert client.get(address).status_code == 404, address


@each_model
def test_bulk_command_on_rows_that_cannot_exist(client, model):
    count = model._default_manager.count()
    for selected in ("abc", HUGE, "\0", "-1", ""):
        for command in ("delete_selected", "nothing", "\0"):
            form = {"action": command, "_selected_action": selected, "post": "yes", "index": "x"}
            assert post(client, address_of("changelist", model), form).status_code in (200, 302, 404)
    assert model._default_manager.count() == count


@each_editable_model
def test_add_form_prefilled_by_the_address(client, model):
    for value in ("abc", HUGE, "1", "ą" * 500, "["):
        form = {field.name: value for field in model._meta.get_fields()}
        assert client.get(address_of("add", model), form).status_code == 200, value


@each_editable_model
def test_form_filled_with_rubbish(client, model):
    row = model._default_manager.first()
    for page in (address_of("add", model), address_of("change", model, row.pk)):
        form = read_form(client.get(page))
        for value in RUBBISH:
            wrong = {name: old if name.endswith("_FORMS") else value for name, old in form.items()}
            response = post(client, page, wrong)
            # Some of it is a fine name for a partner.
            assert response.status_code in (200, 302, 409), value
            if value in NEVER_RIGHT:
                assert response.context["errors"], value


@pytest.mark.parametrize("model", [models.Action, models.PlannedResult], ids=lambda model: model.__name__)
def test_single_fields_filled_with_rubbish(client, model):
    page = address_of("change", model, model._default_manager.first().pk)
    form = read_form(client.get(page))
    for name in form:
        if "__prefix__" not in name and not name.endswith(("token", "_FORMS")):
            assert post(client, page, form | {name: HUGE}).status_code in (200, 302, 409), name


@each_model
def test_form_without_any_field(client, model):
    page = address_of("change", model, model._default_manager.first().pk)

    assert client.post(page, {}).status_code in (200, 403, 409)


def test_form_without_management_form_says_so(client, tree):
    page = address_of("change", models.Action, tree.action.pk)
    form = read_form(client.get(page)) | {"title": "Kitas"}

    response = client.post(page, {name: value for name, value in form.items() if not name.endswith("_FORMS")})

    assert response.status_code == 200
    assert errors_of(response)
    tree.action.refresh_from_db()
    assert tree.action.title == "Susitikimai"


def test_form_with_forged_row_counts(client, tree):
    page = address_of("change", models.Action, tree.action.pk)
    form = read_form(client.get(page))
    for total, initial in (
        ("5", "5"),
        ("1", "-1"),
        ("-1", "1"),
        ("0", "1"),
        ("1", "0"),
        ("x", "1"),
        (HUGE, HUGE),
    ):
        form |= {"partner_links-TOTAL_FORMS": total, "partner_links-INITIAL_FORMS": initial}
        assert client.post(page, form).status_code in (200, 302, 409), (total, initial)


def test_row_of_another_action_cannot_be_changed_through_the_form(client, tree):
    other = models.Action.objects.create(measure=tree.measure, number="1.1.2", title="Kitas")
    foreign = models.PlannedResult.objects.create(action=other, text="Svetimas")
    page = address_of("change", models.Action, tree.action.pk)
    form = read_form(client.get(page)) | {"results-0-id": foreign.pk, "results-0-text": "Pavogtas"}

    response = client.post(page, form)

    assert response.status_code == 200
    assert errors_of(response)
    foreign.refresh_from_db()
    assert foreign.text == "Svetimas"


def test_search_of_a_reference_with_a_forged_address(client):
    action = "app_label=measures&model_name=action"
    for query in (
        "",
        "term=a",
        f"term=%00&{action}&field_name=measure",
        f"term=a&{action}&field_name=measure&in_plan=abc",
        f"term=a&{action}&field_name=measure&page=abc",
        f"term=a&{action}&field_name=plan&page={HUGE}",
        f"term={'a+' * 3000}&{action}&field_name=measure",
        f"{action}&field_name=nothing",
        "app_label=measures&model_name=nothing&field_name=x",
    ):
        assert client.get(f"{reverse('admin:autocomplete')}?{query}").status_code in (200, 400, 403, 404), (
            query
        )
