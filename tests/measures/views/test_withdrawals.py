"""Taking an entry of the journal back on its page."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from measures.enums import PlanState, Status
from measures.models import Action, Plan, ProgressUpdate, ReportingPeriod, Withdrawal
from measures.services.progress import ReportedResult, record_progress
from measures.services.withdrawals import withdraw_update
from tests.conftest import Cast
from tests.make import make_action, make_result

from .forms import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(cast: Cast) -> Action:
    """Return an action with two reports of its owner: in progress, then done by mistake."""
    action = make_action(owner=cast.updater)
    result = make_result(action)
    report(cast, action, ReportedResult(result.key, 1, Status.IN_PROGRESS, 40), comment="Pradėta")
    report(cast, action, ReportedResult(result.key, 2, Status.DONE), comment="Baigta", correction="Jokios")
    return action


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.updater)
    return signed_in


def report(cast: Cast, action: Action, *results: ReportedResult, **values: Any) -> ProgressUpdate:
    defaults = {"author": cast.updater, "reported_on": date(2024, 6, 30)}
    return record_progress(action=action, results=results, **{**defaults, **values})


def url(action: Action, ordinal: Any = 2) -> str:
    return f"{action.get_absolute_url()}irasai/{ordinal}/atsaukti/"


def close(plan: Plan) -> None:
    """Close the period to which the reports belong."""
    ReportingPeriod(
        plan=plan,
        title="2024 m. I pusmetis",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 6, 30),
        closed_at=timezone.now(),
    ).save()


def test_page_shows_the_entry_and_what_will_happen(client: Client, action: Action) -> None:
    text = text_of(client.get(url(action)))
    assert (
        "Rezultatas 1: Vykdoma 40 % → Įvykdyta Baigta Siūloma korekcija: Jokios 2024-06-30 · Ula Ulaitė"
        in text
    )
    assert "Pradėta" not in text
    assert "Rezultatų būsena taps tokia, kokia būtų be šio įrašo." in text
    assert not Withdrawal.objects.exists()


def test_withdrawing_restores_the_result_and_marks_the_entry(client: Client, action: Action) -> None:
    with time_machine.travel("2024-07-02 10:00:00+03:00", tick=False):
        response = client.post(url(action), {"reason": "Ne tas\nveiksmas"}, follow=True)
    assert response.redirect_chain == [(f"{action.get_absolute_url()}?zurnalas=visas#entry-2", 302)]
    text = text_of(response)
    assert "Įrašas atšauktas." in text
    assert "Atšauktas įrašas Rezultatas 1: Vykdoma 40 % → Įvykdyta Baigta" in text
    assert "Ula Ulaitė Atšaukė Ula Ulaitė, 2024-07-02. Priežastis: Ne tas veiksmas" in text
    assert '<li id="entry-2" class="withdrawn">' in response.content.decode()
    result = action.results.get()
    assert (result.status, result.percent) == (Status.IN_PROGRESS, 40)


def test_next_entry_compares_with_what_stands(cast: Cast, client: Client, action: Action) -> None:
    client.post(url(action), {"reason": "Klaida"})
    report(cast, action, ReportedResult("1.1.1-1", action.results.get().version, Status.IN_PROGRESS, 60))
    assert "Rezultatas 1: Vykdoma 40 % → Vykdoma 60 %" in text_of(client.get(action.get_absolute_url()))


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "Šį lauką būtina užpildyti."),
        (" \n ", "Šį lauką būtina užpildyti."),
        ("a\0b", "Nulinių simbolių vartoti negalima."),
        ("x" * 10_001, "10000"),
    ],
)
def test_reason_is_needed(client: Client, action: Action, reason: str, message: str) -> None:
    response = client.post(url(action), {"reason": reason})
    assert response.status_code == 422
    assert message in text_of(response)
    assert not Withdrawal.objects.exists()


def test_empty_post_is_answered_with_the_form(client: Client, action: Action) -> None:
    assert client.post(url(action)).status_code == 422


def test_entry_that_somebody_else_has_withdrawn(cast: Cast, client: Client, action: Action) -> None:
    update = ProgressUpdate.objects.order_by("id").last()
    assert update
    withdraw_update(update=update, author=cast.coordinator, reason="Jau pataisyta")
    response = client.post(url(action), {"reason": "Klaida"})
    text = text_of(response)
    assert response.status_code == 409
    assert "Įrašas jau atšauktas" in text
    assert "Atšaukė Kotryna Kotrynaitė" in text
    assert "Priežastis: Jau pataisyta" in text
    assert Withdrawal.objects.count() == 1
    assert '<form method="post" novalidate>' not in response.content.decode()


def test_entry_of_a_closed_period_stays(client: Client, action: Action) -> None:
    close(action.plan)
    assert "Šio įrašo dabar atšaukti negalima." in text_of(client.get(url(action)))
    response = client.post(url(action), {"reason": "Klaida"})
    assert response.status_code == 422
    assert "Laikotarpis „2024 m. I pusmetis“ uždarytas" in text_of(response)
    assert not Withdrawal.objects.exists()


def test_entry_of_a_closed_plan_stays(client: Client, action: Action) -> None:
    Plan.objects.update(state=PlanState.CLOSED)
    assert "Šio įrašo dabar atšaukti negalima." in text_of(client.get(url(action)))
    assert client.post(url(action), {"reason": "Klaida"}).status_code == 422
    assert not Withdrawal.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("administrator", 200),
        ("coordinator", 200),
        ("updater", 200),
        ("other_updater", 403),
        ("manager", 403),
        ("stranger", 403),
    ],
)
def test_who_may_withdraw(cast: Cast, as_user: Any, action: Action, name: str, status: int) -> None:
    client = as_user(getattr(cast, name))
    assert client.get(url(action)).status_code == status
    wanted = 302 if status == 200 else 403
    assert client.post(url(action), {"reason": "Klaida"}).status_code == wanted
    assert Withdrawal.objects.count() == (status == 200)


def test_author_who_is_owner_no_more_may_not(cast: Cast, client: Client, action: Action) -> None:
    action.owner = cast.other_updater
    action.save()
    assert client.post(url(action), {"reason": "Klaida"}).status_code == 403


def test_owner_may_not_withdraw_what_the_coordinator_wrote(
    cast: Cast, client: Client, action: Action
) -> None:
    report(cast, action, author=cast.coordinator, comment="Pastaba")
    assert client.post(url(action, 3), {"reason": "Klaida"}).status_code == 403


@pytest.mark.parametrize("ordinal", [0, 3, "99999999999999999999", "-1", "a", "1.0"])
def test_unknown_entry_is_not_found(client: Client, action: Action, ordinal: Any) -> None:
    assert client.get(url(action, ordinal)).status_code == 404
    assert client.post(url(action, ordinal), {"reason": "Klaida"}).status_code == 404
    assert not Withdrawal.objects.exists()


def test_entries_of_other_actions_are_not_found(client: Client, action: Action) -> None:
    assert client.get(f"/{action.plan.slug}/veiksmai/9.9.9/irasai/1/atsaukti/").status_code == 404
    assert client.get(f"/nera/veiksmai/{action.number}/irasai/1/atsaukti/").status_code == 404


def test_other_methods_are_refused(client: Client, action: Action) -> None:
    assert client.put(url(action)).status_code == 405
    assert client.delete(url(action)).status_code == 405


def test_post_needs_the_csrf_token(cast: Cast, action: Action) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.updater, backend="akr_plan.rights.RightsBackend")
    assert client.post(url(action), {"reason": "Klaida"}).status_code == 403
    assert not Withdrawal.objects.exists()


def links(client: Client, action: Action) -> list[int]:
    """Return the entries beside which the journal offers to withdraw them."""
    html = client.get(action.get_absolute_url()).content.decode()
    return [ordinal for ordinal in range(1, 9) if f'href="{url(action, ordinal)}"' in html]


def test_journal_offers_what_is_possible(cast: Cast, as_user: Any, action: Action) -> None:
    report(cast, action, author=cast.coordinator, comment="Pastaba")
    offered = {name: links(as_user(user), action) for name, user in vars(cast).items() if name != "stranger"}
    assert offered == {
        "administrator": [1, 2, 3],
        "coordinator": [1, 2, 3],
        "updater": [1, 2],
        "other_updater": [],
        "manager": [],
    }


def test_journal_offers_nothing_that_would_be_refused(cast: Cast, as_user: Any, action: Action) -> None:
    coordinator = as_user(cast.coordinator)
    coordinator.post(url(action), {"reason": "Klaida"})
    assert links(coordinator, action) == [1]
    report(cast, action, comment="Vėliau", reported_on=date(2024, 9, 30))
    close(action.plan)
    assert links(coordinator, action) == [3]
    Plan.objects.update(state=PlanState.CLOSED)
    assert links(coordinator, action) == []


def test_journal_says_for_whom_an_entry_was_written(cast: Cast, client: Client, action: Action) -> None:
    report(cast, action, author=cast.coordinator, nothing_new=True)
    text = text_of(client.get(action.get_absolute_url()))
    assert (
        "Šį laikotarpį naujo nėra 2024-06-30 · įrašė Kotryna Kotrynaitė; atsakingas asmuo – Ula Ulaitė"
        in text
    )


def test_what_people_write_is_shown_as_text(client: Client, cast: Cast, action: Action) -> None:
    client.post(url(action), {"reason": "<script>alert(1)</script>"})
    html = client.get(action.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_number_of_questions(
    cast: Cast, client: Client, action: Action, django_assert_num_queries: Any, count: int
) -> None:
    for _n in range(count):
        report(cast, action, comment="Pastaba", link="https://example.org/")
    with django_assert_num_queries(10):
        client.get(url(action))
