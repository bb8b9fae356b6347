"""Two people edit the same row: nobody's work is lost without being asked."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from measures import models
from tests.measures.admin.pages import errors_of, read_form
from tests.measures.admin.tree import report


def page_of(row):
    return reverse(f"admin:measures_{row._meta.model_name}_change", args=[row.pk])


def stored(row):
    return type(row).objects.get(pk=row.pk)


def save(client, page, form, **changes):
    return client.post(page, form | changes)


def test_second_editor_sees_both_values_and_nothing_is_saved(client, other_client, tree):
    page = page_of(tree.action)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))

    assert save(other_client, page, others, title="Petro pavadinimas").status_code == 302
    response = save(client, page, mine, title="Kotrynos pavadinimas", lead_in="Mano įvadas")

    assert response.status_code == 409
    errors = errors_of(response)
    assert "Petras Petraitis" in errors
    assert "Petro pavadinimas" in errors
    assert "Kotrynos pavadinimas" in errors
    assert "Mano įvadas" not in errors
    assert stored(tree.action).title == "Petro pavadinimas"
    assert stored(tree.action).lead_in == ""


def test_second_editor_may_overwrite_knowingly(client, other_client, tree):
    page = page_of(tree.action)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))
    save(other_client, page, others, title="Petro pavadinimas")
    shown = read_form(save(client, page, mine, title="Kotrynos pavadinimas", lead_in="Mano įvadas"))

    assert shown["title"] == "Kotrynos pavadinimas"
    assert shown["lead_in"] == "Mano įvadas"
    assert client.post(page, shown).status_code == 302

    assert stored(tree.action).title == "Kotrynos pavadinimas"
    titles = tree.action.history.order_by("history_id").values_list("title", flat=True)
    assert list(titles) == ["Susitikimai", "Petro pavadinimas", "Kotrynos pavadinimas"]


def test_third_change_after_the_warning_is_a_conflict_again(client, other_client, tree):
    page = page_of(tree.action)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))
    save(other_client, page, others, title="Antras")
    shown = read_form(save(client, page, mine, title="Mano"))
    save(other_client, page, read_form(other_client.get(page)), title="Trečias")

    response = client.post(page, shown)

    assert response.status_code == 409
    assert "Trečias" in errors_of(response)
    assert stored(tree.action).title == "Trečias"


def test_saving_another_field_does_not_undo_what_others_changed(client, other_client, tree):
    page = page_of(tree.action)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))
    save(other_client, page, others, title="Petro pavadinimas")

    response = save(client, page, mine, lead_in="Mano įvadas")

    assert response.status_code == 409
    assert "Petro pavadinimas" in errors_of(response)
    assert stored(tree.action).title == "Petro pavadinimas"


def test_references_choices_lists_and_days_are_told_in_words(client, other_client, tree, cast, registers):
    page = page_of(tree.result)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))
    others |= {
        "condition": "Sėkmė",
        "condition_state": "pending",
        "deadline": "2024-03-01",
        "sub_items": "a\r\nb",
    }
    assert other_client.post(page, others).status_code == 302

    response = save(client, page, mine, condition="Sprendimas", condition_state="met", sub_items="c")

    assert response.status_code == 409
    errors = errors_of(response)
    labels = [
        str(models.PlannedResult(condition_state=state).get_condition_state_display())
        for state in ("pending", "met")
    ]
    for words in [*labels, "Sėkmė", "Sprendimas", "2024-03-01", "a\nb", "c"]:
        assert words in errors


def test_owner_is_told_by_name(client, other_client, tree, cast):
    page = page_of(tree.action)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))
    save(other_client, page, others, owner=cast.updater.pk)

    errors = errors_of(save(client, page, mine, owner=cast.coordinator.pk))

    assert "Ula Ulaitė" in errors
    assert "Kotryna Kotrynaitė" in errors


def test_row_under_another_shows_both_values(client, other_client, tree):
    page = page_of(tree.action)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))
    assert save(other_client, page, others, **{"results-0-text": "Petro tekstas"}).status_code == 302

    response = save(client, page, mine, **{"results-0-text": "Kotrynos tekstas"})

    assert response.status_code == 409
    errors = errors_of(response)
    for words in ("Petras Petraitis", "Petro tekstas", "Kotrynos tekstas"):
        assert words in errors
    assert stored(tree.result).text == "Petro tekstas"

    shown = read_form(response)
    assert shown["results-0-text"] == "Kotrynos tekstas"
    assert client.post(page, shown).status_code == 302
    assert stored(tree.result).text == "Kotrynos tekstas"


def test_rows_left_alone_keep_what_others_wrote(client, other_client, tree):
    second = models.PlannedResult.objects.create(action=tree.action, position=2, text="Antras")
    page = page_of(tree.action)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))
    save(other_client, page, others, **{"results-0-text": "Petro tekstas"})

    assert save(client, page, mine, **{"results-1-text": "Kotrynos tekstas"}).status_code == 302

    assert stored(tree.result).text == "Petro tekstas"
    assert stored(second).text == "Kotrynos tekstas"


def test_saving_a_row_underneath_does_not_undo_what_others_wrote_above(client, other_client, tree):
    page = page_of(tree.action)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))
    save(other_client, page, others, title="Petro pavadinimas")

    assert save(client, page, mine, **{"results-0-text": "Kotrynos tekstas"}).status_code == 302

    assert stored(tree.action).title == "Petro pavadinimas"
    assert stored(tree.result).text == "Kotrynos tekstas"


def test_rows_left_alone_are_safe_after_an_error_elsewhere_too(client, other_client, tree):
    page = page_of(tree.action)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))
    save(other_client, page, others, **{"results-0-text": "Petro tekstas"})
    shown = read_form(save(client, page, mine, number="9.9.9"))

    assert save(client, page, shown, number="1.1.1", lead_in="Mano").status_code == 302

    assert stored(tree.result).text == "Petro tekstas"
    assert stored(tree.action).lead_in == "Mano"


def test_report_of_progress_meanwhile_is_neither_a_conflict_nor_undone(client, tree, cast):
    page = page_of(tree.action)
    mine = read_form(client.get(page))
    report(tree, cast.coordinator, percent=40)

    assert save(client, page, mine, **{"results-0-text": "Naujas tekstas"}).status_code == 302

    result = stored(tree.result)
    assert (result.text, result.status, result.percent) == ("Naujas tekstas", "in_progress", 40)


def test_row_changed_by_others_is_deleted_only_knowingly(client, other_client, tree):
    page = page_of(tree.action)
    mine, others = read_form(client.get(page)), read_form(other_client.get(page))
    save(other_client, page, others, **{"results-0-text": "Petro tekstas"})

    response = save(client, page, mine, **{"results-0-DELETE": "on"})

    assert response.status_code == 409
    assert "Petro tekstas" in errors_of(response) + response.content.decode()
    assert stored(tree.result).text == "Petro tekstas"
    assert client.post(page, read_form(response)).status_code == 302
    assert not models.PlannedResult.objects.exists()


@pytest.mark.parametrize("fate", ["deleted", "moved"])
def test_row_that_is_gone_is_an_error(client, tree, fate):
    page = page_of(tree.action)
    mine = read_form(client.get(page))
    if fate == "deleted":
        tree.result.delete()
    else:
        tree.result.action = models.Action.objects.create(measure=tree.measure, number="1.1.2", title="Kitas")
        tree.result.save()

    response = save(client, page, mine, **{"results-0-text": "Kotrynos tekstas"})

    assert response.status_code == 200
    assert errors_of(response)
    assert not models.PlannedResult.objects.filter(text="Kotrynos tekstas").exists()


@pytest.mark.parametrize("seen", ["", "abc", "-1", "9" * 23, None])
def test_form_that_does_not_say_which_version_it_shows_changes_nothing(client, other_client, tree, seen):
    page = page_of(tree.action)
    mine = read_form(client.get(page)) | {"title": "Mano", "seen_version": seen}
    if seen is None:
        del mine["seen_version"]

    response = client.post(page, mine)

    assert response.status_code == 409
    assert stored(tree.action).title == "Susitikimai"


@pytest.mark.parametrize(
    "error", [models.ConflictError(models.Action(number="1.1.1")), IntegrityError("UNIQUE constraint failed")]
)
def test_race_after_the_check_is_told_and_rolled_back(client, tree, monkeypatch, error):
    def fail(*args, **kwargs):
        raise error

    page = page_of(tree.action)
    form = read_form(client.get(page)) | {"title": "Mano", "results-0-text": "Mano"}
    monkeypatch.setattr(models.PlannedResult, "save", fail)

    response = client.post(page, form, follow=True)

    assert response.redirect_chain == [(page, 302)]
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert stored(tree.action).title == "Susitikimai"


def test_saving_without_a_change_makes_no_version(client, tree):
    tree.action.lead_in = "Pirma eilutė\nantra eilutė"
    tree.action.links = [{"text": "AKR", "href": "https://example.org/"}]
    tree.action.save()
    tree.result.sub_items = ["pirmas", "antras"]
    tree.result.save()
    page = page_of(tree.action)

    assert client.post(page, read_form(client.get(page))).status_code == 302

    assert stored(tree.action).version == tree.action.version
    assert stored(tree.result).version == tree.result.version
    assert stored(tree.action).lead_in == "Pirma eilutė\nantra eilutė"
