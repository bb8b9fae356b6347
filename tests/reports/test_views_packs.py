"""The button for a pack, the list of packs, how far one has come, and its files: who gets what."""

import logging
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from measures.enums import PackState, PackStep
from measures.models import Pack, Plan
from measures.services.packs import fail_pack, note_step
from tests.conftest import Cast
from tests.make import adopt, make_action, make_measure, make_plan, make_result, make_task
from tests.make_packs import make_finished, make_request

pytestmark = pytest.mark.django_db

PAGE = "/2023-2024/ataskaitos/"
PACKS = f"{PAGE}paketai/"
HTMX = {"HX-Request": "true"}
NOW = "2024-10-01T12:00:00+03:00"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    with time_machine.travel("2024-01-10T12:00:00+02:00"):
        plan = make_plan(slug="2023-2024")
        make_result(make_action(make_measure(make_task(plan))))
        return adopt(plan)


@pytest.fixture
def started(monkeypatch: Any) -> list[Pack]:
    """Return the packs that were to be made; nothing makes them."""
    packs: list[Pack] = []
    monkeypatch.setattr("reports.views.packs.start_pack", packs.append)
    return packs


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.manager)
    return signed_in


def page(client: Client, address: str = PAGE) -> str:
    return client.get(address).content.decode()


@time_machine.travel(NOW, tick=False)
def test_button_records_what_is_asked_for(
    client: Client, cast: Cast, plan: Plan, started: list[Pack]
) -> None:
    response = client.post(
        PACKS, {"uzdavinys": "1", "data": "2024-09-30", "laikotarpis": "", "nuo": ["", "2024-02-01"]}
    )
    assert (response.status_code, response["Location"]) == (
        302,
        f"{PAGE}?uzdavinys=1&data=2024-09-30#paketas-1",
    )
    pack = Pack.objects.get()
    assert started == [pack]
    assert (pack.plan, pack.made_by, pack.made_at) == (plan, cast.manager, timezone.now())
    assert (pack.as_of, pack.since, pack.period_title) == (date(2024, 9, 30), "2024-02-01", "")
    assert pack.said == "Uždavinys: 1. Uždavinys 1"
    assert pack.query == "uzdavinys=1&data=2024-09-30&nuo=2024-02-01"
    assert (pack.state, pack.step) == (PackState.MAKING, PackStep.ROWS)


@time_machine.travel(NOW)
def test_today_is_kept_as_a_day(client: Client, plan: Plan, started: list[Pack]) -> None:
    client.post(PACKS)
    assert Pack.objects.get().query == "data=2024-10-01&nuo=2024-07-03"


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"nuo": "vakar"}, "„vakar“"),
        ({"data": "2030-01-01"}, "2030-01-01"),
        ({"laikotarpis": "<b>"}, "Uždaryto laikotarpio „&lt;b&gt;“ nėra."),
        ({"uzdavinys": "9"}, "filtruoti negalima"),
        ({"q": "ž" * 1000}, "Filtre per daug reikšmių."),
    ],
)
def test_what_can_not_be_is_said_and_not_recorded(
    client: Client, plan: Plan, started: list[Pack], asked: dict[str, str], message: str
) -> None:
    response = client.post(PACKS, asked, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert message in response.content.decode()
    assert not Pack.objects.exists()
    assert started == []


def test_character_that_no_database_holds_is_refused(client: Client, plan: Plan, started: list[Pack]) -> None:
    assert client.post(PACKS, {"q": "a\0b"}).status_code == 400
    assert not Pack.objects.exists()


def test_reading_writes_nothing(client: Client, cast: Cast, plan: Plan, started: list[Pack]) -> None:
    pack = make_finished(plan, cast.manager)
    for address in (PACKS, f"{PACKS}1/is-naujo/"):
        assert client.get(address).status_code == 405
    for address in (f"{PACKS}1/", f"{PACKS}1/excel/"):
        assert client.post(address).status_code == 405
    assert list(Pack.objects.all()) == [pack]
    assert started == []


@pytest.mark.parametrize(
    ("name", "status"),
    [("administrator", 200), ("coordinator", 200), ("manager", 200), ("updater", 403), ("stranger", 403)],
)
def test_packs_are_for_those_who_may_export(
    cast: Cast, as_user: Any, plan: Plan, started: list[Pack], name: str, status: int
) -> None:
    make_finished(plan, cast.manager)
    fail_pack(pack=make_request(plan, cast.manager))
    client = as_user(getattr(cast, name))
    answers = [
        client.get(PAGE).status_code,
        client.get(f"{PACKS}1/", headers=HTMX).status_code,
        client.get(f"{PACKS}1/pdf/").status_code,
        client.post(PACKS, follow=True).status_code,
        client.post(f"{PACKS}2/is-naujo/", follow=True).status_code,
    ]
    assert answers == [status] * 5
    assert len(started) == (2 if status == 200 else 0)


def test_nobody_gets_a_pack_without_signing_in(plan: Plan, cast: Cast, started: list[Pack]) -> None:
    make_finished(plan, cast.manager)
    for response in (Client().get(f"{PACKS}1/pdf/"), Client().post(PACKS)):
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/prisijungti/")
    assert started == []


def test_pack_of_another_plan_is_not_found(
    client: Client, cast: Cast, plan: Plan, started: list[Pack]
) -> None:
    other = make_plan(slug="2025-2026")
    make_finished(plan, cast.manager)
    for path in ("1/", "1/pdf/"):
        assert client.get(f"/{other.slug}/ataskaitos/paketai/{path}", headers=HTMX).status_code == 404
    assert client.post(f"/{other.slug}/ataskaitos/paketai/1/is-naujo/").status_code == 404
    assert client.post("/nera/ataskaitos/paketai/").status_code == 404
    for path in ("2/", "99999999999999999999999/", "1/zip/", "1/is-naujo/../zip/"):
        assert client.get(PACKS + path, headers=HTMX).status_code == 404
    assert "Paketas Nr. 1" not in page(client, f"/{other.slug}/ataskaitos/")


def test_file_comes_back_as_it_was_made(client: Client, cast: Cast, plan: Plan) -> None:
    make_finished(plan, cast.manager)
    types = {
        "excel": ("planas.xlsx", b"Excel", "spreadsheetml.sheet"),
        "word": ("planas.docx", b"Word", "wordprocessingml.document"),
        "pdf": ("planas.pdf", b"PDF", "application/pdf"),
    }
    for kind, (name, content, content_type) in types.items():
        response: Any = client.get(f"{PACKS}1/{kind}/")
        assert b"".join(response.streaming_content) == content
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["Content-Type"].endswith(content_type)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("is_missing", [False, True])
def test_damaged_file_is_told_and_not_handed_out(
    client: Client, cast: Cast, plan: Plan, caplog: pytest.LogCaptureFixture, is_missing: bool
) -> None:
    file = make_finished(plan, cast.manager).files.get(kind="pdf")
    path = Path(file.file.path)
    if is_missing:
        path.unlink()
    else:
        path.write_bytes(b"FDP")
    with caplog.at_level(logging.ERROR):
        response = client.get(f"{PACKS}1/pdf/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "Content-Disposition" not in response
    assert "Failo atsisiųsti negalima" in html
    assert ("Serveryje nėra failo „planas.pdf“" if is_missing else file.sha256) in html
    assert path.name in caplog.text
    assert client.get(f"{PACKS}1/word/").status_code == 200


def test_list_tells_who_when_and_what(client: Client, cast: Cast, plan: Plan) -> None:
    with time_machine.travel(NOW):
        pack = make_finished(
            plan,
            cast.coordinator,
            said="Uždavinys: <1>",
            period_title="I pusmetis",
            period_starts_on=date(2024, 1, 1),
            period_ends_on=date(2024, 6, 30),
        )
        make_request(plan, cast.manager, date(2024, 9, 1))
    html = page(client)
    assert html.index('id="paketas-2"') < html.index('id="paketas-1"')
    for text in (
        "Paketas Nr. 1: I pusmetis (2024-06-30)",
        "<span>Kotryna Kotrynaitė</span>",
        "2024-10-01 12:00",
        "Pokyčiai nuo: 2024-01-01",
        "Rodoma: Uždavinys: &lt;1&gt;",
        "Paketas Nr. 2: 2024-09-01 būklė",
        "Visas planas",
    ):
        assert text in html
    for file in pack.files.all():
        assert f'href="{PACKS}1/{file.kind}/"' in html
        assert f'<abbr title="{file.sha256}">SHA-256 {file.sha256[:12]}…</abbr>' in html
        assert f"<code>{file.sha256}</code>" in html
    assert f"{PACKS}2/excel/" not in html


def test_list_has_pages_of_ten(client: Client, cast: Cast, plan: Plan) -> None:
    for _number in range(11):
        make_request(plan, cast.manager)
    first, second = page(client), page(client, f"{PAGE}?puslapis=2")
    assert first.count('id="paketas-') == 10
    assert f'href="{PAGE}?puslapis=2"' in first
    assert second.count('id="paketas-') == 1
    assert 'id="paketas-1"' in second


def test_page_costs_the_same_for_more_packs(client: Client, cast: Cast, plan: Plan) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    make_finished(plan, cast.manager)
    one = queries()
    make_finished(plan, cast.coordinator)
    make_finished(plan, cast.administrator)
    assert page(client).count('id="paketas-') == 3
    assert queries() == one


def test_row_asks_until_the_pack_is_over(client: Client, cast: Cast, plan: Plan) -> None:
    pack = make_request(plan, cast.manager)
    row = f"{PACKS}1/"
    asks = f'hx-get="{row}?zingsnis=1" hx-trigger="every 1s"'
    html = page(client)
    assert asks in html
    assert "Paketas rengiamas: 1 žingsnis iš 4 – skaitomas planas." in html
    assert f'<a href="{row}">įkelti iš naujo</a>' in html
    assert client.get(row)["Location"] == f"{PAGE}#paketas-1"
    assert client.get(f"{row}?zingsnis=1", headers=HTMX).status_code == 204
    note_step(pack=pack, step=PackStep.WORD)
    moved = client.get(f"{row}?zingsnis=1", headers=HTMX).content.decode()
    assert "3 žingsnis iš 4 – rengiamas „Word“ dokumentas." in moved
    assert 'hx-get="/2023-2024/ataskaitos/paketai/1/?zingsnis=3"' in moved
    assert "/excel/" not in moved
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        silent = client.get(f"{row}?zingsnis=3", headers=HTMX).content.decode()
    assert "Nepavyko parengti paketo." in silent
    assert "hx-get" not in silent


@pytest.mark.parametrize("ending", ["finished", "failed"])
def test_row_stops_asking_when_the_pack_is_over(client: Client, cast: Cast, plan: Plan, ending: str) -> None:
    if ending == "finished":
        make_finished(plan, cast.manager)
    else:
        fail_pack(pack=make_request(plan, cast.manager), failure="Per daug <turinio>.")
    html = client.get(f"{PACKS}1/?zingsnis=1", headers=HTMX).content.decode()
    assert "hx-get" not in html
    if ending == "finished":
        assert f'href="{PACKS}1/pdf/"' in html
    else:
        assert "Nepavyko parengti paketo. Per daug &lt;turinio&gt;." in html
        assert f'action="{PACKS}1/is-naujo/"' in html
        assert f"{PACKS}1/pdf/" not in html


@time_machine.travel(NOW)
def test_failed_pack_is_asked_for_again(client: Client, cast: Cast, plan: Plan, started: list[Pack]) -> None:
    fail_pack(pack=make_request(plan, cast.coordinator, query="data=2024-06-30&nuo=2024-02-01"))
    response = client.post(f"{PACKS}1/is-naujo/")
    assert response["Location"] == f"{PAGE}?data=2024-06-30#paketas-2"
    again = Pack.objects.get(number=2)
    assert started == [again]
    assert (again.made_by, again.query, again.since) == (
        cast.manager,
        "data=2024-06-30&nuo=2024-02-01",
        "2024-02-01",
    )


def test_silent_pack_is_over_once_another_is_made(
    client: Client, cast: Cast, plan: Plan, started: list[Pack]
) -> None:
    with time_machine.travel(timezone.now() - timedelta(seconds=61)):
        pack = make_request(plan, cast.manager)
    client.post(f"{PACKS}1/is-naujo/")
    pack.refresh_from_db()
    assert pack.state == PackState.FAILED
    assert len(started) == 1


@pytest.mark.parametrize("is_finished", [False, True])
def test_pack_that_did_not_fail_is_not_made_again(
    client: Client, cast: Cast, plan: Plan, started: list[Pack], is_finished: bool
) -> None:
    (make_finished if is_finished else make_request)(plan, cast.manager)
    response = client.post(f"{PACKS}1/is-naujo/", follow=True)
    assert "Iš naujo rengiamas tik paketas, kurio parengti nepavyko." in response.content.decode()
    assert started == []
    assert Pack.objects.get().state == (PackState.FINISHED if is_finished else PackState.MAKING)


@time_machine.travel(NOW)
def test_form_says_where_changes_begin(client: Client, cast: Cast, plan: Plan) -> None:
    html = page(client, f"{PAGE}?data=2024-09-30&uzdavinys=1")
    assert "rodant 2024-09-30 būklę pokyčių pradžia: 2024-07-02 – 90 dienų anksčiau." in html
    assert html.count('<input type="hidden" name="uzdavinys" value="1">') == 2
    make_finished(plan, cast.manager, date(2024, 5, 1))
    assert "pokyčių pradžia: 2024-05-01 – paskutinis paketas." in page(client)
