"""Nothing that was typed gets lost: an expired session, bad input, a conflict, a closed tab."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from measures.enums import Status
from measures.models import Action, ProgressDraft, ProgressUpdate
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import make_action, make_result

from .forms import HTMX, chosen_in, filled_in, text_of, token_in, url_of

pytestmark = pytest.mark.django_db

NOTE = "Atkurtas juodraštis ("
FORMS = ["action", "my_form"]


@pytest.fixture
def action(cast: Cast) -> Action:
    action = make_action(owner=cast.updater)
    make_result(action)
    make_result(action)
    return action


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.updater)
    return signed_in


def typed(client: Client, action: Action, **values: Any) -> dict[str, Any]:
    """Return the form as this person sends it, with its token."""
    token = token_in(client.get(action.get_absolute_url()))
    return filled_in(action, comment="Mano žodžiai", token=token, **values)


@pytest.mark.parametrize("name", FORMS)
def test_expired_session_loses_nothing(
    cast: Cast, as_user: Any, client: Client, action: Action, name: str
) -> None:
    data = typed(client, action, **{"1.1.1-2-status": "in_progress", "1.1.1-2-percent": "35"})
    client.logout()
    response = client.post(url_of(name, action), data)
    url = url_of(name, action)
    assert (response.status_code, response["Location"]) == (302, f"/prisijungti/?next={url}")
    assert not ProgressUpdate.objects.exists()

    # The person signs in again and finds everything.
    response = as_user(cast.updater).get(url, follow=True)
    html = response.content.decode()
    assert NOTE in text_of(response)
    assert "Mano žodžiai</textarea>" in html
    assert 'name="1.1.1-2-percent" value="35"' in html
    assert chosen_in(response) == {"1.1.1-1": "not_started", "1.1.1-2": "in_progress"}

    # Saving it is what it would have been before, and the draft is gone.
    client = as_user(cast.updater)
    assert client.post(url, typed(client, action, **{"1.1.1-2-status": "in_progress"})).status_code == 302
    assert ProgressUpdate.objects.get().comment == "Mano žodžiai"
    assert NOTE not in text_of(client.get(url, follow=True))


def test_htmx_is_led_out_of_the_page_to_sign_in(client: Client, action: Action) -> None:
    data = typed(client, action)
    client.logout()
    response = client.post(url_of("my_form", action), data, headers=HTMX)
    assert (response.status_code, response.content) == (200, b"")
    assert response["HX-Redirect"] == f"/prisijungti/?next={url_of('my_form', action)}"
    assert ProgressDraft.objects.get().data["comment"] == "Mano žodžiai"


@pytest.mark.parametrize("name", ["my_row", "my_form"])
def test_htmx_get_after_expiry_leads_out_of_the_page_too(action: Action, name: str) -> None:
    page = f"http://testserver/{action.plan.slug}/mano/?veiksmas=1.1.1"
    response = Client().get(url_of(name, action), headers=HTMX | {"HX-Current-URL": page})
    assert response.content == b""
    assert response["HX-Redirect"] == (f"/prisijungti/?next=/{action.plan.slug}/mano/%3Fveiksmas%3D1.1.1")
    foreign = Client().get(url_of(name, action), headers=HTMX | {"HX-Current-URL": "https://evil.example/x"})
    assert foreign["HX-Redirect"] == "/prisijungti/?next=/"


@pytest.mark.parametrize(
    ("referer", "back"),
    [("http://testserver/p/mano/", "/p/mano/"), ("https://evil.example/x", "/"), ("", "/")],
)
def test_click_after_expiry_comes_back_to_its_page(action: Action, referer: str, back: str) -> None:
    for name in ("nothing_new", "discard_draft"):
        response = Client().post(url_of(name, action), headers={"Referer": referer})
        assert response["Location"] == f"/prisijungti/?next={back}"
    assert not ProgressUpdate.objects.exists()


def test_another_person_on_the_same_browser_sees_nothing_of_it(
    cast: Cast, as_user: Any, client: Client, action: Action
) -> None:
    data = typed(client, action)
    client.logout()
    client.post(action.get_absolute_url(), data)
    for name in ("coordinator", "administrator", "other_updater", "manager"):
        for form in FORMS:
            response = as_user(getattr(cast, name)).get(url_of(form, action), follow=True)
            assert NOTE not in text_of(response)
            assert "Mano žodžiai" not in response.content.decode()


def test_without_a_valid_token_nothing_is_kept(client: Client, action: Action) -> None:
    other = make_action(action.measure, owner=action.owner)
    make_result(other)
    tokens = ["", "x", typed(client, other)["token"], typed(client, action)["token"][:-1]]
    client.logout()
    for token in tokens:
        for name in (*FORMS, "draft"):
            response = client.post(url_of(name, action), filled_in(action, comment="x", token=token))
            assert response.status_code == (204 if name == "draft" else 302)
    assert not ProgressDraft.objects.exists()


def test_who_may_no_longer_report_leaves_no_draft(cast: Cast, client: Client, action: Action) -> None:
    data = typed(client, action)
    client.logout()
    action.owner = cast.other_updater
    action.save()
    for name in (*FORMS, "draft"):
        client.post(url_of(name, action), data)
    assert not ProgressDraft.objects.exists()


@pytest.mark.parametrize("name", FORMS)
def test_who_may_not_report_is_told_so_before_the_form_is_read(
    cast: Cast, as_user: Any, action: Action, name: str
) -> None:
    bad = filled_in(action, comment="Bandau", link="ne nuoroda")
    for user in (cast.other_updater, cast.manager):
        assert as_user(user).post(url_of(name, action), bad).status_code == 403
    assert not ProgressDraft.objects.exists()


def test_anonymous_cannot_learn_which_actions_exist(action: Action) -> None:
    for number in ("1.1.1", "9.9.9"):
        url = f"/{action.plan.slug}/veiksmai/{number}/"
        assert Client().get(url)["Location"] == f"/prisijungti/?next={url}"
        assert Client().post(url)["Location"] == f"/prisijungti/?next={url}"
        assert Client().post(f"{url}juodrastis/").status_code == 204


def test_too_long_a_text_is_said_to_be_lost(client: Client, action: Action) -> None:
    data = typed(client, action) | {"comment": "x" * 31_000}
    client.logout()
    assert client.post(action.get_absolute_url(), data).status_code == 400
    assert not ProgressDraft.objects.exists()


@pytest.mark.parametrize("name", FORMS)
def test_bad_input_is_kept_and_found_again(client: Client, action: Action, name: str) -> None:
    data = typed(client, action, **{"1.1.1-1-status": "in_progress", "1.1.1-1-percent": "1000"})
    assert client.post(url_of(name, action), data).status_code == 422
    response = client.get(url_of(name, action), follow=True)
    assert NOTE in text_of(response)
    assert 'name="1.1.1-1-percent" value="1000"' in response.content.decode()
    # What has not been sent again is not yet wrong.
    assert "Pataisykite" not in text_of(response)


@pytest.mark.parametrize("name", FORMS)
def test_conflict_is_kept_and_stays_a_conflict(cast: Cast, client: Client, action: Action, name: str) -> None:
    data = typed(client, action, **{"1.1.1-1-status": "postponed"})
    record_progress(
        action=action,
        author=cast.coordinator,
        results=[ReportedResult("1.1.1-1", 1, Status.DONE)],
        reported_on=date(2024, 6, 30),
    )
    assert client.post(url_of(name, action), data).status_code == 409
    response = client.get(url_of(name, action), follow=True)
    assert NOTE in text_of(response)
    # The version that was looked at, so saving the draft is no silent overwriting.
    assert 'name="1.1.1-1-version" value="1"' in response.content.decode()
    assert client.post(url_of(name, action), data).status_code == 409
    assert action.results.get(key="1.1.1-1").status == Status.DONE


def test_one_click_on_all_open_results_is_part_of_the_draft(
    cast: Cast, as_user: Any, client: Client, action: Action
) -> None:
    data = typed(client, action, set_open="done")
    client.logout()
    client.post(action.get_absolute_url(), data)
    response = as_user(cast.updater).get(action.get_absolute_url())
    assert chosen_in(response) == {"1.1.1-1": "done", "1.1.1-2": "done"}


def test_conflict_after_one_click_shows_what_was_clicked(cast: Cast, client: Client, action: Action) -> None:
    data = typed(client, action, set_open="done")
    record_progress(
        action=action,
        author=cast.coordinator,
        results=[ReportedResult("1.1.1-1", 1, Status.POSTPONED)],
        reported_on=date(2024, 6, 30),
    )
    record_progress(
        action=action,
        author=cast.coordinator,
        results=[ReportedResult("1.1.1-1", 2, Status.IN_PROGRESS, 10)],
        reported_on=date(2024, 6, 30),
    )
    response = client.post(action.get_absolute_url(), data)
    assert response.status_code == 409
    assert chosen_in(response) == {"1.1.1-1": "done", "1.1.1-2": "done"}


def test_files_cannot_be_kept_and_that_is_said_only_then(
    cast: Cast, as_user: Any, client: Client, action: Action
) -> None:
    note = "Failus pridėkite iš naujo"
    bad = typed(client, action, link="ne nuoroda")
    assert note not in text_of(client.post(action.get_absolute_url(), bad))
    assert note not in text_of(client.get(action.get_absolute_url()))
    files = {"files": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}
    assert note in text_of(client.post(action.get_absolute_url(), bad | files))
    assert note in text_of(client.get(action.get_absolute_url()))
    client.logout()
    ProgressDraft.objects.all().delete()
    client.post(action.get_absolute_url(), bad | {"files": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    assert note in text_of(as_user(cast.updater).get(action.get_absolute_url()))


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_typing_is_kept_now_and_then(client: Client, action: Action, is_signed_in: bool) -> None:
    data = typed(client, action) | {"nonsense": "x" * 1000}
    if not is_signed_in:
        client.logout()
    response = client.post(url_of("draft", action), data)
    assert (response.status_code, response.content) == (204, b"")
    draft = ProgressDraft.objects.get()
    assert draft.data["comment"] == "Mano žodžiai"
    assert set(draft.data) == set(data) - {"token", "nonsense"}


def test_day_that_nobody_chose_is_not_kept(cast: Cast, as_user: Any, action: Action) -> None:
    with time_machine.travel("2024-05-15 12:00:00+03:00", tick=False):
        client = as_user(cast.updater)
        data = typed(client, action, reported_on="2024-05-15")
        client.post(url_of("draft", action), data)
        assert 'value="2024-05-15"' in client.get(action.get_absolute_url()).content.decode()
    with time_machine.travel("2024-05-20 12:00:00+03:00", tick=False):
        assert 'value="2024-05-20"' in client.get(action.get_absolute_url()).content.decode()
        client.post(url_of("draft", action), data)
        assert 'value="2024-05-15"' in client.get(action.get_absolute_url()).content.decode()


def test_typing_of_one_person_is_never_kept_for_another(
    cast: Cast, as_user: Any, client: Client, action: Action
) -> None:
    data = typed(client, action)
    assert as_user(cast.coordinator).post(url_of("draft", action), data).status_code == 204
    assert not ProgressDraft.objects.exists()


def test_typing_that_the_saving_overtook_leaves_no_draft(client: Client, action: Action) -> None:
    data = typed(client, action)
    assert client.post(action.get_absolute_url(), data).status_code == 302
    client.post(url_of("draft", action), data)
    assert not ProgressDraft.objects.exists()
    # The form that is opened afterwards keeps drafts again.
    client.post(url_of("draft", action), typed(client, action))
    assert ProgressDraft.objects.exists()


@pytest.mark.parametrize(("in_row", "back"), [(True, "my_form"), (False, "action")])
def test_draft_can_be_discarded(client: Client, action: Action, in_row: bool, back: str) -> None:
    client.post(url_of("draft", action), typed(client, action))
    page = (
        client.get(url_of("my_form", action), headers=HTMX)
        if in_row
        else client.get(action.get_absolute_url())
    )
    assert "Atmesti juodraštį" in text_of(page)
    assert ('name="in_row"' in page.content.decode()) is in_row
    response = client.post(url_of("discard_draft", action), {"in_row": "1"} if in_row else {})
    assert response["Location"] == url_of(back, action)
    assert not ProgressDraft.objects.exists()


def test_one_cannot_discard_anothers_draft(cast: Cast, as_user: Any, client: Client, action: Action) -> None:
    client.post(url_of("draft", action), typed(client, action))
    as_user(cast.coordinator).post(url_of("discard_draft", action))
    assert ProgressDraft.objects.get().author == cast.updater


def test_draft_survives_changes_of_the_plan(client: Client, action: Action) -> None:
    client.post(url_of("draft", action), typed(client, action))
    action.results.get(key="1.1.1-2").delete()
    make_result(action, text="Naujas")
    response = client.get(action.get_absolute_url())
    assert "Naujas" in text_of(response)
    assert "Mano žodžiai" in text_of(response)
