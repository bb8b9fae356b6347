"""Reporting periods in the admin: a closed one is there to read, what has a snapshot stays."""

from datetime import date

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from measures.enums import PlanState
from measures.models import Plan, ReportingPeriod, Snapshot
from measures.services.periods import close_period, reopen_period
from tests.measures.admin.pages import read_form


def address(page, *args):
    return reverse(f"admin:measures_reportingperiod_{page}", args=args)


def close(period, cast):
    Plan.objects.update(state=PlanState.ACTIVE)
    return close_period(period=period, author=cast.coordinator, seen_version=period.version)


@pytest.fixture
def administrator(cast, as_user):
    return as_user(cast.administrator)


def test_open_period_is_changed_and_deleted(client, period):
    form = read_form(client.get(address("change", period.pk)))
    assert client.post(address("change", period.pk), form | {"title": "Kitaip"}).status_code == 302
    period.refresh_from_db()
    assert period.title == "Kitaip"
    assert client.post(address("delete", period.pk), {"post": "yes"}).status_code == 302
    assert not ReportingPeriod.objects.exists()


def test_closed_period_is_there_to_read(client, administrator, cast, period):
    form = read_form(client.get(address("change", period.pk)))
    close(period, cast)
    for user in (client, administrator):
        page = user.get(address("change", period.pk)).content.decode()
        assert "I pusmetis" in page
        assert 'name="title"' not in page
        assert user.post(address("change", period.pk), form | {"title": "Kitaip"}).status_code == 403
        assert user.post(address("delete", period.pk), {"post": "yes"}).status_code == 403
        data = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [period.pk], "post": "yes"}
        assert "Ištrinti negalima" in user.post(address("changelist"), data).content.decode()
        assert user.get(address("changelist")).status_code == 200
    assert ReportingPeriod.objects.get().title == "I pusmetis"


def test_reopened_period_may_be_renamed_but_its_snapshot_keeps_it(client, cast, period):
    close(period, cast)
    period.refresh_from_db()
    reopen_period(period=period, author=cast.administrator, reason="Klaida", seen_version=period.version)
    form = read_form(client.get(address("change", period.pk)))
    assert client.post(address("change", period.pk), form | {"title": "Kitaip"}).status_code == 302
    data = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [period.pk], "post": "yes"}
    for page, posted in (("delete", {"post": "yes"}), ("changelist", data)):
        args = [period.pk] if page == "delete" else []
        response = client.post(address(page, *args), posted)
        assert response.status_code == 200
        assert "2023-06-30" in response.content.decode()
    assert ReportingPeriod.objects.get().title == "Kitaip"
    assert Snapshot.objects.count() == 1


def test_plan_with_a_snapshot_stays(administrator, cast, tree, period):
    close(period, cast)
    Plan.objects.update(state=PlanState.DRAFT)
    page = reverse("admin:measures_plan_delete", args=[tree.plan.pk])
    assert administrator.post(page, {"post": "yes"}).status_code in (200, 403)
    assert Plan.objects.filter(pk=tree.plan.pk).exists()


def test_days_of_another_period_are_refused(client, tree, period):
    form = read_form(client.get(address("add")))
    days = {"starts_on": date(2023, 6, 30), "ends_on": date(2023, 9, 30)}
    response = client.post(address("add"), form | {"plan": tree.plan.pk, "title": "Kitas", **days})
    assert response.status_code == 200
    assert "Šios dienos jau priklauso laikotarpiui „I pusmetis“." in response.content.decode()
