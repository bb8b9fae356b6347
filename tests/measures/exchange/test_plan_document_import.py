"""A plan document as a new draft, and taken back; and the documents that change nothing in the plan."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _

from akr_plan.models import User
from measures.enums import ImportKind, LineKind, PlanState
from measures.exchange.document.reader import read_document
from measures.exchange.document.tree import (
    CodeMention,
    PlanText,
    ResultText,
)
from measures.exchange.fixtures import AKR_DOCUMENT, load_reference_lists, plan_fixture
from measures.exchange.plan_text.handlers import NewPlanImport, PlanTextImport
from measures.exchange.plan_text.names import NameProposal
from measures.exchange.preview import Preview
from measures.models import (
    Action,
    ActionCode,
    ActionPartner,
    ImportJob,
    Measure,
    MeasureCode,
    Partner,
    PartnerAlias,
    Plan,
    PlannedResult,
    Task,
)
from measures.models.registers import name_of
from measures.tree.reader import read_tree
from reports.word.document import write_plan_document
from tests.conftest import Cast
from tests.make import make_action, make_partner, make_plan, make_result

from .plan_texts import (
    REGISTER_MODELS,
    TREE_MODELS,
    actions_of,
    apply,
    compared,
    counted,
    job_for,
    plain,
    reading_of,
    real_text,
    state_of,
    touched,
    undo,
)

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent / "data"


@pytest.fixture
def author(cast: Cast) -> User:
    return cast.coordinator


class TestRoundTrip:
    def test_own_document_changes_nothing(self, akr_plan: Plan, author: User) -> None:
        preview = compared(akr_plan, real_text(), author)
        # The plan, 6 tasks, 12 measures, 22 actions, 47 results.
        assert counted(preview) == {LineKind.UNCHANGED: 88}
        assert not preview.changes_something

    @pytest.mark.parametrize(
        "name", ["akr.docx", "akr.html", "akr-blank.xlsx", "akr-merged.xlsx", "akr-repeated.xlsx"]
    )
    def test_other_formats_change_nothing(self, akr_plan: Plan, author: User, name: str) -> None:
        handler = PlanTextImport()
        reading = handler.read((DATA / name).read_bytes())
        preview = handler.preview(job_for(ImportKind.PLAN_TEXT, author, akr_plan), reading)
        assert counted(preview) == {LineKind.UNCHANGED: 88}

    def test_what_the_program_writes_changes_nothing(self, akr_plan: Plan, author: User) -> None:
        # As people work with it: own years, condition, partner and wording.
        result = PlannedResult.objects.get(key="1.1.1-1")
        result.first_year, result.last_year, result.condition = 2024, 2025, "Skyrus lėšų"
        result.condition_state = "pending"
        result.text = f"{result.text}\n  su eilute"
        result.save()
        action = Action.objects.get(number="1.1.1")
        link = ActionPartner(action=action, partner=make_partner("Nauja įstaiga"), position=9)
        link.save()
        ActionPartner(
            action=action, partner=make_partner("Kita"), position=10, as_written="Savaip; Dar kitaip"
        ).save()
        stream = io.BytesIO()
        write_plan_document(
            read_tree(akr_plan),
            with_progress=False,
            made_by="Jonas",
            made_at=datetime(2024, 12, 31, 12, tzinfo=UTC),
            stream=stream,
        )
        handler = PlanTextImport()
        preview = handler.preview(
            job_for(ImportKind.PLAN_TEXT, author, akr_plan), handler.read(stream.getvalue())
        )
        assert touched(preview) == []
        assert counted(preview) == {LineKind.UNCHANGED: 88}


class TestNewPlan:
    def preview(self, text: PlanText, author: User, **choices: Any) -> Preview:
        return NewPlanImport().preview(job_for(ImportKind.NEW_PLAN, author, **choices), reading_of(text))

    def test_everything_that_was_understood_is_a_line_in_the_order_of_the_document(
        self, author: User
    ) -> None:
        load_reference_lists()
        preview = self.preview(real_text(), author)
        assert counted(preview) == {LineKind.ADDED: 41}
        assert [line.subject for line in preview.lines][:7] == [
            "",
            "1",
            "1.1",
            "1.1.1",
            "1.1.2",
            "1.2",
            "1.2.1",
        ]
        assert [re.findall(r"\d+", line.place) for line in preview.lines[1:4]] == [["14"], ["17"], ["17"]]
        (action,) = (line for line in preview.lines if line.subject == "6.2.2")
        said = [change.new for change in action.changes]
        assert "WaterMan" in said
        for result in actions_of(real_text())["6.2.2"].results:
            assert any(result.text in words and result.period_text in words for words in said)
        assert {change.old for line in preview.lines for change in line.changes} == {""}

    def test_warnings_are_remarks(self, author: User) -> None:
        load_reference_lists()
        reading = read_document(AKR_DOCUMENT.read_text(encoding="utf-8"))
        preview = NewPlanImport().preview(job_for(ImportKind.NEW_PLAN, author), reading)
        assert preview.remarks == tuple(notice.message for notice in reading.warnings)
        assert len(preview.remarks) > 5

    def test_draft_is_the_plan_of_the_document(self, akr_plan: Plan, author: User) -> None:
        job = job_for(ImportKind.NEW_PLAN, author, slug="kopija")
        apply(NewPlanImport(), job, real_text(), author)
        plan = Plan.objects.get(slug="kopija")
        assert (job.plan, plan.state) == (plan, PlanState.DRAFT)
        original = plan_fixture(akr_plan)
        copy = plan_fixture(plan)
        assert [_unnamed(row) for row in copy] == [_unnamed(row) for row in original]
        history = PlannedResult.history.filter(plan_id=plan.pk)
        assert {row.history_user_id for row in history} == {author.pk}
        assert {row.history_change_reason for row in history} == {_("Import")}

    @pytest.mark.parametrize(
        ("slug", "subject"), [("", "2023-2024"), ("Su tarpais", "Su tarpais"), ("importas", "importas")]
    )
    def test_short_name_that_is_taken_or_none_is_refused(self, author: User, slug: str, subject: str) -> None:
        make_plan(slug="2023-2024")
        preview = self.preview(plain(), author, slug=slug)
        assert [line.subject for line in preview.lines if line.kind == LineKind.REFUSED] == [subject]
        assert not preview.may_be_confirmed
        assert self.preview(plain(), author, slug="kitas").may_be_confirmed

    def test_new_names_and_codes_are_lines(self, author: User) -> None:
        load_reference_lists()
        text = plain(
            partners=("Palangos miestas", "Marso institutas"),
            resources=("Mėnulio fondas",),
            codes=(CodeMention("I.9.9.9.9", "action", "KRSS2030 I.9.9.9.9. veiksmas"),),
        )
        make_partner("Palangos miestas")
        preview = self.preview(text, author)
        assert [(line.kind, line.subject or line.title) for line in preview.lines[4:]] == [
            (LineKind.ADDED, "I.9.9.9.9"),
            (LineKind.ADDED, "Marso institutas"),
            (LineKind.ADDED, "Mėnulio fondas"),
        ]

    @pytest.mark.parametrize(
        ("second", "wording"),
        [("KRSS2030 I.9.9.9. priemonė", "{0}"), ("I.9.9.9 priemonė", "{0}; {1}")],
    )
    def test_code_that_a_title_has_twice_is_one(self, author: User, second: str, wording: str) -> None:
        load_reference_lists()
        first = "KRSS2030 I.9.9.9. priemonė"
        codes = tuple(CodeMention("I.9.9.9", "measure", words) for words in (first, second))
        text = plain(codes=codes)
        task = text.tasks[0]
        text = replace(text, tasks=(replace(task, measures=(replace(task.measures[0], codes=codes),)),))
        assert self.preview(text, author).may_be_confirmed
        job = job_for(ImportKind.NEW_PLAN, author)
        apply(NewPlanImport(), job, text, author)
        said = [(wording.format(first, second), 1)]
        for links in (MeasureCode.objects, ActionCode.objects):
            assert list(links.values_list("as_written", "position")) == said
        assert job.plan
        assert touched(compared(job.plan, text, author)) == []

    def test_code_of_no_direction_is_refused(self, author: User) -> None:
        mention = CodeMention("I.9.9.9.9", "action", "KRSS2030 I.9.9.9.9. veiksmas")
        preview = self.preview(plain(codes=(mention,)), author)
        refused = [line for line in preview.lines if line.kind == LineKind.REFUSED]
        assert [(line.subject, "I.9.9.9.9" in line.reason) for line in refused] == [("I.9.9.9.9", True)]

    @pytest.mark.parametrize(
        "values",
        [
            {"title": "x" * 1001},
            {"partners": ("x" * 301,)},
            {"results": (ResultText("x", (), 2023, 2024, "2" * 51),)},
            {"results": (ResultText("x", (), 1999, 2024, "1999–2024"),)},
        ],
    )
    def test_what_fits_no_field_is_refused_with_its_place(self, author: User, values: dict[str, Any]) -> None:
        preview = self.preview(plain(line=7, **values), author)
        refused = [line for line in preview.lines if line.kind == LineKind.REFUSED]
        assert refused[0].subject == "1.1.1"
        assert refused[0].place.startswith("7 ") or "line 7" in refused[0].place

    def test_preview_takes_as_many_queries_for_three_actions_as_for_one(self, author: User) -> None:
        counts = []
        for number in (1, 3):
            text = plain()
            (action,) = actions_of(text).values()
            actions = tuple(replace(action, number=f"1.1.{n}") for n in range(1, number + 1))
            measure = replace(text.tasks[0].measures[0], actions=actions)
            text = replace(text, tasks=(replace(text.tasks[0], measures=(measure,)),))
            with CaptureQueriesContext(connection) as queries:
                assert self.preview(text, author).counts[LineKind.ADDED] == 4 + number
            counts.append(len(queries))
        # Aliases are asked for only where there are names.
        assert counts == [6, 6]


def _unnamed(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a fixture without the short name of its plan."""
    text = str(row).replace("'kopija'", "'2023-2024'")
    return {"row": text}


class TestUndoOfNewPlan:
    def imported(self, author: User, text: PlanText | None = None, **choices: Any) -> ImportJob:
        job = job_for(ImportKind.NEW_PLAN, author, **choices)
        apply(NewPlanImport(), job, text or plain(partners=("Marso institutas",)), author)
        return job

    def test_nothing_stays_but_history(self, author: User) -> None:
        load_reference_lists()
        models = (*TREE_MODELS, *REGISTER_MODELS)
        before = state_of(*models)
        code = CodeMention("I.9.9.9.9", "action", "KRSS2030 I.9.9.9.9. veiksmas")
        job = self.imported(author, plain(partners=("Marso institutas",), codes=(code,)))
        assert state_of(*models) != before
        undo(NewPlanImport(), job, author)
        assert state_of(*models) == before
        assert job.plan is None
        gone = Action.history.filter(number="1.1.1", history_type="-").get()
        assert (gone.history_user_id, gone.history_change_reason) == (author.pk, _("Import undone"))

    def test_saved_job_outlives_its_plan(self, author: User) -> None:
        job = self.imported(author)
        job.parsed = job.preview = {}
        job.size, job.state = 1, "applied"
        job.file.save("planas.txt", ContentFile(b"x"), save=False)
        job.save()
        undo(NewPlanImport(), ImportJob.objects.get(), author)
        assert ImportJob.objects.get().plan is None

    def test_only_a_draft_can_be_undone(self, author: User) -> None:
        job = self.imported(author)
        assert job.plan
        job.plan.state = PlanState.ACTIVE
        job.plan.save()
        assert NewPlanImport().why_not_undone(job) == _("The plan is no draft any more.")

    @pytest.mark.parametrize("model", [Plan, Task, Measure, Action, PlannedResult, ActionPartner])
    def test_row_that_was_changed_since_stays(self, author: User, model: Any) -> None:
        job = self.imported(author)
        assert NewPlanImport().why_not_undone(job) == ""
        model.objects.get().save()
        assert NewPlanImport().why_not_undone(job)

    def test_row_that_was_added_since_stays(self, author: User) -> None:
        job = self.imported(author)
        make_result(Action.objects.get())
        assert "1.1.1" in NewPlanImport().why_not_undone(job)

    def test_row_that_is_gone_since(self, author: User) -> None:
        job = self.imported(author)
        PlannedResult.objects.get().delete()
        assert NewPlanImport().why_not_undone(job)

    def test_name_that_others_use_by_now_stays(self, author: User) -> None:
        job = self.imported(author, plain(partners=("Marso institutas", "Veneros institutas")))
        other = make_action()
        ActionPartner(action=other, partner=Partner.objects.get(name="Marso institutas")).save()
        undo(NewPlanImport(), job, author)
        assert list(Partner.objects.values_list("name", flat=True)) == ["Marso institutas"]

    def test_alias_of_a_decision_goes_unless_its_spelling_is_in_use(self, author: User) -> None:
        partner = make_partner("Marso institutas")
        names = {"names": {"partner": {"Marso inst.": partner.name, "Marso i-tas": partner.name}}}
        job = self.imported(author, plain(partners=("Marso inst.", "Marso i-tas")), **names)
        ActionPartner(action=make_action(), partner=partner, as_written="Marso i-tas").save()
        undo(NewPlanImport(), job, author)
        assert list(PartnerAlias.objects.values_list("name", flat=True)) == ["Marso i-tas"]


class TestNames:
    def test_close_names_are_proposed_and_never_applied_by_themselves(self, author: User) -> None:
        make_partner("Klaipėdos rajono savivaldybė")
        text = plain(partners=("Klaipėdos rajono savivaldybės", "Marso institutas"))
        for handler, job in (
            (NewPlanImport(), job_for(ImportKind.NEW_PLAN, author)),
            (PlanTextImport(), job_for(ImportKind.PLAN_TEXT, author, make_plan())),
        ):
            assert handler.proposals(job, reading_of(text)) == [
                NameProposal("partner", "Klaipėdos rajono savivaldybės", ("Klaipėdos rajono savivaldybė",))
            ]
            preview = handler.preview(job, reading_of(text))
            assert [line.title for line in preview.lines][-2:] == [
                "Klaipėdos rajono savivaldybės",
                "Marso institutas",
            ]

    def test_decision_becomes_another_spelling(self, author: User) -> None:
        partner = make_partner("Marso institutas")
        text = plain(partners=("Marso inst.", "Marso institutas"))
        job = job_for(ImportKind.NEW_PLAN, author, names={"partner": {"Marso inst.": "Marso institutas"}})
        preview = NewPlanImport().preview(job, reading_of(text))
        last = preview.lines[-1]
        assert (last.title, "Marso institutas" in last.reason) == ("Marso inst.", True)
        apply(NewPlanImport(), job, text, author)
        alias = PartnerAlias.objects.get()
        assert (alias.name, alias.partner) == ("Marso inst.", partner)
        assert alias.history.get().history_user_id == author.pk
        assert [(link.partner, link.as_written) for link in ActionPartner.objects.all()] == [
            (partner, "Marso inst.; Marso institutas")
        ]
        # The next document finds it by itself.
        assert compared(Plan.objects.get(), text, author).changes_something is False

    def test_decision_about_the_name_of_another_row_is_refused(self, author: User) -> None:
        alfa, beta = make_partner("Alfa"), make_partner("Beta")
        names = {"partner": {"ALFA": beta.name}}
        job = job_for(ImportKind.NEW_PLAN, author, names=names)
        preview = NewPlanImport().preview(job, reading_of(plain(partners=("ALFA",))))
        refused = [line for line in preview.lines if line.kind == LineKind.REFUSED]
        assert [(line.title, line.reason) for line in refused] == [("ALFA", name_of(alfa))]

    def test_decision_for_no_row_is_refused(self, author: User) -> None:
        names = {"partner": {"Palangos miestas": "Nėra tokio"}}
        job = job_for(ImportKind.NEW_PLAN, author, names=names)
        preview = NewPlanImport().preview(job, reading_of(plain()))
        refused = [line for line in preview.lines if line.kind == LineKind.REFUSED]
        assert [(line.title, "Nėra tokio" in line.reason) for line in refused] == [("Palangos miestas", True)]
