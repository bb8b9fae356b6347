"""Saving in place and without script: what is written, and what is said of it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from measures.enums import PlanState, Status
from measures.models import Action, Plan, ProgressUpdate, ReportingPeriod
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast

from ..forms import HTMX, filled_in, text_of, url_of

pytestmark = pytest.mark.django_db


def saved(action: Action) -> list[tuple[str, int | None]]:
    return list(action.results.order_by("position").values_list("status", "percent"))


def test_saving_swaps_the_row_and_refreshes_the_figures(client: Client, action: Action) -> None:
    data = filled_in(action, **{"1.1.1-1-status": "in_progress", "reported_on": "2024-05-15"})
    response = client.post(url_of("my_form", action), data, headers=HTMX)
    assert response.status_code == 200
    assert saved(action)[0] == (Status.IN_PROGRESS, None)
    html = response.content.decode()
    assert html.count('<li class="my-action"') == 1
    assert '<p class="subtitle" id="reporting" hx-swap-oob="true">' in html
    assert '<p id="announcement" hx-swap-oob="innerHTML">1.1.1 veiksmo pažanga išsaugota.</p>' in html
    text = text_of(response)
    assert "pranešta šiandien ✓ šį laikotarpį pranešta Išsaugota" in text
    assert "1 iš 2 veiksmų pranešta" in text
    assert "Šį laikotarpį naujo nėra" not in text


def test_saving_without_script_comes_back_to_the_row(client: Client, action: Action) -> None:
    data = filled_in(action, comment="Taip", reported_on="2024-05-15")
    response = client.post(url_of("my_form", action), data, follow=True)
    assert response.redirect_chain == [("/2023-2024/mano/#veiksmas-1.1.1", 302)]
    assert "1.1.1 veiksmo pažanga išsaugota." in text_of(response)
    assert "1 iš 2 veiksmų pranešta" in text_of(response)


def test_one_click_finishes_all_open_results(client: Client, action: Action) -> None:
    data = filled_in(action, set_open="done", reported_on="2024-05-15")
    assert client.post(url_of("my_form", action), data, headers=HTMX).status_code == 200
    assert saved(action) == [(Status.DONE, 100)] * 2


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_bad_input_opens_the_row_with_what_was_typed(
    client: Client, action: Action, headers: dict[str, str]
) -> None:
    data = filled_in(
        action, comment="Mano žodžiai", **{"1.1.1-1-status": "in_progress", "1.1.1-1-percent": "101"}
    )
    response = client.post(url_of("my_form", action), data, headers=headers)
    assert response.status_code == 422
    html = response.content.decode()
    assert 'value="101"' in html
    assert "Mano žodžiai" in html
    assert html.count('name="token"') == 1
    # Without script the answer is the whole screen; what htmx asked for is the row alone.
    assert html.count('<li class="my-action"') == (1 if headers else 2)
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_conflict_shows_both_values_in_the_row(
    cast: Cast, client: Client, action: Action, headers: dict[str, str]
) -> None:
    data = filled_in(
        action, comment="Mano žodžiai", reported_on="2024-05-15", **{"1.1.1-1-status": "postponed"}
    )
    record_progress(
        action=action, author=cast.coordinator, results=[ReportedResult("1.1.1-1", 1, Status.DONE)]
    )
    response = client.post(url_of("my_form", action), data, headers=headers)
    assert response.status_code == 409
    text = text_of(response)
    assert "Dabar Įvykdyta pakeitė Kotryna Kotrynaitė Jūsų Atidėta" in text
    assert "Mano žodžiai" in text
    assert 'name="1.1.1-1-version" value="2"' in response.content.decode()
    assert saved(action)[0] == (Status.DONE, 100)


def test_closed_period_is_explained_at_the_day(client: Client, action: Action) -> None:
    ReportingPeriod.objects.update(closed_at="2024-05-01T00:00Z")
    data = filled_in(action, comment="Taip", reported_on="2024-05-15")
    response = client.post(url_of("my_form", action), data, headers=HTMX)
    assert response.status_code == 422
    assert "Laikotarpis „2024 m. I pusmetis“ uždarytas" in text_of(response)
    # The day is out of sight otherwise.
    assert '<details class="fold" open>' in response.content.decode()


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_nothing_new_is_one_click_and_counts_as_a_report(
    client: Client, action: Action, headers: dict[str, str]
) -> None:
    assert text_of(client.get("/2023-2024/mano/")).count("Šį laikotarpį naujo nėra") == 2
    response = client.post(url_of("nothing_new", action), follow=not headers, headers=headers)
    text = text_of(response)
    assert "Išsaugota: 1.1.1 veiksmas – naujo nėra." in text
    assert "1 iš 2 veiksmų pranešta" in text
    update = ProgressUpdate.objects.get()
    assert (update.nothing_new, update.reported_on) == (True, date(2024, 5, 15))
    assert text_of(client.get("/2023-2024/mano/")).count("Šį laikotarpį naujo nėra") == 1


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_refused_nothing_new_is_explained(client: Client, action: Action, headers: dict[str, str]) -> None:
    Plan.objects.update(state=PlanState.CLOSED)
    response = client.post(url_of("nothing_new", action), follow=not headers, headers=headers)
    assert "Apie pažangą galima pranešti tik vykdomame plane." in text_of(response)
    assert response.status_code == (422 if headers else 200)
    assert not ProgressUpdate.objects.exists()


def test_coordinator_reports_on_the_owners_screen(cast: Cast, as_user: Any, action: Action) -> None:
    client = as_user(cast.coordinator)
    text = text_of(client.get("/2023-2024/mano/ula/"))
    assert "Veiksmai: Ula Ulaitė" in text
    assert "Atsakingi asmenys Ula Ulaitė 0 iš 2" in text
    data = filled_in(action, comment="Telefonu", reported_on="2024-05-15")
    response = client.post(url_of("my_form", action), data, headers=HTMX)
    assert "Ula Ulaitė 1 iš 2" in text_of(response)
    update = ProgressUpdate.objects.get()
    assert (update.author, update.on_behalf_of) == (cast.coordinator, cast.updater)
    response = client.post(url_of("nothing_new", action))
    assert response["Location"] == "/2023-2024/mano/ula/#veiksmas-1.1.1"


def test_reading_changes_nothing_and_writing_is_post_only(client: Client, action: Action) -> None:
    assert client.get(url_of("nothing_new", action)).status_code == 405
    assert client.post("/2023-2024/mano/").status_code == 405
    assert client.post(url_of("my_row", action)).status_code == 405
    assert client.put(url_of("my_form", action)).status_code == 405


def test_post_needs_the_csrf_token(cast: Cast, action: Action) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.updater, backend="akr_plan.rights.RightsBackend")
    for name in ("my_form", "nothing_new", "discard_draft"):
        assert client.post(url_of(name, action)).status_code == 403


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_action_given_away_at_this_very_moment_has_no_row(
    cast: Cast, client: Client, action: Action, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_away(**_report: Any) -> None:
        Action.objects.update(owner=cast.other_updater)

    monkeypatch.setattr("measures.views.my_actions.record_progress", give_away)
    response = client.post(url_of("nothing_new", action), headers=headers)
    assert response.status_code == (404 if headers else 302)
