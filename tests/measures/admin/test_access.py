"""Who may do what in the admin."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from measures import models
from tests.make import make_user
from tests.measures.admin.pages import read_form

MODELS = [model for model in admin.site._registry if model._meta.app_label == "measures"]


def addresses_of(model):
    name = f"admin:measures_{model._meta.model_name}"
    row = model._default_manager.first()
    pages = [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
    return pages + (
        [reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "delete", "history")] if row else []
    )


@pytest.mark.parametrize("who", ["updater", "manager", "stranger"])
def test_admin_stays_shut(cast, tree, journal, who, as_user):
    client = as_user(getattr(cast, who))
    title = models.Action.objects.get().title
    pages = [reverse("admin:index"), reverse("admin:autocomplete")]
    for page in pages + [page for model in MODELS for page in addresses_of(model)]:
        for response in (client.get(page), client.post(page, {"title": "Pakeista", "post": "yes"})):
            assert response.status_code in (302, 403), page
            assert response.status_code == 403 or reverse("admin:login") in response.url
            assert title not in response.content.decode()
    assert models.Action.objects.get().title == title


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_admin_opens(cast, tree, journal, who, as_user):
    client = as_user(getattr(cast, who))

    index = client.get(reverse("admin:index")).content.decode()

    for model in MODELS:
        address = reverse(f"admin:measures_{model._meta.model_name}_changelist")
        assert f'href="{address}"' in index
        assert client.get(address).status_code == 200


def test_coordinator_sees_people_but_cannot_change_accounts_or_roles(client, cast):
    person = reverse("admin:akr_plan_user_change", args=[cast.updater.pk])
    group = cast.updater.groups.get()

    assert client.get(reverse("admin:akr_plan_user_changelist")).status_code == 200
    assert client.get(person).status_code == 200
    for address in (
        person,
        reverse("admin:akr_plan_user_add"),
        reverse("admin:akr_plan_user_delete", args=[cast.updater.pk]),
        reverse("admin:auth_user_password_change", args=[cast.updater.pk]),
        reverse("admin:auth_group_add"),
        reverse("admin:auth_group_change", args=[group.pk]),
    ):
        assert (
            client.post(address, {"username": "kitas", "is_superuser": "on", "post": "yes"}).status_code
            == 403
        )
    cast.updater.refresh_from_db()
    assert (cast.updater.username, cast.updater.is_superuser) == ("ula", False)


def test_coordinator_finds_owners_by_name(client, cast):
    query = {"app_label": "measures", "model_name": "action", "field_name": "owner", "term": "ulait"}

    results = client.get(reverse("admin:autocomplete"), query).json()["results"]

    assert results == [{"id": str(cast.updater.pk), "text": "Ula Ulaitė"}]


def test_right_to_see_gives_no_right_to_write(tree, cast, as_user):
    person = make_user("skaitytojas")
    rights = Permission.objects.filter(content_type__app_label="measures", codename__startswith="view_")
    person.user_permissions.set([*rights, Permission.objects.get(codename="access_admin")])
    client = as_user(person)
    page = reverse("admin:measures_action_change", args=[tree.action.pk])

    assert client.get(page).status_code == 200
    assert 'name="title"' not in client.get(page).content.decode()
    assert client.post(page, {"title": "Pakeista", "seen_version": "1"}).status_code == 403
    assert (
        client.post(
            reverse("admin:measures_action_delete", args=[tree.action.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
    bulk = {"action": "delete_selected", "_selected_action": tree.action.pk, "post": "yes"}
    client.post(reverse("admin:measures_action_changelist"), bulk)
    assert models.Action.objects.get().title == "Susitikimai"


def test_right_to_change_actions_gives_no_right_to_change_the_rows_under_them(tree, cast, as_user):
    person = make_user("redaktorius")
    names = ["access_admin", "view_action", "change_action", "view_plannedresult"]
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = as_user(person)
    page = reverse("admin:measures_action_change", args=[tree.action.pk])
    form = read_form(client.get(page))
    forged = {
        "title": "Pakeista",
        "results-TOTAL_FORMS": "2",
        "results-INITIAL_FORMS": "1",
        "results-0-id": tree.result.pk,
        "results-0-text": "Pakeista",
        "results-0-DELETE": "on",
        "results-1-text": "Prirašyta",
    }

    client.post(page, form | forged)

    assert models.Action.objects.get().title == "Pakeista"
    assert [result.text for result in models.PlannedResult.objects.all()] == ["Du susitikimai per metus"]


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_journal_can_only_be_read(cast, journal, who, as_user):
    client = as_user(getattr(cast, who))
    page = reverse("admin:measures_progressupdate_change", args=[journal.pk])
    shown = client.get(page).content.decode()

    assert "Įvyko susitikimas." in shown
    assert "1.1.1-1" in shown
    assert 'name="comment"' not in shown
    assert client.post(page, {"comment": "Perrašyta"}).status_code == 403
    assert client.get(reverse("admin:measures_progressupdate_add")).status_code == 403
    delete = reverse("admin:measures_progressupdate_delete", args=[journal.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": journal.pk, "post": "yes"}
    client.post(reverse("admin:measures_progressupdate_changelist"), bulk)
    assert models.ProgressUpdate.objects.get().comment == "Įvyko susitikimas."


def test_journal_shows_entries_of_deleted_actions(client, tree, journal):
    tree.action.delete()

    listed = client.get(reverse("admin:measures_progressupdate_changelist")).content.decode()
    shown = client.get(reverse("admin:measures_progressupdate_change", args=[journal.pk])).content.decode()

    assert "1.1.1" in listed
    for words in ("Susitikimai", "1.1.1-1", "Du susitikimai per metus"):
        assert words in shown


def test_only_a_draft_without_journal_can_be_deleted(client, tree, cast):
    page = reverse("admin:measures_plan_delete", args=[tree.plan.pk])
    bulk = {"action": "delete_selected", "_selected_action": tree.plan.pk, "post": "yes"}
    for state in ("active", "closed"):
        models.Plan.objects.update(state=state)
        assert client.post(page, {"post": "yes"}).status_code == 403
        client.post(reverse("admin:measures_plan_changelist"), bulk)
        assert models.Plan.objects.exists()

    models.Plan.objects.update(state="draft")
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert not models.Plan.objects.exists()


def test_draft_with_journal_cannot_be_deleted(client, tree, journal):
    models.Plan.objects.update(state="draft")
    page = reverse("admin:measures_plan_delete", args=[tree.plan.pk])

    assert client.post(page, {"post": "yes"}).status_code == 200
    assert models.Plan.objects.exists()


def test_partner_that_is_referred_to_cannot_be_deleted(client, registers):
    page = reverse("admin:measures_partner_delete", args=[registers.partner.pk])

    assert client.post(page, {"post": "yes"}).status_code == 200
    assert models.Partner.objects.exists()
