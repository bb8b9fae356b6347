"""Spellings in a plan document: the rows that they mean, and what happens if they change hands meanwhile."""

from pathlib import Path
from typing import Any

import pytest

from akr_plan.models import User
from measures.enums import ImportKind, LineKind
from measures.exchange import import_jobs
from measures.exchange.plan_text.handlers import NewPlanImport, PlanTextImport
from measures.models import ActionPartner, Partner, PartnerAlias, Plan, Resource, ResourceAlias
from tests.make import make_partner, make_user
from tests.make_imports import upload_document

from .plan_texts import apply, compared, job_for, plain, touched


@pytest.fixture
def author(db: None) -> User:
    return make_user("kotryna", is_superuser=True)


def spelt(name: str, row: Any) -> Any:
    """Return another spelling of a partner or a resource."""
    model, field = (PartnerAlias, "partner") if isinstance(row, Partner) else (ResourceAlias, "resource")
    alias = model(name=name, **{field: row})
    alias.save()
    return alias


class TestChangeOfHands:
    @pytest.fixture(autouse=True)
    def _quick_backup(self, monkeypatch: Any, tmp_path: Path) -> None:
        monkeypatch.setattr(import_jobs, "take_backup", lambda reason: tmp_path / "be-kopijos")

    @pytest.mark.parametrize("is_new_plan", [True, False])
    @pytest.mark.parametrize("is_deleted", [True, False])
    @pytest.mark.django_db(transaction=True)
    def test_spelling_that_means_another_row_by_now_needs_a_new_preview(
        self, monkeypatch: Any, is_new_plan: bool, is_deleted: bool
    ) -> None:
        author = make_user("kotryna", is_superuser=True)
        beta, alias = make_partner("Beta"), spelt("AB r2", make_partner("Alfa"))
        plan = None
        if not is_new_plan:
            job = upload_document(monkeypatch, plain(partners=()), author)
            plan = import_jobs.confirm(job=job, author=author, stamp=job.stamp).plan
        job = upload_document(monkeypatch, plain(partners=("AB r2",)), author, plan)
        if is_deleted:
            alias.delete()
            make_partner("AB r2")
        else:
            alias.partner = beta
            alias.save()
        with pytest.raises(import_jobs.StaleImportError):
            import_jobs.confirm(job=job, author=author, stamp=job.stamp)
        assert not ActionPartner.objects.exists()
        job.refresh_from_db()
        import_jobs.confirm(job=job, author=author, stamp=job.stamp)
        assert ActionPartner.objects.get().partner.name == ("AB r2" if is_deleted else "Beta")

    @pytest.mark.django_db(transaction=True)
    def test_row_that_is_made_anew_under_its_name_needs_a_new_preview(self, monkeypatch: Any) -> None:
        author = make_user("kotryna", is_superuser=True)
        partner = make_partner("Alfa")
        job = upload_document(monkeypatch, plain(partners=("Alfa",)), author)
        partner.delete()
        make_partner("Kita")
        make_partner("Alfa")
        with pytest.raises(import_jobs.StaleImportError):
            import_jobs.confirm(job=job, author=author, stamp=job.stamp)
        assert not Plan.objects.exists()


class TestShown:
    @pytest.fixture
    def plan(self, author: User) -> Plan:
        job = job_for(ImportKind.NEW_PLAN, author)
        apply(NewPlanImport(), job, plain(partners=("AB r2",), resources=()), author)
        assert job.plan
        return job.plan

    @pytest.fixture(autouse=True)
    def _registers(self, author: User) -> None:
        spelt("AB r2", make_partner("Alfa"))
        resource = Resource(name="Valstybės biudžetas")
        resource.save()
        spelt("VB", resource)

    def test_row_stands_behind_a_spelling_and_not_behind_its_own_name(self, plan: Plan, author: User) -> None:
        text = plain(partners=("AB r2", "Nauja", "Alfa"), resources=("Valstybės biudžetas", "VB"))
        action, new = touched(compared(plan, text, author))
        assert [(change.old, change.new) for change in action.changes] == [
            ("", "Valstybės biudžetas; VB → Valstybės biudžetas"),
            ("AB r2 → Alfa", "AB r2 → Alfa; Alfa; Nauja"),
        ]
        assert (new.kind, new.title) == (LineKind.ADDED, "Nauja")

    def test_rows_are_part_of_the_line(self, plan: Plan, author: User) -> None:
        alfa = Partner.objects.get(name="Alfa")
        (line,) = touched(compared(plan, plain(partners=("AB r2", "Alfa")), author))
        assert line.versions[1:] == (
            (f"partner {alfa.pk} Alfa (AB r2)", 1),
            (f"partner {alfa.pk} Alfa (Alfa)", 1),
        )
        before = compared(plan, plain(partners=("AB r2", "Alfa")), author)
        alfa.save()
        assert compared(plan, plain(partners=("AB r2", "Alfa")), author).stamp != before.stamp

    def test_new_name_with_a_decision_shows_the_row(self, plan: Plan, author: User) -> None:
        names = {"partner": {"Alfos įmonė": "Alfa"}}
        action, decision = touched(
            compared(plan, plain(partners=("AB r2", "Alfos įmonė")), author, names=names)
        )
        assert action.changes[0].new == "AB r2 → Alfa; Alfos įmonė → Alfa"
        assert (decision.kind, decision.title) == (LineKind.ADDED, "Alfos įmonė")

    def test_link_means_what_it_has_meant(self, plan: Plan, author: User) -> None:
        alias = PartnerAlias.objects.get()
        alias.partner = make_partner("Beta")
        alias.save()
        job = job_for(ImportKind.PLAN_TEXT, author, plan)
        text = plain(partners=("AB r2", "Nauja"))
        apply(PlanTextImport(), job, text, author)
        links = ActionPartner.objects.order_by("position").values_list("partner__name", "as_written")
        assert list(links) == [("Alfa", "AB r2"), ("Nauja", "Nauja")]
