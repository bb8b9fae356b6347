"""Decisions on the page of an import: they go along with confirming, and are previewed before they count."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from measures.enums import ImportState, LineKind, Status
from measures.models import Action, ImportJob, Plan, PlannedResult
from measures.services.progress import ReportedResult, record_progress
from tests.conftest import Cast
from tests.make import make_action, make_measure, make_plan, make_result
from tests.make_imports import sheet_of, upload_document, upload_sheet
from tests.measures.exchange.plan_texts import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast, as_user: Any) -> Client:
    signed_in: Client = as_user(cast.coordinator)
    return signed_in


@pytest.fixture
def decided(monkeypatch: Any, cast: Cast) -> ImportJob:
    """Return an import with one conflict, of which the program's word was chosen, and a row to write."""
    action = make_action(make_measure())
    for _ in range(2):
        make_result(action)
    sheet = sheet_of(action.plan, {key: {"status": Status.DONE.value} for key in ("1.1.1-1", "1.1.1-2")})
    result = PlannedResult.objects.get(key="1.1.1-1")
    record_progress(
        action=Action.objects.get(),
        author=cast.administrator,
        results=[ReportedResult(result.key, result.version, Status.POSTPONED)],
    )
    job = upload_sheet(monkeypatch, sheet, cast.coordinator)
    return job


def post(client: Client, job: ImportJob, page: str, **values: str) -> Any:
    data = {name.replace("__", "-"): value for name, value in values.items()}
    return client.post(reverse(f"measures:import_{page}", args=[job.code]), data, follow=True)


def statuses() -> dict[str, str]:
    return dict(PlannedResult.objects.order_by("key").values_list("key", "status"))


def test_decision_that_was_not_previewed_is_not_confirmed(client: Client, decided: ImportJob) -> None:
    page = post(client, decided, "decide", **{"conflict-1.1.1-1": "keep"}).context["page"]
    before, keep = statuses(), page.job.stamp
    answer = post(client, decided, "confirm", stamp=keep, **{"conflict-1.1.1-1": "file"})
    page = answer.context["page"]
    assert statuses() == before
    assert page.job.state == ImportState.PREVIEWED
    assert [(c.shown.line.kind, c.said) for c in page.conflicts] == [(LineKind.CHANGED, "file")]
    assert page.job.stamp != keep
    post(client, decided, "confirm", stamp=page.job.stamp, **{"conflict-1.1.1-1": "file"})
    assert statuses() == {"1.1.1-1": Status.DONE, "1.1.1-2": Status.DONE}


def test_decision_that_was_previewed_is_confirmed_with_its_fields(client: Client, decided: ImportJob) -> None:
    page = post(client, decided, "decide", **{"conflict-1.1.1-1": "keep"}).context["page"]
    post(client, decided, "confirm", stamp=page.job.stamp, **{"conflict-1.1.1-1": "keep"})
    assert statuses() == {"1.1.1-1": Status.POSTPONED, "1.1.1-2": Status.DONE}
    assert ImportJob.objects.get().state == ImportState.APPLIED


def test_short_name_that_was_not_previewed_is_not_confirmed(
    monkeypatch: Any, client: Client, cast: Cast
) -> None:
    job = upload_document(monkeypatch, plain(), cast.coordinator)
    page = post(client, job, "confirm", stamp=job.stamp, slug="kitas").context["page"]
    assert not Plan.objects.exists()
    assert page.slug == "kitas"
    post(client, job, "confirm", stamp=page.job.stamp, slug="kitas")
    assert [plan.slug for plan in Plan.objects.all()] == ["kitas"]


def test_short_name_that_is_refused_is_not_confirmed(monkeypatch: Any, client: Client, cast: Cast) -> None:
    job = upload_document(monkeypatch, plain(), cast.coordinator)
    page = post(client, job, "confirm", stamp=job.stamp, slug="Ne trumpas").context["page"]
    assert page.preview.is_decidable
    assert not page.may_confirm
    assert not Plan.objects.exists()


def test_fields_of_decisions_and_the_button_that_confirms_are_one_form(
    client: Client, decided: ImportJob
) -> None:
    post(client, decided, "decide", **{"conflict-1.1.1-1": "keep"})
    content = client.get(decided.get_absolute_url()).content.decode()
    confirm = reverse("measures:import_confirm", args=[decided.code])
    [form] = re.findall(rf'<form method="post" action="{confirm}".*?</form>', content, re.DOTALL)
    assert re.findall(r'name="(conflict[^"]*|stamp)"', form) == ["stamp", *["conflict-1.1.1-1"] * 2]
    targets = re.findall(r'<button[^>]*type="submit"(?: formaction="([^"]*)")?>', form)
    # The Enter key presses the first button.
    assert targets == [
        reverse("measures:import_decide", args=[decided.code]),
        "",
        reverse("measures:import_discard", args=[decided.code]),
    ]


def test_short_name_that_is_taken_is_no_error_of_the_file(
    monkeypatch: Any, client: Client, cast: Cast
) -> None:
    make_plan(slug="uzimtas")
    job = upload_document(monkeypatch, plain(), cast.coordinator)
    page = post(client, job, "decide", slug="uzimtas").context["page"]
    assert page.preview.is_refused
    assert page.preview.is_decidable
    page = post(client, job, "decide", slug="laisvas").context["page"]
    assert page.may_confirm


def test_row_that_is_refused_is_an_error_of_the_file(client: Client, decided: ImportJob) -> None:
    PlannedResult.objects.get(key="1.1.1-2").delete()
    page = post(client, decided, "confirm", stamp=decided.stamp + "0").context["page"]
    assert page.preview.is_refused
    assert not page.preview.is_decidable
