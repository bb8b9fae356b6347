"""A document compared with a plan that exists: what is told, what is written, and what is taken back."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akr_plan.models import User
from measures.enums import ImportKind, LineKind, PlanState
from measures.exchange.document.tree import (
    ActionText,
    Link,
    PlanText,
    ResultText,
)
from measures.exchange.plan_text.handlers import NewPlanImport, PlanTextImport
from measures.exchange.plan_text.stored import read_stored_plan
from measures.models import (
    Action,
    ActionPartner,
    Measure,
    Partner,
    Plan,
    PlannedResult,
)
from tests.make import make_action, make_measure, make_plan, make_result, make_task, make_user

from .plan_texts import (
    REGISTER_MODELS,
    TREE_MODELS,
    actions_of,
    apply,
    compared,
    counted,
    job_for,
    plain,
    real_text,
    state_of,
    touched,
    undo,
    with_action,
    with_actions,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(db: None) -> User:
    return make_user("kotryna")


class TestPlanText:
    @pytest.fixture
    def plan(self, author: User) -> Plan:
        job = job_for(ImportKind.NEW_PLAN, author)
        apply(NewPlanImport(), job, plain(), author)
        assert job.plan
        return job.plan

    def changes(self, plan: Plan, text: PlanText, author: User) -> list[tuple[str, str, str]]:
        (line,) = touched(compared(plan, text, author))
        return [(line.subject, change.old, change.new) for change in line.changes]

    def test_each_field_is_told_before_and_after(self, plan: Plan, author: User) -> None:
        result = ResultText("Rezultatas 1", (), 2023, 2024, "2023–2024")
        for values, said in (
            ({"title": "Kitas veiksmas"}, ("1.1.1", "Veiksmas 1.1.1", "Kitas veiksmas")),
            ({"lead_in": "Įžanga"}, ("1.1.1", "", "Įžanga")),
            ({"links": (Link("čia", "https://a.lt"),)}, ("1.1.1", "", "čia (https://a.lt)")),
            (
                {"results": (replace(result, text="Rezultatas 2"),)},
                ("1.1.1-1", "Rezultatas 1", "Rezultatas 2"),
            ),
            ({"results": (replace(result, sub_items=("a", "b")),)}, ("1.1.1-1", "", "○ a ○ b")),
            (
                {"results": (replace(result, last_year=2025, period_text="2023-2025"),)},
                ("1.1.1-1", "2023–2024", "2023–2025 (2023-2025)"),
            ),
            ({"results": (replace(result, condition="gavus lėšų"),)}, ("1.1.1-1", "", "gavus lėšų")),
        ):
            assert self.changes(plan, plain(**values), author) == [said]

    def test_whitespace_is_no_difference(self, plan: Plan, author: User) -> None:
        Action.objects.get().save()
        result = PlannedResult.objects.get()
        result.text = " Rezultatas\n 1 "
        result.save()
        assert touched(compared(plan, plain(), author)) == []

    def test_what_the_document_lacks_stays(self, plan: Plan, author: User) -> None:
        make_result(Action.objects.get(), text="Visai kas kita")
        make_action(Measure.objects.get(), "1.1.2")
        preview = compared(plan, plain(), author)
        assert not preview.changes_something
        assert counted(preview) == {LineKind.UNCHANGED: 5, LineKind.MISSING: 2}
        missing = [line for line in preview.lines if line.kind == LineKind.MISSING]
        reasons = {line.subject: line.reason for line in missing}
        assert set(reasons) == {"1.1.1-2", "1.1.2"}
        assert len(set(reasons.values())) == 1

    def test_another_number_is_another_action(self, plan: Plan, author: User) -> None:
        preview = compared(plan, plain(number="1.1.2"), author)
        assert [(line.kind, line.subject) for line in preview.lines if line.kind != LineKind.UNCHANGED] == [
            (LineKind.ADDED, "1.1.2"),
            (LineKind.MISSING, "1.1.1"),
        ]

    def test_number_that_stands_elsewhere_in_the_plan_is_refused(self, plan: Plan, author: User) -> None:
        measure = Measure.objects.get()
        measure.number = "1.5"
        measure.save()
        preview = compared(plan, plain(), author)
        refused = {line.subject: line.reason for line in preview.lines if line.kind == LineKind.REFUSED}
        assert list(refused) == ["1.1.1"]
        assert all(words in refused["1.1.1"] for words in ("Veiksmas 1.1.1", " 1.5"))
        # A measure under another task as well.
        measure.number, measure.task = "1.1", make_task(plan, "2")
        measure.save()
        preview = compared(plan, plain(), author)
        assert {line.subject for line in preview.lines if line.kind == LineKind.REFUSED} == {"1.1", "1.1.1"}

    def test_action_that_is_added_while_the_plan_is_read_is_left_out(self, plan: Plan) -> None:
        before = read_stored_plan(plan).text
        is_added = False

        def add(execute: Any, sql: str, *arguments: Any) -> Any:
            nonlocal is_added
            answer = execute(sql, *arguments)
            if not is_added and 'FROM "measures_action"' in sql:
                is_added = True
                make_result(make_action(Measure.objects.get(), "1.1.2"))
            return answer

        with connection.execute_wrapper(add):
            assert read_stored_plan(plan).text == before
        assert is_added
        assert set(read_stored_plan(plan).actions) == {"1.1.1", "1.1.2"}

    def test_closed_plan_is_refused(self, plan: Plan, author: User) -> None:
        plan.state = PlanState.CLOSED
        plan.save()
        preview = compared(plan, plain(title="Kitas"), author)
        assert counted(preview) == {LineKind.REFUSED: 1}

    def test_version_of_a_changed_row_is_part_of_the_stamp(self, plan: Plan, author: User) -> None:
        text = plain(title="Kitas veiksmas")
        before = compared(plan, text, author)
        assert [line.versions for line in touched(before)] == [((f"Action {Action.objects.get().pk}", 1),)]
        Action.objects.get().save()
        assert compared(plan, text, author).stamp != before.stamp

    def test_result_in_between_moves_those_below_and_says_so(self, plan: Plan, author: User) -> None:
        make_result(Action.objects.get(), text="Rezultatas antras", first_year=2023, period_text="2023–2024")
        first, new, last = (
            ResultText(text, (), 2023, 2024, "2023–2024")
            for text in ("Rezultatas 1", "Visai kitoks dalykas", "Rezultatas antras")
        )
        text = plain(results=(first, new, last))
        preview = compared(plan, text, author)
        assert [
            (line.kind, line.subject, [(c.old, c.new) for c in line.changes]) for line in touched(preview)
        ] == [
            (LineKind.ADDED, "1.1.1", [("", "2023–2024")]),
            (LineKind.CHANGED, "1.1.1-2", [("2", "3")]),
        ]
        apply(PlanTextImport(), job_for(ImportKind.PLAN_TEXT, author, plan), text, author)
        ordered = PlannedResult.objects.order_by("position").values_list("position", "text", "key")
        assert list(ordered) == [
            (1, "Rezultatas 1", "1.1.1-1"),
            (2, "Visai kitoks dalykas", "1.1.1-3"),
            (3, "Rezultatas antras", "1.1.1-2"),
        ]

    def test_progress_and_owner_stay(self, plan: Plan, author: User) -> None:
        result = PlannedResult.objects.get()
        result.status, result.percent = "in_progress", 40
        result.save()
        action = Action.objects.get()
        action.owner = author
        action.save()
        text = plain(title="Kitas", results=(ResultText("Rezultatas 2", (), 2023, 2024, "2023–2024"),))
        apply(PlanTextImport(), job_for(ImportKind.PLAN_TEXT, author, plan), text, author)
        result.refresh_from_db()
        action.refresh_from_db()
        assert (result.text, result.status, result.percent) == ("Rezultatas 2", "in_progress", 40)
        assert (action.title, action.owner) == ("Kitas", author)

    def test_unchanged_rows_are_not_written(self, plan: Plan, author: User) -> None:
        make_action(Measure.objects.get(), "1.1.2")
        text = plain(title="Kitas")
        apply(PlanTextImport(), job_for(ImportKind.PLAN_TEXT, author, plan), text, author)
        history = {model.__name__: model.history.count() for model in TREE_MODELS}
        # The first import of each row, the second action, and the new title.
        assert history == {
            **dict.fromkeys((model.__name__ for model in TREE_MODELS), 1),
            **{"Action": 3, "MeasureCode": 0, "ActionCode": 0, "ActionResource": 0, "ResultProject": 0},
        }
        newest = Action.history.filter(number="1.1.1").latest("history_id")
        assert (newest.history_user_id, newest.history_change_reason) == (author.pk, _("Import"))

    def test_undo_is_refused_once_a_row_has_changed(self, plan: Plan, author: User) -> None:
        job = job_for(ImportKind.PLAN_TEXT, author, plan)
        apply(PlanTextImport(), job, plain(title="Kitas"), author)
        assert PlanTextImport().why_not_undone(job) == ""
        Action.objects.get().save()
        assert PlanTextImport().why_not_undone(job)

    def test_undo_is_refused_once_a_removed_partner_is_back(self, plan: Plan, author: User) -> None:
        job = job_for(ImportKind.PLAN_TEXT, author, plan)
        apply(PlanTextImport(), job, plain(partners=()), author)
        assert not ActionPartner.objects.exists()
        assert PlanTextImport().why_not_undone(job) == ""
        ActionPartner(action=Action.objects.get(), partner=Partner.objects.get()).save()
        assert PlanTextImport().why_not_undone(job)

    def test_preview_takes_as_many_queries_for_three_actions_as_for_one(self, author: User) -> None:
        counts = []
        for number in (1, 3):
            plan = make_plan()
            measure = make_measure(make_task(plan))
            for _number in range(number):
                make_result(make_action(measure))
            text = with_action(read_stored_plan(plan).text, "1.1.1", title="Kitas")
            with CaptureQueriesContext(connection) as queries:
                assert len(touched(compared(plan, text, author))) == 1
            counts.append(len(queries))
        assert counts == [17, 17]

    def test_plan_is_read_in_eight_queries(self, akr_plan: Plan, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(8):
            read_stored_plan(akr_plan)


@dataclass(frozen=True)
class Edit:
    """A change of one action in the document, and what the preview has to tell of it."""

    number: str
    kind: str

    def edited(self, text: PlanText) -> PlanText:
        action = actions_of(text)[self.number]
        first, *rest = action.results
        if self.kind == "drop":
            return with_actions(text, lambda actions: tuple(a for a in actions if a.number != self.number))
        if self.kind == "new action":
            new = replace(action, number=f"{self.number}9", title="Visai naujas", results=(first,), codes=())
            return with_actions(text, lambda found: (*found, new) if action in found else found)
        by_kind: dict[str, dict[str, Any]] = {
            "title": {"title": f"{action.title} kitaip"},
            "lead-in": {"lead_in": f"{action.lead_in} kitaip".strip()},
            "partners": {"partners": (*action.partners, f"Partneris {self.number}")},
            "no partners": {"partners": ()},
            "resources": {"resources": (f"Išteklius {self.number}", *action.resources)},
            "text": {"results": (replace(first, text=f"{first.text} kitaip"), *rest)},
            "sub-items": {"results": (replace(first, sub_items=(*first.sub_items, "dalis")), *rest)},
            "period": {
                "results": (replace(first, first_year=2031, last_year=2032, period_text="2031-2032"), *rest)
            },
            "condition": {"results": (replace(first, condition="gavus lėšų"), *rest)},
            "links": {"results": (replace(first, links=(Link("čia", "https://a.lt"),)), *rest)},
            "new result": {"results": (*action.results, ResultText("Dar vienas", (), 2024, 2024, "2024"))},
            "drop result": {"results": tuple(rest)},
        }
        return with_action(text, self.number, **by_kind[self.kind])

    @property
    def told(self) -> set[tuple[LineKind, str, int]]:
        """Return kind and subject of each line, and how many fields of a row change."""
        result, changed, added = f"{self.number}-1", LineKind.CHANGED, LineKind.ADDED
        if self.kind in ("text", "sub-items", "period", "condition", "links"):
            return {(changed, result, 1)}
        if self.kind in ("title", "lead-in", "no partners"):
            return {(changed, self.number, 1)}
        if self.kind in ("partners", "resources"):
            return {(changed, self.number, 1), (added, "", 0)}
        return {(added, self.number, 0)} if self.kind == "new result" else set()

    def kept(self, edited: PlanText, original: PlanText) -> PlanText:
        """Return the document with what it lacks put back."""
        action = actions_of(original)[self.number]
        if self.kind == "drop result":
            return with_action(edited, self.number, results=action.results)
        if self.kind != "drop":
            return edited

        def put_back(actions: tuple[ActionText, ...]) -> tuple[ActionText, ...]:
            parent = self.number.rpartition(".")[0]
            is_here = any(a.number.rpartition(".")[0] == parent for a in actions)
            found = (*actions, action) if is_here else actions
            return tuple(sorted(found, key=lambda a: [int(part) for part in a.number.split(".")]))

        return with_actions(edited, put_back)


KINDS = (
    *("title", "lead-in", "partners", "no partners", "resources", "text", "sub-items", "period"),
    *("condition", "links", "new result", "drop result", "drop", "new action"),
)
# The only actions of their measures can't be dropped: the measure would be without one.
NUMBERS = ("1.1.1", "1.1.2", "2.1.1", "2.1.2", "2.1.3", "2.1.4", "2.1.5", "2.1.7", "6.2.1", "6.2.2", "6.2.3")


def leaves_each_measure_an_action(edits: dict[str, str]) -> bool:
    """Return whether no measure loses all of its actions: no document has such a measure."""
    kept = {number.rpartition(".")[0] for number in NUMBERS if edits.get(number) != "drop"}
    return kept == {number.rpartition(".")[0] for number in NUMBERS}


EDITS = st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(KINDS), min_size=1, max_size=5).filter(
    leaves_each_measure_an_action
)


def as_document(text: PlanText) -> PlanText:
    """Return a plan as a document has it: each name by itself, and of the codes those with a number."""

    def plain_names(actions: tuple[ActionText, ...]) -> tuple[ActionText, ...]:
        return tuple(
            replace(
                action,
                codes=tuple(code for code in action.codes if code.kind != "priority"),
                resources=tuple(name for words in action.resources for name in words.split("; ")),
                partners=tuple(name for words in action.partners for name in words.split("; ")),
            )
            for action in actions
        )

    return with_actions(text, plain_names)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=EDITS)
def test_any_edits_are_told_written_and_taken_back(akr_plan: Plan, author: User, edits: Any) -> None:
    original = edited = real_text()
    told: list[tuple[LineKind, str, int]] = []
    for edit in (Edit(number, kind) for number, kind in sorted(edits.items())):
        if edit.kind == "no partners" and not actions_of(original)[edit.number].partners:
            continue
        edited = edit.edited(edited)
        told += edit.told
        if edit.kind == "new action":
            told.append((LineKind.ADDED, f"{edit.number}9", 0))
    with transaction.atomic():
        preview = compared(akr_plan, edited, author)
        lines = [
            (line.kind, line.subject, len(line.changes) if line.kind == LineKind.CHANGED else 0)
            for line in touched(preview)
        ]
        assert sorted(lines) == sorted(told)
        before = state_of(*TREE_MODELS, *REGISTER_MODELS)
        job = job_for(ImportKind.PLAN_TEXT, author, akr_plan)
        apply(PlanTextImport(), job, edited, author)
        expected = edited
        for number, kind in edits.items():
            expected = Edit(number, kind).kept(expected, original)
        assert as_document(read_stored_plan(akr_plan).text) == as_document(expected)
        assert not compared(akr_plan, edited, author).changes_something
        undo(PlanTextImport(), job, author)
        assert state_of(*TREE_MODELS, *REGISTER_MODELS) == before
        transaction.set_rollback(True)
