"""Who changed what is kept, can be read by those who may, and can't be turned back."""

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from measures import models
from measures.enums import ConditionState
from tests.make import make_user
from tests.measures.admin.pages import read_form


def entries(model):
    """Return type and user of all rows of history, oldest first."""
    rows = model.history.order_by("history_id")
    return [(row.history_type, row.history_user and row.history_user.username) for row in rows]


def test_saving_notes_the_user(client, tree):
    page = reverse("admin:measures_action_change", args=[tree.action.pk])
    form = read_form(client.get(page))

    client.post(page, form | {"title": "Kitas", "results-0-text": "Kitas"})

    assert entries(models.Action) == [("+", "programa"), ("~", "kotryna")]
    assert entries(models.PlannedResult) == [("+", "programa"), ("~", "kotryna")]


def test_adding_notes_the_user(client, tree):
    page = reverse("admin:measures_task_add")
    form = read_form(client.get(page))

    assert (
        client.post(page, form | {"plan": tree.plan.pk, "number": "2", "title": "Antras"}).status_code == 302
    )

    assert entries(models.Task) == [("+", "programa"), ("+", "kotryna")]


def test_deleting_notes_the_user_and_all_that_went_along(client, tree):
    page = reverse("admin:measures_measure_delete", args=[tree.measure.pk])

    assert client.post(page, {"post": "yes"}).status_code == 302

    for model in (models.Measure, models.Action, models.PlannedResult):
        assert not model.objects.exists()
        assert entries(model) == [("+", "programa"), ("-", "kotryna")]


def test_bulk_deleting_notes_the_user_and_all_that_went_along(client, tree):
    form = {"action": "delete_selected", "_selected_action": tree.action.pk, "post": "yes"}

    assert client.post(reverse("admin:measures_action_changelist"), form).status_code == 302

    for model in (models.Action, models.PlannedResult):
        assert not model.objects.exists()
        assert entries(model) == [("+", "programa"), ("-", "kotryna")]


def test_history_tells_changes_in_words(client, tree, cast):
    page = reverse("admin:measures_action_change", args=[tree.action.pk])
    client.post(page, read_form(client.get(page)) | {"owner": cast.updater.pk})

    response = client.get(reverse("admin:measures_action_history", args=[tree.action.pk]))

    newest, _first = response.context["page_obj"].object_list
    assert newest.history_user == cast.coordinator
    label = str(models.Action._meta.get_field("owner").verbose_name)
    changes = [
        (change["field"].lower(), change["old"], change["new"]) for change in newest.history_delta_changes
    ]
    assert changes == [(label.lower(), "–", "Ula Ulaitė")]


def test_history_tells_lists_and_choices_too(client, tree):
    page = reverse("admin:measures_plannedresult_change", args=[tree.result.pk])
    form = read_form(client.get(page)) | {
        "sub_items": "pirmas",
        "condition": "Sėkmė",
        "condition_state": "met",
    }
    client.post(page, form)

    response = client.get(reverse("admin:measures_plannedresult_history", args=[tree.result.pk]))

    changes = response.context["page_obj"].object_list[0].history_delta_changes
    new_values = {str(change["new"]) for change in changes}
    assert new_values == {"[pirmas]", "Sėkmė", str(ConditionState.MET.label)}


def test_history_outlives_the_row_and_what_it_referred_to(client, tree):
    pk = tree.action.pk
    version = tree.action.history.first().pk
    tree.measure.delete()

    assert client.get(reverse("admin:measures_action_history", args=[pk])).status_code == 200
    response = client.get(reverse("admin:measures_action_simple_history", args=[pk, version]))

    assert response.status_code == 200
    assert "Susitikimai" in response.content.decode()


def test_earlier_version_is_text_and_cannot_be_brought_back(client, tree):
    version = tree.action.history.first().pk
    tree.action.title = "Naujas"
    tree.action.save()
    page = reverse("admin:measures_action_simple_history", args=[tree.action.pk, version])

    response = client.get(page)

    assert "Susitikimai" in response.content.decode()
    assert 'name="title"' not in response.content.decode()
    assert client.post(page, {"title": "Susitikimai", "number": "1.1.1"}).status_code == 405
    assert models.Action.objects.get().title == "Naujas"


def test_history_needs_the_right_to_see_the_row(tree, cast, as_user):
    person = make_user("archyvaras")
    rights = Permission.objects.filter(codename__in=["access_admin", "view_partner"])
    person.user_permissions.set(rights)
    client = as_user(person)
    version = tree.action.history.first().pk

    assert client.get(reverse("admin:measures_partner_changelist")).status_code == 200
    for address in (
        reverse("admin:measures_action_history", args=[tree.action.pk]),
        reverse("admin:measures_action_simple_history", args=[tree.action.pk, version]),
    ):
        assert client.get(address).status_code == 403


def test_every_editable_model_keeps_history():
    ours = [model for model in admin.site._registry if model._meta.app_label == "measures"]

    assert {model for model in ours if not hasattr(model, "history")} == {models.ProgressUpdate, models.Pack}
