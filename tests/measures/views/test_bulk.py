"""Changing many actions on the page: choose, look, confirm; nothing unseen changes, and no form breaks it."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures.enums import PlanState, Status
from measures.forms.bulk import NOBODY
from measures.models import Action, Plan, PlannedResult, ProgressUpdate, ReportingPeriod
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import make_action, make_big_plan, make_measure, make_plan, make_result, make_task, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of two tasks with two actions each; the first has an owner."""
    plan = make_plan()
    for task in (make_task(plan, "1"), make_task(plan, "2")):
        measure = make_measure(task)
        for owner in (cast.updater if task.number == "1" else None, None):
            make_result(make_action(measure, owner=owner))
    return plan


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.coordinator)
    return signed_in


def address(plan: Plan) -> str:
    return f"/{plan.slug}/keisti/"


def wish(*numbers: str, **values: Any) -> dict[str, Any]:
    """Return the form of the list as a browser sends it."""
    return {"numbers": numbers, "what": "owner", "owner": "", "status": "", "comment": "", **values}


def hidden_fields(response: Any) -> dict[str, Any]:
    """Return what the page would send to confirm what it shows."""
    form: dict[str, Any] = {"numbers": [], "confirmed": "1"}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode()):
        if name == "numbers":
            form["numbers"].append(value)
        elif name != "csrfmiddlewaretoken":
            form[name] = unescape(value)
    return form


def text_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def owners() -> list[str]:
    return [str(action.owner or "") for action in Action.objects.order_by("sort_key")]


def test_owner_is_shown_first_and_written_when_confirmed(client: Client, plan: Plan) -> None:
    preview = client.post(address(plan), wish("1.1.1", "2.1.2", owner="ula"))
    text = text_of(preview)
    assert "Kol kas niekas neįrašyta." in text
    assert "Keičiamas 1 veiksmas 2.1.2 Veiksmas 2.1.2 be atsakingo asmens → Ula Ulaitė" in text
    assert "1 veiksmas nesikeičia 1.1.1 Veiksmas 1.1.1 Taip jau yra." in text
    assert owners() == ["Ula Ulaitė", "", "", ""]

    response = client.post(address(plan), hidden_fields(preview), follow=True)
    assert response.redirect_chain == [(address(plan), 302)]
    assert "Pakeistas 1 veiksmas." in text_of(response)
    assert owners() == ["Ula Ulaitė", "", "", "Ula Ulaitė"]


def test_status_is_shown_first_and_written_when_confirmed(cast: Cast, client: Client, plan: Plan) -> None:
    form = wish("1.1.1", "1.1.2", "2.1.1", what="status", status="in_progress", comment="Vienas\n<b>du</b>")
    preview = client.post(address(plan), form)
    text = text_of(preview)
    assert "Keičiami 3 veiksmai" in text
    assert "2.1.1 Veiksmas 2.1.1 2.1.1-1 Nepradėta → Vykdoma" in text
    assert "Kas padaryta arba kodėl: Vienas <b>du</b>" in text.replace(" :", ":")
    assert not ProgressUpdate.objects.exists()

    response = client.post(address(plan), hidden_fields(preview), follow=True)
    assert "Pakeisti 3 veiksmai." in text_of(response)
    assert set(PlannedResult.objects.filter(status=Status.IN_PROGRESS).values_list("key", flat=True)) == {
        "1.1.1-1",
        "1.1.2-1",
        "2.1.1-1",
    }
    comments = ProgressUpdate.objects.values_list("comment", "author__username")
    assert {(comment.replace("\r", ""), author) for comment, author in comments} == {
        ("Vienas\n<b>du</b>", "kotryna")
    }


def test_owner_can_be_taken_away(client: Client, plan: Plan) -> None:
    preview = client.post(address(plan), wish("1.1.1", owner=NOBODY))
    assert "Ula Ulaitė → be atsakingo asmens" in text_of(preview)
    client.post(address(plan), hidden_fields(preview))
    assert owners() == ["", "", "", ""]


def test_where_nothing_would_change_there_is_nothing_to_confirm(client: Client, plan: Plan) -> None:
    preview = client.post(address(plan), wish("1.1.1", owner="ula"))
    assert "Nėra ką keisti" in text_of(preview)
    assert 'name="confirmed"' not in preview.content.decode()
    assert client.post(address(plan), hidden_fields(preview)).status_code == 422


def test_plan_that_is_not_active_says_why_nothing_changes(client: Client, plan: Plan) -> None:
    Plan.objects.update(state=PlanState.DRAFT)
    preview = client.post(address(plan), wish("1.1.1", what="status", status="done"))
    assert "Nėra ką keisti" in text_of(preview)
    assert "Apie pažangą galima pranešti tik vykdomame plane." in text_of(preview)


def test_change_meanwhile_shows_the_preview_anew(cast: Cast, client: Client, plan: Plan) -> None:
    preview = client.post(address(plan), wish("1.1.1", "1.1.2", what="status", status="done"))
    record_progress(
        action=Action.objects.get(number="1.1.1"),
        author=cast.updater,
        results=[ReportedResult("1.1.1-1", 1, Status.IN_PROGRESS, 40)],
    )
    before = ProgressUpdate.objects.count()
    again = client.post(address(plan), hidden_fields(preview))
    assert again.status_code == 409
    text = text_of(again)
    assert "Per tą laiką kai kas pasikeitė, todėl niekas neįrašyta" in text
    assert "1.1.1-1: pakeitė Ula Ulaitė" in text
    assert "1.1.1-1 Vykdoma 40\xa0% → Įvykdyta".replace("\xa0", " ") in text.replace("\xa0", " ")
    assert ProgressUpdate.objects.count() == before

    response = client.post(address(plan), hidden_fields(again), follow=True)
    assert "Pakeisti 2 veiksmai." in text_of(response)


def test_closed_period_is_explained_and_nothing_written(client: Client, plan: Plan) -> None:
    today = timezone.localdate()
    ReportingPeriod(plan=plan, title="Šis", starts_on=today, ends_on=today, closed_at=timezone.now()).save()
    preview = client.post(address(plan), wish("1.1.1", what="status", status="done"))
    response = client.post(address(plan), hidden_fields(preview))
    assert response.status_code == 422
    assert "Laikotarpis „Šis“ uždarytas" in text_of(response)
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize(
    ("name", "shown"), [("stranger", False), ("updater", False), ("manager", False), ("administrator", True)]
)
def test_page_is_for_those_who_may_change_many(
    cast: Cast, as_user: Any, plan: Plan, name: str, shown: bool
) -> None:
    client = as_user(getattr(cast, name))
    assert client.get(address(plan)).status_code == (200 if shown else 403)
    response = client.post(address(plan), wish("1.1.2", owner="ula"))
    assert response.status_code == (200 if shown else 403)


@pytest.mark.parametrize(
    ("right", "allowed", "refused"),
    [
        ("change_action", {"what": "owner", "owner": "ula"}, {"what": "status", "status": "done"}),
        ("record_any_progress", {"what": "status", "status": "done"}, {"what": "owner", "owner": "ula"}),
    ],
)
def test_each_change_needs_its_own_right(
    cast: Cast, as_user: Any, plan: Plan, right: str, allowed: dict[str, str], refused: dict[str, str]
) -> None:
    person = make_user()
    person.user_permissions.set(Permission.objects.filter(codename__in=["view_plan", right]))
    client = as_user(person)
    html = client.get(address(plan)).content.decode()
    assert f'value="{allowed["what"]}"' in html
    assert f'name="what" value="{refused["what"]}"' not in html
    assert client.post(address(plan), wish("1.1.2", **allowed)).status_code == 200
    assert client.post(address(plan), wish("1.1.2", **refused)).status_code == 403
    forged = wish("1.1.2", **refused) | {"seen": "1 1.1.2", "confirmed": "1"}
    assert client.post(address(plan), forged).status_code == 403
    assert owners() == ["Ula Ulaitė", "", "", ""]
    assert not ProgressUpdate.objects.exists()


def test_owners_to_choose_from_can_report_and_are_active(cast: Cast, client: Client, plan: Plan) -> None:
    make_user("buves", "Atsakingas darbuotojas", is_active=False)
    html = client.get(address(plan)).content.decode()
    select = re.search(r'<select name="owner".*?</select>', html, re.DOTALL)
    assert select
    assert re.findall(r'value="([^"]*)"', select[0]) == [
        *["", NOBODY],
        *["adomas", "kotryna", "ugnius", "ula"],
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["1.1.1", "1.1.2", "2.1.1", "2.1.2"]),
        ({"uzdavinys": "2"}, ["2.1.1", "2.1.2"]),
        ({"atsakingas": "ula"}, ["1.1.1"]),
        ({"atsakingas": "-", "uzdavinys": "1"}, ["1.1.2"]),
        ({"q": "2.1"}, ["2.1.1", "2.1.2"]),
        ({"q": "ZEMES veiksmas"}, ["1.1.2"]),
        ({"q": "nieko"}, []),
    ],
)
def test_list_shows_what_is_asked_for(
    client: Client, plan: Plan, asked: dict[str, str], found: list[str]
) -> None:
    Action.objects.filter(number="1.1.2").update(title="Žemės veiksmas")
    html = client.get(address(plan), asked).content.decode()
    assert re.findall(r'<input type="checkbox" name="numbers" id="[^"]*" value="([^"]*)"', html) == found


@pytest.mark.parametrize("asked", [{"uzdavinys": "9"}, {"atsakingas": "svetimas"}])
def test_filter_that_makes_no_sense_is_explained(client: Client, plan: Plan, asked: dict[str, str]) -> None:
    response = client.get(address(plan), asked)
    assert "filtruoti negalima" in text_of(response)
    assert len(response.context["page"].object_list) == 4


def test_list_tells_owner_status_and_what_is_open(cast: Cast, client: Client, plan: Plan) -> None:
    record_progress(
        action=Action.objects.get(number="1.1.1"),
        author=cast.updater,
        results=[ReportedResult("1.1.1-1", 1, Status.DONE)],
    )
    text = text_of(client.get(address(plan)))
    assert "1.1.1 Veiksmas 1.1.1 Ula Ulaitė Įvykdyta 0" in text
    assert "1.1.2 Veiksmas 1.1.2 be atsakingo asmens Nepradėta 1" in text


def test_long_list_comes_in_pages_and_says_so(client: Client, cast: Cast) -> None:
    plan = make_big_plan(actions=201, results=1)
    first, second = client.get(address(plan)), client.get(address(plan), {"puslapis": "2"})
    assert first.content.decode().count('name="numbers"') == 200
    assert second.content.decode().count('name="numbers"') == 1
    assert "Keičiami tik šiame puslapyje pažymėti veiksmai" in text_of(first)


def test_errors_keep_what_was_ticked_and_the_filter(client: Client, plan: Plan) -> None:
    response = client.post(f"{address(plan)}?uzdavinys=1", wish("1.1.2"))
    assert response.status_code == 422
    html = response.content.decode()
    assert re.findall(r'value="([^"]*)" checked', html) == ["1.1.2"]
    assert 'value="2.1.1"' not in html
    assert "Pasirinkite, ką nustatyti." in text_of(response)


@pytest.mark.parametrize(
    ("forged", "message"),
    [
        ({"numbers": []}, "Pažymėkite bent vieną veiksmą."),
        ({"numbers": ["9.9.9"]}, "Veiksmo „9.9.9“ plane nėra."),
        ({"numbers": ["1.1.1", "1.1.1"]}, "Tas pats veiksmas pažymėtas du kartus."),
        ({"numbers": ["1.1.1\0"]}, "plane nėra."),
        ({"numbers": ["x" * 5000]}, "plane nėra."),
        ({"numbers": [f"1.1.{n}" for n in range(1900)]}, "Veiksmo „1.1.0“ plane nėra."),
        ({"owner": "svetimas"}, "Pataisykite pažymėtus laukus."),
        ({"owner": "a\0b"}, "Pataisykite pažymėtus laukus."),
        ({"what": "status", "status": "ZZZ"}, "Pataisykite pažymėtus laukus."),
        ({"what": "status", "status": "done", "comment": "x" * 10_001}, "Pataisykite pažymėtus laukus."),
        ({"what": "delete"}, "Pasirinkite, ką nustatyti."),
        ({"what": ""}, "Pasirinkite, ką nustatyti."),
        ({"confirmed": "1"}, "Peržiūra grįžo ne visa."),
        ({"confirmed": "1", "seen": "1.1.2"}, "Peržiūra grįžo ne visa."),
        ({"confirmed": "1", "seen": "-1 1.1.2"}, "Peržiūra grįžo ne visa."),
        ({"confirmed": "1", "seen": "9999999999 1.1.2"}, "Peržiūra grįžo ne visa."),
        ({"confirmed": "1", "seen": "² 1.1.2"}, "Peržiūra grįžo ne visa."),
        ({"confirmed": "1", "seen": "1 \0"}, "Nulinių simbolių"),
        ({"confirmed": "1", "seen": "1 x\n" * 20_000}, "60000"),
    ],
)
def test_forged_form_is_explained_and_changes_nothing(
    client: Client, plan: Plan, forged: dict[str, Any], message: str
) -> None:
    response = client.post(address(plan), wish("1.1.2", owner="ula") | forged)
    assert response.status_code == 422
    assert message in text_of(response)
    assert owners() == ["Ula Ulaitė", "", "", ""]


@pytest.mark.parametrize("seen", ["2 1.1.2", "1 2.1.1", "1 1.1.2\n1 2.1.1", "999999999 x"])
def test_forged_versions_are_a_conflict(client: Client, plan: Plan, seen: str) -> None:
    response = client.post(address(plan), wish("1.1.2", owner="ula", seen=seen, confirmed="1"))
    assert response.status_code == 409
    assert owners() == ["Ula Ulaitė", "", "", ""]


def test_too_many_fields_are_refused(client: Client, plan: Plan) -> None:
    response = client.post(address(plan), wish(*(f"1.1.{n}" for n in range(5000)), owner="ula"))
    assert response.status_code == 400
    assert "Užklausos suprasti nepavyko" in text_of(response)


def test_numbers_of_another_plan_are_unknown(client: Client, plan: Plan) -> None:
    other = make_action(make_measure(make_task(make_plan(), "7")))
    response = client.post(address(plan), wish(other.number, owner="ula"))
    assert response.status_code == 422
    assert f"Veiksmo „{other.number}“ plane nėra." in text_of(response)


def test_unknown_plan_is_not_found(client: Client, plan: Plan) -> None:
    assert client.get("/nera/keisti/").status_code == 404
    assert client.post("/nera/keisti/", wish("1.1.1", owner="ula")).status_code == 404


def test_changing_needs_the_csrf_token(cast: Cast, client: Client, plan: Plan) -> None:
    assert client.put(address(plan)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.coordinator, backend="akr_plan.rights.RightsBackend")
    form = wish("1.1.2", owner="ula", seen="1 1.1.2", confirmed="1")
    assert strict.post(address(plan), form).status_code == 403
    assert owners() == ["Ula Ulaitė", "", "", ""]


@pytest.mark.parametrize("form", [None, {"owner": "ula"}, {"what": "status", "status": "done"}])
def test_queries_do_not_grow(cast: Cast, client: Client, form: dict[str, str] | None) -> None:
    counts = []
    for n in (1, 3):
        plan = make_big_plan(actions=n, results=n)
        numbers = Action.objects.filter(plan=plan).values_list("number", flat=True)
        with CaptureQueriesContext(connection) as queries:
            response = (
                client.get(address(plan))
                if form is None
                else client.post(address(plan), wish(*numbers, **form))
            )
        assert response.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_plan_leads_to_history_and_to_changing_many(cast: Cast, as_user: Any, plan: Plan) -> None:
    for name, may_change in (("coordinator", True), ("manager", False)):
        html = as_user(getattr(cast, name)).get(f"/{plan.slug}/planas/").content.decode()
        assert f'href="/{plan.slug}/istorija/"' in html
        assert (f'href="{address(plan)}"' in html) is may_change
